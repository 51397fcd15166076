import type { JsonValue } from './types';

const names = [
  'provider',
  'framework',
  'sdk',
  'provider_sdk_version',
  'operation',
  'method',
  'model',
  'response_model',
  'messages',
  'message_count',
  'input',
  'input_count',
  'output',
  'input_length',
  'output_length',
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'cached_input_tokens',
  'cache_creation_input_tokens',
  'reasoning_tokens',
  'audio_input_tokens',
  'audio_output_tokens',
  'latency_ms',
  'time_to_first_token_ms',
  'streaming',
  'outcome',
  'finish_reason',
  'error',
  'error_type',
  'error_code',
  'http_status',
  'retry_count',
  'request_id',
  'response_id',
  'tool_count',
  'tool_call_count',
  'tool_calls',
  'temperature',
  'top_p',
  'max_tokens',
  'stop_sequence_count',
  'seed',
  'response_format',
  'reasoning_effort',
  'service_tier',
  'cost',
  'cost_source',
  'trace_id',
  'span_id',
  'parent_span_id',
  'llm_session_id',
  'name',
  'llm_trace_version',
] as const;

export type PropertyName = (typeof names)[number];

/** Names that custom properties can not take. A test holds them, and docs/event.md, equal to what is built above. */
export const propertyNames: ReadonlySet<string> = new Set(names);

/**
 * Properties are added by name, one by one: V8 turns an object to which more than a dozen are added by a computed key
 * into a hash table, and one event then costs five times as much to build and to keep.
 */
export type Properties = { [Name in PropertyName]?: JsonValue } & Record<string, JsonValue>;

/** Whether a property of this name is ours to set. */
export function isOwnName(name: string): boolean {
  return propertyNames.has(name);
}
