import type { JsonValue } from '../types';

/**
 * The names of Amplitude's Agent Analytics for one `llm_operation` event: `docs/event.md` has the table, and
 * `docs/decisions/0018-schemas.md` where each name comes from. Whatever has no name there keeps ours.
 */
type Names = Readonly<Record<string, string>>;

/** What one call becomes. */
export interface Kind {
  readonly type: string;
  readonly component: string;
  readonly names: Names;
  /** The property that is the same as `insert_id`: so that what is sent twice is there once. */
  readonly id: string;
  /** What the insert id of the call is continued with. */
  readonly suffix: string;
}

/** On every event of a call, but for what the user said. */
const everywhere = {
  trace_id: '[Agent] Trace ID',
  span_id: '[Agent] Span ID',
  parent_span_id: '[Agent] Parent Span ID',
  llm_session_id: '[Agent] Session ID',
  latency_ms: '[Agent] Latency Ms',
  error: '[Agent] Error Message',
  error_type: '[Agent] Error Type',
} as const;

export const response: Kind = {
  type: '[Agent] AI Response',
  component: 'llm',
  id: '[Agent] Message ID',
  suffix: 'response',
  names: {
    ...everywhere,
    response_id: '[Agent] Provider Request ID',
    time_to_first_token_ms: '[Agent] TTFB Ms',
    input_tokens: '[Agent] Input Tokens',
    output_tokens: '[Agent] Output Tokens',
    total_tokens: '[Agent] Total Tokens',
    reasoning_tokens: '[Agent] Reasoning Tokens',
    cached_input_tokens: '[Agent] Cache Read Tokens',
    cache_creation_input_tokens: '[Agent] Cache Creation Tokens',
    cost: '[Agent] Cost USD',
    finish_reason: '[Agent] Finish Reason',
    streaming: '[Agent] Is Streaming',
    temperature: '[Agent] Temperature',
    top_p: '[Agent] Top P',
    max_tokens: '[Agent] Max Output Tokens',
    tool_count: '[Agent] Tool Definitions Count',
  },
};

export const toolCall: Kind = {
  type: '[Agent] Tool Call',
  component: 'tool',
  id: '[Agent] Invocation ID',
  suffix: 'tool',
  names: {
    ...everywhere,
    name: '[Agent] Tool Name',
    input: '[Agent] Tool Input',
    output: '[Agent] Tool Output',
  },
};

export const embedding: Kind = {
  type: '[Agent] Embedding',
  component: 'embedding',
  id: '[Agent] Span ID',
  suffix: 'embedding',
  names: { ...everywhere, input_tokens: '[Agent] Input Tokens', cost: '[Agent] Cost USD' },
};

export const span: Kind = {
  type: '[Agent] Span',
  component: 'span',
  id: '[Agent] Span ID',
  suffix: 'span',
  names: {
    ...everywhere,
    name: '[Agent] Span Name',
    input: '[Agent] Input State',
    output: '[Agent] Output State',
  },
};

/**
 * Names that properties of the application do not get: what is said of a call is what was seen of it, and Amplitude sums
 * cost and tokens over all events of a session. Agent, turn and session are the application's to name.
 */
export const taken: ReadonlySet<string> = new Set(
  [
    ...[response, toolCall, embedding, span].flatMap(({ id, names }) => [id, ...Object.values(names)]),
    ...['[Agent] Component Type', '[Agent] Is Error', '[Agent] Tool Success', '[Agent] Model Name', '[Agent] Provider'],
    ...['[Agent] System Prompt', '[Agent] Tool Calls', '[Agent] Has Reasoning', '[Agent] SDK Version'],
    ...['[Agent] Runtime', '$llm_message'],
  ].filter((name) => name !== '[Agent] Session ID'),
);

/** Every other operation is a model that answers: an AI Response. */
const kinds: Readonly<Record<string, Kind>> = {
  tool: toolCall,
  embedding,
  agent: { ...span, component: 'agent' },
  function: span,
  retrieval: span,
  moderation: span,
  rerank: span,
  token_count: span,
};

/** As Amplitude's own SDK calls them. */
const providers: Readonly<Record<string, string>> = { azure_openai: 'azure-openai', aws_bedrock: 'bedrock' };

/** What an operation becomes. */
export function kindOf(operation: JsonValue | undefined): Kind {
  return kinds[operation as string] ?? response;
}

export function providerName(provider: JsonValue): JsonValue {
  return providers[provider as string] ?? provider;
}
