import * as analytics from '@amplitude/analytics-node';
import * as analyticsBefore from 'amplitude-analytics-node-1.3';
import OpenAI from 'openai';
import {
  startAmplitudeServer,
  startProviderServer,
  type AmplitudeServer,
  type ProviderServer,
} from './loading/stand-ins';
import {
  disableLlmTracing,
  enableLlmTracing,
  llmObservabilityPlugin,
  type LlmObservabilityPluginOptions,
  type LlmTracingOptions,
} from '../src';

type Client = ReturnType<typeof analytics.createInstance>;
type Properties = Record<string, unknown>;

let provider: ProviderServer;
let amplitude: AmplitudeServer;
let client: Client;
const unhandled = jest.fn();

beforeAll(async () => {
  provider = await startProviderServer();
});
afterAll(() => provider.close());
beforeEach(async () => {
  amplitude = await startAmplitudeServer();
  process.on('unhandledRejection', unhandled);
});
afterEach(async () => {
  disableLlmTracing();
  await amplitude.close();
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

const clients: readonly (readonly [string, () => Client])[] = [
  ['analytics-node 1.5', analytics.createInstance],
  ['analytics-node 1.3', analyticsBefore.createInstance],
];

async function init(): Promise<void> {
  await client.init('a-key', { serverUrl: amplitude.url, logLevel: 0, flushIntervalMillis: 10 }).promise;
}

/** What arrived at the server, and its bytes. */
async function sent(least = 1): Promise<{ events: Properties[]; bytes: string }> {
  const deadline = Date.now() + 10_000;
  while (amplitude.events.length < least && Date.now() < deadline) await pause(10);
  // Time for what should not come.
  await pause(50);
  expect(amplitude.refused).toEqual([]);
  const events = amplitude.events as readonly { event_properties?: Properties }[];
  return { events: events.map((event) => event.event_properties ?? {}), bytes: JSON.stringify(amplitude.events) };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** One real call with tools in it, traced into this client. */
async function call(options: LlmTracingOptions = {}): Promise<void> {
  const handle = enableLlmTracing(client, {
    noWarning: true,
    modules: { openai: OpenAI },
    userId: 'user-1',
    ...options,
  });
  const openai = new OpenAI({ apiKey: 'k', baseURL: `${provider.url}/v1`, maxRetries: 0 });
  await openai.chat.completions.create({
    model: 'gpt-5',
    messages: [
      { role: 'system', content: 'canary-system' },
      { role: 'user', content: 'canary-question' },
      { role: 'assistant', content: 'canary-history' },
      { role: 'user', content: 'What is the weather? canary-last' },
    ],
    tools: [{ type: 'function', function: { name: 'get_weather', parameters: {} } }],
  });
  await openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: 'canary-question' }] });
  await handle.flush();
}

/** As somebody may track it without this package. */
const byHand = (): Properties => ({
  model: 'my-model',
  input: 'canary-input',
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'canary-question' }] },
    { role: 'assistant', content: 'canary-answer' },
  ],
  output: 'canary-output',
  response: { text: 'canary-response' },
  tool_calls: [
    { name: 'get_weather', arguments: '{"city":"canary-argument"}' },
    { id: 'call_1', type: 'function', function: { name: 'find', arguments: 'canary-argument' } },
    { name: 'search', input: { query: 'canary-argument' } },
    'canary-argument',
  ],
  error: 'canary-error',
  error_type: 'RateLimitError',
  error_code: 'said canary-error',
  input_tokens: 3,
});

