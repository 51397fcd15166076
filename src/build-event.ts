import { randomBytes, randomUUID } from 'node:crypto';
import { boundedString, gateText, type ContentRules } from './content';
import type { ErrorFacts, JsonValue, LlmEvent, LlmOperation, OutputFacts, Text } from './types';
import { version } from './version';

/** Everything an event says that does not come from the call. */
export interface EventRules extends ContentRules {
  readonly maxMessages: number;
  readonly userId?: string | undefined;
  readonly deviceId?: string | undefined;
  readonly groups?: Record<string, string | readonly string[]> | undefined;
  readonly properties?: Record<string, JsonValue> | undefined;
}

/** The type of every event of this package. */
export const eventType = 'llm_operation';

type Properties = Record<string, JsonValue | undefined>;

/** One finished call as an Amplitude event. A property that is not known is not there. */
export function buildEvent(operation: LlmOperation, rules: EventRules): LlmEvent {
  const event: LlmEvent = {
    event_type: eventType,
    event_properties: { ...rules.properties, ...present(propertiesOf(operation, rules)) },
    time: operation.startedAt,
    insert_id: randomUUID(),
  };
  if (rules.userId !== undefined) event.user_id = rules.userId;
  if (rules.deviceId !== undefined) event.device_id = rules.deviceId;
  if (rules.groups !== undefined) event.groups = rules.groups;
  return event;
}

function propertiesOf(operation: LlmOperation, rules: EventRules): Properties {
  const { request, response, error, context } = operation;
  const usage = response.usage ?? {};
  const outputs = response.outputs ?? [];
  return {
    provider: operation.provider,
    sdk: operation.sdk,
    provider_sdk_version: operation.sdkVersion,
    operation: operation.operation,
    method: operation.method,
    model: request.model,
    response_model: response.model,
    messages: messagesOf(operation, rules),
    message_count: request.messageCount,
    input: gateText(request.input, 'input', rules),
    input_count: request.inputCount,
    output: gateText(joinOutputs(outputs), 'output', rules),
    input_length: request.inputLength,
    output_length: outputLength(outputs),
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    total_tokens: usage.totalTokens ?? addKnown(usage.inputTokens, usage.outputTokens),
    cached_input_tokens: usage.cachedInputTokens,
    cache_creation_input_tokens: usage.cacheCreationInputTokens,
    reasoning_tokens: usage.reasoningTokens,
    audio_input_tokens: usage.audioInputTokens,
    audio_output_tokens: usage.audioOutputTokens,
    latency_ms: rounded(operation.latency),
    time_to_first_token_ms: rounded(operation.timeToFirstToken),
    streaming: operation.streaming,
    outcome: operation.outcome,
    finish_reason: finishReasonOf(outputs),
    ...errorProperties(error, operation, rules),
    retry_count: operation.retryCount,
    request_id: operation.requestId,
    response_id: response.id,
    tool_count: request.toolCount,
    ...toolCallProperties(outputs, rules),
    temperature: request.temperature,
    top_p: request.topP,
    max_tokens: request.maxTokens,
    stop_sequence_count: request.stopSequenceCount,
    seed: request.seed,
    response_format: request.responseFormat,
    reasoning_effort: request.reasoningEffort,
    service_tier: response.serviceTier,
    cost: response.cost,
    cost_source: response.cost === undefined ? undefined : 'provider',
    ...traceProperties(context),
    llm_trace_version: version,
  };
}

function messagesOf({ request }: LlmOperation, rules: EventRules): JsonValue | undefined {
  if (!request.messages || !rules.includePrompts || rules.maxMessages === 0) return undefined;
  return request.messages.slice(-rules.maxMessages).map(({ role, content }) => {
    // An earlier answer that is sent again as history is an answer still.
    const isAnswer = role === 'assistant' || role === 'model';
    const shown = isAnswer && !rules.includeResponses ? undefined : gateText(content, 'message', rules);
    return { ...(role !== undefined && { role }), ...(shown !== undefined && { content: shown }) };
  });
}

