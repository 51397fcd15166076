import type Anthropic from '@anthropic-ai/sdk';
import type { Limits, MethodReader, RequestFacts, ResponseFacts, Usage } from '../../types';
import { readCharges, readCost } from '../shared/read-charges';
import { withInput } from '../shared/read-input';
import { withConversation } from '../shared/read-messages';
import { addOutputText, addToolCall, jsonBeginning, outputAt } from '../shared/read-outputs';
import { addText, mediaMark } from '../shared/read-text';
import { asArray, asNumber, asString, countOf, readTolerantly, sumOf } from '../shared/read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- blocks and events of several SDK majors */

type Request = Anthropic.MessageCreateParams;
type Event = Anthropic.RawMessageStreamEvent;

/** `messages.create`. */
export const messages: MethodReader<Request, Anthropic.Message, Event> = {
  operation: 'chat_completion',
  method: 'messages.create',
  readRequest: readMessagesRequest,
  readResponse: readMessage,
  readChunk: readEvent,
};

export const betaMessages: typeof messages = { ...messages, method: 'beta.messages.create' };

/** `messages.countTokens`: nothing is generated. */
export const countTokens: MethodReader<Anthropic.MessageCountTokensParams, Anthropic.MessageTokensCount> = {
  operation: 'token_count',
  method: 'messages.countTokens',
  readRequest: (request, limits) => readMessagesRequest(request as Request, limits),
  readResponse: (response) => ({ usage: { inputTokens: asNumber(response?.input_tokens) } }),
};

/** The old `completions.create`, gone in version 1. */
export const textCompletions: MethodReader = {
  operation: 'text_completion',
  method: 'completions.create',
  readRequest: (request, limits) =>
    readTolerantly(request, (given) =>
      withInput(
        {
          model: asString(given.model),
          streaming: given.stream === true,
          temperature: asNumber(given.temperature),
          topP: asNumber(given.top_p),
          maxTokens: asNumber(given.max_tokens_to_sample),
          stopSequenceCount: countOf(given.stop_sequences),
        },
        given.prompt,
        limits.prompt,
      ),
    ),
  readResponse: (response, limits) => readCompletion({}, response, limits),
  readChunk: readCompletion,
};

function readMessagesRequest(request: Request, limits: Limits): RequestFacts {
  return readTolerantly(request, (given) =>
    withConversation(
      {
        model: asString(given.model),
        streaming: given.stream === true,
        toolCount: countOf(given.tools),
        // Version 1 of the SDK has dropped these two; older ones still send them.
        temperature: asNumber((given as any).temperature),
        topP: asNumber((given as any).top_p),
        maxTokens: asNumber(given.max_tokens),
        stopSequenceCount: countOf(given.stop_sequences),
        responseFormat: asString(((given as any).output_config?.format ?? (given as any).output_format)?.type),
        reasoningEffort: asString((given as any).output_config?.effort),
      },
      given.messages,
      limits,
      describeBlock,
    ),
  );
}

function readMessage(message: Anthropic.Message, limits: Limits): ResponseFacts {
  const facts: ResponseFacts = {};
  readHead(facts, message);
  facts.usage = readUsage({}, message?.usage);
  for (const [index, block] of (asArray(message?.content) ?? []).entries()) {
    readBlock(facts, block, index, limits);
    endBlock(facts, index, limits);
  }
  readStop(facts, message?.stop_reason);
  return facts;
}

function readHead(facts: ResponseFacts, message: Anthropic.Message | undefined): void {
  facts.model = asString(message?.model);
  facts.id = asString(message?.id);
  facts.serviceTier = asString(message?.usage?.service_tier);
  // Not Anthropic, but gateways that speak its wire format say it (OpenRouter, LiteLLM).
  facts.cost = readCost(message?.usage);
}

function readStop(facts: ResponseFacts, stopReason: unknown): void {
  if (typeof stopReason !== 'string') return;
  outputAt(facts, 0).finishReason = stopReason;
  facts.finished = true;
}

/** A block as it begins; what it holds comes with it in a whole message, and in deltas in a stream. */
function readBlock(facts: ResponseFacts, block: any, index: number, limits: Limits): void {
  const output = outputAt(facts, 0);
  if (block?.type === 'text') addOutputText(facts, output, block.text, limits.response);
  else if (isToolUse(block)) {
    addToolCall(facts, output, { index, name: block.name, arguments: inputOf(block, limits) }, limits.message);
  } else if (block?.thinking || block?.type === 'redacted_thinking') facts.started = true;
  // Another model goes on where the first one declined.
  else if (block?.type === 'fallback') facts.model = asString(block.to?.model) ?? facts.model;
}

