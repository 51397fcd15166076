import type OpenAI from 'openai';
import type { Limits, MethodReader, ResponseFacts, Usage } from '../../types';
import { servedTier } from '../shared/chat-completions';
import { isOwnKey, readCost } from '../shared/read-charges';
import { describePart } from '../shared/describe-part';
import { readFailure } from '../shared/read-failure';
import { withConversation } from '../shared/read-messages';
import { addOutputText, addToolCall, jsonBeginning, outputAt } from '../shared/read-outputs';
import { readText } from '../shared/read-text';
import { asArray, asNumber, asString, countOf, readTolerantly } from '../shared/read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- items and events of several SDK majors */

type Request = OpenAI.Responses.ResponseCreateParams;
type Response = OpenAI.Responses.Response;
type Event = OpenAI.Responses.ResponseStreamEvent;

/** `responses.create`, and `beta.responses.create` where a major has it. */
export const responses: MethodReader<Request, Response, Event> = {
  operation: 'chat_completion',
  method: 'responses.create',
  readRequest: (request, limits) =>
    readTolerantly(request, (given) =>
      withConversation(
        {
          model: asString(given.model),
          streaming: given.stream === true,
          input: readText(given.input, limits.prompt),
          inputLength: typeof given.input === 'string' ? given.input.length : undefined,
          toolCount: countOf(given.tools),
          temperature: asNumber(given.temperature),
          topP: asNumber(given.top_p),
          maxTokens: asNumber(given.max_output_tokens),
          responseFormat: asString(given.text?.format?.type),
          reasoningEffort: asString(given.reasoning?.effort),
          askedTier: asString(given.service_tier),
        },
        given.input,
        limits,
        describePart,
      ),
    ),
  readResponse: (response, limits) => readWhole({}, response, limits),
  readChunk: readEvent,
};

export const betaResponses: typeof responses = { ...responses, method: 'beta.responses.create' };

function readWhole(facts: ResponseFacts, response: Response, limits: Limits): ResponseFacts {
  readHead(facts, response);
  const output = outputAt(facts, 0);
  for (const [index, item] of (asArray(response?.output) ?? []).entries()) readItem(facts, item, index, limits);
  if (response?.usage) facts.usage = readUsage(response.usage);
  if (facts.usage && asArray(response?.output)?.some(isCharged)) facts.usage.hasOtherCharges = true;
  facts.cost = readCost(response?.usage);
  output.finishReason = asString(response?.incomplete_details?.reason) ?? finalStatus(response?.status);
  facts.finished = true;
  if (response?.status === 'failed') facts.failure = readFailure(response.error, limits);
  return facts;
}

/** A response in the background is handed out before it has an end. */
function finalStatus(status: unknown): string | undefined {
  return status === 'queued' || status === 'in_progress' ? undefined : asString(status);
}

function readHead(facts: ResponseFacts, response: Response | undefined): void {
  facts.model = asString(response?.model) ?? facts.model;
  facts.id = asString(response?.id) ?? facts.id;
  facts.serviceTier = servedTier(response?.service_tier) ?? facts.serviceTier;
}

function readItem(facts: ResponseFacts, item: any, index: number, limits: Limits): void {
  const output = outputAt(facts, 0);
  if (item?.type === 'message') {
    for (const part of asArray(item.content) ?? []) {
      addOutputText(facts, output, textOf(part), limits.response);
    }
  } else if (isToolCall(item)) {
    addToolCall(facts, output, { index, name: nameOf(item), arguments: argumentsOf(item, limits) }, limits.message);
  } else if (item?.type === 'reasoning') facts.started = true;
}

function textOf(part: any): unknown {
  return part?.text ?? part?.refusal ?? part?.transcript;
}

/** `function_call`, and the tools that the provider runs: `web_search_call`, `mcp_call`. */
function isToolCall(item: any): boolean {
  return typeof item?.type === 'string' && item.type.endsWith('_call');
}

