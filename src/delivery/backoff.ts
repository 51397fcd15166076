const first = 500;
const longest = 60_000;

/**
 * Milliseconds to wait after so many failures in a row: twice as long each time, up to a minute. Half of it by chance,
 * so that the processes of a fleet do not come back all at once.
 *
 * @param random - from 0 to 1.
 */
export function backoff(failures: number, random: number): number {
  const most = Math.min(longest, first * 2 ** Math.min(failures - 1, 20));
  return most / 2 + (most / 2) * random;
}
