import { readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { setImmediate } from 'node:timers';
import { basename, dirname, join } from 'node:path';
import { safely } from '../safely';
import { checkOwner } from './check-owner';
import { isAged } from './outbox-names';

/** Folders of projects, and files in them, as we name them: somebody may keep other things beside them. */
const ofProject = /^[0-9a-f]{24}$/;
const ofEvents = /^[0-9a-z]{9}-[\w-]+\.(jsonl|held)$/;
/** Others may want to keep theirs for longer than we keep ours. After that the server no longer knows what came before. */
const week = 7 * 86_400_000;
const newline = 10;

/**
 * Removes events that are too old: those of this project, and of others in the same spool, whose key may not be in use
 * any more. Nobody else would, and texts of prompts must not lie there for ever. Later, and one file in a turn of the
 * event loop.
 *
 * @param isTakeable - whether nobody holds a file that was modified at that time.
 * @param onRemoved - told how many events went with a file.
 */
export function removeAged(
  directory: string,
  maxAge: number,
  isTakeable: (name: string, mtimeMs: number) => boolean,
  onRemoved: (count: number) => void,
): void {
  const spool = dirname(directory);
  const own = basename(directory);
  let files: string[] | undefined;
  later();

  function later(): void {
    setImmediate(() => safely('remove old events from disk', step)).unref();
  }

  function step(): void {
    files ??= readdirSync(spool).filter(isOfProject).flatMap(agedIn);
    const file = files.pop();
    if (file === undefined) return;
    remove(file);
    later();
  }

  function isOfProject(folder: string): boolean {
    if (folder !== own && !ofProject.test(folder)) return false;
    try {
      checkOwner(join(spool, folder));
      return true;
    } catch {
      // Not ours to look into.
      return false;
    }
  }

  function agedIn(folder: string): string[] {
    const now = Date.now();
    const most = folder === own ? maxAge : Math.max(maxAge, week);
    return readdirSync(join(spool, folder))
      .filter((name) => ofEvents.test(name) && isAged(name, now, most))
      .map((name) => join(spool, folder, name));
  }

  function remove(file: string): void {
    try {
      if (!isTakeable(file, statSync(file).mtimeMs)) return;
      const count = linesIn(readFileSync(file));
      unlinkSync(file);
      if (count > 0) onRemoved(count);
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

function linesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count += 1;
  return count;
}
