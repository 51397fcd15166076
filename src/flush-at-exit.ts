import { flushAtSignals } from './flush-at-signal';
import { sharedState } from './shared-state';
import type { Restore } from './types';

/** Something that has events when the process ends. */
export interface Ending {
  /** Milliseconds that a natural end or a signal may wait for `flush`. */
  readonly timeout: number;
  /** Reports what nobody can end any more, and hands on what is left, now. */
  report?(): void;
  /** Hands on what has ended, now. What goes on goes on. */
  drain?(): void;
  /** Events that wait for somebody. */
  pending(): number;
  flush?(timeout: number): Promise<void>;
  /** Sends what others left on disk. */
  sendSpooled?(timeout: number): Promise<void>;
  /** Sends no more, unless there is something new: nothing is to hold the process any longer. */
  rest?(): void;
  /** Puts on disk what is left, and sends it all the same. */
  hold?(): void;
  /** Nothing asynchronous can run any more: puts on disk what is left. */
  save?(): void;
  /** It was not the end: all of it is sent as before. */
  resume?(): void;
}

/** What copies of this package have in common. */
export interface Endings {
  readonly list: Set<KnownEnding>;
  readonly stopListening: Restore;
}

interface KnownEnding {
  readonly ending: Ending;
  left: number;
  isFlushing: boolean;
  isOver: boolean;
}

const neverLetGo: readonly string[] = ['GetAddrInfoReqWrap', 'ConnectWrap'];
/** Milliseconds that a program may take longer for what others have left. */
const longestForOthers = 500;

/**
 * Sends what is queued when the process ends: at its natural end, and at SIGTERM and SIGINT where the application has
 * no listener of its own. At `process.exit()` and after an uncaught exception, and whatever is left after the rest, it is
 * saved. Exit code and signal stay what they were, and nothing waits longer than its `timeout`.
 *
 * There is one listener for all that has events: each would take another one for the application's.
 *
 * @returns an undo, which waits until nothing is pending.
 */
export function flushAtExit(ending: Ending): Restore {
  const shared = sharedState();
  const { list } = (shared.endings ??= listen());
  const known: KnownEnding = { ending, left: ending.timeout, isFlushing: false, isOver: false };
  forgetOver(list);
  list.add(known);
  return function restore() {
    known.isOver = true;
    forgetOver(list);
    if (list.size > 0) return;
    shared.endings?.stopListening();
    shared.endings = undefined;
  };
}

function forgetOver(list: Set<KnownEnding>): void {
  for (const known of list) if (known.isOver && known.ending.pending() === 0) list.delete(known);
}

function listen(): Endings {
  const list = new Set<KnownEnding>();
  const onNaturalEnd = (): void => {
    const isAlone = process.listenerCount('beforeExit') === 1;
    report(list);
    void Promise.all([...list].map(flushOnce)).then(() => {
      if (isAlone && isHeldByUploads()) process.exit();
    });
  };
  const onExit = (): void => {
    report(list);
    save(list);
  };
  // Before others: whether there are any has to be known before one that is there for once has gone.
  process.prependListener('beforeExit', onNaturalEnd);
  process.on('exit', onExit);
  const stopListening: Restore[] = [
    () => void process.removeListener('beforeExit', onNaturalEnd),
    () => void process.removeListener('exit', onExit),
  ];
  // Loaded here and not above: where nothing has to be sent at the end, the package does without.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  const { isMainThread } = require('node:worker_threads') as typeof import('node:worker_threads');
  // Signals reach the main thread only.
  if (isMainThread) stopListening.push(flushAtSignals(() => [...list].map(({ ending }) => ending)));
  return { list, stopListening: () => stopListening.forEach((stop) => stop()) };
}

/**
 * A look-up of a name and a connection that is being made hold a process until they fail, 10 s and more where nobody
 * answers (no DNS, a firewall), and can not be let go. With nobody else to start something at its natural end, the process
 * would have been over before: these are ours.
 *
 * Not where the program is an ES module: one that waits for ever ends with code 13, which only Node knows to set.
 */
function isHeldByUploads(): boolean {
  if (process.mainModule === undefined) return false;
  const active = process.getActiveResourcesInfo?.() ?? [];
  return active.length > 0 && active.every((name) => neverLetGo.includes(name));
}

/** All of them, before any is saved: one hands on to another. */
function report(list: Set<KnownEnding>): void {
  for (const { ending } of list) ending.report?.();
}

function save(list: Set<KnownEnding>): void {
  for (const { ending } of list) ending.save?.();
}

/** Once more for what the application does in its own listener; never longer than the timeout altogether. */
async function flushOnce(known: KnownEnding): Promise<void> {
  await flushIn(known);
  if (!known.isFlushing) known.ending.rest?.();
}

async function flushIn(known: KnownEnding): Promise<void> {
  const { ending } = known;
  if (known.isFlushing || known.left <= 0 || ending.pending() === 0) return;
  known.isFlushing = true;
  const start = performance.now();
  const left = (): number => known.left - (performance.now() - start);
  await ending.flush?.(known.left);
  // Once, and not for long: there may be a lot of it, and the program is done.
  if (left() > 0) await ending.sendSpooled?.(Math.min(left(), longestForOthers));
  known.left = left();
  known.isFlushing = false;
}
