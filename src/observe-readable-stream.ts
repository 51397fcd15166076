import { defineHidden, isThenable, waitForReader } from './observe-stream';
import type { Observer } from './observer';
import { safely } from './safely';
import type { AnyFunction as Method } from './wrap-method';

/* eslint-disable @typescript-eslint/no-explicit-any -- the streams of any SDK, and of any realm */

/** The stream of the web platform, which @mistralai/mistralai extends: by shape, because classes differ by realm. */
export function isReadableStream(stream: any): boolean {
  return ['getReader', 'tee', 'pipeTo', 'pipeThrough'].every((name) => typeof stream?.[name] === 'function');
}

/**
 * Watches every public way to read a `ReadableStream`, in place. Nothing is read ahead, because the queue of the stream
 * itself is all there is; `locked`, errors and cancellation stay what they were. Readers may follow one another, and
 * each chunk reaches one of them only, so all of them are watched.
 */
export function tapReadableStream(stream: any, observer: Observer): true {
  const openReader = stream.getReader as Method;
  let isOpening = false;
  around(stream, 'getReader', (open) => {
    const reader: unknown = open();
    // Where streams can not be iterated, the SDK's own iterator stands on a reader.
    if (!isOpening) safely('watch a reader', () => tapReader(reader, observer));
    return reader;
  });
  for (const name of [Symbol.asyncIterator, 'values']) {
    around(stream, name, (open, [options]) => {
      if (isOpening) return open();
      isOpening = true;
      try {
        const iterator: unknown = open();
        safely('watch an iterator', () => tapIterator(iterator, options?.preventCancel === true, observer));
        return iterator;
      } finally {
        isOpening = false;
      }
    });
  }
  around(stream, 'cancel', (cancel, [reason]) => {
    // A stream that somebody reads can only be cancelled through its reader.
    if (!stream.locked) observer.stopped(reason);
    return cancel();
  });
  around(stream, 'tee', (tee) => {
    const relay = stream.locked ? undefined : relayOf(stream, openReader, observer, false);
    return relay ? relay.stream.tee() : tee();
  });
  around(stream, 'pipeTo', (pipe, args) => {
    const relay = stream.locked ? undefined : relayOf(stream, openReader, observer, true);
    if (!relay) return pipe();
    return relay.stream.pipeTo(...args).finally(relay.release);
  });
  around(stream, 'pipeThrough', (pipe, args) => {
    // Here nobody is told when the pipe has let go of a stream that it must not cancel: that one is left alone.
    if (!stream.locked && args[1]?.preventCancel) observer.raw();
    const relay = stream.locked || args[1]?.preventCancel ? undefined : relayOf(stream, openReader, observer, true);
    if (!relay) return pipe();
    try {
      return relay.stream.pipeThrough(...args);
    } catch (error) {
      relay.release();
      throw error;
    }
  });
  waitForReader(stream, observer);
  return true;
}

/** Puts a function of ours in front of a method, where there is one. */
function around(target: any, name: PropertyKey, tapped: (call: () => any, args: any[]) => unknown): void {
  const original = target[name] as Method | undefined;
  if (typeof original !== 'function') return;
  defineHidden(target, name, function tappedMethod(this: unknown, ...args: unknown[]) {
    return tapped(() => original.apply(this, args), args);
  });
}

interface Reading {
  /** Whether the reader was released, or the loop was left. */
  isOver: boolean;
}

function tapReader(reader: any, observer: Observer): Reading {
  const state = { isOver: false };
  tapSteps(reader, 'read', state, observer);
  around(reader, 'cancel', (cancel, [reason]) => {
    if (!state.isOver) observer.stopped(reason);
    return cancel();
  });
  // What was asked for and has not come rejects now, though nothing is wrong with the stream.
  around(reader, 'releaseLock', (release) => {
    release();
    state.isOver = true;
  });
  return state;
}

function tapIterator(iterator: any, keepsStream: boolean, observer: Observer): void {
  const state = { isOver: false };
  tapSteps(iterator, 'next', state, observer);
  around(iterator, 'return', (end) => {
    if (!state.isOver && !keepsStream) observer.stopped();
    state.isOver = true;
    return end();
  });
}

function tapSteps(source: any, name: 'read' | 'next', state: Reading, observer: Observer): void {
  const onStep = (step: { done?: boolean; value: unknown }): unknown => {
    if (state.isOver) return step;
    if (step.done) observer.ended();
    else observer.chunk(step.value);
    return step;
  };
  const onError = (error: unknown): never => {
    if (!state.isOver) observer.failed(error);
    throw error;
  };
  around(source, name, (next) => {
    const step: unknown = next();
    return isThenable(step) ? step.then(onStep as (step: unknown) => unknown, onError) : step;
  });
}

interface Relay {
  /** Given to the platform in the place of the original, which is locked meanwhile as it would be without us. */
  readonly stream: any;
  readonly release: () => void;
}

/**
 * `tee` and the pipes read with a reader inside of the platform, which nobody can watch. What they are given is a
 * stream that holds no chunk: it asks the original for one when it is asked for one, and hands on its error at once.
 */
function relayOf(original: any, openReader: Method, observer: Observer, releases: boolean): Relay | undefined {
  const Platform = safely('find the class of a stream', () => platformClassOf(original));
  if (!Platform) {
    observer.raw();
    return undefined;
  }
  const reader = openReader.call(original);
  const state = tapReader(reader, observer);
  const release = (): void => void safely('release a stream', () => reader.releaseLock());
  const end = (): void => (releases ? release() : undefined);
  const source = {
    start(controller: any): void {
      reader.closed.catch((error: unknown) => {
        if (state.isOver) return;
        observer.failed(error);
        controller.error(error);
        end();
      });
    },
    async pull(controller: any): Promise<void> {
      const { done, value } = await reader.read();
      if (!done) return void controller.enqueue(value);
      end();
      controller.close();
    },
    async cancel(reason: unknown): Promise<void> {
      await reader.cancel(reason);
      end();
    },
  };
  return { stream: new Platform(source, { highWaterMark: 0 }), release };
}

function platformClassOf(stream: any): (new (source: object, strategy: object) => any) | undefined {
  for (let owner = stream; owner; owner = Object.getPrototypeOf(owner)) {
    if (Object.hasOwn(owner, 'pipeThrough') && owner !== stream) return owner.constructor;
  }
  return undefined;
}
