import { embedding, kindOf, providerName, response, span, taken, toolCall, type Kind } from './agent-names';
import { isOwnName } from '../event-properties';
import type { JsonValue, LlmEvent } from '../types';

type Properties = Record<string, JsonValue>;

const messageId = '[Agent] Message ID';
const sessionId = '[Agent] Session ID';
const turnId = '[Agent] Turn ID';
const agentId = '[Agent] Agent ID';
const content = '$llm_message';

/**
 * One call as the events of Amplitude's Agent Analytics: what the user said, where the call is the user's turn, and
 * what came of it.
 *
 * @param event - an `llm_operation` event, as it would be sent.
 * @param goesOn - the last message of the call is not the user's: an agent goes on with what a tool gave back.
 */
export function agentEvents(event: LlmEvent, goesOn: boolean): LlmEvent[] {
  const kind = kindOf(event.event_properties['operation']);
  const main = mainEvent(event, kind);
  return isUserTurn(event.event_properties, goesOn) ? [userMessage(event), main] : [main];
}

function mainEvent(event: LlmEvent, kind: Kind): LlmEvent {
  const from = event.event_properties;
  const into: Properties = {};
  for (const [name, value] of Object.entries(from)) {
    if (!isTaken(name, from) && !isSaidOtherwise(name, kind, from)) into[kind.names[name] ?? name] = value;
  }
  into['[Agent] Component Type'] = kind.component;
  into['[Agent] Is Error'] = from['outcome'] === 'error';
  if (kind === toolCall) into['[Agent] Tool Success'] = from['outcome'] === 'ok';
  if (kind.names === span.names) into['[Agent] Span Name'] ??= from['operation'] ?? kind.component;
  if (kind === response || kind === embedding) addModel(into, from);
  if (kind === response) addAnswer(into, from);
  const { span_id: place } = from;
  // What the application calls a place can be the same for many calls.
  const isUnique = typeof place === 'string' && /^[0-9a-f]{16}$/.test(place);
  const id = isUnique && kind.id === '[Agent] Span ID' ? place : undefined;
  // The position in the conversation: the answer comes after the messages that were sent.
  const position = kind === response ? positionOf(from, 1) : undefined;
  return withIdentity(event, kind, into, { id, position, time: endOf(event) });
}

/** Only what is known of the user's words: in `privacyMode` the event says that there were some. */
function userMessage(event: LlmEvent): LlmEvent {
  const from = event.event_properties;
  const into: Properties = {};
  for (const [name, value] of Object.entries(from)) {
    if (!isOwnName(name) && !isTaken(name, from)) into[name] = value;
  }
  if (from['trace_id'] !== undefined) into['[Agent] Trace ID'] = from['trace_id'];
  if (from['llm_session_id'] !== undefined) into[sessionId] = from['llm_session_id'];
  into['[Agent] Component Type'] = 'user_input';
  addContent(into, messagesOf(from)?.at(-1)?.content ?? (from['messages'] === undefined ? from['input'] : undefined));
  const kind = { type: '[Agent] User Message', id: messageId, suffix: 'user' };
  return withIdentity(event, kind, into, { position: positionOf(from, 0), time: event.time });
}

interface Identity {
  readonly id?: string | undefined;
  readonly position?: number | undefined;
  readonly time: number;
}

/** Who, where and when: what all events of a call share. What the user says of agent, session or turn stays. */
function withIdentity(
  event: LlmEvent,
  kind: Pick<Kind, 'type' | 'id' | 'suffix'>,
  into: Properties,
  { id = `${event.insert_id}:${kind.suffix}`, position, time }: Identity,
): LlmEvent {
  const { trace_id: trace, llm_trace_version: version } = event.event_properties;
  into[kind.id] ??= id;
  // Without an agent an event never appears in Agent Analytics.
  into[agentId] ??= 'llm-trace';
  // A session that nobody named has a session id of its own in `session_id`, or none.
  const session = event.session_id ?? sessionNumber(into[sessionId]);
  // Amplitude's OpenTelemetry endpoint does the same.
  if (trace !== undefined) into[sessionId] ??= trace;
  if (position !== undefined) into[turnId] ??= position;
  if (typeof version === 'string') into['[Agent] SDK Version'] = `llm-trace/${version}`;
  into['[Agent] Runtime'] = 'node';
  const shaped: LlmEvent = { ...event, event_type: kind.type, event_properties: into, time, insert_id: id };
  if (session !== undefined) shaped.session_id = session;
  return shaped;
}

