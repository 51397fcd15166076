import { createRequire } from 'node:module';
import { buildEvent } from '../../src/build-event';
import { propertyNames } from '../../src/event-properties';
import { otelEvent } from '../../src/schemas/otel-events';
import type { JsonValue, LlmEvent } from '../../src/types';
import { fullOperation } from '../support/full-operation';
import { openRules } from '../support/open-rules';

type Properties = Record<string, JsonValue>;

/** What OpenTelemetry itself has published of its names. */
const published: ReadonlySet<unknown> = new Set(
  Object.values(
    createRequire(__filename)('@opentelemetry/semantic-conventions/incubating') as Readonly<Record<string, unknown>>,
  ),
);

function eventOf(properties: Properties): LlmEvent {
  const event_properties = { operation: 'chat_completion', outcome: 'ok', ...properties };
  return { event_type: 'llm_operation', event_properties, time: 1, insert_id: 'id-1', user_id: 'user-1' };
}

const propertiesOf = (properties: Properties): Properties => otelEvent(eventOf(properties)).event_properties;

/** What is there beside what every one of these events has. */
function addedBy(properties: Properties): Properties {
  const { 'gen_ai.operation.name': operation, outcome, ...rest } = propertiesOf(properties);
  expect([operation, outcome]).toEqual(['chat', 'ok']);
  return rest;
}

