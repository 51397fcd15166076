import { isApiPromise, isPlainPromise, observeResult, observeValue } from '../observe-result';
import { defineHidden, isThenable, stopWaitingFor, waitForReader } from '../observe-stream';
import type { ObservedCall } from './observed-call';
import { isGenerator } from './run-steps';
import type { AnyFunction } from '../wrap-method';

/** Told how a promise ends. */
export interface Listener {
  /** The caller has this, and it has not ended yet. */
  waiting?(promise: object): void;
  value(value: unknown): void;
  failed(error: unknown): void;
}

/** What became of a promise that was handed out, told to each call that has given it back. */
interface Derived {
  readonly promise: Promise<unknown>;
  readonly listeners: Set<Listener>;
  settled?: (listener: Listener) => void;
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
  let isOver = false;
  return watchPromise(result, {
    waiting: (promise) => waitForReader(promise, call),
    value(value) {
      // A query may be asked for its result again and again.
      if (isOver) return;
      isOver = true;
      // From here on the call waits for whoever reads that; the promise itself may be collected.
      stopWaitingFor(call);
      observeValue(value, call);
    },
    failed: (error) => call.failed(error),
  });
}

/** The same for whoever only wants to know what a promise of the application becomes. */
export function watchPromise(result: PromiseLike<unknown>, listener: Listener): PromiseLike<unknown> {
  if (isPlainPromise(result) && !Object.hasOwn(result, 'then')) return derive(result, listener);
  tapThen(result, listener);
  return result;
}

function derive(result: Promise<unknown>, listener: Listener): Promise<unknown> {
  const known = derivedOf.get(result);
  if (known) {
    if (known.settled) known.settled(listener);
    else {
      known.listeners.add(listener);
      listener.waiting?.(known.promise);
    }
    return known.promise;
  }
  const listeners = new Set([listener]);
  const tell = (settled: (listener: Listener) => void): void => {
    derived.settled = settled;
    for (const each of listeners) settled(each);
    listeners.clear();
  };
  const promise = result.then(
    (value) => {
      tell((each) => each.value(value));
      return value;
    },
    (error: unknown) => {
      tell((each) => each.failed(error));
      throw error;
    },
  );
  carryOver(result, promise);
  const derived: Derived = { promise, listeners };
  derivedOf.set(result, derived);
  listener.waiting?.(promise);
  return promise;
}

/**
 * What an application puts on a promise: `cancel`, or `child` of `promisify(exec)`. Node keeps things of its own there
 * (20 and 22: async ids, the stores of `AsyncLocalStorage`), which the derived promise has already.
 */
function carryOver(result: object, promise: object): void {
  for (const key of Reflect.ownKeys(result)) {
    const descriptor = Object.getOwnPropertyDescriptor(result, key);
    if (descriptor && !Object.hasOwn(promise, key)) Object.defineProperty(promise, key, descriptor);
  }
}

/**
 * A promise of a class of its own, or a query that begins when somebody asks for its result: it is watched where its
 * `then` is called, and not before. With a native class, `catch` and `finally` call that.
 */
function tapThen(result: PromiseLike<unknown>, listener: Listener): void {
  const then = result.then as AnyFunction;
  const onValue = (value: unknown): void => listener.value(value);
  const onError = (error: unknown): void => listener.failed(error);
  defineHidden(result, 'then', function tappedThen(this: unknown, fulfilled: unknown, rejected: unknown): unknown {
    if (this !== result) return then.call(this, fulfilled, rejected) as unknown;
    return then.call(this, seeing(fulfilled, onValue, pass), seeing(rejected, onError, fail)) as unknown;
  });
  listener.waiting?.(result);
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
