import type { Usage } from '../../types';
import { asArray, asNumber, asString } from './read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- usage of several SDK majors, as it is on the wire */

/**
 * What else the cost of a message of Anthropic's depends on, where it is not as usual: how long the cache is kept,
 * searches, the region, fast mode, and tokens that are not in the counts: those of a compaction, an advisor, and a
 * model that declined.
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
    hasOtherCharges: usage?.speed === 'fast' || isElsewhere ? true : soFar.hasOtherCharges,
  };
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