describe('the names of OpenTelemetry', () => {
  it.each<[Properties, Properties]>([
    [{ model: 'm' }, { 'gen_ai.request.model': 'm' }],
    [{ response_model: 'm' }, { 'gen_ai.response.model': 'm' }],
    [{ response_id: 'r' }, { 'gen_ai.response.id': 'r' }],
    [{ llm_session_id: 'chat-1' }, { 'gen_ai.conversation.id': 'chat-1' }],
    [{ input_tokens: 20 }, { 'gen_ai.usage.input_tokens': 20 }],
    [{ output_tokens: 12 }, { 'gen_ai.usage.output_tokens': 12 }],
    [{ cached_input_tokens: 8 }, { 'gen_ai.usage.cache_read.input_tokens': 8 }],
    [{ cache_creation_input_tokens: 3 }, { 'gen_ai.usage.cache_creation.input_tokens': 3 }],
    [{ reasoning_tokens: 4 }, { 'gen_ai.usage.reasoning.output_tokens': 4 }],
    [{ temperature: 0 }, { 'gen_ai.request.temperature': 0 }],
    [{ top_p: 0.9 }, { 'gen_ai.request.top_p': 0.9 }],
    [{ max_tokens: 100 }, { 'gen_ai.request.max_tokens': 100 }],
    [{ seed: 0 }, { 'gen_ai.request.seed': 0 }],
    [{ error_type: 'RateLimitError' }, { 'error.type': 'RateLimitError' }],
    [{ streaming: true }, { 'gen_ai.request.stream': true }],
    // "If and only if the request is streaming."
    [{ streaming: false }, {}],
    [{ finish_reason: 'stop' }, { 'gen_ai.response.finish_reasons': ['stop'] }],
    [{ finish_reason: 'stop,length' }, { 'gen_ai.response.finish_reasons': ['stop', 'length'] }],
    [{ response_format: 'json_schema' }, { 'gen_ai.output.type': 'json', response_format: 'json_schema' }],
    [{ response_format: 'application/json' }, { 'gen_ai.output.type': 'json', response_format: 'application/json' }],
    [{ response_format: 'text' }, { 'gen_ai.output.type': 'text', response_format: 'text' }],
    [{ response_format: 'regex' }, { response_format: 'regex' }],
    // What has no name there keeps ours, and what is not ours is not touched.
    [
      { cost: 0.1, total_tokens: 32, latency_ms: 5 },
      { cost: 0.1, total_tokens: 32, latency_ms: 5 },
    ],
    [{ time_to_first_token_ms: 5 }, { time_to_first_token_ms: 5 }],
    [
      { trace_id: 't', span_id: 's', parent_span_id: 'p' },
      { trace_id: 't', span_id: 's', parent_span_id: 'p' },
    ],
    [
      { team: 'search', input_tokens_of_mine: 1 },
      { team: 'search', input_tokens_of_mine: 1 },
    ],
  ])('%j is %j', (given, expected) => {
    expect(addedBy(given)).toEqual(expected);
  });

  it.each([
    ['openai', 'openai'],
    ['anthropic', 'anthropic'],
    ['azure_openai', 'azure.ai.openai'],
    ['aws_bedrock', 'aws.bedrock'],
    ['google', 'gcp.gemini'],
    ['google_vertex', 'gcp.vertex_ai'],
    ['mistral', 'mistral_ai'],
    ['moonshot', 'moonshot_ai'],
    ['xai', 'x_ai'],
    ['watsonx', 'ibm.watsonx.ai'],
    ['openrouter', 'openrouter'],
  ])('%s is the provider %s', (provider, expected) => {
    expect(addedBy({ provider })).toEqual({ 'gen_ai.provider.name': expected });
  });

  it.each<[string, string | undefined, string]>([
    ['chat_completion', 'chat.completions.create', 'chat'],
    ['chat_completion', 'models.generateContentStream', 'generate_content'],
    ['text_completion', 'completions.create', 'text_completion'],
    ['embedding', 'embeddings.create', 'embeddings'],
    ['tool', undefined, 'execute_tool'],
    ['agent', undefined, 'invoke_agent'],
    ['retrieval', undefined, 'retrieval'],
    ['function', undefined, 'function'],
    ['image_generation', 'images.generate', 'image_generation'],
  ])('%s by %s is the operation %s', (operation, method, expected) => {
    const properties = propertiesOf({ operation, ...(method !== undefined && { method }) });
    expect(properties['gen_ai.operation.name']).toBe(expected);
    expect(properties).not.toHaveProperty('operation');
  });

  it.each<[Properties, Properties]>([
    [
      { operation: 'tool', name: 'get_weather', input: '["Paris"]', output: '18' },
      { 'gen_ai.tool.name': 'get_weather', 'gen_ai.tool.call.arguments': '["Paris"]', 'gen_ai.tool.call.result': '18' },
    ],
    [
      { operation: 'agent', name: 'planner', input: 'a' },
      { 'gen_ai.agent.name': 'planner', input: 'a' },
    ],
    [
      { operation: 'retrieval', name: 'find', input: 'q' },
      { 'gen_ai.retrieval.query.text': 'q', name: 'find' },
    ],
    [
      { operation: 'function', name: 'f', input: 'a' },
      { name: 'f', input: 'a' },
    ],
    [
      { operation: 'embedding', input: 'a', input_tokens: 1 },
      { input: 'a', 'gen_ai.usage.input_tokens': 1 },
    ],
    [{ operation: 'transcription', output: 'a' }, { output: 'a' }],
  ])('%j of an observed function or another operation is %j', (given, expected) => {
    const { 'gen_ai.operation.name': operation, outcome, ...rest } = propertiesOf(given);
    expect([typeof operation, outcome]).toEqual(['string', 'ok']);
    expect(rest).toEqual(expected);
  });

  it('are those that OpenTelemetry has published', () => {
    const operations = ['chat_completion', 'tool', 'agent', 'retrieval'] as const;
    const names = operations.flatMap((operation) =>
      Object.keys(otelEvent(buildEvent({ ...fullOperation, operation }, openRules)).event_properties),
    );
    const theirs = [...new Set(names)].filter((name) => name.includes('.'));
    expect(theirs.length).toBeGreaterThan(20);
    expect(theirs.filter((name) => !published.has(name))).toEqual([]);
    // Before release 1.37 of the conventions.
    expect(theirs).not.toEqual(expect.arrayContaining(['gen_ai.system', 'gen_ai.prompt', 'gen_ai.completion']));
  });
});