/** A stream begins each tool call with an empty input, and ends it there where the tool takes none. */
function inputOf({ input }: any, limits: Limits): string | undefined {
  const json = jsonBeginning(input, limits.message);
  return input === undefined || json === '{}' ? undefined : json;
}

function endBlock(facts: ResponseFacts, index: number, limits: Limits): void {
  const call = facts.outputs?.[0]?.toolCalls?.find((candidate) => candidate.index === index);
  if (call?.arguments.length === 0) addText(call.arguments, '{}', limits.message);
}

/** `tool_use`, and the tools that the provider runs: `server_tool_use`, `mcp_tool_use`. */
function isToolUse(block: any): boolean {
  return typeof block?.type === 'string' && block.type.endsWith('tool_use');
}

function readEvent(facts: ResponseFacts, event: Event, limits: Limits): ResponseFacts {
  switch (event?.type) {
    case 'message_start':
      readHead(facts, event.message);
      // The output tokens of this event are a placeholder: a stream that ends early must not report them.
      facts.usage = readUsage({}, { ...event.message?.usage, output_tokens: undefined });
      break;
    case 'content_block_start':
      readBlock(facts, event.content_block, event.index, limits);
      break;
    case 'content_block_delta':
      readDelta(facts, event.delta, event.index, limits);
      break;
    case 'content_block_stop':
      endBlock(facts, event.index, limits);
      break;
    case 'message_delta':
      if (event.usage) facts.usage = readUsage(facts.usage ?? {}, event.usage);
      facts.cost = readCost(event.usage) ?? facts.cost;
      readStop(facts, event.delta?.stop_reason);
      break;
    case 'message_stop':
      facts.finished = true;
  }
  return facts;
}

function readDelta(facts: ResponseFacts, delta: any, index: number, limits: Limits): void {
  const output = outputAt(facts, 0);
  if (delta?.type === 'text_delta') addOutputText(facts, output, delta.text, limits.response);
  else if (delta?.type === 'input_json_delta') {
    addToolCall(facts, output, { index, arguments: delta.partial_json }, limits.message);
  } else if (delta?.type === 'thinking_delta') facts.started = true;
}

/**
 * Anthropic reports cached tokens beside `input_tokens`; here they are part of it, as for every provider. The counts
 * of `message_delta` are cumulative: what it does not repeat still holds.
 */
function readUsage(soFar: Usage, usage: any): Usage {
  const cached = asNumber(usage?.cache_read_input_tokens) ?? soFar.cachedInputTokens;
  const created = asNumber(usage?.cache_creation_input_tokens) ?? soFar.cacheCreationInputTokens;
  const uncached = asNumber(usage?.input_tokens) ?? uncachedOf(soFar);
  return {
    inputTokens: uncached === undefined ? undefined : sumOf(uncached, cached, created),
    outputTokens: asNumber(usage?.output_tokens) ?? soFar.outputTokens,
    cachedInputTokens: cached,
    cacheCreationInputTokens: created,
    reasoningTokens: asNumber(usage?.output_tokens_details?.thinking_tokens) ?? soFar.reasoningTokens,
    ...readCharges(soFar, usage),
  };
}

function uncachedOf({ inputTokens, cachedInputTokens = 0, cacheCreationInputTokens = 0 }: Usage): number | undefined {
  return inputTokens === undefined ? undefined : inputTokens - cachedInputTokens - cacheCreationInputTokens;
}

function readCompletion(facts: ResponseFacts, completion: any, limits: Limits): ResponseFacts {
  facts.model ??= asString(completion?.model);
  facts.id ??= asString(completion?.id);
  addOutputText(facts, outputAt(facts, 0), completion?.completion, limits.response);
  readStop(facts, completion?.stop_reason);
  return facts;
}

/** Says a content block in words: its text, or a mark. */
function describeBlock(block: any): string | undefined {
  if (typeof block === 'string') return block;
  const type = asString(block?.type);
  if (type === 'text') return block.text as string;
  if (type === 'tool_result') return describeToolResult(block.content);
  if (isToolUse(block)) return `[tool_call ${asString(block.name) ?? ''}]`;
  const source = block?.source;
  if (source?.type === 'base64') return mediaMark(asString(source.media_type) ?? type ?? 'media', source.data);
  if (source?.type === 'text' && typeof source.data === 'string') return source.data as string;
  return type === undefined ? undefined : `[${type}]`;
}

/** What a tool gave back, where it is one text; several parts are only counted. */
function describeToolResult(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = asArray(content) ?? [];
  return (parts.length === 1 ? describeBlock(parts[0]) : undefined) ?? `[tool_result of ${parts.length} parts]`;
}
