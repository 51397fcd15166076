import type { Limits, OutputFacts, ResponseFacts, Usage } from '../../types';
import { codeTool } from './gemini-requests';
import { isGrounded, tokensOf } from './read-charges';
import { readFailure } from './read-failure';
import { addOutputText, addToolCall, allFinished, jsonBeginning, outputAt } from './read-outputs';
import { mediaMark } from './read-text';
import { asArray, asNumber, asString, sumOf } from './read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- answers of two SDKs and two APIs */

/** An answer of `generateContent`; a chunk of its stream has the same shape. */
export function readGeminiAnswer(facts: ResponseFacts, answer: any, limits: Limits): ResponseFacts {
  facts.model ??= asString(answer?.modelVersion);
  facts.id ??= asString(answer?.responseId);
  const usage = answer?.usageMetadata;
  if (usage) {
    // The counts of each chunk are those of the stream so far.
    facts.usage = { ...readGeminiUsage(usage), hasOtherCharges: facts.usage?.hasOtherCharges };
    // Vertex calls it the traffic type: on demand, or provisioned throughput.
    facts.serviceTier = asString(usage.serviceTier) ?? asString(usage.trafficType) ?? facts.serviceTier;
  }
  const candidates = asArray(answer?.candidates) ?? [];
  for (const [position, candidate] of candidates.entries()) readCandidate(facts, candidate, position, limits);
  // A prompt that was refused has no candidates.
  const blocked = asString(answer?.promptFeedback?.blockReason);
  if (blocked !== undefined) outputAt(facts, 0).finishReason ??= blocked;
  if (candidates.length > 0 || blocked !== undefined) facts.finished = allFinished(facts);
  if (answer?.error) facts.failure = { ...readFailure(answer.error, limits), code: asString(answer.error.status) };
  return facts;
}

function readCandidate(facts: ResponseFacts, candidate: any, position: number, limits: Limits): void {
  const output = outputAt(facts, candidate?.index ?? position);
  for (const part of asArray(candidate?.content?.parts) ?? []) readPart(facts, output, part, limits);
  output.finishReason = asString(candidate?.finishReason) ?? output.finishReason;
  if (isGrounded(candidate?.groundingMetadata)) (facts.usage ??= {}).hasOtherCharges = true;
}

function readPart(facts: ResponseFacts, output: OutputFacts, part: any, limits: Limits): void {
  if (part?.thought) facts.started = true;
  else if (part?.functionCall) addCall(facts, output, part.functionCall.name, part.functionCall.args, limits);
  else if (part?.toolCall) addCall(facts, output, part.toolCall.toolType, part.toolCall.args, limits);
  else if (part?.executableCode) addCall(facts, output, codeTool, part.executableCode.code, limits);
  else if (part?.inlineData) {
    const { mimeType, data } = part.inlineData;
    addOutputText(facts, output, mediaMark(asString(mimeType) ?? 'media', data), limits.response);
  } else addOutputText(facts, output, part?.text, limits.response);
}

/** A call comes whole. Only Vertex can send its arguments in pieces, without a name from the second on: not read. */
function addCall(facts: ResponseFacts, output: OutputFacts, name: unknown, input: unknown, limits: Limits): void {
  facts.started = true;
  if (typeof name !== 'string') return;
  const isText = typeof input === 'string' || input === undefined || input === null;
  const written = isText ? input : jsonBeginning(input, limits.message);
  addToolCall(facts, output, { name, arguments: written }, limits.message);
}

/**
 * Thoughts and the results of the provider's own tools are counted beside candidates and prompt. Some answers have the
 * thoughts within the candidates (simonw/llm-gemini#75, BerriAI/litellm#10141): the total says which.
 */
export function readGeminiUsage(usage: any): Usage {
  const input = sumOf(asNumber(usage?.promptTokenCount), asNumber(usage?.toolUsePromptTokenCount));
  const written = asNumber(usage?.candidatesTokenCount);
  const thoughts = asNumber(usage?.thoughtsTokenCount);
  const total = asNumber(usage?.totalTokenCount);
  const isWithin = written !== undefined && written >= (thoughts ?? 0) && sumOf(input, written) === total;
  return {
    inputTokens: input,
    outputTokens: isWithin ? written : sumOf(written, thoughts),
    totalTokens: total,
    cachedInputTokens: asNumber(usage?.cachedContentTokenCount),
    reasoningTokens: thoughts,
    audioInputTokens: tokensOf('AUDIO', usage?.promptTokensDetails),
    audioOutputTokens: tokensOf('AUDIO', usage?.candidatesTokensDetails),
    cachedAudioInputTokens: tokensOf('AUDIO', usage?.cacheTokensDetails),
    imageInputTokens: tokensOf('IMAGE', usage?.promptTokensDetails),
    imageOutputTokens: tokensOf('IMAGE', usage?.candidatesTokensDetails),
  };
}

/** `countTokens`: nothing is generated. */
export function readTokenCount(answer: any): ResponseFacts {
  return {
    usage: {
      inputTokens: asNumber(answer?.totalTokens),
      cachedInputTokens: asNumber(answer?.cachedContentTokenCount),
    },
  };
}
