import type {
  ErrorFacts,
  Limits,
  MethodReader,
  OutputFacts,
  RequestFacts,
  ResponseFacts,
  ToolCallFacts,
} from '../../types';
import { readFailure } from '../shared/read-failure';
import { withConversation } from '../shared/read-messages';
import { addOutputText, addToolCall, jsonBeginning, outputAt } from '../shared/read-outputs';
import { mediaMark, readText } from '../shared/read-text';
import { asArray, asNumber, asString, countOf, readTolerantly } from '../shared/read-values';
import { headersFrom } from './read-headers';
import { readMetadata, readUsage } from './read-usage';
import { placeOf, vendorAt } from './vendors';

/* eslint-disable @typescript-eslint/no-explicit-any -- the model specifications 2 to 4, and what telemetry tells */

/** One call of a language model: `doGenerate` and `doStream` of its specification, or what telemetry tells of them. */
export function languageModelCall(method: string, isStream: boolean): MethodReader {
  return {
    operation: 'chat_completion',
    method,
    readRequest: (request, limits, _args, self) =>
      readTolerantly(request, (given) => readRequest(given, isStream, self, limits)),
    readResponse,
    readChunk,
    answerOf: (result) => ({
      value: result?.stream ?? result,
      headers: headersFrom(result?.response?.headers),
      provider: vendorAt(result?.request?.url),
      // Telemetry does not say what was asked for, but for the body that was sent.
      askedTier: askedTierOf({ providerOptions: { sent: result?.request?.body } }),
    }),
    signalOf: ([options]) => options?.abortSignal,
  };
}

function readRequest(given: any, isStream: boolean, self: any, limits: Limits): RequestFacts {
  // A model has its own id; telemetry says it beside the rest.
  const facts: RequestFacts = { model: asString(self?.modelId ?? given.modelId), streaming: isStream };
  withConversation(facts, conversationOf(given), limits, describePart);
  facts.toolCount = toolCountOf(given.tools);
  facts.temperature = asNumber(given.temperature);
  facts.topP = asNumber(given.topP);
  facts.maxTokens = asNumber(given.maxOutputTokens);
  facts.stopSequenceCount = countOf(given.stopSequences);
  facts.seed = asNumber(given.seed);
  facts.responseFormat = formatOf(given);
  facts.reasoningEffort = effortOf(given);
  facts.askedTier = askedTierOf(given);
  facts.place = placeOf(self);
  return facts;
}

/** A model is given its prompt; telemetry says instructions and messages, or the prompt of a call for an object. */
function conversationOf(given: any): unknown {
  // Then telemetry says that there were none.
  if (given.recordInputs === false) return undefined;
  const messages = asArray(given.promptMessages ?? given.prompt ?? given.messages);
  const { instructions } = given;
  if (!messages || instructions === undefined || given.promptMessages) return messages;
  const said = asArray(instructions) ?? [typeof instructions === 'string' ? { content: instructions } : instructions];
  return [...said.map((message: any) => ({ role: 'system', content: message?.content })), ...messages];
}

function toolCountOf(tools: unknown): number | undefined {
  if (tools === null || typeof tools !== 'object') return undefined;
  return countOf(tools) ?? Object.keys(tools).length;
}

function formatOf({ responseFormat, output }: any): string | undefined {
  const type = asString(responseFormat?.type);
  if (type !== undefined) return type;
  // Telemetry says it in the words of `generateObject`: an object, an array, an enum.
  return typeof output === 'string' ? 'json' : undefined;
}

function effortOf({ reasoning, providerOptions }: any): string | undefined {
  const effort = asString(reasoning);
  if (effort !== undefined && effort !== 'provider-default') return effort;
  return firstAsked(providerOptions, (each) => each.reasoningEffort);
}

/** OpenAI, Groq, Gemini and Bedrock call it `serviceTier`, Vertex has a type of requests, Bedrock a latency as well. */
function askedTierOf({ providerOptions }: any): string | undefined {
  const latency = firstAsked(providerOptions, (each) => each.performanceConfig?.latency);
  if (latency === 'optimized') return latency;
  return firstAsked(providerOptions, ({ serviceTier, service_tier: sent, sharedRequestType }) => {
    return serviceTier?.type ?? serviceTier ?? sent ?? sharedRequestType;
  });
}

/** By any of the vendors whose options were given. */
function firstAsked(providerOptions: unknown, read: (options: any) => unknown): string | undefined {
  const options = Object.values(Object(providerOptions) as Record<string, any>);
  return options.map((each) => asString(read(each ?? {}))).find((each) => each !== undefined);
}

/** Parts of a prompt, of `ai` and of the specifications. */
function describePart(part: any): string | undefined {
  if (typeof part === 'string') return part;
  switch (part?.type) {
    case 'text':
      return asText(part.text);
    case 'image':
    case 'file':
    case 'reasoning-file':
      return mediaMark(asString(part.mediaType) ?? part.type, part.data?.data ?? part.data ?? part.image);
    case 'tool-call':
      return `[tool_call ${asString(part.toolName) ?? ''}]`;
    case 'tool-result':
      return describeResult(part.output ?? part.result);
  }
  const type = asString(part?.type);
  return type === undefined ? undefined : `[${type}]`;
}