/** Several answers stand on lines of their own. */
function joinOutputs(outputs: readonly OutputFacts[]): Text | undefined {
  const texts = outputs.map((output) => output.text).filter((text) => text !== undefined);
  if (texts.length < 2) return texts[0];
  return { text: texts.map(({ text }) => text).join('\n'), length: sum(texts.map(({ length }) => length + 1)) - 1 };
}

function outputLength(outputs: readonly OutputFacts[]): number | undefined {
  const lengths = outputs.flatMap((output) => output.text?.length ?? []);
  return lengths.length > 0 ? sum(lengths) : undefined;
}

function finishReasonOf(outputs: readonly OutputFacts[]): string | undefined {
  const reasons = new Set(outputs.flatMap((output) => output.finishReason ?? []));
  return reasons.size > 0 ? [...reasons].join(',') : undefined;
}

function errorProperties(error: ErrorFacts | undefined, { httpStatus }: LlmOperation, rules: EventRules): Properties {
  return {
    error: gateText(error?.message, 'error', rules),
    error_type: gateName(error?.type, rules),
    error_code: gateName(error?.code, rules),
    http_status: httpStatus,
  };
}

/** A class or a code is one word. Some vendors put a sentence there, and what it says is text of an error. */
function gateName(name: string | undefined, rules: EventRules): string | undefined {
  if (name === undefined || name.length > 256) return undefined;
  return /\s/.test(name) ? gateText({ text: name, length: name.length }, 'error', rules) : name;
}

/** Names always; what the model wrote as arguments is text of the answer. */
function toolCallProperties(outputs: readonly OutputFacts[], rules: EventRules): Properties {
  const calls = outputs.flatMap((output) => output.toolCalls ?? []);
  if (calls.length === 0) return {};
  const shown = calls.slice(0, 20).map(({ name, arguments: text }) => {
    const written = gateText(text, 'tool_arguments', rules);
    return { ...(name !== undefined && { name }), ...(written !== undefined && { arguments: written }) };
  });
  return { tool_call_count: calls.length, tool_calls: shown };
}

/** Only within a trace: ids of our own that nothing else mentions say nothing. */
function traceProperties({ traceId, parentSpanId }: LlmOperation['context']): Properties {
  if (traceId === undefined) return {};
  return { trace_id: traceId, span_id: randomBytes(8).toString('hex'), parent_span_id: parentSpanId };
}

/** Microseconds are noise; Amplitude's charts read better without them. */
function rounded(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.round(milliseconds * 10) / 10;
}

function addKnown(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one + other;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function present(properties: Properties): Record<string, JsonValue> {
  const known: Record<string, JsonValue> = {};
  for (const name in properties) {
    const value = properties[name];
    if (value !== undefined) known[name] = typeof value === 'string' ? boundedString(value) : value;
  }
  return known;
}

/** Names that custom properties can not take. A test holds them, and docs/event.md, equal to what is built above. */
export const propertyNames: ReadonlySet<string> = new Set([
  ...['provider', 'sdk', 'provider_sdk_version', 'operation', 'method', 'model', 'response_model'],
  ...['messages', 'message_count', 'input', 'input_count', 'output', 'input_length', 'output_length'],
  ...['input_tokens', 'output_tokens', 'total_tokens', 'cached_input_tokens', 'cache_creation_input_tokens'],
  ...['reasoning_tokens', 'audio_input_tokens', 'audio_output_tokens', 'latency_ms', 'time_to_first_token_ms'],
  ...['streaming', 'outcome', 'finish_reason', 'error', 'error_type', 'error_code', 'http_status', 'retry_count'],
  ...['request_id', 'response_id', 'tool_count', 'tool_call_count', 'tool_calls', 'temperature', 'top_p'],
  ...['max_tokens', 'stop_sequence_count', 'seed', 'response_format', 'reasoning_effort', 'service_tier'],
  ...['cost', 'cost_source', 'trace_id', 'span_id', 'parent_span_id', 'llm_trace_version'],
]);