/** https://platform.openai.com/docs/pricing: by call, by kind of tool and model, and by container. */
function isCharged(item: any): boolean {
  return /^(web_search|file_search|code_interpreter|image_generation|shell)_call$/.test(item?.type);
}

/** Functions get a string; what the provider's own tools are told has a name and a shape for each of them. */
function argumentsOf(item: any, limits: Limits): string | undefined {
  const told: unknown =
    item.arguments ?? item.input ?? item.code ?? item.queries ?? item.action ?? item.actions ?? item.operation;
  if (told === undefined || told === null) return undefined;
  return typeof told === 'string' ? told : jsonBeginning(told, limits.message);
}

/** Tools of the provider's own (`web_search_call`) have no name but their type. */
function nameOf(item: any): string | undefined {
  return asString(item.name) ?? asString(item.type.slice(0, -'_call'.length));
}

function readEvent(facts: ResponseFacts, event: Event, limits: Limits): ResponseFacts {
  const { type, output_index: index, item, delta, response } = (event ?? {}) as any;
  switch (type) {
    case 'response.completed':
    case 'response.failed':
    case 'response.incomplete':
      return readLast(facts, response, limits);
    case 'response.created':
    case 'response.queued':
    case 'response.in_progress':
      readHead(facts, response);
      break;
    case 'response.output_text.delta':
    case 'response.refusal.delta':
    case 'response.audio.transcript.delta':
      addOutputText(facts, outputAt(facts, 0), delta, limits.response);
      break;
    case 'response.output_item.added':
      if (isToolCall(item)) addToolCall(facts, outputAt(facts, 0), { index, name: nameOf(item) }, limits.message);
      break;
    case 'response.output_item.done':
      readDone(facts, item, index, limits);
      break;
    case 'response.function_call_arguments.delta':
    case 'response.mcp_call_arguments.delta':
    case 'response.custom_tool_call_input.delta':
      addToolCall(facts, outputAt(facts, 0), { index, arguments: delta }, limits.message);
      break;
    case 'error':
      facts.failure = readFailure((event as any).error ?? event, limits);
      facts.finished = true;
      break;
    default:
      // Reasoning is generated too, and the first that comes.
      if (typeof delta === 'string' && String(type).startsWith('response.reasoning')) facts.started = true;
  }
  return facts;
}

/** Arguments that were not sent piece by piece: those of the provider's own tools, and all of them on some servers. */
function readDone(facts: ResponseFacts, item: any, index: number, limits: Limits): void {
  const output = outputAt(facts, 0);
  const isRead = output.toolCalls?.some((call) => call.index === index && call.arguments.length > 0);
  if (isToolCall(item) && !isRead) readItem(facts, item, index, limits);
}

/** The last event carries the whole response. Servers that leave its output out have sent it piece by piece. */
function readLast(facts: ResponseFacts, response: Response | undefined, limits: Limits): ResponseFacts {
  if (!response) return { ...facts, finished: true };
  const whole = readWhole({ started: facts.started }, response, limits);
  const pieces = facts.outputs?.[0];
  const output = outputAt(whole, 0);
  output.text ??= pieces?.text;
  output.toolCalls ??= pieces?.toolCalls;
  return whole;
}

function readUsage(usage: any): Usage {
  return {
    inputTokens: asNumber(usage.input_tokens),
    outputTokens: asNumber(usage.output_tokens),
    totalTokens: asNumber(usage.total_tokens),
    cachedInputTokens: asNumber(usage.input_tokens_details?.cached_tokens),
    cacheCreationInputTokens: asNumber(usage.input_tokens_details?.cache_write_tokens),
    reasoningTokens: asNumber(usage.output_tokens_details?.reasoning_tokens),
    audioInputTokens: asNumber(usage.input_tokens_details?.audio_tokens),
    audioOutputTokens: asNumber(usage.output_tokens_details?.audio_tokens),
    ...(isOwnKey(usage) && { hasOtherCharges: true as const }),
  };
}
