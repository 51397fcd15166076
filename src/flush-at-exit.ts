import { isMainThread } from 'node:worker_threads';
import type { Delivery } from './deliver-events';
import type { Tracer } from './types';

/**
 * Sends what is queued when the process ends: at its natural end, and at SIGTERM and SIGINT where the application has
 * no handler of its own. Exit code and signal stay what they were, and nothing waits longer than `timeout` milliseconds.
 */
export function flushAtExit({ open }: Pick<Tracer, 'open'>, delivery: Delivery, timeout: number): void {
  let ending: Promise<void> | undefined;
  process.on('beforeExit', () => {
    // Nothing is left that could end these calls.
    for (const call of open) call.abandon();
    delivery.drain();
    if (delivery.pending() > 0) ending ??= flushWithin(delivery, timeout);
  });
  process.on('exit', () => delivery.drain());
  // Signals reach the main thread only.
  if (!isMainThread) return;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) flushAtSignal(signal);

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
      for (const call of open) call.abandon();
      delivery.drain();
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
    await Promise.race([delivery.flush(), late]);
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 5)), late]);
  }
  clearTimeout(timer);
}
