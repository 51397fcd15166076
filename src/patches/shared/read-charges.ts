import type { Usage } from '../../types';
import { asArray, asNumber, asString, sumOf } from './read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- usage of several SDK majors, as it is on the wire */

/**
 * What else the cost of a message of Anthropic's depends on, where it is not as usual: how long the cache is kept,
 * searches, the region, fast mode, and tokens that are not in the counts: those of a compaction, an advisor, and a
 * model that declined. And whose key it was, at OpenRouter.
 *
 * @param soFar - of a stream: what it does not repeat still holds.
 */
export function readCharges(soFar: Usage, usage: any): Usage {
  const region = asString(usage?.inference_geo);
  const isElsewhere = asArray(usage?.iterations)?.some((each: any) => each?.type !== 'message');
  return {
    cacheCreation1hInputTokens:
      asNumber(usage?.cache_creation?.ephemeral_1h_input_tokens) || soFar.cacheCreation1hInputTokens,
    webSearches: asNumber(usage?.server_tool_use?.web_search_requests) || soFar.webSearches,
    inferenceRegion: region === 'global' || region === 'not_available' ? undefined : (region ?? soFar.inferenceRegion),
    hasOtherCharges: usage?.speed === 'fast' || isElsewhere || isOwnKey(usage) ? true : soFar.hasOtherCharges,
  };
}

/**
 * USD: OpenRouter says a number, Perplexity an object of parts and their total, xAI ten thousand millionths. With a key of
 * the user's own, OpenRouter's number is its fee, and what the vendor charges stands beside it, or nowhere
 * (https://openrouter.ai/docs/guides/guides/usage-accounting).
 */
export function readCost(usage: any): number | undefined {
  const cost = asNumber(usage?.cost) ?? asNumber(usage?.cost?.total_cost) ?? dollarsOf(usage?.cost_in_usd_ticks);
  if (!isOwnKey(usage)) return cost;
  const upstream = asNumber(usage.cost_details?.upstream_inference_cost);
  return upstream === undefined || cost === undefined ? undefined : sumOf(cost, upstream);
}

function dollarsOf(ticks: unknown): number | undefined {
  const count = asNumber(ticks);
  return count === undefined ? undefined : count / 1e10;
}

/** The vendor charges for it as well: `is_byok`, "bring your own key". */
export function isOwnKey(usage: any): boolean {
  return usage?.is_byok === true;
}

/** At Bedrock, `[{ ttl: '1h', inputTokens: 900 }]`: the two times that a cache can be kept for have two prices. */
export function writtenForAnHour(details: unknown): number | undefined {
  const written = (asArray(details) ?? []).map((each: any) => (each?.ttl === '1h' ? asNumber(each.inputTokens) : 0));
  return sumOf(...written) || undefined;
}

/** How many tokens of a kind there are among those that Gemini counts: `[{ modality: 'AUDIO', tokenCount: 32 }]`. */
export function tokensOf(modality: string, details: unknown): number | undefined {
  const part: any = asArray(details)?.find((each: any) => each?.modality === modality);
  return asNumber(part?.tokenCount);
}

/** Each search with Google has a price of its own, beyond a number of them that is free. */
export function isGrounded(metadata: any): boolean {
  const { webSearchQueries, groundingChunks } = metadata ?? {};
  return Boolean(asArray(webSearchQueries)?.length || asArray(groundingChunks)?.length);
}
