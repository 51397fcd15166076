import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { createLlmEvent, trackLlmOperation, type LlmEventFacts, type LlmEventOptions } from '../src';
import { fullOperation } from './support/full-operation';
import { Bench, fail, nextTurn, type Properties } from './support/observing';
import { startProviderServer } from './support/start-provider';

const bench = new Bench();

const facts: LlmEventFacts = {
  provider: 'acme',
  model: 'acme-1',
  messages: [{ role: 'user', content: 'Weather in Paris?' }],
  output: 'It is sunny.',
  inputTokens: 10,
  outputTokens: 4,
  latencyMs: 812.34,
  startedAt: 1_760_000_000_000,
};

function propertiesOf(given: LlmEventFacts, options?: LlmEventOptions): Properties {
  return createLlmEvent(given, options).event_properties;
}

describe('an event that is made by hand', () => {
  it('says what is known, and nothing else', () => {
    expect(createLlmEvent(facts)).toEqual({
      event_type: 'llm_operation',
      event_properties: {
        provider: 'acme',
        operation: 'chat_completion',
        model: 'acme-1',
        messages: [{ role: 'user', content: 'Weather in Paris?' }],
        message_count: 1,
        input_length: 17,
        output: 'It is sunny.',
        output_length: 12,
        input_tokens: 10,
        output_tokens: 4,
        total_tokens: 14,
        latency_ms: 812.3,
        outcome: 'ok',
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        span_id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
        llm_trace_version: expect.any(String) as string,
      },
      time: 1_760_000_000_000,
      insert_id: expect.any(String) as string,
      device_id: expect.stringMatching(/^llm-trace-/) as string,
    });
  });

  it('can say all that an automatic one says of a call', () => {
    const given: LlmEventFacts = {
      ...facts,
      input: 'a prompt',
      responseModel: 'acme-1-2026',
      operation: 'chat_completion',
      method: 'chat',
      name: 'ask',
      usage: { cachedInputTokens: 1, cacheCreationInputTokens: 1, inputTokens: 9, outputTokens: 3 },
      reasoningTokens: 1,
      audioInputTokens: 1,
      audioOutputTokens: 1,
      cost: 0.01,
      timeToFirstTokenMs: 100,
      streaming: true,
      outcome: 'error',
      error: Object.assign(new RangeError('too far'), { code: 'too_far' }),
      httpStatus: 400,
      retryCount: 1,
      finishReason: 'stop',
      toolCalls: [{ name: 'weather', arguments: { city: 'Paris' } }],
      toolCount: 2,
      temperature: 0,
      topP: 1,
      maxTokens: 10,
      seed: 0,
      stopSequenceCount: 1,
      responseFormat: 'json_schema',
      reasoningEffort: 'low',
      serviceTier: 'default',
      requestId: 'req-1',
      responseId: 'res-1',
      parentSpanId: 'b7ad6b7169203331',
      llmSessionId: 'chat-1',
    };
    const said = Object.keys(propertiesOf(given));
    // Of an SDK, and of a list of inputs.
    const ofSdks = ['sdk', 'provider_sdk_version', 'framework', 'input_count'];
    const known = Object.keys(fullOperation.request).length;
    expect(known).toBeGreaterThan(5);
    expect(said).toEqual(
      expect.arrayContaining([
        ...['tool_calls', 'tool_call_count', 'cost', 'error', 'error_type', 'error_code', 'http_status', 'seed'],
        ...['input', 'messages', 'response_model', 'finish_reason', 'reasoning_tokens', 'audio_output_tokens'],
        ...['name', 'method', 'parent_span_id', 'request_id', 'response_id', 'retry_count', 'time_to_first_token_ms'],
        ...['stop_sequence_count', 'response_format', 'reasoning_effort'],
      ]),
    );
    expect(said.filter((name) => ofSdks.includes(name))).toEqual([]);
    expect(propertiesOf(given)).toMatchObject({ input_tokens: 10, cached_input_tokens: 1, temperature: 0, seed: 0 });
  });

  it('has a total of the counts that hold, and not of those that were overruled', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    expect(propertiesOf({ usage })).toMatchObject({ input_tokens: 1, output_tokens: 2, total_tokens: 3 });
    expect(propertiesOf({ usage, inputTokens: 100 })).toMatchObject({ input_tokens: 100, total_tokens: 102 });
    expect(propertiesOf({ usage, outputTokens: 5, totalTokens: 7 })).toMatchObject({ total_tokens: 7 });
  });

  // 1.7e18 is no date at all: the price of a model that has several over time could not be looked up, nor be sent.
  it.each([1.7e9, 1.7e15, 1.7e18, 1e300, 12_345.6, -1, new Date(1e14), new Date(NaN), '2026-01-01'])(
    'leaves out a beginning that is none, and nothing else: %p',
    async (startedAt) => {
      bench.start();
      const given = { ...facts, provider: 'anthropic', model: 'claude-sonnet-5', startedAt } as LlmEventFacts;
      const { time, event_properties: properties } = createLlmEvent(given);
      expect(Math.abs(time - Date.now())).toBeLessThan(60_000);
      expect(properties).toMatchObject({ model: 'claude-sonnet-5', input_tokens: 10 });
      expect(bench.problems).toHaveLength(1);
      trackLlmOperation(undefined, { ...given, latencyMs: 1e300 });
      await nextTurn();
      expect(bench.events).toMatchObject([{ event_properties: { model: 'claude-sonnet-5' } }]);
    },
  );

  it('costs what its provider says, else what its options say, else what the price table says', () => {
    const prices = { 'acme-1': { input: 1, output: 2 } };
    const ofOpenAI: LlmEventFacts = { ...facts, provider: 'openai', model: 'gpt-4o' };
    expect(propertiesOf({ ...facts, cost: 0.5 }, { prices })).toMatchObject({ cost: 0.5, cost_source: 'provider' });
    expect(propertiesOf(facts, { prices })).toMatchObject({ cost: 0.000018, cost_source: 'override' });
    expect(propertiesOf(ofOpenAI)).toMatchObject({ cost: 0.000065, cost_source: 'price_table' });
    expect(propertiesOf(facts)).not.toHaveProperty('cost');
    expect(propertiesOf({ ...facts, cost: 0.5 }, { trackCost: false })).not.toHaveProperty('cost');
  });

  it('has the answer cut, the messages counted, and media marked', () => {
    const image = `data:image/png;base64,${'A'.repeat(4_000)}`;
    const messages = Array.from({ length: 20 }, (_, at) => ({ role: 'user', content: `${at} ${'x'.repeat(300)}` }));
    messages.push({ role: 'user', content: image });
    const event = propertiesOf({ messages, output: 'y'.repeat(5_000) });
    expect(event['messages']).toHaveLength(5);
    expect(JSON.stringify(event['messages'])).toContain('[image/png 3.0 kB]');
    expect(event).toMatchObject({ message_count: 21, output: `${'y'.repeat(500)}…`, output_length: 5_000 });
  });

  it('is never larger than the server takes, whatever is given', () => {
    const properties = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`own_${at}`, 'x'.repeat(500)]));
    const event = createLlmEvent({ ...facts, properties, error: 'z'.repeat(100_000) });
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(16 * 1_024);
    expect(event.event_properties).toMatchObject({ model: 'acme-1', outcome: 'error' });
  });

  it.each<[string, LlmEventFacts, object]>([
    ['a string', { input: 'embed this' }, { input: 'embed this', input_length: 10 }],
    ['several strings', { input: ['one', 'two'] }, { input: 'one\ntwo', input_count: 2 }],
    ['an object', { input: { query: 'Paris' } }, { input: '{"query":"Paris"}' }],
    ['a conversation', { input: [{ role: 'user', content: 'Hi' }] }, { messages: [{ role: 'user', content: 'Hi' }] }],
    ['messages that are a string', { messages: 'Hi' }, { input: 'Hi' }],
    ['one message', { messages: { role: 'user', content: 'Hi' } }, { message_count: 1 }],
    [
      'contents of Gemini',
      { messages: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
      { messages: [{ role: 'user', content: 'Hi' }] },
    ],
  ])('takes %s as its input', (_what, given, expected) => {
    expect(propertiesOf(given)).toMatchObject(expected);
  });

  it.each<[string, unknown, object]>([
    ['an error', new RangeError('too far'), { error: 'too far', error_type: 'RangeError', outcome: 'error' }],
    ['a message', 'too far', { error: 'too far', outcome: 'error' }],
    ['an AbortError', new DOMException('stop', 'AbortError'), { outcome: 'aborted' }],
  ])('takes %s as its error', (_what, error, expected) => {
    expect(propertiesOf({ error })).toMatchObject(expected);
    expect(propertiesOf({ error: 'text' })).not.toHaveProperty('error_type');
  });

  it.each<[string, LlmEventFacts]>([
    ['sampling', { temperature: Infinity }],
    ['counts', { inputTokens: -1, outputTokens: NaN }],
    ['names', { model: 5, provider: '' } as unknown as LlmEventFacts],
    ['an operation', { operation: 'chat' } as unknown as LlmEventFacts],
    ['an outcome', { outcome: 'fine' } as unknown as LlmEventFacts],
    ['a date', { startedAt: new Date(NaN) }],
    ['an id', { userId: 'me', spanId: 5 } as unknown as LlmEventFacts],
    ['properties of ours', { properties: { model: 'other' } }],
    ['a name that is none of the facts', { modle: 'acme' } as LlmEventFacts],
  ])('leaves wrong %s out, and says so', (_what, given) => {
    bench.start();
    const event = createLlmEvent(given);
    expect(Object.keys(event.event_properties).sort()).toEqual(
      ['llm_trace_version', 'operation', 'outcome', 'span_id', 'trace_id'].sort(),
    );
    expect(event.device_id).toMatch(/^llm-trace-/);
    expect(Number.isInteger(event.time)).toBe(true);
    expect(bench.problems).toHaveLength(Object.keys(given).length);
  });

  it.each<[string, unknown, unknown]>([
    ['nothing', undefined, undefined],
    ['null', null, null],
    ['other values', 'text', 5],
    ['getters that throw', Object.defineProperty({}, 'model', { enumerable: true, get: () => fail() }), {}],
    ['a proxy that throws', new Proxy({}, { ownKeys: fail, get: fail }), {}],
    ['a response that throws', { response: new Proxy({}, { get: fail }) }, {}],
    ['messages that throw', { messages: [new Proxy({}, { get: fail, has: fail })] }, {}],
    ['options that throw', {}, new Proxy({}, { ownKeys: fail })],
  ])('is there for %s', async (_what, given, options) => {
    const event = createLlmEvent(given as LlmEventFacts, options as LlmEventOptions);
    expect(event).toMatchObject({ event_type: 'llm_operation', device_id: expect.any(String) as string });
    trackLlmOperation(bench.client, given as LlmEventFacts, options as LlmEventOptions);
    await nextTurn();
    expect(bench.events.length).toBeLessThanOrEqual(1);
  });
});

