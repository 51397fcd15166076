import { beginning } from './patches/shared/read-text';
import { asNumber, readTolerantly } from './patches/shared/read-values';
import type { ErrorFacts, HeadersLike, Text } from './types';

/** Codes and ids are short. */
const longestName = 256;
/** What says more than this is no error of a provider, which is not worth the time. */
const longestBody = 10_000;

/* eslint-disable @typescript-eslint/no-explicit-any -- an error of any SDK, or anything else that was thrown */

/** What an error tells: class name, provider code, status of a real response, request id, and its message. */
export function readError(error: any, limit: number): ErrorFacts {
  if (error === null) return { type: 'null' };
  if (typeof error !== 'object') return { message: textOf(error, limit), type: typeof error };
  return readTolerantly(error, (given) => ({
    message: textOf(given.message, limit),
    type: classNameOf(given),
    code: readCode(given),
    status: readStatus(given),
    requestId: readRequestId(given),
    retryCount: readRetries(given.$metadata?.attempts),
  }));
}

/** Whether somebody stopped the call: an AbortError, or the SDKs' own class for it. */
export function isAbort(error: any): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return error.name === 'AbortError' || classNameOf(error) === 'APIUserAbortError';
}

/** What came with an error status; the oldest SDKs hold it in a plain object, which is left aside. */
export function headersOf(error: any): HeadersLike | undefined {
  const headers = error?.headers ?? error?.response?.headers ?? error?.rawResponse?.headers;
  return typeof headers?.get === 'function' ? headers : undefined;
}

function classNameOf(error: any): string | undefined {
  const name: unknown = error.constructor?.name;
  // Bundlers put `_` before the name of a class that refers to itself: `_APICallError` of the AI SDK.
  if (typeof name === 'string' && name !== '' && name !== 'Object') return name.replace(/^_(?=[A-Z])/, '');
  return typeof error.name === 'string' ? error.name : undefined;
}

/**
 * OpenAI says it in `code`; Anthropic in the `type` of the body's error; OpenRouter as a number. A refused connection
 * has it in the cause.
 */
function readCode(error: any): string | undefined {
  const body = error.error?.error ?? error.error ?? error.data?.error ?? bodyOf(error);
  const codes = [error.code, body?.code, error.type, body?.type, error.cause?.code, error.cause?.cause?.code];
  // AWS has its code in the name: an error without a class of its own is of the class that all of a client's share.
  return firstName(...codes, error.$fault === undefined ? undefined : error.name);
}

/** Cohere's errors hold the body as an object, Mistral's as the text that came. */
function bodyOf({ body }: any): any {
  if (typeof body !== 'string' || !body.startsWith('{') || body.length > longestBody) return body;
  try {
    return JSON.parse(body);
  } catch {
    // Cut, or no JSON.
    return undefined;
  }
}

/** Replicate's errors hold the response itself, Hugging Face's what it said. */
function readStatus(error: any): number | undefined {
  const ofResponse = error.httpResponse?.status ?? error.response?.status;
  return firstNumber(error.status, error.statusCode, error.status_code, error.$metadata?.httpStatusCode, ofResponse);
}

/** AWS counts the attempts, of which the first is none. */
function readRetries(attempts: unknown): number | undefined {
  const count = asNumber(attempts);
  return count === undefined || count < 1 ? undefined : count - 1;
}

/** The last two are Mistral's and Cohere's. */
const idHeaders = ['x-request-id', 'request-id', 'apim-request-id', 'mistral-correlation-id', 'x-debug-trace-id'];

/** Azure has no other header than `apim-request-id`; the oldest SDKs, and the AI SDK, hold them in a plain object. */
function readRequestId(error: any): string | undefined {
  const headers = error.headers ?? error.responseHeaders ?? (error.response ?? error.rawResponse)?.headers;
  const header = (name: string): unknown => (typeof headers?.get === 'function' ? headers.get(name) : headers?.[name]);
  const ids = [error.requestID, error.request_id, error.$metadata?.requestId, error.httpResponse?.requestId];
  return firstName(...ids, ...idHeaders.map(header));
}

function textOf(value: unknown, limit: number): Text | undefined {
  if (typeof value !== 'string') return undefined;
  return { text: beginning(value, limit), length: value.length };
}

function firstName(...values: unknown[]): string | undefined {
  for (const value of values) {
    if (typeof value === 'number') return String(value);
    if (typeof value === 'string' && value !== '') return beginning(value, longestName);
  }
  return undefined;
}

function firstNumber(...values: unknown[]): number | undefined {
  return values.map(asNumber).find((value) => value !== undefined);
}
