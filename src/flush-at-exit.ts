import type { Delivery } from './deliver-events';
import type { Tracer } from './operation';

/** A delivery that has a queue and a disk of its own. */
export interface EndingDelivery extends Delivery {
  sendSpooled?(timeout: number): Promise<void>;
  save?(): void;
}

/** Milliseconds that a program may take longer for what others have left. */
const longestForOthers = 500;

/**
 * Sends what is queued when the process ends: at its natural end, and at SIGTERM and SIGINT where the application has
 * no handler of its own. Exit code and signal stay what they were, and nothing waits longer than `timeout` milliseconds.
 */
export function flushAtExit({ open }: Pick<Tracer, 'open'>, delivery: EndingDelivery, timeout: number): void {
  let left = timeout;
  let isFlushing = false;
  process.on('beforeExit', () => {
    reportAll();
    // Once more for what the application does in its own listener; never longer than `timeout` altogether.
    if (isFlushing || left <= 0 || delivery.pending() === 0) return;
    isFlushing = true;
    const start = performance.now();
    void flushWithin(delivery, left).then(async () => {
      left -= performance.now() - start;
      // Once, and not for long: there may be a lot of it, and the program is done.
      if (left > 0) await delivery.sendSpooled?.(Math.min(left, longestForOthers));
      left -= performance.now() - start;
      isFlushing = false;
    });
  });
  // At process.exit() and after an uncaught exception, too: what was not delivered goes to disk.
  process.on('exit', () => {
    reportAll();
    delivery.save?.();
  });
  // Loaded here and not above: `register.js` has loaded it, and the package does without.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  const { isMainThread } = require('node:worker_threads') as typeof import('node:worker_threads');
  // Signals reach the main thread only.
  if (!isMainThread) return;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) flushAtSignal(signal);

  /** Nothing is left that could end the open calls. */
  function reportAll(): void {
    for (const call of open) call.abandon();
    delivery.drain();
  }

  function flushAtSignal(signal: NodeJS.Signals): void {
    process.prependListener(signal, onSignal);

    /**
     * First of all listeners, and gone before the others run: libraries (signal-exit) decide by the number of
     * listeners whether they have to end the process, and must find the number that it would be without us.
     */
    function onSignal(): void {
      process.removeListener(signal, onSignal);
      if (process.listenerCount(signal) > 0) {
        setImmediate(() => process.prependListener(signal, onSignal)).unref();
        return;
      }
      reportAll();
      void flushWithin(delivery, timeout).then(() => process.kill(process.pid, signal));
    }
  }
}

/** A flush while another one is under way sends nothing (analytics-node 1.5.73), so it is asked until all is answered. */
async function flushWithin(delivery: Delivery, timeout: number): Promise<void> {
  let isLate = false;
  let stopWaiting: () => void = () => undefined;
  const late = new Promise<void>((resolve) => (stopWaiting = resolve));
  // Holds the process: every socket and timer of the client does not.
  const timer = setTimeout(() => {
    isLate = true;
    stopWaiting();
  }, timeout);
  while (delivery.pending() > 0 && !isLate) {
    await Promise.race([delivery.flush(timeout), late]);
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 5)), late]);
  }
  clearTimeout(timer);
}
