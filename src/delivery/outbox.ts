import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { checkOwner } from './check-owner';
import { free, freeNameOf, held, heldName, isAged, timeIn, timeOf } from './outbox-names';
import { removeAged } from './remove-aged';

/** Where undelivered events are kept, and how much of them. */
export interface OutboxSettings {
  readonly directory: string;
  readonly maxBytes: number;
  /** Milliseconds. */
  readonly maxAge: number;
  /** Whether the folder above it is one that only we may have made, too: it lies where everybody can make one. */
  readonly isInTemporaryFolder?: boolean | undefined;
}

/** Events that somebody has to deliver: one of its files, claimed by nobody else. */
export interface Claim {
  readonly name: string;
  /** JSON, each of them. */
  readonly lines: readonly string[];
  /** The same, read: once is enough for a megabyte of them. */
  readonly events: readonly object[];
}

/** A file that grows. */
export interface Segment {
  readonly name: string;
  /**
   * False where somebody has taken the file meanwhile, who thought that we were gone: what it had is theirs, and these
   * lines may or may not be in it.
   *
   * @throws Error where the disk does not take it; nothing of it is in the file then.
   */
  append(lines: readonly string[]): boolean;
  close(): void;
}

/**
 * Events on disk that were not delivered. Each file of lines belongs to one process at a time: it is taken by renaming
 * it, which only one of several can do, and who holds it says so by its time of modification. One that was not touched
 * for a while belongs to a process that is gone.
 */
export interface Outbox {
  /** A new file, held by us. */
  begin(): Segment;
  /** Lets anybody have a file. */
  release(name: string): void;
  remove(name: string): void;
  /** Takes the oldest file that nobody holds, or the one with this name. */
  claim(name?: string): Claim | undefined;
  /** Says that we are still here. */
  touch(names: Iterable<string>): void;
}

/**
 * A file that is held and was not touched for so many milliseconds is anybody's. So is one that was touched so far in
 * the future: the clock was set back, and nobody would touch it for as long as that.
 */
export const staleAfter = 60_000;

/** So often it is looked for what is too old, in milliseconds. */
const cleanEvery = 3_600_000;

/**
 * Opens a folder that only this user can read.
 *
 * @param onDropped - told how many events went because there were too many of them, or because they were too old.
 * @throws Error where the folder can not be used: not made, not writable, or somebody else's.
 */
