import type { ResponseFacts, Usage } from '../../types';
import { servedTier } from '../shared/chat-completions';
import { isGrounded, readCharges, readCost, tokensOf, writtenForAnHour } from '../shared/read-charges';
import { asArray, asNumber, asString, sumOf } from '../shared/read-values';
import { named } from './vendors';

/* eslint-disable @typescript-eslint/no-explicit-any -- usage of the model specifications 2 to 4, and of telemetry */

/** Tokens as the specifications have them: nested in 3 and 4, flat in 2 and in what `ai` itself tells. */
export function readUsage(usage: any, metadata: any): Usage | undefined {
  if (typeof usage !== 'object' || usage === null) return undefined;
  return {
    ...(typeof usage.inputTokens === 'object' ? nestedUsage(usage) : flatUsage(usage, metadata)),
    ...readParts(usage.raw ?? toldIn(metadata, (told) => told.usageMetadata) ?? metadata?.anthropic?.usage),
    ...withHourOfCache(usage.raw?.cacheDetails ?? metadata?.bedrock?.usage?.cacheDetails),
    ...(toldIn(metadata, hasOtherCharges) && { hasOtherCharges: true as const }),
  };
}

/**
 * What a vendor says beside the answer stands under a name that depends on the package, its version and what the
 * application has called it: `vertex`, `googleVertex`, `google`.
 */
function toldIn<Told>(metadata: any, read: (told: any) => Told | null | undefined): Told | undefined {
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  for (const told of Object.values(metadata)) {
    const found = typeof told === 'object' && told !== null ? read(told) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** Searches with Google, and Bedrock's latency-optimized inference. */
function hasOtherCharges({ groundingMetadata, groundingMetadataPerRequest, performanceConfig }: any): boolean {
  const requests = [groundingMetadata, ...(asArray(groundingMetadataPerRequest) ?? [])];
  return requests.some(isGrounded) || performanceConfig?.latency === 'optimized';
}

function withHourOfCache(details: unknown): Usage {
  const written = writtenForAnHour(details);
  return written === undefined ? {} : { cacheCreation1hInputTokens: written };
}

/** What the specifications have no name for, as the vendors say it: Anthropic, Google, and OpenAI's two formats. */
function readParts(raw: any): Usage {
  const input = raw?.prompt_tokens_details ?? raw?.input_tokens_details;
  const output = raw?.completion_tokens_details ?? raw?.output_tokens_details;
  return {
    ...readCharges({}, raw),
    audioInputTokens: asNumber(input?.audio_tokens) ?? tokensOf('AUDIO', raw?.promptTokensDetails),
    audioOutputTokens: asNumber(output?.audio_tokens) ?? tokensOf('AUDIO', raw?.candidatesTokensDetails),
    cachedAudioInputTokens: tokensOf('AUDIO', raw?.cacheTokensDetails),
    imageInputTokens: tokensOf('IMAGE', raw?.promptTokensDetails),
    imageOutputTokens: tokensOf('IMAGE', raw?.candidatesTokensDetails),
  };
}

function nestedUsage({ inputTokens, outputTokens, raw }: any): Usage {
  return {
    inputTokens: asNumber(inputTokens?.total) ?? sumOf(...[inputTokens?.noCache, inputTokens?.cacheRead].map(asNumber)),
    outputTokens: asNumber(outputTokens?.total),
    totalTokens: asNumber(raw?.total_tokens ?? raw?.totalTokens ?? raw?.totalTokenCount),
    cachedInputTokens: asNumber(inputTokens?.cacheRead),
    cacheCreationInputTokens: asNumber(inputTokens?.cacheWrite),
    reasoningTokens: asNumber(outputTokens?.reasoning),
  };
}

/** In 2, Anthropic and Bedrock hand on their own figures, which count cached tokens beside the input. */
function flatUsage(usage: any, metadata: any): Usage {
  const cached = asNumber(usage.cachedInputTokens ?? usage.inputTokenDetails?.cacheReadTokens);
  const ownCount = metadata?.anthropic ?? metadata?.bedrock;
  const written = asNumber(
    usage.inputTokenDetails?.cacheWriteTokens ??
      metadata?.anthropic?.cacheCreationInputTokens ??
      metadata?.bedrock?.usage?.cacheWriteInputTokens,
  );
  // Who has details, has them of a sum.
  const isBeside =
    ownCount !== undefined && usage.inputTokenDetails === undefined && sumOf(cached, written) !== undefined;
  const inputTokens = asNumber(usage.inputTokens);
  return {
    inputTokens: isBeside && inputTokens !== undefined ? sumOf(inputTokens, cached, written) : inputTokens,
    outputTokens: asNumber(usage.outputTokens),
    totalTokens: isBeside ? undefined : asNumber(usage.totalTokens),
    cachedInputTokens: cached,
    cacheCreationInputTokens: written,
    reasoningTokens: asNumber(usage.reasoningTokens ?? usage.outputTokenDetails?.reasoningTokens),
  };
}

/**
 * What is said beside the answer: by gateways, who served it and for how much; by vendors, in which tier. Chat at OpenAI
 * says that in the body alone, which a stream does not have.
 *
 * @param answer - whole, or the end of a stream.
 */
export function readMetadata(facts: ResponseFacts, answer: any): void {
  const metadata = answer?.providerMetadata;
  const raw = answer?.usage?.raw;
  const cost = costIn(metadata, raw);
  if (cost !== undefined) facts.cost = cost;
  const routing = metadata?.gateway?.routing;
  const served = asString(routing?.finalProvider ?? routing?.resolvedProvider);
  if (served !== undefined) facts.provider = named(served);
  const tier = tierIn({ usageMetadata: raw }) ?? toldIn(metadata, tierIn) ?? tierIn(answer?.response?.body);
  if (tier !== undefined) facts.serviceTier = tier;
}

/** In the words of OpenAI and Groq, Anthropic, Bedrock, and Google at its two addresses. */
function tierIn(told: any): string | undefined {
  const { serviceTier, service_tier: tier, usage, usageMetadata } = told ?? {};
  const counted = usage?.service_tier ?? usageMetadata?.service_tier;
  const byGoogle = usageMetadata?.serviceTier ?? usageMetadata?.trafficType;
  return servedTier(serviceTier?.type ?? serviceTier ?? tier ?? counted ?? byGoogle);
}

/** Zero is what Vercel's gateway says of a call that was billed elsewhere, to a key of the user's own. */
function costIn(metadata: any, raw: any): number | undefined {
  return numberOf(metadata?.gateway?.cost) || readCost(routerUsage(metadata?.openrouter?.usage, raw) ?? raw);
}

/** OpenRouter's package leaves out whose key it was: with the user's own, the vendor takes more than OpenRouter does. */
function routerUsage(usage: any, raw: any): object | undefined {
  const cost = asNumber(usage?.cost);
  if (cost === undefined || raw?.is_byok !== undefined) return undefined;
  const upstream = asNumber(usage.costDetails?.upstreamInferenceCost);
  const isOwnKey = upstream !== undefined && cost < upstream;
  return { cost, is_byok: isOwnKey, cost_details: { upstream_inference_cost: upstream } };
}

/** The gateway writes money as a string. */
function numberOf(value: unknown): number | undefined {
  return typeof value === 'string' && value !== '' ? asNumber(Number(value)) : asNumber(value);
}
