import type { ResponseFacts, Usage } from '../../types';
import { isGrounded, readCharges, tokensOf } from '../shared/read-charges';
import { asNumber, asString, sumOf } from '../shared/read-values';
import { named } from './vendors';

/* eslint-disable @typescript-eslint/no-explicit-any -- usage of the model specifications 2 to 4, and of telemetry */

/** Tokens as the specifications have them: nested in 3 and 4, flat in 2 and in what `ai` itself tells. */
export function readUsage(usage: any, metadata: any): Usage | undefined {
  if (typeof usage !== 'object' || usage === null) return undefined;
  return {
    ...(typeof usage.inputTokens === 'object' ? nestedUsage(usage) : flatUsage(usage, metadata)),
    ...readParts(usage.raw ?? metadata?.anthropic?.usage ?? metadata?.google?.usageMetadata),
    ...(isGrounded(metadata?.google?.groundingMetadata) && { hasOtherCharges: true as const }),
  };
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

/** What gateways say of themselves beside the answer: who served it, and for how much. */
export function readMetadata(facts: ResponseFacts, metadata: any): void {
  const gateway = metadata?.gateway;
  const router = metadata?.openrouter;
  const cost = numberOf(gateway?.cost) ?? numberOf(router?.usage?.cost);
  if (cost !== undefined) facts.cost = cost;
  const served = asString(gateway?.routing?.finalProvider ?? gateway?.routing?.resolvedProvider);
  if (served !== undefined) facts.provider = named(served);
  const tier = asString(metadata?.openai?.serviceTier ?? metadata?.azure?.serviceTier);
  if (tier !== undefined) facts.serviceTier = tier;
}

/** The gateway writes money as a string. */
function numberOf(value: unknown): number | undefined {
  return typeof value === 'string' && value !== '' ? asNumber(Number(value)) : asNumber(value);
}
