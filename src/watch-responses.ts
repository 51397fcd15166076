import { safely } from './safely';
import type { HeadersLike, ResponsePoint, Restore } from './types';
import { wrapMethod, type AnyFunction } from './wrap-method';

/** The headers with which an answer came, for as long as somebody has the answer. */
const headersByAnswer = new WeakMap<object, HeadersLike>();

/** The headers of an answer that came through a watched response point. */
export function responseHeadersOf(answer: unknown): HeadersLike | undefined {
  return isObject(answer) ? headersByAnswer.get(answer) : undefined;
}

/**
 * Watches the functions that an SDK makes to send its calls. On the prototype, because there is no other place that
 * leaves no trace: a middleware on the command changes an object of the caller's, who may send it twice, and one on the
 * client is in the way of its other commands and of handlers that it has cached.
 */
export function watchResponses({ owner, method }: ResponsePoint): Restore | undefined {
  return wrapMethod(owner, method, (original, isLive) => {
    return function watchedMethod(this: unknown, ...args: unknown[]): unknown {
      const send = original.apply(this, args) as unknown;
      return isLive() && typeof send === 'function' ? watchSend(send as AnyFunction, isLive) : send;
    };
  });
}

/** Clients keep such functions, so each call asks anew whether it is watched. */
function watchSend(send: AnyFunction, isLive: () => boolean): AnyFunction {
  return function watchedSend(this: unknown, ...args: unknown[]): unknown {
    const sent = send.apply(this, args) as unknown;
    if (!isLive() || typeof (sent as Partial<Promise<unknown>> | undefined)?.then !== 'function') return sent;
    return (sent as Promise<unknown>).then((result) => {
      safely('read the headers of a response', () => keepHeaders(result));
      return result;
    });
  };
}

function keepHeaders(result: unknown): void {
  const { output, response } = (result ?? {}) as { output?: unknown; response?: { headers?: unknown } };
  const headers = response?.headers;
  if (isObject(output) && isObject(headers)) headersByAnswer.set(output, asHeaders(headers));
}

/** The HTTP handlers of the AWS SDK give a plain object with names in lower case. */
function asHeaders(headers: object): HeadersLike {
  if (typeof (headers as Partial<HeadersLike>).get === 'function') return headers as HeadersLike;
  return { get: (name) => (headers as Record<string, string | undefined>)[name] };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