export function openOutbox(
  { directory, maxBytes, maxAge, isInTemporaryFolder }: OutboxSettings,
  onDropped: (reason: 'outbox_full' | 'outbox_too_old' | 'outbox_torn', count: number) => void,
): Outbox {
  makeFolder();
  let sweepAt = -Infinity;
  let cleanAt = -Infinity;
  /** What a listing has found and nobody has looked at yet, the oldest last. */
  let listed: string[] = [];
  return { begin, release, remove, claim, touch };

  function makeFolder(): void {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (isInTemporaryFolder) checkOwner(dirname(directory));
    checkOwner(directory);
  }

  function begin(): Segment {
    sweep();
    const name = heldName(timeOf(Date.now()));
    const file = open(name);
    let bytes = 0;
    let isOpen = true;
    return {
      name,
      append(lines) {
        if (!isOpen) throw new Error('the file of the outbox is closed');
        const data = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        try {
          // At its place: after a write that failed, the position of the file is behind what is left of it.
          for (let at = 0; at < data.length;) at += writeSync(file, data, at, data.length - at, bytes + at);
          bytes += data.length;
        } catch (error) {
          // Half a line would spoil the one after it.
          if (fstatSync(file).size > bytes) ftruncateSync(file, bytes);
          throw error;
        }
        // Whoever takes it renames it first, and reads it then.
        return statOf(name) !== undefined;
      },
      close() {
        if (!isOpen) return;
        isOpen = false;
        closeSync(file);
      },
    };
  }

  function open(name: string): number {
    try {
      return openSync(pathOf(name), 'wx', 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      // Folders for temporary files are cleaned up now and then.
      makeFolder();
      return openSync(pathOf(name), 'wx', 0o600);
    }
  }

  function release(name: string): void {
    move(name, freeNameOf(name));
  }

  function remove(name: string): void {
    try {
      unlinkSync(pathOf(name));
    } catch {
      // Somebody thought that we were gone, and has it now: the server removes what comes twice.
    }
  }

  function claim(wanted?: string): Claim | undefined {
    if (wanted !== undefined) return takeFilled(freeNameOf(wanted));
    // Not listed for each of them: after an outage it has thousands.
    if (listed.length > 0) {
      const claimed = claimListed();
      if (claimed) return claimed;
    }
    listed = list().reverse();
    clean();
    return claimListed();
  }

  function claimListed(): Claim | undefined {
    for (let name = listed.pop(); name !== undefined; name = listed.pop()) {
      const claimed = takeFilled(name);
      if (claimed) return claimed;
    }
    return undefined;
  }

  /** What is too old is left to `removeAged`: the server would not know any more whether it has it. */
  function takeFilled(name: string): Claim | undefined {
    if (isAged(name, Date.now(), maxAge)) return undefined;
    const taken = take(name);
    if (!taken || taken.lines.length > 0) return taken;
    remove(taken.name);
    return undefined;
  }

  function take(name: string): Claim | undefined {
    if (!isTakeable(name, () => statOf(name)?.mtimeMs)) return undefined;
    const mine = heldName(timeIn(name));
    // Touched before it is renamed: between the two, nobody else must find it old.
    return touchOne(name) && move(name, mine) ? read(mine) : undefined;
  }

  function touch(names: Iterable<string>): void {
    for (const name of names) touchOne(name);
  }

  function touchOne(name: string): boolean {
    try {
      const now = new Date();
      utimesSync(pathOf(name), now, now);
      return true;
    } catch {
      return false;
    }
  }

  function read(name: string): Claim {
    const lines: string[] = [];
    const events: object[] = [];
    let torn = 0;
    for (const line of readFileSync(pathOf(name), 'utf8').split('\n')) {
      if (line === '') continue;
      const event = parsed(line);
      if (event) {
        lines.push(line);
        events.push(event);
      } else torn += 1;
    }
    if (torn > 0) onDropped('outbox_torn', torn);
    return { name, lines, events };
  }

  /** Oldest first. */
  function list(): string[] {
    if (!existsSync(directory)) return [];
    return readdirSync(directory)
      .filter((name) => name.endsWith(free) || name.endsWith(held))
      .sort();
  }

  /** Not with each file: a folder has thousands of them after an outage. At the most a hundredth of the time goes here. */
  function sweep(): void {
    const start = performance.now();
    if (start < sweepAt) return;
    sweepNow();
    const end = performance.now();
    sweepAt = end + Math.max(1_000, (end - start) * 100);
  }

  function clean(): void {
    const start = performance.now();
    if (start < cleanAt) return;
    cleanAt = start + cleanEvery;
    removeAged(
      directory,
      maxAge,
      (name, mtime) => isTakeable(name, () => mtime),
      (count) => onDropped('outbox_too_old', count),
    );
  }

  function sweepNow(): void {
    const now = Date.now();
    const files = list().map((name) => ({ name, size: statOf(name)?.size ?? 0 }));
    let bytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const { name, size } of files) {
      const isOld = isAged(name, now, maxAge);
      if (!isOld && bytes <= maxBytes) continue;
      const taken = take(name);
      if (!taken) continue;
      remove(taken.name);
      bytes -= size;
      onDropped(isOld ? 'outbox_too_old' : 'outbox_full', taken.lines.length);
    }
  }

  function statOf(name: string): { size: number; mtimeMs: number } | undefined {
    return statSync(pathOf(name), { throwIfNoEntry: false });
  }

  function move(from: string, to: string): boolean {
    try {
      renameSync(pathOf(from), pathOf(to));
      return true;
    } catch {
      return false;
    }
  }

  function pathOf(name: string): string {
    return join(directory, name);
  }
}

function isTakeable(name: string, modifiedAt: () => number | undefined): boolean {
  if (name.endsWith(free)) return true;
  const time = modifiedAt();
  return time !== undefined && Math.abs(Date.now() - time) > staleAfter;
}

/** The last line of a process that was killed while it wrote is half a line. */
function parsed(line: string): object | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as object;
  } catch {
    return undefined;
  }
}
