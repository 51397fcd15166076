import { boundedString, gateId, gateModel, gateName, gateText, gateWord, isAnswer, type ContentRules } from './content';
import { costOf, type Pricing } from './cost/cost';
import { isOwnName, type Properties, type PropertyName } from './event-properties';
import type { CallContext, LlmOperation } from './operation';
import { newTraceId, spanIdOf } from './context/trace-ids';
import { safely } from './safely';
import type { ErrorFacts, JsonValue, LlmEvent, OutputFacts, RequestFacts, ResponseFacts, Text, Usage } from './types';
import { version } from './version';

/** Everything an event says that does not come from the call. */
export interface EventRules extends ContentRules {
  readonly maxMessages: number;
  readonly trackTokens: boolean;
  readonly trackCost: boolean;
  readonly pricing?: Pricing | undefined;
  readonly userId?: string | undefined;
  readonly deviceId?: string | undefined;
  /** Milliseconds since the epoch, or -1. */
  readonly sessionId?: number | undefined;
  readonly llmSessionId?: string | undefined;
  readonly groups?: Record<string, string | readonly string[]> | undefined;
  readonly properties?: Record<string, JsonValue> | undefined;
}

/** The type of every event of this package. */
export const eventType = 'llm_operation';

/** One finished call as an Amplitude event. A property that is not known is not there. */
export function buildEvent(operation: LlmOperation, rules: EventRules): LlmEvent {
  const properties: Properties = {};
  addCall(properties, operation, rules);
  addRequest(properties, operation.request, rules);
  addResponse(properties, operation.response, rules);
  // What prices come from is not ours: another package, and the user's. The event is worth more than its price.
  if (rules.trackCost) safely('work out the cost', () => addCost(properties, operation, rules));
  if (operation.error) addError(properties, operation.error, rules);
  if (rules.privacyMode) dropText(properties);
  const insertId = crypto.randomUUID();
  addTrace(properties, operation.context, insertId);
  const event: LlmEvent = {
    event_type: eventType,
    event_properties: properties,
    time: operation.startedAt,
    insert_id: insertId,
  };
  const { userId, deviceId, sessionId, llmSessionId } = rules;
  if (llmSessionId !== undefined) properties.llm_session_id = boundedString(llmSessionId);
  // Last, and never as what the others are added to: then V8 makes each property a new kind of object (27 microseconds).
  for (const name in rules.properties) {
    if (!isOwnName(name)) properties[name] = rules.properties[name] as JsonValue;
  }
  if (userId !== undefined) event.user_id = userId;
  if (deviceId !== undefined) event.device_id = deviceId;
  if (sessionId !== undefined) event.session_id = sessionId;
  if (rules.groups !== undefined) event.groups = rules.groups;
  return event;
}

/** The properties that are words and passed a gate for them, or are words of this package. */
const worded: ReadonlySet<string> = new Set<PropertyName>([
  ...(['provider', 'framework', 'sdk', 'provider_sdk_version', 'operation', 'method', 'name', 'outcome'] as const),
  ...(['model', 'response_model', 'request_id', 'response_id', 'finish_reason', 'error_type', 'error_code'] as const),
  ...(['service_tier', 'response_format', 'reasoning_effort', 'cost_source', 'llm_trace_version'] as const),
]);

/** A patch of the application may say anything: in `privacyMode` what should be a number or a boolean is one, or goes. */
function dropText(properties: Properties): void {
  for (const name in properties) {
    const value = properties[name];
    if (worded.has(name) || typeof value === 'boolean' || Number.isFinite(value)) continue;
    delete properties[name];
  }
}