describe('an answer that was fetched without an SDK', () => {
  const own = ['sdk', 'provider_sdk_version', 'method', 'latency_ms', 'retry_count', 'request_id', 'http_status'];
  const changing = ['trace_id', 'span_id', 'streaming', 'provider', ...own];
  const messages = [{ role: 'user' as const, content: 'What is the weather in Paris and Tokyo?' }];
  const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: {} } }];

  function withoutOwn(properties: Properties | undefined): Properties {
    return Object.fromEntries(Object.entries(properties ?? {}).filter(([name]) => !changing.includes(name)));
  }

  it.each<[string, string, object, (url: string, body: never) => PromiseLike<unknown>]>([
    [
      'chat completion',
      '/v1/chat/completions',
      { model: 'gpt-5', messages, tools, temperature: 0 },
      (url, body) => new OpenAI({ apiKey: 'k', baseURL: `${url}/v1` }).chat.completions.create(body),
    ],
    [
      'response',
      '/v1/responses',
      { model: 'gpt-5', input: 'Hi' },
      (url, body) => new OpenAI({ apiKey: 'k', baseURL: `${url}/v1` }).responses.create(body),
    ],
    [
      'message of Anthropic',
      '/v1/messages',
      { model: 'claude-test', max_tokens: 10, messages },
      (url, body) => new Anthropic({ apiKey: 'k', baseURL: url }).messages.create(body),
    ],
  ])('makes the event that the SDK would have made: %s', async (_what, path, request, create) => {
    const server = await startProviderServer();
    bench.start({ providers: ['openai', 'anthropic'], modules: { openai: OpenAI, anthropic: Anthropic } });
    await create(server.url, request as never);
    const response: unknown = await (
      await fetch(server.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer k', 'x-api-key': 'k' },
        body: JSON.stringify(request),
      })
    ).json();
    await server.close();
    const { tools: offered, max_tokens: maxTokens, ...given } = request as Record<string, unknown>;
    const manual = propertiesOf({
      ...given,
      response,
      toolCount: Array.isArray(offered) ? offered.length : undefined,
      maxTokens: maxTokens as number | undefined,
    });
    const [automatic] = await bench.properties();
    expect(withoutOwn(manual)).toEqual(withoutOwn(automatic));
    expect(withoutOwn(manual)).toHaveProperty('output_tokens', 12);
  });
});