function addModel(into: Properties, from: Properties): void {
  const model = from['response_model'] ?? from['model'];
  if (model !== undefined) into['[Agent] Model Name'] = model;
  const provider = from['provider'];
  if (provider !== undefined) into['[Agent] Provider'] = providerName(provider);
}

function addAnswer(into: Properties, from: Properties): void {
  addContent(into, from['output']);
  const [first] = messagesOf(from) ?? [];
  const isSystem = first?.role === 'system' || first?.role === 'developer';
  if (isSystem && first.content !== undefined) into['[Agent] System Prompt'] = first.content;
  const calls = from['tool_calls'];
  if (Array.isArray(calls)) into['[Agent] Tool Calls'] = toolCallsOf(calls as ToolCall[]);
  const reasoning = from['reasoning_tokens'];
  if (typeof reasoning === 'number' && reasoning > 0) into['[Agent] Has Reasoning'] = true;
}

/** An object: a plain string is ignored. An empty one would show as a message without words. */
function addContent(into: Properties, text: JsonValue | undefined): void {
  if (typeof text === 'string' && text !== '') into[content] = { text };
}

/** What the application may not say otherwise; it names a session itself only where it did not do so in the context. */
function isTaken(name: string, from: Properties): boolean {
  return taken.has(name) || (name === sessionId && from['llm_session_id'] !== undefined);
}

/** What is said in other words above. */
function isSaidOtherwise(name: string, kind: Kind, from: Properties): boolean {
  if (name === 'llm_trace_version') return true;
  if (kind !== response && kind !== embedding) return false;
  if (name === 'response_model' || name === 'provider') return true;
  // Where another model answered, the one that was asked keeps its name.
  if (name === 'model') return from['response_model'] === undefined || from['response_model'] === from['model'];
  return kind === response && ['messages', 'output', 'tool_calls'].includes(name);
}

/** Whatever `beforeSend` made of them. */
function messagesOf({ messages }: Properties): readonly { role?: JsonValue; content?: JsonValue }[] | undefined {
  return Array.isArray(messages) ? messages.map((message) => ({ ...(message as object) })) : undefined;
}

/**
 * An agent sends the whole conversation with every step: only a step that begins with the user's words is a turn of the
 * user. Messages without a role are the user's in the SDKs that have such.
 */
function isUserTurn(from: Properties, goesOn: boolean): boolean {
  if (goesOn || (from['operation'] !== 'chat_completion' && from['operation'] !== 'text_completion')) return false;
  const last = messagesOf(from)?.at(-1);
  if (last) return last.role === undefined || (typeof last.role === 'string' && /^user$/i.test(last.role));
  return Number(from['message_count'] ?? 0) > 0 || from['input'] !== undefined || from['input_length'] !== undefined;
}

/** Messages are numbered by their place in the conversation. */
function positionOf({ message_count: count }: Properties, after: number): number | undefined {
  return typeof count === 'number' ? count + after : undefined;
}

function endOf({ time, event_properties: { latency_ms: latency } }: LlmEvent): number {
  return typeof time === 'number' && typeof latency === 'number' ? Math.round(time + latency) : time;
}

interface ToolCall {
  readonly name?: string;
  readonly arguments?: string;
}

/** The server cuts longer strings (Amplitude, HTTP V2 API). */
const longest = 1_024;

/** JSON that the server does not cut: first without the arguments, then with fewer calls. */
function toolCallsOf(calls: readonly (ToolCall | null)[]): string {
  const whole = serialized(calls.map((call) => ({ type: 'function', function: call ?? {} })));
  if (whole !== undefined) return whole;
  const names = calls.map((call) => ({ type: 'function', function: { name: call?.name } }));
  for (let count = names.length; count > 0; count--) {
    const shorter = serialized(names.slice(0, count));
    if (shorter !== undefined) return shorter;
  }
  return '[]';
}

function serialized(calls: readonly object[]): string | undefined {
  const json = JSON.stringify(calls);
  return json.length <= longest ? json : undefined;
}

/**
 * The number of a session that has a name, as Amplitude's own SDKs and its server make it: without one, events are in
 * no session of Amplitude's, with another one, apart from what the server says of them.
 */
function sessionNumber(session: JsonValue | undefined): number | undefined {
  if (typeof session !== 'string' || session === '') return undefined;
  // Loaded with the first event: it would be a quarter of the time that loading this package takes.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  const { createHash } = require('node:crypto') as typeof import('node:crypto');
  return createHash('sha256').update(session, 'utf8').digest().readUIntBE(0, 6) || 1;
}
