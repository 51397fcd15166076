import type OpenAI from 'openai';
import type { Limits, MethodReader, OutputFacts, RequestFacts, ResponseFacts, Usage } from '../../types';
import { readConversation } from './read-messages';
import { addOutputText, addToolCall, outputAt, type ToolCallDelta } from './read-outputs';
import { mediaMark } from './read-text';
import { asArray, asNumber, asString, countOf, gather } from './read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- fields that vendors add to OpenAI's wire format */

type Request = OpenAI.ChatCompletionCreateParams;
type Response = OpenAI.ChatCompletion;
type Chunk = OpenAI.ChatCompletionChunk;

/** `chat.completions.create` in OpenAI's wire format, which most other vendors speak too. */
export const chatCompletions: MethodReader<Request, Response, Chunk> = {
  operation: 'chat_completion',
  method: 'chat.completions.create',
  readRequest: (request, limits) => ({
    ...gather<RequestFacts>({
      model: () => asString(request.model),
      streaming: () => request.stream === true,
      toolCount: () => countOf(request.tools) ?? countOf(request.functions),
      temperature: () => asNumber(request.temperature),
      topP: () => asNumber(request.top_p),
      maxTokens: () => asNumber(request.max_completion_tokens) ?? asNumber(request.max_tokens),
      stopSequenceCount: () => (typeof request.stop === 'string' ? 1 : countOf(request.stop)),
      seed: () => asNumber(request.seed),
      responseFormat: () => asString(request.response_format?.type),
      reasoningEffort: () => asString(request.reasoning_effort ?? (request as any).reasoning?.effort),
    }),
    ...readConversation(request.messages, limits, describePart),
  }),
  readResponse: (response, limits) => readChunk({}, response as any, limits),
  readChunk,
};

/** A whole answer is a chunk whose deltas are messages, so both are read by the same lines. */
function readChunk(facts: ResponseFacts, chunk: Chunk, limits: Limits): ResponseFacts {
  const extended = chunk as any;
  facts.model ??= asString(chunk.model);
  facts.id ??= asString(chunk.id);
  facts.serviceTier = asString(chunk.service_tier) ?? facts.serviceTier;
  const usage = extended.usage ?? extended.x_groq?.usage;
  if (usage) facts.usage = readChatUsage(usage);
  facts.cost = asNumber(extended.usage?.cost) ?? facts.cost;
  for (const [position, choice] of (asArray(chunk.choices) ?? []).entries()) {
    readChoice(facts, choice, position, limits);
  }
  return facts;
}

function readChoice(facts: ResponseFacts, choice: any, position: number, limits: Limits): void {
  const output = outputAt(facts, choice?.index ?? position);
  const delta = choice?.delta ?? choice?.message;
  if (delta) readDelta(facts, output, delta, limits);
  const finishReason = asString(choice?.finish_reason);
  if (finishReason === undefined) return;
  output.finishReason = finishReason;
  facts.finished = facts.outputs?.every((each) => each.finishReason !== undefined) ?? true;
}

function readDelta(facts: ResponseFacts, output: OutputFacts, delta: any, limits: Limits): void {
  for (const piece of typeof delta.content === 'string' ? [delta.content] : textsOf(delta.content)) {
    addOutputText(facts, output, piece, limits.response);
  }
  addOutputText(facts, output, delta.refusal, limits.response);
  addOutputText(facts, output, delta.audio?.transcript, limits.response);
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

/** `prompt_tokens` includes cached and `completion_tokens` includes reasoning tokens already. */
export function readChatUsage(usage: any): Usage {
  const { prompt_tokens_details: input, completion_tokens_details: output } = usage;
  return {
    inputTokens: asNumber(usage.prompt_tokens),
    outputTokens: asNumber(usage.completion_tokens),
    totalTokens: asNumber(usage.total_tokens),
    // DeepSeek reports its cache beside the total.
    cachedInputTokens: asNumber(input?.cached_tokens) ?? asNumber(usage.prompt_cache_hit_tokens),
    cacheCreationInputTokens: asNumber(input?.cache_write_tokens),
    reasoningTokens: asNumber(output?.reasoning_tokens),
    audioInputTokens: asNumber(input?.audio_tokens),
    audioOutputTokens: asNumber(output?.audio_tokens),
  };
}

/** Says a part of a message, of Chat Completions or of Responses, in words. */
export function describePart(part: any): string | undefined {
  if (typeof part === 'string') return part;
  switch (part?.type) {
    case 'image_url':
    case 'input_image':
      return describeImage(part.image_url?.url ?? part.image_url);
    case 'input_audio':
      return mediaMark(`audio/${asString(part.input_audio?.format) ?? 'unknown'}`, part.input_audio?.data);
    case 'file':
    case 'input_file':
      return mediaMark('file', part.file?.file_data ?? part.file_data);
  }
  const text = part?.text ?? part?.refusal ?? part?.output;
  if (typeof text === 'string') return text;
  const names = (asArray(part?.tool_calls) ?? []).map((call: any) => call?.function?.name ?? call?.custom?.name);
  if (names.length > 0) return names.map((name) => `[tool_call ${asString(name) ?? ''}]`).join(' ');
  if (part?.type === 'function_call') return `[tool_call ${asString(part.name) ?? ''}]`;
  return typeof part?.type === 'string' ? `[${asString(part.type) ?? ''}]` : undefined;
}

function describeImage(url: unknown): string {
  return typeof url === 'string' && url.startsWith('data:') ? mediaMark('image', url) : mediaMark('image');
}
