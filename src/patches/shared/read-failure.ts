import type { ErrorFacts, Limits } from '../../types';
import { readText } from './read-text';
import { asNumber, asString } from './read-values';

/** A failure that is told in the body of an answer whose status was 200. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the error object of any vendor
export function readFailure(error: any, limits: Limits): ErrorFacts {
  const type = asString(error?.type);
  return {
    message: readText(error?.message, limits.response),
    code: asString(error?.code) ?? asNumber(error?.code)?.toString(),
    // The type of an error event is `error`, which says nothing.
    type: type === 'error' ? undefined : type,
  };
}
