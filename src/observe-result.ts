import { isReadableStream, tapReadableStream } from './observe-readable-stream';
import { defineHidden, isThenable, readAhead, stopWaitingFor, tapStream, waitForReader } from './observe-stream';
import type { Observer } from './observer';
import { readServerEvents } from './read-server-events';
import { reportProblem, safely } from './safely';
import type { AnyFunction as Method } from './wrap-method';

/* eslint-disable @typescript-eslint/no-explicit-any -- the objects of any SDK, recognised by shape */
interface ApiPromise {
  responsePromise: Promise<any>;
  parseResponse: Method;
  parsedPromise?: unknown;
  asResponse?: Method;
  _responseProps?: Method;
  _thenUnwrap?: Method;
}
/* eslint-enable @typescript-eslint/no-explicit-any */

/**
 * Watches what an SDK method returned, in place: the caller gets the very object that the SDK made. Only a plain
 * promise is replaced, by the promise derived from it on which we watch: a side branch would mark a rejection as
 * handled, and the application's own `unhandledRejection` would never fire (nodejs/node#62407).
 */
export function observeResult(result: unknown, observer: Observer): unknown {
  if (isApiPromise(result)) {
    if (!safely('watch the promise of a call', () => tapApiPromise(result, observer))) observer.raw();
    return result;
  }
  if (isPlainPromise(result)) return derive(result, observer);
  if (isThenable(result)) {
    reportProblem('watch the promise of a call', new TypeError('a promise of unknown shape was left alone'));
    observer.raw();
    return result;
  }
  observeValue(result, observer);
  return result;
}

export function isApiPromise(result: unknown): result is ApiPromise {
  if (!isThenable(result)) return false;
  const { responsePromise, parseResponse } = result as Partial<ApiPromise>;
  return isThenable(responsePromise) && typeof parseResponse === 'function';
}

/** By name and not by identity: a promise of another realm (Jest, `vm`) is a plain one too. */
export function isPlainPromise(result: unknown): result is Promise<unknown> {
  return isThenable(result) && (result as { constructor?: { name?: string } }).constructor?.name === 'Promise';
}

function derive(result: Promise<unknown>, observer: Observer): Promise<unknown> {
  observer.reading();
  return result.then(
    (value) => {
      observeValue(value, observer);
      return value;
    },
    (error: unknown) => {
      observer.failed(error);
      throw error;
    },
  );
}

export function observeValue(value: unknown, observer: Observer): void {
  const rest = observer.value(value);
  if (!rest) return;
  const tapped = safely('watch a stream', () => {
    if (isReadableStream(rest.value)) return tapReadableStream(rest.value, observer);
    if (rest.isReadAhead) return readAhead(rest.value as object, observer);
    if (!isThenable(rest.value)) return tapStream(rest.value as object, observer);
    rest.replace?.(derive(rest.value as Promise<unknown>, observer));
    if (rest.holder) waitForReader(rest.holder, observer);
    return true;
  });
  if (!tapped) observer.raw();
}

/**
 * An APIPromise (openai, @anthropic-ai/sdk) is sent at once and reads its body when somebody asks. Calling its `then`
 * would read the body too early (opentelemetry-js-contrib#3586), so what is watched lies below: the promise of the
 * response, and the function that parses it. Both are own properties in every major.
 */
function tapApiPromise(promise: ApiPromise, observer: Observer, shared?: Promise<unknown>): true {
  const observed = shared ?? observeArrival(promise, observer);
  promise.responsePromise = observed;
  tapParseResponse(promise, observer);
  if (typeof promise.asResponse === 'function') tapRawReader(promise, promise.asResponse, observer);
  if (typeof promise._responseProps === 'function') tapResponseProps(promise, promise._responseProps, observer);
  if (typeof promise._thenUnwrap !== 'function') return true;
  if (Object.hasOwn(promise, '_thenUnwrap')) tapThenUnwrap(promise, promise._thenUnwrap, observer, observed);
  else tapInheritedThenUnwrap(promise, promise._thenUnwrap, observer);
  return true;
}

/** Takes the place of the SDK's own promise, so that a failure that nobody handles is still unhandled, once. */
function observeArrival(promise: ApiPromise, observer: Observer): Promise<unknown> {
  const observed = promise.responsePromise.then(
    (props: { response?: unknown; options?: unknown } | undefined) => {
      observer.arrived(props?.response, props?.options);
      if (!promise.parsedPromise) waitForReader(promise, observer);
      return props;
    },
    (error: unknown) => {
      observer.failed(error);
      throw error;
    },
  );
  // Somebody below us has subscribed to the SDK's own promise: OpenTelemetry reads it, and what the application awaits
  // stands on that one; Sentry 11 has asked it for the response, and keeps failures quiet. Without us there would be no
  // unhandled rejection, so ours must not be one.
  if (promise.parsedPromise || hasForeignReader(promise)) observed.catch(() => undefined);
  return observed;
}

