import { backoff } from './backoff';

/** When uploads may go: how the server is doing, and what it has asked for. */
export interface Pace {
  /** Whether one more may go now, with so many under way. */
  allows(underWay: number): boolean;
  /** Whether it is not the time yet, however many are under way. */
  waits(): boolean;
  /** Whether the last that is known of the server is a failure. */
  isFailing(): boolean;
  /** What an upload that begins now has to say when it ends. */
  round(): number;
  succeeded(round: number): void;
  /** @param wait - milliseconds, where the server said how long. */
  failed(round: number, wait: number | undefined): void;
  /** Does not wait for the server to recover, unless it asked for that. */
  hurry(): void;
}

/**
 * Uploads that began before a failure was known say nothing about what comes after it: four that are cut off at once
 * are one failure, and one that is answered late does not end a wait that the server has asked for since.
 *
 * @param now - milliseconds on a clock that never goes back.
 * @param random - from 0 to 1.
 */
export function makePace(connections: number, now: () => number, random: () => number): Pace {
  let failures = 0;
  let current = 0;
  let notBefore = 0;
  /** The same, where the server said so. It may say 0 (a cache in front of it does), which must not be without an end. */
  let askedUntil = 0;
  const waits = (): boolean => now() < Math.max(notBefore, askedUntil);
  return {
    // After a failure one upload has to succeed before the others go.
    allows: (underWay) => underWay < (failures > 0 ? 1 : connections) && !waits(),
    waits,
    isFailing: () => failures > 0,
    round: () => current,
    succeeded,
    failed,
    hurry: () => void (notBefore = 0),
  };

  function succeeded(round: number): void {
    if (round !== current) return;
    failures = 0;
    notBefore = 0;
    askedUntil = 0;
  }

  function failed(round: number, wait = 0): void {
    if (round === current) {
      current += 1;
      failures += 1;
      notBefore = now() + backoff(failures, random());
    }
    askedUntil = Math.max(askedUntil, now() + wait);
  }
}
