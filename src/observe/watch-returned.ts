import { isApiPromise, isPlainPromise, observeResult, observeValue } from '../observe-result';
import { defineHidden, isThenable, waitForReader } from '../observe-stream';
import type { ObservedCall } from './observed-call';
import { isGenerator } from './run-steps';
import type { AnyFunction } from '../wrap-method';

/** What became of a promise that was handed out, told to each call that has given it back. */
interface Derived {
  readonly promise: Promise<unknown>;
  readonly calls: Set<ObservedCall>;
  settled?: (call: ObservedCall) => void;
}

/** A function may give the same promise back again and again: then its callers have one and the same here, too. */
const derivedOf = new WeakMap<object, Derived>();

/**
 * Watches what an observed function gave back. The caller gets that very object; only a plain promise is replaced by one
 * derived from it, as in `observeResult`, because a side branch would hide a rejection that nobody handles.
 */
export function watchReturned(result: unknown, call: ObservedCall): unknown {
  if (!isThenable(result)) {
    if (isGenerator(result)) call.follow(result);
    else observeValue(result, call);
    return result;
  }
  if (isApiPromise(result)) return observeResult(result, call);
  if (isPlainPromise(result)) return derive(result, call);
  tapThen(result, call);
  return result;
}

function derive(result: Promise<unknown>, call: ObservedCall): Promise<unknown> {
  const known = derivedOf.get(result);
  if (known) {
    if (known.settled) known.settled(call);
    else known.calls.add(call);
    return known.promise;
  }
  const calls = new Set([call]);
  const tell = (settled: (call: ObservedCall) => void): void => {
    derived.settled = settled;
    for (const each of calls) settled(each);
    calls.clear();
  };
  const promise = result.then(
    (value) => {
      tell((each) => observeValue(value, each));
      return value;
    },
    (error: unknown) => {
      tell((each) => each.failed(error));
      throw error;
    },
  );
  const derived: Derived = { promise, calls };
  derivedOf.set(result, derived);
  return promise;
}

/**
 * A promise of a class of its own, or a query that begins when somebody asks for its result: it is watched where its
 * `then` is called, and not before. With a native class, `catch` and `finally` call that.
 */
function tapThen(result: PromiseLike<unknown>, call: ObservedCall): void {
  const then = result.then as AnyFunction;
  const onValue = (value: unknown): void => observeValue(value, call);
  const onError = (error: unknown): void => call.failed(error);
  defineHidden(result, 'then', function tappedThen(this: unknown, fulfilled: unknown, rejected: unknown): unknown {
    if (this !== result) return then.call(this, fulfilled, rejected) as unknown;
    return then.call(this, seeing(fulfilled, onValue, pass), seeing(rejected, onError, fail)) as unknown;
  });
  waitForReader(result, call);
}

function seeing(callback: unknown, see: (value: unknown) => void, otherwise: AnyFunction): AnyFunction {
  const handle = (typeof callback === 'function' ? callback : otherwise) as AnyFunction;
  return (value: unknown) => {
    see(value);
    return handle(value) as unknown;
  };
}

function pass(value: unknown): unknown {
  return value;
}

function fail(error: unknown): never {
  throw error;
}
