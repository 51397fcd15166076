import type { Observer } from './observer';
import { safely } from './safely';
import type { AnyFunction as Method } from './wrap-method';

/** Reports calls whose answer was collected unread: a promise nobody awaited, a stream nobody finished. */
const unread = new FinalizationRegistry<Observer>((observer) => observer.abandon());

/** Begins the watch: an answer that is collected before somebody has read it to its end was abandoned. */
export function waitForReader(answer: object, observer: Observer): void {
  observer.isWaitedFor = true;
  unread.register(answer, observer, observer);
}

/** Ends the watch for abandoned answers: the call has settled. */
export function stopWaitingFor(observer: Observer): void {
  // Most answers have a reader before they arrive, and there is nothing to end.
  if (observer.isWaitedFor) unread.unregister(observer);
}

type OnChunk = (chunk: unknown) => void;

interface Step {
  readonly done?: boolean;
  readonly value: unknown;
}

/* eslint-disable @typescript-eslint/no-explicit-any -- the streams of any SDK */
interface SdkIterator {
  next: Method;
  return?: Method;
  throw?: Method;
}

/**
 * `tee()` and `toReadableStream()` of the SDKs open the own property `iterator` where there is one, and so does
 * `Symbol.asyncIterator`. The stream is never read by us: no backpressure is lost, and `break` still aborts.
 */
export function tapStream(
  stream: object,
  observer: Observer,
  onChunk: OnChunk = (chunk) => observer.chunk(chunk),
): true {
  if (typeof (stream as any).next === 'function') {
    // A generator: who has it can call its `next` without opening it.
    tapIterator(stream as SdkIterator, () => true, observer, onChunk);
    waitForReader(stream, observer);
    return true;
  }
  const opener = typeof (stream as any).iterator === 'function' ? 'iterator' : Symbol.asyncIterator;
  const open = (stream as any)[opener] as Method;
  // `abortController` on the streams of Ollama's SDK.
  observer.watchSignal(((stream as any).controller ?? (stream as any).abortController)?.signal);
  let read: SdkIterator | undefined;
  const isRead = (iterator: SdkIterator): boolean => (read ??= iterator) === iterator;
  function tappedIterator(this: unknown, ...args: unknown[]): unknown {
    const iterator = open.apply(this, args) as SdkIterator;
    safely('watch an iterator', () => tapIterator(iterator, isRead, observer, onChunk));
    return iterator;
  }
  if (opener === 'iterator') (stream as any).iterator = tappedIterator;
  else defineHidden(stream, opener, tappedIterator);
  waitForReader(stream, observer);
  return true;
}
/* eslint-enable @typescript-eslint/no-explicit-any */

/** Only the iterator that is read first counts: opening a second one is an error of the SDK, not of the call. */
function tapIterator(
  iterator: SdkIterator,
  isRead: (iterator: SdkIterator) => boolean,
  observer: Observer,
  onChunk: OnChunk,
): void {
  const next = iterator.next;
  const onStep = (step: Step): unknown => {
    if (step.done) observer.ended();
    else onChunk(step.value);
    return step;
  };
  const onError = (error: unknown): never => {
    observer.failed(error);
    throw error;
  };
  let watched = false;
  defineHidden(iterator, 'next', function tappedNext(this: unknown, ...args: unknown[]) {
    if (!isRead(iterator)) return next.apply(iterator, args) as unknown;
    if (!watched) {
      watched = true;
      observer.reading();
      stopWaitingFor(observer);
      waitForReader(iterator, observer);
    }
    const step = next.apply(iterator, args) as unknown;
    return isThenable(step) ? step.then(onStep as (step: unknown) => unknown, onError) : step;
  });
  for (const name of ['return', 'throw'] as const) {
    const original = iterator[name];
    if (typeof original !== 'function') continue;
    defineHidden(iterator, name, function tappedEnd(this: unknown, ...args: unknown[]) {
      if (isRead(iterator)) observer.stopped();
      return original.apply(iterator, args) as unknown;
    });
  }
}

/**
 * Watches the generator of an SDK that has teed the body and reads the other branch by itself, as fast as it comes
 * (@google/generative-ai): what the caller has not read is in memory anyway, and leaving the loop ends nothing. So it is
 * read to its end here, and the caller gets the steps in turn, and the end or the error when it is their turn.
 */
export function readAhead(stream: object, observer: Observer): true {
  const { next } = stream as SdkIterator;
  const ahead: Promise<Step>[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let isLeft = false;
  const onStep = (step: Step): void => {
    if (step.done) return observer.ended();
    observer.chunk(step.value);
    const following = take();
    if (!isLeft) ahead.push(following);
  };
  const onError = (error: unknown): void => observer.failed(error);
  function take(): Promise<Step> {
    const step = next.call(stream) as Promise<Step>;
    step.then(onStep, onError);
    return step;
  }
  defineHidden(stream, 'next', function tappedNext(): Promise<Step> {
    if (isLeft) return Promise.resolve({ value: undefined, done: true });
    const step = ahead.shift() ?? take();
    last = step;
    // A promise of its own: that we have seen its error must not make it a handled one.
    return step.then((taken) => taken);
  });
  defineHidden(stream, 'return', function tappedReturn(value: unknown): Promise<Step> {
    isLeft = true;
    ahead.length = 0;
    const end = (): Step => ({ value, done: true });
    return last.then(end, end);
  });
  defineHidden(stream, 'throw', function tappedThrow(error: unknown): Promise<Step> {
    isLeft = true;
    ahead.length = 0;
    const fail = (): never => {
      throw error;
    };
    return last.then(fail, fail);
  });
  ahead.push(take());
  return true;
}

/** Not to be seen in `Object.keys`, where it was not there already: generators of older JavaScript show theirs. */
export function defineHidden(target: object, property: PropertyKey, value: unknown): void {
  const enumerable = Object.prototype.propertyIsEnumerable.call(target, property);
  Object.defineProperty(target, property, { value, writable: true, configurable: true, enumerable });
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
