import type { Answer, HeadersLike, MethodReader } from '../../types';

/* eslint-disable @typescript-eslint/no-explicit-any -- commands and answers of several generations */

/** What is the same for every command: `send(command)`, `send(command, options)`, and both with a callback at the end. */
export const sentCommand = {
  signalOf: ([, options]) =>
    (typeof options === 'object' ? options?.abortSignal : undefined) as AbortSignal | undefined,
  callbackAt: (args) => [1, 2].find((position) => typeof args[position] === 'function'),
} as const satisfies Partial<MethodReader>;

/** What stands beside an answer, and the stream or the answer itself as `value`. */
export function answerWith(value: unknown, output: any, headers: HeadersLike | undefined): Answer {
  const { httpStatusCode, requestId, attempts } = output?.$metadata ?? {};
  return {
    value,
    status: httpStatusCode,
    requestId,
    headers,
    retryCount: typeof attempts === 'number' ? attempts - 1 : undefined,
  };
}

/** Only a stream is read; bytes are an iterable too, but not an asynchronous one. */
export function isStream(value: any): boolean {
  return typeof value?.[Symbol.asyncIterator] === 'function';
}
