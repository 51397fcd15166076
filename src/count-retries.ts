import { isThenable } from './observe-stream';
import type { Restore, RetryPoint } from './types';
import { wrapMethod } from './wrap-method';

/**
 * How often the SDK tried again: by the options that it hands from attempt to attempt of one call, and by the error
 * with which the last of them failed. Nothing is kept of calls that are not tried again, which is nearly all of them: a
 * `WeakMap` with an entry for each call makes every garbage collection slower.
 */
const retries = new WeakMap<object, number>();

/** @param key - the options, or the error, of a call that is over. */
export function retriesOf(key: unknown): number {
  return (isObject(key) && retries.get(key)) || 0;
}

/** Watches the method through which an SDK tries again. */
export function watchRetries({ owner, method }: RetryPoint): Restore | undefined {
  return wrapMethod(owner, method, (retry, isLive) => {
    return function retryRequest(this: unknown, ...args: unknown[]) {
      const [options] = args;
      if (!isLive() || !isObject(options)) return retry.apply(this, args);
      retries.set(options, retriesOf(options) + 1);
      const result: unknown = retry.apply(this, args);
      // By shape: in Jest and `vm` the SDK's promises are of another realm.
      if (!isThenable(result)) return result;
      // The SDK awaits what it gets here, so the promise that is watched takes the place of its own.
      return result.then(undefined, (error: unknown) => {
        if (isObject(error)) retries.set(error, retriesOf(options));
        throw error;
      });
    };
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