function addCall(into: Properties, operation: LlmOperation, rules: EventRules): void {
  const { latency, timeToFirstToken, httpStatus, retryCount } = operation;
  const provider = gateName(operation.provider, rules);
  if (provider !== undefined) into.provider = provider;
  const framework = gateName(operation.framework, rules);
  if (framework !== undefined) into.framework = framework;
  if (operation.sdk !== undefined) into.sdk = operation.sdk;
  const sdkVersion = gateName(operation.sdkVersion, rules);
  if (sdkVersion !== undefined) into.provider_sdk_version = sdkVersion;
  into.operation = operation.operation;
  const method = gateName(operation.method, rules);
  if (method !== undefined) into.method = method;
  const name = gateName(operation.name, rules);
  if (name !== undefined) into.name = name;
  if (latency !== undefined) into.latency_ms = rounded(latency);
  if (timeToFirstToken !== undefined) into.time_to_first_token_ms = rounded(timeToFirstToken);
  if (operation.streaming !== undefined) into.streaming = operation.streaming;
  into.outcome = operation.outcome;
  if (httpStatus !== undefined) into.http_status = httpStatus;
  if (retryCount !== undefined) into.retry_count = retryCount;
  const requestId = gateId(operation.requestId, rules);
  if (requestId !== undefined) into.request_id = requestId;
  into.llm_trace_version = version;
}

function addRequest(into: Properties, request: RequestFacts, rules: EventRules): void {
  const model = gateModel(request.model, rules);
  if (model !== undefined) into.model = model;
  const messages = messagesOf(request, rules);
  if (messages !== undefined) into.messages = messages;
  if (request.messageCount !== undefined) into.message_count = request.messageCount;
  const input = gateText(request.input, 'input', rules);
  if (input !== undefined) into.input = input;
  if (request.inputCount !== undefined) into.input_count = request.inputCount;
  if (request.inputLength !== undefined) into.input_length = request.inputLength;
  if (request.toolCount !== undefined) into.tool_count = request.toolCount;
  if (request.temperature !== undefined) into.temperature = request.temperature;
  if (request.topP !== undefined) into.top_p = request.topP;
  if (request.maxTokens !== undefined) into.max_tokens = request.maxTokens;
  if (request.stopSequenceCount !== undefined) into.stop_sequence_count = request.stopSequenceCount;
  if (request.seed !== undefined) into.seed = request.seed;
  const responseFormat = gateWord(request.responseFormat, rules);
  if (responseFormat !== undefined) into.response_format = responseFormat;
  const reasoningEffort = gateWord(request.reasoningEffort, rules);
  if (reasoningEffort !== undefined) into.reasoning_effort = reasoningEffort;
}

function addResponse(into: Properties, response: ResponseFacts, rules: EventRules): void {
  const { outputs, usage } = response;
  const model = gateModel(response.model, rules);
  if (model !== undefined) into.response_model = model;
  const id = gateId(response.id, rules);
  if (id !== undefined) into.response_id = id;
  if (outputs) addOutputs(into, outputs, rules);
  if (usage && rules.trackTokens) addUsage(into, usage);
  const serviceTier = gateWord(response.serviceTier, rules);
  if (serviceTier !== undefined) into.service_tier = serviceTier;
}

function addCost(into: Properties, operation: LlmOperation, { pricing = {} }: EventRules): void {
  const known = costOf(operation, pricing);
  if (!known) return;
  into.cost = known.cost;
  into.cost_source = known.source;
}

function addOutputs(into: Properties, outputs: readonly OutputFacts[], rules: EventRules): void {
  const text = joinOutputs(outputs);
  const output = gateText(text, 'output', rules);
  if (output !== undefined) into.output = output;
  const isMeasured = !outputs.some((each) => each.text?.isLonger);
  if (text !== undefined && isMeasured) into.output_length = sum(outputs.map((each) => each.text?.length ?? 0));
  const finishReason = finishReasonOf(outputs, rules);
  if (finishReason !== undefined) into.finish_reason = finishReason;
  if (outputs.some(({ toolCalls }) => toolCalls)) addToolCalls(into, outputs, rules);
}

