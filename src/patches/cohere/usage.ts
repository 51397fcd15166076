import type { Answer, Usage } from '../../types';
import { asNumber } from '../shared/read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- answers of several majors */

/**
 * `tokens` is what went through the model, with what Cohere puts around the prompt; `billedUnits` is less, and stands
 * alone in answers of `embed` and `generate`. The cache is a part of the first.
 *
 * @param usage - `usage` of version 2 of the API, `meta` of version 1.
 */
export function readUsage(usage: any): Usage | undefined {
  const billed = spelt(usage, 'billedUnits');
  const counts = usage?.tokens ?? billed;
  if (!counts) return undefined;
  return {
    inputTokens: asNumber(spelt(counts, 'inputTokens')),
    outputTokens: asNumber(spelt(counts, 'outputTokens')),
    cachedInputTokens: asNumber(spelt(usage, 'cachedTokens')),
    billedInputTokens: asNumber(spelt(billed, 'inputTokens')),
    billedOutputTokens: asNumber(spelt(billed, 'outputTokens')),
  };
}

/** A field by its name in the SDK, or by that on the wire: older versions leave what they have no name for as it came. */
export function spelt(holder: any, name: string): any {
  return holder?.[name] ?? holder?.[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

/** The inner methods resolve to the answer and the response beside it; those before 7.15 to the answer alone. */
export function answerOf(result: any): Answer {
  const { data, rawResponse } = result ?? {};
  if (typeof rawResponse?.status !== 'number') return { value: result };
  const { status, headers } = rawResponse;
  return { value: data, status, headers, requestId: headers?.get?.('x-debug-trace-id') ?? undefined };
}

export function signalOf(args: readonly any[]): AbortSignal | undefined {
  return args[1]?.abortSignal;
}