/** On a reader of ours with none of somebody else below: a promise is watched twice where a function gives a call back. */
const isOwn = Symbol('llm-trace reader');

function hasForeignReader(promise: ApiPromise): boolean {
  return Object.hasOwn(promise, 'asResponse') && !(promise.asResponse as { [isOwn]?: true })[isOwn];
}

/**
 * A reader of the raw response, after whose turn nobody beside it is parsing. It is hidden by definition and not by
 * replacing the `then` of the promise below: own properties of a native promise make the garbage collector slow
 * (measured: half of what watching a call cost).
 */
function tapRawReader(promise: object, asResponse: Method, observer: Observer): void {
  function tappedAsResponse(this: unknown, ...args: unknown[]): unknown {
    const asked = asResponse.apply(this, args) as unknown;
    if (!isThenable(asked)) return asked;
    return asked.then((response) => {
      if (!observer.isRead()) observer.raw();
      return response;
    });
  }
  if (!hasForeignReader(promise as ApiPromise)) tappedAsResponse[isOwn] = true as const;
  defineHidden(promise, 'asResponse', tappedAsResponse);
}

function tapParseResponse(promise: ApiPromise, observer: Observer): void {
  const parseResponse = promise.parseResponse;
  promise.parseResponse = function tappedParseResponse(this: unknown, ...args: unknown[]) {
    observer.reading();
    stopWaitingFor(observer);
    const parsed: unknown = parseResponse.apply(this, args);
    return isThenable(parsed) ? derive(parsed as Promise<unknown>, observer) : parsed;
  };
}

/**
 * Message threads of @anthropic-ai/sdk 1.x, and its streaming `toolRunner` on top of them, take the unparsed response
 * away and parse it in a promise of their own. All that is left to watch there is the body.
 */
function tapResponseProps(promise: ApiPromise, responseProps: Method, observer: Observer): void {
  defineHidden(promise, '_responseProps', function tappedResponseProps(this: ApiPromise, ...args: unknown[]) {
    const taken = responseProps.apply(this, args) as unknown;
    if (!isThenable(taken)) return taken;
    // Not by its own `then`, which takes whoever asks for a reader of the raw response.
    return Promise.prototype.then.call(taken, (props) => {
      safely('watch a body', () => tapBody(promise, props as ResponseProps, observer));
      return props as unknown;
    });
  });
}

interface ResponseProps {
  response?: { body?: object | null };
  options?: { stream?: boolean };
  controller?: { signal?: unknown };
}

function tapBody(promise: ApiPromise, { response, options, controller }: ResponseProps, observer: Observer): void {
  const body = response?.body;
  if (!options?.stream || !body || promise.parsedPromise) return;
  observer.reading();
  stopWaitingFor(observer);
  if (!observer.value(body)) return;
  const readBytes = readServerEvents((event) => {
    const { type, error } = event as { type?: unknown; error?: unknown };
    if (type === 'error') observer.failed(error);
    else observer.chunk(event);
  });
  tapStream(body, observer, (bytes) => safely('read a server event', () => readBytes(bytes)));
  observer.watchSignal(controller?.signal);
}

/** It goes through `parseResponse` and `responsePromise`, which are tapped; only its raw reader is one of its own. */
function tapInheritedThenUnwrap(promise: ApiPromise, thenUnwrap: Method, observer: Observer): void {
  defineHidden(promise, '_thenUnwrap', function tappedThenUnwrap(this: unknown, ...args: unknown[]) {
    const derived = thenUnwrap.apply(this, args) as Partial<ApiPromise> | undefined;
    safely('watch a derived promise', () => {
      if (typeof derived?.asResponse === 'function') tapRawReader(derived, derived.asResponse, observer);
    });
    return derived;
  });
}

/**
 * Helpers (`parse`, `responses.create`) put a transform on the answer. It is watched before that transform, so that
 * tokens survive a schema that does not fit. From openai 7.5 on the method is the instance's own and captures the
 * request (newrelic/node-newrelic#4228): the promise it makes is tapped too, and shares our view of the request.
 */
function tapThenUnwrap(promise: ApiPromise, thenUnwrap: Method, observer: Observer, observed: Promise<unknown>): void {
  promise._thenUnwrap = function tappedThenUnwrap(this: ApiPromise, transform: Method) {
    function observing(this: unknown, value: unknown, ...rest: unknown[]): unknown {
      observeValue(value, observer);
      return transform.call(this, value, ...rest);
    }
    // The watch for abandoned answers sits on `promise`: it has to live as long as what was derived from it.
    const derived = thenUnwrap.call(this, Object.assign(observing, { source: promise })) as unknown;
    if (isApiPromise(derived)) {
      safely('watch a derived promise', () => tapApiPromise(derived, observer, observed));
    }
    return derived;
  };
}
