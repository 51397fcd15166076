import type { Restore, RetryPoint } from './types';
import { wrapMethod } from './wrap-method';

/** How often the SDK tried again inside one call; `retries` stays undefined where it can not be seen. */
export interface RetryCount {
  retries: number | undefined;
}

/**
 * The call whose method is running right now. Held only while the method runs, which is synchronous: the SDK builds
 * its first attempt before `create` returns. AsyncLocalStorage would do the same and slow every promise of the
 * process on Node 20.
 */
let running: RetryCount | undefined;

/** The options object that the SDK hands from attempt to attempt of one call. */
const counts = new WeakMap<object, RetryCount>();

/** Runs the SDK's method so that the attempts it makes are counted in `count`. */
export function countingRetries<Result>(count: RetryCount, run: () => Result): Result {
  const outer = running;
  running = count;
  try {
    return run();
  } finally {
    running = outer;
  }
}

/** Watches the two methods through which an SDK sends its attempts. */
export function watchRetries(point: RetryPoint): Restore {
  const restoreFirst = wrapMethod(point.owner, point.first, (first, isLive) => {
    return function request(this: unknown, ...args: unknown[]) {
      if (!isLive()) return first.apply(this, args);
      const count = running;
      running = undefined;
      if (count && isPromise(args[0])) startCount(count, args[0]);
      return first.apply(this, args);
    };
  });
  const restoreAgain = wrapMethod(point.owner, point.again, (again, isLive) => {
    return function retryRequest(this: unknown, ...args: unknown[]) {
      const count = isLive() && isObject(args[0]) ? counts.get(args[0]) : undefined;
      if (count?.retries !== undefined) count.retries += 1;
      return again.apply(this, args);
    };
  });
  return function restore() {
    restoreFirst?.();
    restoreAgain?.();
  };
}

/** The SDK awaits the same promise itself, so its rejection is handled there and must only be kept quiet here. */
function startCount(count: RetryCount, options: Promise<unknown>): void {
  count.retries = 0;
  options.then(
    (resolved) => isObject(resolved) && counts.set(resolved, count),
    () => undefined,
  );
}

function isPromise(value: unknown): value is Promise<unknown> {
  return isObject(value) && typeof (value as { then?: unknown }).then === 'function';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