describe('a conversation', () => {
  it('is messages in parts', () => {
    const messages = [{ role: 'system', content: 'Be brief.' }, { role: 'assistant' }, { content: 'Hi' }];
    expect(addedBy({ messages, input: 'kept' })).toEqual({
      input: 'kept',
      'gen_ai.input.messages': [
        { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
        { role: 'assistant', parts: [] },
        { parts: [{ type: 'text', content: 'Hi' }] },
      ],
    });
  });

  it('is the message of a user where it is a string', () => {
    expect(addedBy({ input: 'Hi' })).toEqual({
      'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }],
    });
  });

  it('has an answer with its text and its tool calls, whose arguments are no properties of their own', () => {
    const calls = [{ name: 'get_weather', arguments: '{"city":"Paris"}' }, { name: 'get_time' }];
    expect(addedBy({ output: 'Let me see.', tool_calls: calls })).toEqual({
      'gen_ai.output.messages': [
        {
          role: 'assistant',
          parts: [
            { type: 'text', content: 'Let me see.' },
            { type: 'tool_call', name: 'get_weather', arguments: '{"city":"Paris"}' },
            { type: 'tool_call', name: 'get_time' },
          ],
        },
      ],
    });
  });

  it('has nothing that is not there', () => {
    expect(addedBy({})).toEqual({});
  });

  it.each<[string, Properties]>([
    ['messages that are none', { messages: [null, 5, 'x'] }],
    ['tool calls that are none', { tool_calls: [null, 5] }],
    ['lists that are none', { messages: 'x', tool_calls: 'y', output: 5, finish_reason: 5, response_format: {} }],
    ['an operation that is none', { operation: { a: 1 } }],
  ])('that beforeSend has changed is put into words as far as it goes: %s', (_, properties) => {
    expect(otelEvent(eventOf(properties)).event_type).toBe('llm_operation');
  });
});

describe('a call of which everything is known', () => {
  const rules = { ...openRules, userId: 'user-1', llmSessionId: 'chat-1', properties: { team: 'search' } };
  const event = buildEvent(fullOperation, rules);
  const { event_properties: properties, ...fields } = otelEvent(event);

  it('is the same event of the same user, with other names', () => {
    const { event_properties: before, ...rest } = event;
    expect(fields).toEqual(rest);
    expect(Object.keys(properties)).not.toEqual(Object.keys(before));
  });

  it('loses nothing', () => {
    const said = JSON.stringify(properties);
    const isSaid = (value: JsonValue): boolean => said.includes(JSON.stringify(value).replace(/^"|"$/g, ''));
    const lost = Object.entries(event.event_properties).filter(([, value]) => !isSaid(value));
    expect(lost.map(([name]) => name).sort()).toEqual(['messages', 'operation', 'provider', 'tool_calls']);
    expect(said).toContain('Weather in Paris?');
    expect(said).toContain('get_weather');
  });

  it('keeps our names for the rest', () => {
    const kept = Object.keys(properties).filter((name) => propertyNames.has(name));
    expect(kept.sort()).toEqual([
      ...['audio_input_tokens', 'audio_output_tokens', 'cost', 'cost_source', 'error', 'error_code', 'framework'],
      ...['http_status', 'input', 'input_count', 'input_length', 'latency_ms', 'llm_trace_version', 'message_count'],
      ...['method', 'name', 'outcome', 'output_length', 'parent_span_id', 'provider_sdk_version', 'reasoning_effort'],
      ...['request_id', 'response_format', 'retry_count', 'sdk', 'service_tier', 'span_id', 'stop_sequence_count'],
      ...['time_to_first_token_ms', 'tool_call_count', 'tool_count', 'total_tokens', 'trace_id'],
    ]);
  });
});
