import { beginning } from './patches/shared/read-text';
import { asNumber, readTolerantly } from './patches/shared/read-values';
import type { ErrorFacts, Text } from './types';

/** Codes and ids are short. */
const longestName = 256;

/* eslint-disable @typescript-eslint/no-explicit-any -- an error of any SDK, or anything else that was thrown */

/** What an error tells: class name, provider code, status of a real response, request id, and its message. */
export function readError(error: any, limit: number): ErrorFacts {
  if (error === null) return { type: 'null' };
  if (typeof error !== 'object') return { message: textOf(error, limit), type: typeof error };
  return readTolerantly(error, (given) => ({
    message: textOf(given.message, limit),
    type: classNameOf(given),
    code: readCode(given),
    status: firstNumber(given.status, given.statusCode, given.status_code, given.$metadata?.httpStatusCode),
    requestId: readRequestId(given),
  }));
}

/** Whether somebody stopped the call: an AbortError, or the SDKs' own class for it. */
export function isAbort(error: any): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return error.name === 'AbortError' || classNameOf(error) === 'APIUserAbortError';
}

function classNameOf(error: any): string | undefined {
  const name: unknown = error.constructor?.name;
  if (typeof name === 'string' && name !== '' && name !== 'Object') return name;
  return typeof error.name === 'string' ? error.name : undefined;
}

/**
 * OpenAI says it in `code`; Anthropic in the `type` of the body's error; OpenRouter as a number. A refused connection
 * has it in the cause.
 */
function readCode(error: any): string | undefined {
  const body = error.error?.error ?? error.error;
  return firstName(error.code, body?.code, error.type, body?.type, error.cause?.code, error.cause?.cause?.code);
}

/** Azure has no other header than `apim-request-id`; the oldest SDKs hold the headers in a plain object. */
function readRequestId(error: any): string | undefined {
  const { headers } = error;
  const header = (name: string): unknown => (typeof headers?.get === 'function' ? headers.get(name) : headers?.[name]);
  const ids = [error.requestID, error.request_id, error.$metadata?.requestId];
  return firstName(...ids, header('x-request-id'), header('request-id'), header('apim-request-id'));
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
