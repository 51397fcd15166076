import { addEntry, isFull, newBatch, type Batch, type Entry } from './batch';
import type { Claim, Outbox, Segment } from './outbox';

/** Keeps on disk what is not delivered yet. Without a disk it keeps nothing, and says so. */
export interface Keeper {
  /** Writes one event of a batch that is still growing. */
  append(batch: Batch, entry: Entry): void;
  /** The batch grows no more. */
  seal(batch: Batch): void;
  /** On disk, and ours still: it is under way. */
  hold(batch: Batch): void;
  /** On disk, for whoever can deliver it. False where that was not possible. */
  keep(batch: Batch): boolean;
  /** The same for parts of a batch, in its place. */
  replace(batch: Batch, parts: readonly Batch[]): void;
  remove(batch: Batch): void;
  /** Something to deliver: what this process left there, or with `all` anybody. */
  next(all: boolean): Batch | undefined;
  /** Whether something of this process is there. */
  hasOwn(): boolean;
  /** Says that we are still here. */
  touch(): void;
  /** Lets everything go: this process ends. */
  releaseAll(): void;
}

/** A disk that is full is not asked again for so many milliseconds. */
const pause = 10_000;
/** So often it is said that we are still here: files that nobody says it of for a minute are anybody's. */
const touchEvery = 5_000;

export function makeKeeper(
  outbox: Outbox | undefined,
  now: () => number,
  onProblem: (what: string, error: unknown) => void,
): Keeper {
  /** Files that hold batches which are in memory too. */
  const holding = new Set<string>();
  /** Files that we let go, and that may be there still. */
  const own = new Set<string>();
  const growing = new Map<Batch, Segment>();
  /** Takes what can not be delivered, batch after batch: an outage is not a thousand files. */
  let spill: Segment | undefined;
  let spilled = newBatch();
  let writesFrom = -Infinity;
  let touchFrom = -Infinity;
  return {
    append,
    seal,
    hold,
    keep,
    replace,
    remove,
    next,
    touch,
    hasOwn: () => own.size > 0 || spill !== undefined,
    releaseAll,
  };

  function append(batch: Batch, entry: Entry): void {
    if (batch.entries.length > 0 && batch.segment === undefined) return;
    attemptToWrite(() => {
      const segment = growing.get(batch) ?? begin(batch);
      if (!segment || write(batch, segment, [entry])) return;
      seal(batch);
      const another = begin(batch);
      if (another) write(batch, another, [...batch.entries, entry]);
    });
  }

  function write(batch: Batch, segment: Segment, entries: readonly Entry[]): boolean {
    try {
      return segment.append(entries.map(({ json }) => json));
    } catch (error) {
      // Part of a batch is no use: what is kept has to be all of it.
      seal(batch);
      remove(batch);
      throw error;
    }
  }

  function begin(batch: Batch): Segment | undefined {
    const segment = outbox?.begin();
    if (!segment) return undefined;
    growing.set(batch, segment);
    batch.segment = segment.name;
    holding.add(segment.name);
    return segment;
  }

  function seal(batch: Batch): void {
    const segment = growing.get(batch);
    growing.delete(batch);
    if (segment) close(segment);
  }

  /** What it took is in the file, whatever a disk says now. */
  function close(segment: Segment): void {
    try {
      segment.close();
    } catch (error) {
      onProblem('close a file of the outbox', error);
    }
  }

  function hold(batch: Batch): void {
    if (batch.segment !== undefined) return;
    attemptToWrite(() => {
      const segment = begin(batch);
      if (segment) write(batch, segment, batch.entries);
      seal(batch);
    });
  }

  function keep(batch: Batch): boolean {
    seal(batch);
    if (batch.segment !== undefined) {
      letGo(batch.segment);
      return true;
    }
    return attemptToWrite(() => {
      const [first] = batch.entries;
      if (first && isFull(spilled, { ...first, bytes: batch.bytes })) rotate();
      if (!spillOut(batch)) return false;
      for (const entry of batch.entries) addEntry(spilled, entry);
      return true;
    });
  }

  function spillOut({ entries }: Batch): boolean {
    const lines = entries.map(({ json }) => json);
    spill ??= outbox?.begin();
    if (!spill || spill.append(lines)) return spill !== undefined;
    rotate();
    spill = outbox?.begin();
    return spill?.append(lines) === true;
  }

  function replace(batch: Batch, parts: readonly Batch[]): void {
    if (batch.segment === undefined) return;
    for (const part of parts) hold(part);
    remove(batch);
  }

  function remove(batch: Batch): void {
    if (batch.segment === undefined) return;
    outbox?.remove(batch.segment);
    holding.delete(batch.segment);
    batch.segment = undefined;
  }

  function next(all: boolean): Batch | undefined {
    try {
      const claim = claimOwn() ?? (all ? outbox?.claim() : undefined);
      if (!claim) return undefined;
      holding.add(claim.name);
      return batchOf(claim);
    } catch (error) {
      onProblem('read the outbox', error);
      return undefined;
    }
  }

  /** What is still written to comes last: while a server is away, one file is tried and one grows. */
  function claimOwn(): Claim | undefined {
    const claim = claimClosed();
    if (claim || !spill) return claim;
    rotate();
    return claimClosed();
  }

  function claimClosed(): Claim | undefined {
    for (const name of own) {
      own.delete(name);
      const claim = outbox?.claim(name);
      if (claim) return claim;
    }
    return undefined;
  }

  /** What was written until now can be delivered; what comes goes to a file of its own. */
  function rotate(): void {
    if (!spill) return;
    const segment = spill;
    spill = undefined;
    spilled = newBatch();
    close(segment);
    letGo(segment.name);
  }

  function letGo(name: string): void {
    outbox?.release(name);
    holding.delete(name);
    own.add(name);
  }

  function releaseAll(): void {
    rotate();
    for (const name of holding) outbox?.release(name);
    holding.clear();
  }

  function touch(): void {
    if (now() < touchFrom) return;
    touchFrom = now() + touchEvery;
    outbox?.touch(spill ? [...holding, spill.name] : holding);
  }

  function attemptToWrite(work: () => unknown): boolean {
    if (!outbox || now() < writesFrom) return false;
    try {
      return work() !== false;
    } catch (error) {
      writesFrom = now() + pause;
      onProblem('write to the outbox', error);
      return false;
    }
  }
}

/** What lies in the outbox is late, and all of it comes at once: that is for the batch API. */
function batchOf({ name, lines, events }: Claim): Batch {
  const batch: Batch = { ...newBatch(), isFast: true, segment: name };
  lines.forEach((json, at) => {
    const { user_id: userId, device_id: deviceId } = events[at] as { user_id?: string; device_id?: string };
    addEntry(batch, { json, bytes: Buffer.byteLength(json), userId, deviceId });
  });
  return batch;
}
