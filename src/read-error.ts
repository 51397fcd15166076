import type { ErrorFacts, Text } from './types';

/* eslint-disable @typescript-eslint/no-explicit-any -- an error of any SDK, or anything else that was thrown */

/** What an error tells: class name, provider code, status of a real response, request id, and its message. */
export function readError(error: any, limit: number): ErrorFacts {
  if (typeof error !== 'object' || error === null) return { message: textOf(error, limit), type: typeof error };
  return {
    message: textOf(error.message, limit),
    type: classNameOf(error),
    code: readCode(error),
    status: firstNumber(error.status, error.statusCode, error.status_code, error.$metadata?.httpStatusCode),
    requestId: readRequestId(error),
  };
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

/** OpenAI says it in `code`; Anthropic in the `type` of the body's error. A refused connection has it in the cause. */
function readCode(error: any): string | undefined {
  const body = error.error?.error ?? error.error;
  return firstString(error.code, body?.code, error.type, body?.type, error.cause?.code, error.cause?.cause?.code);
}

function readRequestId(error: any): string | undefined {
  const header = typeof error.headers?.get === 'function' ? error.headers.get('x-request-id') : undefined;
  return firstString(error.requestID, error.request_id, error.$metadata?.requestId, header);
}

function textOf(value: unknown, limit: number): Text | undefined {
  if (typeof value !== 'string') return undefined;
  return { text: value.slice(0, limit), length: value.length };
}

function firstString(...values: unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '');
}

function firstNumber(...values: unknown[]): number | undefined {
  return values.find((value): value is number => typeof value === 'number');
}
