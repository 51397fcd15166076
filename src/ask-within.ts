import { clearTimeout, setTimeout } from 'node:timers';

const shortest = 5;
const longest = 100;

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
