import type OpenAI from 'openai';
import type { Limits, MethodReader, OutputFacts, ResponseFacts, Usage } from '../../types';
import { describePart } from './describe-part';
import { readMetadataCost } from './gateways';
import { isOwnKey, readCost } from './read-charges';
import { readFailure } from './read-failure';
import { withConversation } from './read-messages';
import { addOutputText, allFinished, addToolCall, outputAt, type ToolCallDelta } from './read-outputs';
import { asArray, asNumber, asString, countOf, readTolerantly, sumOf } from './read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- fields that vendors add to OpenAI's wire format */

type Request = OpenAI.ChatCompletionCreateParams;
type Response = OpenAI.ChatCompletion;
type Chunk = OpenAI.ChatCompletionChunk;

/** `chat.completions.create` in OpenAI's wire format, which most other vendors speak too. */
export const chatCompletions: MethodReader<Request, Response, Chunk> = {
  operation: 'chat_completion',
  method: 'chat.completions.create',
  readRequest: (request, limits) =>
    readTolerantly(request, (given) =>
      withConversation(
        {
          model: asString(given.model),
          streaming: given.stream === true,
          toolCount: countOf(given.tools) ?? countOf(given.functions),
          temperature: asNumber(given.temperature),
          topP: asNumber(given.top_p),
          maxTokens: asNumber(given.max_completion_tokens) ?? asNumber(given.max_tokens),
          stopSequenceCount: typeof given.stop === 'string' ? 1 : countOf(given.stop),
          seed: asNumber(given.seed),
          responseFormat: asString(given.response_format?.type),
          reasoningEffort: asString(given.reasoning_effort ?? (given as any).reasoning?.effort),
          askedTier: asString(given.service_tier),
        },
        given.messages,
        limits,
        describePart,
      ),
    ),
  readResponse: (response, limits) => readChunk({}, response as any, limits),
  readChunk,
};

/** A whole answer is a chunk whose deltas are messages, so both are read by the same lines. */
function readChunk(facts: ResponseFacts, chunk: Chunk, limits: Limits): ResponseFacts {
  const extended = chunk as any;
  facts.model ??= asString(chunk?.model);
  facts.id ??= asString(chunk?.id);
  facts.serviceTier = servedTier(chunk?.service_tier) ?? facts.serviceTier;
  const usage = extended?.usage ?? extended?.x_groq?.usage;
  if (usage) facts.usage = readChatUsage(usage);
  facts.cost = readCost(usage) ?? facts.cost;
  const choices = asArray(chunk?.choices) ?? [];
  for (const [position, choice] of choices.entries()) readChoice(facts, choice, position, limits);
  if (choices.length > 0) facts.finished = allFinished(facts);
  // OpenRouter answers 200 before it knows whether the vendor behind it will fail.
  if (extended?.error) facts.failure = readFailure(extended.error, limits);
  return facts;
}

function readChoice(facts: ResponseFacts, choice: any, position: number, limits: Limits): void {
  const output = outputAt(facts, choice?.index ?? position);
  const delta = choice?.delta ?? choice?.message;
  if (delta) readDelta(facts, output, delta, limits);
  if (delta?.provider_metadata) facts.cost = readMetadataCost(delta.provider_metadata) ?? facts.cost;
  output.finishReason = asString(choice?.finish_reason) ?? output.finishReason;
  if (choice?.error) facts.failure = readFailure(choice.error, limits);
}

function readDelta(facts: ResponseFacts, output: OutputFacts, delta: any, limits: Limits): void {
  for (const piece of typeof delta.content === 'string' ? [delta.content] : textsOf(delta.content)) {
    addOutputText(facts, output, piece, limits.response);
  }
  addOutputText(facts, output, delta.refusal, limits.response);
  addOutputText(facts, output, delta.audio?.transcript, limits.response);
  if (delta.audio?.data) facts.started = true;
  // DeepSeek says `reasoning_content`, OpenRouter and Groq say `reasoning`: generated, but not the answer.
  if (delta.reasoning_content || delta.reasoning) facts.started = true;
  for (const call of asArray(delta.tool_calls) ?? []) addToolCall(facts, output, readToolCall(call), limits.message);
  if (delta.function_call) {
    addToolCall(facts, output, { index: 0, ...delta.function_call }, limits.message);
  }
}

/** Mistral's models answer with parts, some of them thinking. */
function textsOf(content: unknown): unknown[] {
  return (asArray(content) ?? []).map((part: any) => (part?.type === 'text' ? part.text : undefined));
}

function readToolCall(call: any): ToolCallDelta {
  const called = call?.function ?? call?.custom;
  return {
    index: asNumber(call?.index),
    name: asString(called?.name),
    arguments: called?.arguments ?? called?.input,
  };
}

/** `auto` is what was asked for, repeated until it is known which tier serves. */
export function servedTier(tier: unknown): string | undefined {
  return tier === 'auto' ? undefined : asString(tier);
}

/** `prompt_tokens` includes cached tokens already. */
export function readChatUsage(usage: any): Usage {
  const { prompt_tokens_details: input, completion_tokens_details: output } = usage;
  return {
    inputTokens: asNumber(usage.prompt_tokens),
    outputTokens: outputTokens(usage),
    totalTokens: asNumber(usage.total_tokens),
    // DeepSeek reports its cache beside the total.
    cachedInputTokens: asNumber(input?.cached_tokens) ?? asNumber(usage.prompt_cache_hit_tokens),
    cacheCreationInputTokens: asNumber(input?.cache_write_tokens),
    reasoningTokens: asNumber(output?.reasoning_tokens),
    audioInputTokens: asNumber(input?.audio_tokens),
    audioOutputTokens: asNumber(output?.audio_tokens),
    cachedAudioInputTokens: asNumber(input?.cached_tokens_details?.audio_tokens),
    ...(isOwnKey(usage) && { hasOtherCharges: true as const }),
  };
}

/**
 * `completion_tokens` includes reasoning tokens, but not at xAI, which counts them beside it and within the total
 * (vercel/ai#12425).
 */
function outputTokens(usage: any): number | undefined {
  const written = asNumber(usage.completion_tokens);
  const reasoning = asNumber(usage.completion_tokens_details?.reasoning_tokens);
  const isBeside = reasoning && sumOf(asNumber(usage.prompt_tokens), written, reasoning) === usage.total_tokens;
  return isBeside ? sumOf(written, reasoning) : written;
}