/** Longer strings are cut by the server; nobody needs more of what a tool gave back. */
const longestResult = 1_024;

function describeResult(output: any): string | undefined {
  const value = output?.type === undefined ? output : output.value;
  if (typeof value === 'string') return value;
  return value === undefined ? undefined : jsonBeginning(value, longestResult);
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A whole answer: its parts, then what a stream says at its end. */
function readResponse(response: any, limits: Limits): ResponseFacts {
  const facts: ResponseFacts = {};
  for (const part of asArray(response?.content) ?? []) addPart(facts, part, limits);
  if (typeof response?.objectText === 'string')
    addOutputText(facts, outputAt(facts, 0), response.objectText, limits.response);
  addIdentity(facts, response?.response ?? { id: response?.responseId, modelId: response?.modelId });
  if (response) addEnd(facts, response);
  return facts;
}

function readChunk(facts: ResponseFacts, chunk: any, limits: Limits): ResponseFacts {
  switch (chunk?.type) {
    case 'text-delta':
      addOutputText(facts, outputAt(facts, 0), chunk.delta, limits.response);
      break;
    case 'reasoning-delta':
      facts.started = true;
      break;
    case 'tool-input-start':
      toolCallOf(facts, chunk.id, chunk.toolName, limits);
      break;
    case 'tool-input-delta':
      addArguments(facts, chunk, limits);
      break;
    case 'response-metadata':
      addIdentity(facts, chunk);
      break;
    case 'error':
      facts.failure ??= failureOf(chunk.error, limits);
      break;
    case 'finish':
      addEnd(facts, chunk);
      break;
    default:
      addPart(facts, chunk, limits);
  }
  return facts;
}

/** What a whole answer has in its content, and a stream has in one piece. */
function addPart(facts: ResponseFacts, part: any, limits: Limits): void {
  switch (part?.type) {
    case 'text':
      return addOutputText(facts, outputAt(facts, 0), part.text, limits.response);
    case 'reasoning':
      facts.started = true;
      return;
    case 'file':
    case 'reasoning-file':
      return addOutputText(facts, outputAt(facts, 0), fileMark(part), limits.response);
    case 'tool-call': {
      // The provider's own tools have prices of their own.
      if (part.providerExecuted) (facts.usage ??= {}).hasOtherCharges = true;
      const call = toolCallOf(facts, part.toolCallId, part.toolName, limits);
      const written = part.input ?? part.args;
      // All of it at once, and at the end of a stream what it has been told piece by piece.
      const json = typeof written === 'string' ? written : jsonBeginning(written ?? {}, limits.response);
      if (call) call.arguments = readText(json, limits.response) ?? call.arguments;
    }
  }
}

function fileMark(part: any): string {
  const file = part.file ?? part;
  return mediaMark(asString(file.mediaType) ?? 'file', file.data?.data ?? file.data ?? file.base64);
}

function toolCallOf(facts: ResponseFacts, id: unknown, name: unknown, limits: Limits): ToolCallFacts | undefined {
  const output = outputAt(facts, 0);
  const known = output.toolCalls?.find((call) => call.id === id);
  if (known) return known;
  const index = output.toolCalls?.length ?? 0;
  addToolCall(facts, output, { index, name }, limits.response);
  const call = output.toolCalls?.[index];
  if (call) call.id = asString(id);
  return call;
}

function addArguments(facts: ResponseFacts, { id, delta }: any, limits: Limits): void {
  const output: OutputFacts = outputAt(facts, 0);
  const call = output.toolCalls?.find((each) => each.id === id);
  if (call) addToolCall(facts, output, { index: call.index, arguments: delta }, limits.response);
}

/** Where a model says neither, `ai` makes up an id and takes the model that was asked for. */
function addIdentity(facts: ResponseFacts, response: any): void {
  const id = asString(response?.id);
  if (id !== undefined && /^ai(obj|txt)-/.test(id)) return;
  if (id !== undefined) facts.id = id;
  const model = asString(response?.modelId);
  if (model !== undefined) facts.model = model;
}

function addEnd(facts: ResponseFacts, end: any): void {
  const usage = readUsage(end.usage, end.providerMetadata);
  if (usage) facts.usage = { ...usage, hasOtherCharges: usage.hasOtherCharges ?? facts.usage?.hasOtherCharges };
  readMetadata(facts, end);
  const { finishReason } = end;
  const reason = asString(finishReason?.raw) ?? reasonOf(finishReason?.unified ?? finishReason);
  if (reason === undefined) return;
  outputAt(facts, 0).finishReason = reason;
  facts.finished = true;
}

/** The providers' words for "the answer just ended": nothing that the vendor has said. */
function reasonOf(unified: unknown): string | undefined {
  const reason = asString(unified);
  return reason === 'other' || reason === 'unknown' || reason === 'error' ? undefined : reason;
}

function failureOf(error: any, limits: Limits): ErrorFacts {
  if (typeof error === 'string') return { message: readText(error, limits.response) };
  const failure = readFailure(error?.data?.error ?? error?.error ?? error, limits);
  const status = asNumber(error?.statusCode);
  return {
    ...failure,
    message: failure.message ?? readText(error?.message, limits.response),
    type: failure.type ?? asString(error?.name),
    status,
  };
}
