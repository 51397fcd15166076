import { sharedState } from './shared-state';

/** Does `work`; a bug of ours in there is counted and shown in debug mode, and never becomes the caller's. */
export function safely<Result>(what: string, work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    reportProblem(what, error);
    return undefined;
  }
}

/** A user's function that should not be asynchronous may be: its rejection must not end the process. */
export function ignoreRejection(result: unknown): void {
  if (typeof (result as PromiseLike<unknown> | undefined)?.then !== 'function') return;
  (result as PromiseLike<unknown>).then(
    () => undefined,
    () => undefined,
  );
}

/** Counts an error of ours. Whatever listens cannot make it worse. */
export function reportProblem(what: string, error: unknown): void {
  try {
    sharedState().problem?.(what, error);
  } catch {
    // `onError` is the user's function; there is nobody left to tell.
  }
}
