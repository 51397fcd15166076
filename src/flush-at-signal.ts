import type { Ending } from './flush-at-exit';
import type { Restore } from './types';

/** A process that has no listener of its own for them dies by these. */
const deadly = ['SIGTERM', 'SIGINT'] as const;
/**
 * A Ctrl-C reaches a script of npm twice: from the terminal, and from npm, which hands it on at once. So many
 * milliseconds after the first it is no second wish to end.
 */
const echo = 200;

/**
 * Sends what is queued when a signal comes that ends the process, and ends it by the same signal then. A second one does
 * not wait. First of all everything is put on disk: whatever else ends the process meanwhile (a library that does so by
 * itself, a supervisor that has waited long enough), nothing is lost.
 */
export function flushAtSignals(endings: () => readonly Ending[]): Restore {
  let isOver = false;
  /** When the signal came by which the process is about to end. */
  let since: number | undefined;
  const stops = deadly.map((signal) => endBySignal(signal));
  return function restore() {
    isOver = true;
    for (const stop of stops) stop();
  };

  function endBySignal(signal: NodeJS.Signals): Restore {
    listen();
    return stop;

    /** First of all listeners. */
    function listen(): void {
      stop();
      if (!isOver) process.prependListener(signal, onSignal);
    }

    function stop(): void {
      process.removeListener(signal, onSignal);
    }

    function onSignal(): void {
      // One hands on to another.
      for (const { drain } of endings()) drain?.();
      for (const { hold } of endings()) hold?.();
      if (process.listenerCount(signal) > 1) return stepAside();
      if (since === undefined) return endInTime();
      if (performance.now() - since > echo) end();
    }

    /**
     * Gone before the others run: libraries (signal-exit) decide by the number of listeners whether they have to end
     * the process, and must find the number that it would be without us.
     */
    function stepAside(): void {
      stop();
      setImmediate(listen).unref();
    }

    function endInTime(): void {
      since = performance.now();
      if (canDie()) for (const { report } of endings()) report?.();
      const endOnce = (): void => void (since === undefined || end());
      void Promise.all(endings().map(flush)).then(endOnce, endOnce);
    }

    function end(): void {
      stop();
      // Whoever listens by now decides.
      if (canDie() && process.listenerCount(signal) === 0) {
        for (const { report } of endings()) report?.();
        for (const { save } of endings()) save?.();
      }
      process.kill(process.pid, signal);
      // Where this runs, the process goes on.
      setTimeout(goOn).unref();
    }

    function goOn(): void {
      since = undefined;
      for (const { resume } of endings()) resume?.();
      listen();
    }
  }
}

/**
 * The first process of a container does not die of a signal that it does not listen for: the kernel takes it for `init`.
 * What goes on in it is not at its end.
 */
function canDie(): boolean {
  return process.pid !== 1;
}

async function flush({ timeout, pending, flush: send }: Ending): Promise<void> {
  if (timeout > 0 && pending() > 0) await send?.(timeout);
}