function addUsage(into: Properties, usage: Usage): void {
  const { inputTokens, outputTokens } = usage;
  const totalTokens = usage.totalTokens ?? addKnown(inputTokens, outputTokens);
  if (inputTokens !== undefined) into.input_tokens = inputTokens;
  if (outputTokens !== undefined) into.output_tokens = outputTokens;
  if (totalTokens !== undefined) into.total_tokens = totalTokens;
  if (usage.cachedInputTokens !== undefined) into.cached_input_tokens = usage.cachedInputTokens;
  if (usage.cacheCreationInputTokens !== undefined) into.cache_creation_input_tokens = usage.cacheCreationInputTokens;
  if (usage.reasoningTokens !== undefined) into.reasoning_tokens = usage.reasoningTokens;
  if (usage.audioInputTokens !== undefined) into.audio_input_tokens = usage.audioInputTokens;
  if (usage.audioOutputTokens !== undefined) into.audio_output_tokens = usage.audioOutputTokens;
}

function messagesOf({ messages }: RequestFacts, rules: EventRules): JsonValue | undefined {
  if (!messages || rules.privacyMode || !rules.includePrompts || rules.maxMessages === 0) return undefined;
  return messages.slice(-rules.maxMessages).map(({ role, content }) => {
    const message: { role?: string; content?: string } = {};
    if (role !== undefined) message.role = role;
    // An earlier answer that is sent again as history is an answer still.
    const shown = !rules.includeResponses && isAnswer(role) ? undefined : gateText(content, 'message', rules);
    if (shown !== undefined) message.content = shown;
    return message;
  });
}

/** Several answers stand on lines of their own. */
function joinOutputs(outputs: readonly OutputFacts[]): Text | undefined {
  if (outputs.length === 1) return outputs[0]?.text;
  const texts = outputs.map((output) => output.text).filter((text) => text !== undefined);
  if (texts.length < 2) return texts[0];
  return { text: texts.map(({ text }) => text).join('\n'), length: sum(texts.map(({ length }) => length + 1)) - 1 };
}

function finishReasonOf(outputs: readonly OutputFacts[], rules: EventRules): string | undefined {
  if (outputs.length === 1) return gateWord(outputs[0]?.finishReason, rules);
  const reasons = new Set(outputs.flatMap((output) => gateWord(output.finishReason, rules) ?? []));
  return reasons.size > 0 ? boundedString([...reasons].join(',')) : undefined;
}

function addError(into: Properties, error: ErrorFacts, rules: EventRules): void {
  const message = gateText(error.message, 'error', rules);
  const type = gateWord(error.type, rules);
  const code = gateWord(error.code, rules);
  if (message !== undefined) into.error = message;
  if (type !== undefined) into.error_type = type;
  if (code !== undefined) into.error_code = code;
}

/** Names, but in `privacyMode`: data can be in them, too. What the model wrote as arguments is text of the answer. */
function addToolCalls(into: Properties, outputs: readonly OutputFacts[], rules: EventRules): void {
  const calls = outputs.flatMap((output) => output.toolCalls ?? []);
  if (calls.length === 0) return;
  into.tool_call_count = calls.length;
  if (rules.privacyMode) return;
  into.tool_calls = calls.slice(0, 20).map(({ name, arguments: text }) => {
    const call: { name?: string; arguments?: string } = {};
    const written = gateText(text, 'tool_arguments', rules);
    if (name !== undefined) call.name = name;
    if (written !== undefined) call.arguments = written;
    return call;
  });
}

/** A call that nothing is around is a trace of its own. */
function addTrace(into: Properties, { traceId, spanId, parentSpanId }: CallContext, insertId: string): void {
  into.trace_id = traceId ?? newTraceId();
  into.span_id = spanId ?? spanIdOf(insertId);
  if (parentSpanId !== undefined) into.parent_span_id = parentSpanId;
}

/** Microseconds are noise; Amplitude's charts read better without them. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

function addKnown(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one + other;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
