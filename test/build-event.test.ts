import { buildEvent, type EventRules } from '../src/build-event';
import type { LlmOperation } from '../src/operation';
import { propertyNames } from '../src/event-properties';
import type { JsonValue } from '../src/types';
import { fullOperation } from './support/full-operation';
import { openRules } from './support/open-rules';
import { version } from '../src/version';

const open: EventRules = {
  ...openRules,
  deviceId: 'device-1',
};

const bare: LlmOperation = {
  sdk: 'openai',
  operation: 'chat_completion',
  method: 'chat.completions.create',
  request: {},
  response: {},
  outcome: 'ok',
  streaming: false,
  startedAt: 1_760_000_000_000,
  context: {},
};

const text = (value: string): { text: string; length: number } => ({ text: value, length: value.length });

function properties(operation: Partial<LlmOperation>, rules: Partial<EventRules> = {}): Record<string, JsonValue> {
  return buildEvent({ ...bare, ...operation }, { ...open, ...rules }).event_properties;
}

describe('one finished call as an event', () => {
  it('says everything that is known, each under its name', () => {
    const { span_id: spanId, ...known } = properties(fullOperation);
    expect(spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(known).toEqual({
      provider: 'azure_openai',
      framework: 'langchain',
      sdk: 'openai',
      provider_sdk_version: '6.49.0',
      operation: 'chat_completion',
      method: 'chat.completions.create',
      model: 'gpt-5',
      response_model: 'gpt-5-2025-08-07',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Weather in Paris?' },
      ],
      message_count: 7,
      input: 'a prompt',
      input_count: 1,
      output: 'It is sunny.',
      input_length: 1_234,
      output_length: 12,
      input_tokens: 20,
      output_tokens: 12,
      total_tokens: 32,
      cached_input_tokens: 8,
      cache_creation_input_tokens: 3,
      reasoning_tokens: 4,
      audio_input_tokens: 2,
      audio_output_tokens: 1,
      latency_ms: 812.3,
      time_to_first_token_ms: 120.5,
      streaming: true,
      outcome: 'error',
      finish_reason: 'tool_calls',
      error: 'it broke',
      error_type: 'RateLimitError',
      error_code: 'rate_limit_exceeded',
      http_status: 429,
      retry_count: 2,
      request_id: 'req_1',
      response_id: 'chatcmpl-1',
      tool_count: 3,
      tool_call_count: 1,
      tool_calls: [{ name: 'get_weather', arguments: '{"city":"Paris"}' }],
      temperature: 0,
      top_p: 0.9,
      max_tokens: 100,
      stop_sequence_count: 1,
      seed: 0,
      response_format: 'json_schema',
      reasoning_effort: 'low',
      service_tier: 'default',
      cost: 0.0012,
      cost_source: 'provider',
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      parent_span_id: 'b7ad6b7169203331',
      name: 'answer',
      llm_trace_version: version,
    });
  });

  it('has fields of its own beside the properties', () => {
    const event = buildEvent(bare, { ...open, userId: 'user-1', groups: { company: ['a', 'b'] } });
    expect(event).toMatchObject({
      event_type: 'llm_operation',
      time: 1_760_000_000_000,
      user_id: 'user-1',
      device_id: 'device-1',
      groups: { company: ['a', 'b'] },
    });
    expect(event.insert_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(buildEvent(bare, open).insert_id).not.toBe(event.insert_id);
    const { deviceId: removed, ...withoutDevice } = open;
    expect(removed).toBe('device-1');
    expect(Object.keys(buildEvent(bare, withoutDevice)).sort()).toEqual(
      ['event_properties', 'event_type', 'insert_id', 'time'].sort(),
    );
  });

  it('leaves out what is not known: never 0, an empty string or "unknown" in its place', () => {
    expect(properties({})).toEqual({
      sdk: 'openai',
      operation: 'chat_completion',
      method: 'chat.completions.create',
      streaming: false,
      outcome: 'ok',
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      span_id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      llm_trace_version: version,
    });
  });

  it.each<[string, Partial<LlmOperation>, Record<string, JsonValue | undefined>]>([
    ['a cost has its source', { response: { cost: 0 } }, { cost: 0, cost_source: 'provider' }],
    ['without a cost there is no source', { response: {} }, { cost: undefined, cost_source: undefined }],
    [
      'the total is the sum where the provider does not say it',
      { response: { usage: { inputTokens: 3, outputTokens: 4 } } },
      { total_tokens: 7 },
    ],
    [
      'the total is what the provider says',
      { response: { usage: { inputTokens: 3, outputTokens: 4, totalTokens: 9 } } },
      { total_tokens: 9 },
    ],
    ['no total is made of one part', { response: { usage: { inputTokens: 3 } } }, { total_tokens: undefined }],
    [
      'a count of 0 is a count',
      { response: { usage: { outputTokens: 0 } }, retryCount: 0 },
      { output_tokens: 0, retry_count: 0 },
    ],
    [
      'a call that nothing is around is a trace of its own',
      { context: {} },
      {
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        span_id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
        parent_span_id: undefined,
      },
    ],
    [
      'an unfinished tool call has no name',
      { response: { outputs: [{ toolCalls: [{ index: 0, arguments: text('{') }] }] } },
      { tool_calls: [{ arguments: '{' }], tool_call_count: 1 },
    ],
  ])('%s', (...[, operation, expected]) => {
    expect(properties(operation)).toEqual(expect.objectContaining(withoutAbsent(expected)));
    for (const name of absentIn(expected)) expect(properties(operation)).not.toHaveProperty(name);
  });

  it('puts several answers (n > 1) on lines of their own, and merges neither their reasons nor their tools', () => {
    const outputs = [
      { text: text('one'), finishReason: 'stop', toolCalls: [{ index: 0, name: 'a', arguments: text('{}') }] },
      { text: { text: 'two', length: 2_000 }, finishReason: 'length' },
      { finishReason: 'stop', toolCalls: [{ index: 0, name: 'b', arguments: text('{}') }] },
    ];
    expect(properties({ response: { outputs } })).toMatchObject({
      output: 'one\ntwo…',
      output_length: 2_003,
      finish_reason: 'stop,length',
      tool_call_count: 2,
      tool_calls: [
        { name: 'a', arguments: '{}' },
        { name: 'b', arguments: '{}' },
      ],
    });
  });

  it('says the last messages only, and none where none are asked for', () => {
    const messages = ['1', '2', '3'].map((content) => ({ role: 'user', content: text(content) }));
    const last = properties({ request: { messages } }, { maxMessages: 2 })['messages'];
    expect(last).toEqual([
      { role: 'user', content: '2' },
      { role: 'user', content: '3' },
    ]);
    expect(properties({ request: { messages } }, { maxMessages: 0 })).not.toHaveProperty('messages');
    expect(properties({ request: { messages: [{}, { role: 'tool' }] } })['messages']).toEqual([{}, { role: 'tool' }]);
  });
});

describe('what may not leave', () => {
  const textual = ['messages', 'input', 'output', 'error'];

  it('has no text but names where neither prompts nor answers may leave', () => {
    const event = properties(fullOperation, { includePrompts: false, includeResponses: false });
    for (const name of textual) expect(event).not.toHaveProperty(name);
    expect(event['tool_calls']).toEqual([{ name: 'get_weather' }]);
    expect(event).toMatchObject({ error_type: 'RateLimitError', output_length: 12, input_length: 1_234 });
  });

  it('keeps earlier answers in the history of a conversation back where answers may not leave', () => {
    const messages = ['system', 'user', 'assistant', 'model', 'tool'].map((role) => ({ role, content: text('x') }));
    expect(properties({ request: { messages } }, { includeResponses: false })['messages']).toEqual([
      { role: 'system', content: 'x' },
      { role: 'user', content: 'x' },
      { role: 'assistant' },
      { role: 'model' },
      { role: 'tool', content: 'x' },
    ]);
  });

  it('takes a sentence where a code should be for what it is: text of an error', () => {
    const error = { type: 'SECRET words', code: 'the prompt said SECRET', message: text('SECRET') };
    expect(properties({ error })).toMatchObject({ error_type: 'SECRET words', error_code: 'the prompt said SECRET' });
    expect(JSON.stringify(properties({ error }, { includePrompts: false }))).not.toContain('SECRET');
    expect(JSON.stringify(properties({ error }, { includeResponses: false }))).not.toContain('SECRET');
    expect(properties({ error: { code: 'x'.repeat(257) } })).not.toHaveProperty('error_code');
  });
});

describe('the bounds of an event', () => {
  it('has no string that the server would cut, whatever a provider calls things', () => {
    const long = 'x'.repeat(5_000);
    const outputs = Array.from({ length: 128 }, (_, index) => ({ finishReason: `${index}${'r'.repeat(250)}` }));
    const event = properties({
      provider: long,
      sdkVersion: long,
      requestId: long,
      request: { model: long },
      response: { id: long, outputs, serviceTier: long },
      error: { type: long, code: long, message: { text: long, length: 5_000 } },
    });
    for (const value of Object.values(event)) expect(JSON.stringify(value).length - 2).toBeLessThanOrEqual(1_024);
  });

  it('lists 20 tool calls and counts all', () => {
    const toolCalls = Array.from({ length: 64 }, (_, index) => ({ index, name: 't', arguments: text('{}') }));
    const event = properties({ response: { outputs: [{ toolCalls }] } });
    expect(event['tool_calls']).toHaveLength(20);
    expect(event['tool_call_count']).toBe(64);
  });

  it('does not let properties of the user take the place of its own', () => {
    const event = properties({}, { properties: { team: 'search', outcome: 'mine' } });
    expect(event).toMatchObject({ team: 'search', outcome: 'ok' });
    expect(propertyNames.has('team')).toBe(false);
  });
});

function withoutAbsent(expected: Record<string, JsonValue | undefined>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined));
}

function absentIn(expected: Record<string, JsonValue | undefined>): string[] {
  return Object.keys(expected).filter((name) => expected[name] === undefined);
}
