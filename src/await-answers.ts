import { reportProblem } from './safely';
import type { LlmEvent } from './types';

/** What became of an event, as far as its client said. */
export interface Fate {
  /** Why it was not delivered. */
  readonly reason: string;
  /** Whether it may be taken another time. */
  readonly isWorthRetry: boolean;
}

/** The answers of a client to what it was given to track. */
export interface Answers {
  /** Whatever `track` returned for an event; `undelivered` is told where that says so, later. */
  follow(result: unknown, event: LlmEvent): void;
  /** Events that were not answered yet. */
  pending(): number;
  /** Makes a function that says whether all are answered that are awaited now. */
  untilNow(): () => boolean;
}

/** What Amplitude's clients answer where the server was not reached, whatever they try by themselves. */
const notReached = 'Unexpected error occurred';
const optedOut = 'Event skipped due to optOut config';

export function awaitAnswers(
  settled: (event: LlmEvent) => void,
  undelivered: (event: LlmEvent, fate: Fate) => void,
): Answers {
  /** In the order in which they were tracked. */
  const open = new Set<number>();
  let count = 0;
  return { follow, pending: () => open.size, untilNow };

  function follow(result: unknown, event: LlmEvent): void {
    const answer = promiseOf(result);
    if (!answer) return settled(event);
    const number = count++;
    open.add(number);
    const settle = (fate: Fate | undefined): void => {
      open.delete(number);
      settled(event);
      if (fate) undelivered(event, fate);
    };
    // A thenable of any make: it can throw, or call back twice.
    Promise.resolve(answer).then(
      (value) => settle(fateOf(value)),
      (error: unknown) => {
        settle(rejected);
        reportProblem('track an event', error);
      },
    );
  }

  function untilNow(): () => boolean {
    const end = count;
    return () => {
      const [oldest = end] = open;
      return oldest >= end;
    };
  }
}

/** The client itself failed. */
export const rejected: Fate = { reason: 'track_failed', isWorthRetry: true };

/**
 * Undefined where it was delivered, or where nothing can be known. Code 0 has many meanings. One of them is worth a
 * retry: nobody was reached. What the user opted out of, or a plugin took out, must not come back.
 */
export function fateOf(answer: unknown): Fate | undefined {
  const { code, message } = (answer ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code !== 'number' || (code >= 200 && code < 300)) return undefined;
  if (code === 0 && message === optedOut) return { reason: 'client_opted_out', isWorthRetry: false };
  if (code === 0 && message === '') return { reason: 'client_filtered', isWorthRetry: false };
  const isWorthRetry = code === 408 || code === 429 || code >= 500 || (code === 0 && message === notReached);
  return { reason: `client_answered_${code}`, isWorthRetry };
}

/** analytics-node answers with an object that has the promise in it. */
export function promiseOf(result: unknown): PromiseLike<unknown> | undefined {
  const answer = (result as { promise?: unknown } | undefined)?.promise ?? result;
  return typeof (answer as PromiseLike<unknown> | undefined)?.then === 'function'
    ? (answer as PromiseLike<unknown>)
    : undefined;
}
