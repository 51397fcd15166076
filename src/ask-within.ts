import { clearTimeout, setTimeout } from 'node:timers';
import { reportProblem } from './safely';

/**
 * How long a flush may take.
 *
 * @experimental
 */
export interface FlushOptions {
  /** Milliseconds, 0 to 600,000; what is longer is as long as that. Default: 10,000. */
  timeout?: number;
}

const shortest = 5;
const longest = 100;
const longestFlush = 600_000;

/**
 * Asks again and again until the answer is yes, and for `timeout` milliseconds at the most. It holds the process, which
 * no socket and no timer of a client may do. Never rejects, as long as `ask` does not.
 *
 * @param ask - told how many milliseconds are left.
 */
export async function askWithin(timeout: number, ask: (left: number) => Promise<boolean>): Promise<void> {
  const end = performance.now() + timeout;
  let isLate = false;
  let stopWaiting: () => void = () => undefined;
  const late = new Promise<false>((resolve) => (stopWaiting = () => resolve(false)));
  const timer = setTimeout(() => {
    isLate = true;
    stopWaiting();
  }, timeout);
  let pause = shortest;
  while (!(await Promise.race([ask(Math.max(0, end - performance.now())), late])) && !isLate) {
    const wait = pause;
    await Promise.race([new Promise((resolve) => setTimeout(resolve, wait)), late]);
    pause = Math.min(pause * 2, longest);
    if (isLate) break;
  }
  clearTimeout(timer);
}

/** Not worth an error in the path of the application. A timer of more than 24 days would fire at once. */
export function timeoutOf(given: FlushOptions | number = {}): number | undefined {
  const timeout: unknown = typeof given === 'object' && given !== null ? given.timeout : given;
  if (timeout === undefined) return undefined;
  if (typeof timeout === 'number' && timeout >= 0) return Math.min(timeout, longestFlush);
  reportProblem('read the options of a flush', new TypeError('timeout must be a number from 0 to 600000'));
  return undefined;
}

/** At start-up, where a wrong one is worth an error. */
export function isTimeout(timeout: unknown): boolean {
  return typeof timeout === 'number' && timeout >= 0 && timeout <= longestFlush;
}