describe.each(clients)('with %s', (...[, createInstance]) => {
  beforeEach(() => {
    client = createInstance();
  });

  const add = (options?: LlmObservabilityPluginOptions): Promise<void> =>
    client.add(llmObservabilityPlugin(options)).promise;

  it('takes prompts out of traced calls, and leaves the rest', async () => {
    await init();
    await add({ includePrompts: false });
    await call();
    const { events, bytes } = await sent(2);
    expect(events).toHaveLength(2);
    expect(bytes).not.toContain('canary');
    expect(events).toMatchObject([
      {
        llm_observability_enabled: true,
        message_count: 4,
        tool_calls: [{ name: 'get_weather', arguments: expect.stringContaining('Paris') as string }, {}],
      },
      { llm_observability_enabled: true, output: 'Hello from the stand-in.', input_tokens: 20 },
    ]);
  });

  it('takes answers out of traced calls, and earlier answers in their history', async () => {
    await init();
    await add({ includeResponses: false });
    await call();
    const { events, bytes } = await sent(2);
    expect(bytes).not.toMatch(/canary-history|Paris|Tokyo|Hello from/);
    expect(events[0]).toMatchObject({
      messages: [
        { role: 'system', content: 'canary-system' },
        { role: 'user', content: 'canary-question' },
        { role: 'assistant' },
        { role: 'user', content: 'What is the weather? canary-last' },
      ],
      tool_calls: [{ name: 'get_weather' }, { name: 'get_weather' }],
      output_tokens: 12,
    });
  });

  it.each<LlmTracingOptions['schema']>(['agent', 'both', 'otel'])('does the same for the schema %s', async (schema) => {
    await init();
    await add({ includePrompts: false, includeResponses: false });
    await call({ ...(schema && { schema }) });
    const { events, bytes } = await sent(2);
    expect(events.length).toBeGreaterThanOrEqual(2);
    expect(bytes).not.toMatch(/canary|Paris|Tokyo|Hello from/);
    expect(events.every((event) => event['llm_observability_enabled'])).toBe(true);
  });

  it('takes both out of what somebody tracked by hand, and no other event is touched', async () => {
    await init();
    await add({ includePrompts: false, includeResponses: false });
    client.track({ event_type: 'llm_operation', user_id: 'user-1', event_properties: byHand() });
    client.track('llm_operation', byHand(), { user_id: 'user-1' });
    client.track({ event_type: 'Button Clicked', user_id: 'user-1', event_properties: { input: 'a field' } });
    const { events, bytes } = await sent(3);
    expect(bytes).not.toContain('canary');
    const kept = {
      model: 'my-model',
      tool_calls: [
        { name: 'get_weather' },
        { id: 'call_1', type: 'function', function: { name: 'find' } },
        { name: 'search' },
        {},
      ],
      error_type: 'RateLimitError',
      input_tokens: 3,
      llm_observability_enabled: true,
    };
    expect(events).toEqual([kept, kept, { input: 'a field' }]);
  });

  it('can be added before init', async () => {
    client.add(llmObservabilityPlugin({ includePrompts: false, includeResponses: false }));
    client.track({ event_type: 'llm_operation', user_id: 'user-1', event_properties: byHand() });
    await init();
    const { events, bytes } = await sent();
    expect(events).toMatchObject([{ llm_observability_enabled: true }]);
    expect(bytes).not.toContain('canary');
  });

  it('ends when it is removed', async () => {
    await init();
    await add({ includePrompts: false });
    await client.remove('llm-observability').promise;
    client.track({ event_type: 'llm_operation', user_id: 'user-1', event_properties: byHand() });
    expect((await sent()).events).toEqual([byHand()]);
  });

  it('added a second time does nothing more', async () => {
    await init();
    await add({ includePrompts: false });
    await add({ includePrompts: false });
    client.track({ event_type: 'llm_operation', user_id: 'user-1', event_properties: byHand() });
    const { events } = await sent();
    expect(events).toMatchObject([{ output: 'canary-output', llm_observability_enabled: true }]);
  });

  it('cuts and redacts what stays', async () => {
    await init();
    await add({ maxLength: 20, redact: ['email'], properties: { plugin: 'yes', team: 'a-team' } });
    client.track({
      event_type: 'llm_operation',
      user_id: 'user-1',
      event_properties: {
        input: 'word '.repeat(20),
        messages: [{ role: 'user', content: [{ type: 'text', text: 'I am a@b.example.org' }] }],
        output: { text: 'a@b.example.org' },
        tool_calls: [{ name: 'mail_to', arguments: 'a@b.example.org' }],
        error_type: 'TypeError',
        plugin: 'of the event',
      },
    });
    const { events, bytes } = await sent();
    expect(bytes).not.toContain('a@b');
    expect(events).toMatchObject([
      {
        input: expect.stringMatching(/^word.{0,16}…$/) as string,
        tool_calls: [{ name: 'mail_to' }],
        error_type: 'TypeError',
        plugin: 'of the event',
      },
    ]);
  });

  // A plugin that throws is an unhandled rejection, and nothing is sent any more after it (1.3.5 and 1.5.73).
  it('lets events of any shape pass, and the ones behind them', async () => {
    await init();
    await add({ includePrompts: false, includeResponses: false, redact: ['email'] });
    const broken = Object.defineProperty({ output: 'canary-output' }, 'input', {
      enumerable: true,
      get: () => { throw new Error('broken'); }, // prettier-ignore
    });
    const cyclic: Properties = { role: 'user' };
    cyclic['self'] = cyclic;
    const shapes: unknown[] = [
      undefined,
      null,
      [],
      'canary-text',
      7,
      Object.freeze({ input: 'canary-input' }),
      broken,
      { messages: 'canary-text', tool_calls: 'canary-text' },
      { messages: cyclic, tool_calls: cyclic, output: cyclic },
      Object.assign(Object.create(null) as object, { response: 'canary' }),
    ];
    for (const properties of shapes) {
      client.track(
        Object.freeze({ event_type: 'llm_operation', user_id: 'user-1', event_properties: properties }) as never,
      );
    }
    client.track({ event_type: 'Button Clicked', user_id: 'user-1' });
    const { events, bytes } = await sent(shapes.length + 1);
    expect(bytes).not.toContain('canary');
    expect(events).toHaveLength(shapes.length + 1);
    expect(events.slice(0, -1).every((event) => event['llm_observability_enabled'] === true)).toBe(true);
  });

  it('does not change the object that was tracked', async () => {
    await init();
    await add({ includePrompts: false, includeResponses: false });
    const event_properties = byHand();
    client.track({ event_type: 'llm_operation', user_id: 'user-1', event_properties });
    await sent();
    expect(event_properties).toEqual(byHand());
  });
});
