import * as amplitude from '@amplitude/analytics-node';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { setImmediate } from 'node:timers/promises';
import {
  disableLlmTracing,
  enableLlmTracing,
  observe,
  withLlmContext,
  type LlmEvent,
  type LlmTracingOptions,
} from '../src';
import {
  startAmplitudeServer,
  startProviderServer,
  type AmplitudeServer,
  type ProviderServer,
} from './loading/stand-ins';

let provider: ProviderServer;
let server: AmplitudeServer;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  provider = await startProviderServer();
});

afterAll(() => provider.close());

beforeEach(async () => {
  server = await startAmplitudeServer();
  openai = new OpenAI({ apiKey: 'k', baseURL: `${provider.url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: 'k', baseURL: provider.url, maxRetries: 0 });
});

afterEach(() => server.close());

interface Sent {
  readonly events: readonly LlmEvent[];
  /** What was counted meanwhile. */
  readonly operations: number;
  readonly tracked: number;
  readonly dropped: Readonly<Record<string, number>>;
}

/** Runs calls with the real SDKs, and hands on what became of them through the real client. */
async function sentOf(options: LlmTracingOptions, run: () => unknown): Promise<Sent> {
  const client = amplitude.createInstance();
  await client.init('a-key', { serverUrl: server.url, flushIntervalMillis: 100, logLevel: 0 }).promise;
  const modules = { openai: OpenAI, anthropic: Anthropic };
  const handle = enableLlmTracing(client, { noWarning: true, modules, userId: 'user-1', ...options });
  const before = structuredClone(handle.status().counters);
  const from = server.events.length;
  try {
    await run();
    await setImmediate();
    await handle.flush();
    // Its timeline takes one event a turn: what it has not seen yet, no flush of it can send.
    const until = Date.now() + 20_000;
    const missing = (): number => handle.status().counters.tracked - before.tracked - (server.events.length - from);
    while (missing() > 0 && server.refused.length === 0 && Date.now() < until) {
      await client.flush().promise;
      await setImmediate();
    }
  } finally {
    disableLlmTracing();
  }
  const { operations, tracked, dropped, internalErrors } = handle.status().counters;
  expect([server.refused, internalErrors - before.internalErrors]).toEqual([[], 0]);
  const news = Object.entries(dropped).filter(([reason, count]) => count !== before.dropped[reason]);
  return {
    events: server.events.slice(from) as unknown as LlmEvent[],
    operations: operations - before.operations,
    tracked: tracked - before.tracked,
    dropped: Object.fromEntries(news.map(([reason, count]) => [reason, count - (before.dropped[reason] ?? 0)])),
  };
}

const typesOf = ({ events }: Sent): string[] => events.map((event) => event.event_type);

function propertiesOf({ events }: Sent, type: string): LlmEvent['event_properties'][] {
  return events.filter((event) => event.event_type === type).map((event) => event.event_properties);
}

const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: {} } }];
const hello = { model: 'gpt-5', messages: [{ role: 'user' as const, content: 'hello' }] };

const chat = (): PromiseLike<unknown> => openai.chat.completions.create(hello);

async function drain(stream: PromiseLike<AsyncIterable<unknown>>): Promise<void> {
  for await (const chunk of await stream) void chunk;
}

/** What Amplitude's own check of such events asks of each of them. */
function expectTaken(sent: Sent): void {
  const shared = ['[Agent] Message ID', '[Agent] Invocation ID'];
  for (const { event_type: type, event_properties: properties, ...event } of sent.events) {
    expect(type).toMatch(/^\[Agent\] /);
    for (const name of ['Session ID', 'Agent ID', 'Trace ID', 'SDK Version', 'Runtime', 'Component Type']) {
      expect([type, name, typeof properties[`[Agent] ${name}`]]).toEqual([type, name, 'string']);
    }
    expect(String(event.time)).toMatch(/^\d{13}$/);
    for (const name of shared.filter((each) => each in properties)) expect(properties[name]).toBe(event.insert_id);
    const content = properties['$llm_message'];
    if (content !== undefined) expect(content).toEqual({ text: expect.any(String) as unknown });
    if (type === '[Agent] Span' || type === '[Agent] Tool Call' || type === '[Agent] User Message') {
      expect(Object.keys(properties).filter((name) => /Tokens|Cost/.test(name))).toEqual([]);
    }
  }
  const ids = sent.events.map((event) => event.insert_id);
  expect(new Set(ids).size).toBe(ids.length);
}

describe('the schema agent, with the real SDKs and the real client', () => {
  it.each<[string, () => unknown]>([
    ['whole, of OpenAI', chat],
    ['as a stream, of OpenAI', () => drain(openai.chat.completions.create({ ...hello, stream: true }))],
    ['by Responses, from a string', () => openai.responses.create({ model: 'gpt-5', input: 'hello' })],
    ['by Responses, from items', () => openai.responses.create({ model: 'gpt-5', input: hello.messages })],
    ['of a prompt', () => openai.completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'hello' })],
    ['whole, of Anthropic', () => anthropic.messages.create({ ...hello, model: 'claude', max_tokens: 9 })],
    [
      'as a stream, of Anthropic',
      () => drain(anthropic.messages.create({ ...hello, model: 'claude', max_tokens: 9, stream: true })),
    ],
  ])('an answer %s is what the user said and what the model answered', async (title, call) => {
    const sent = await sentOf({ schema: 'agent' }, call);
    expect(typesOf(sent)).toEqual(['[Agent] User Message', '[Agent] AI Response']);
    expectTaken(sent);
    const [user, answer] = sent.events.map((event) => event.event_properties);
    expect(user?.['$llm_message']).toEqual({ text: 'hello' });
    expect(answer).toMatchObject({ $llm_message: { text: 'Hello from the stand-in.' }, '[Agent] Is Error': false });
    expect(user?.['[Agent] Trace ID']).toBe(answer?.['[Agent] Trace ID']);
    expect(sent.events.map((event) => event.user_id)).toEqual(['user-1', 'user-1']);
    expect(sent).toMatchObject({ operations: 1, tracked: 2, dropped: {} });
  });

  it('has the tokens that the provider says, those of Anthropic with the cached ones', async () => {
    const request = { ...hello, model: 'claude', max_tokens: 9 };
    const sent = await sentOf({ schema: 'agent' }, () => anthropic.messages.create(request));
    expect(propertiesOf(sent, '[Agent] AI Response')[0]).toMatchObject({
      '[Agent] Input Tokens': 20,
      '[Agent] Output Tokens': 12,
      '[Agent] Cache Read Tokens': 7,
      '[Agent] Cache Creation Tokens': 3,
      '[Agent] Max Output Tokens': 9,
      '[Agent] Is Streaming': false,
      '[Agent] Finish Reason': 'end_turn',
    });
  });

  // Amplitude's viewer draws one turn per trace: steps of an agent must not show what the user said again.
  it('a loop of an agent with tools is one turn of the user', async () => {
    const weather = observe((city: string) => `18 degrees in ${city}`, {
      name: 'weather',
      kind: 'tool',
      trackAs: true,
    });
    const sent = await sentOf({ schema: 'agent' }, () =>
      withLlmContext({ llmSessionId: 'chat-1', properties: { '[Agent] Agent ID': 'forecaster' } }, async () => {
        const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'weather?' }];
        const first = await openai.chat.completions.create({ model: 'gpt-5', messages, tools });
        const answer = first.choices[0]?.message as OpenAI.ChatCompletionMessage;
        messages.push(answer);
        for (const call of answer.tool_calls ?? []) {
          messages.push({ role: 'tool', tool_call_id: call.id, content: weather('Paris') });
        }
        await openai.chat.completions.create({ model: 'gpt-5', messages, tools });
      }),
    );
    expect(typesOf(sent)).toEqual([
      '[Agent] User Message',
      '[Agent] AI Response',
      '[Agent] Tool Call',
      '[Agent] Tool Call',
      '[Agent] AI Response',
    ]);
    expectTaken(sent);
    const all = sent.events.map((event) => event.event_properties);
    expect(new Set(all.map((properties) => properties['[Agent] Trace ID'])).size).toBe(1);
    expect(new Set(all.map((properties) => properties['[Agent] Session ID']))).toEqual(new Set(['chat-1']));
    expect(new Set(all.map((properties) => properties['[Agent] Agent ID']))).toEqual(new Set(['forecaster']));
    expect(new Set(sent.events.map((event) => event.session_id)).size).toBe(1);
    expect(sent.events[0]?.session_id).toBeGreaterThan(0);
    const [asked, , tool, , answered] = all;
    expect(asked?.['[Agent] Turn ID']).toBe(1);
    expect(all[1]?.['[Agent] Turn ID']).toBe(2);
    expect(JSON.parse(all[1]?.['[Agent] Tool Calls'] as string)).toHaveLength(2);
    expect(tool).toMatchObject({
      '[Agent] Tool Name': 'weather',
      '[Agent] Tool Success': true,
      '[Agent] Tool Output': '18 degrees in Paris',
    });
    expect(answered?.['[Agent] Turn ID']).toBe(5);
  });

  it('the results of tools in a message of the user are not what the user said', async () => {
    const result = { type: 'tool_result' as const, tool_use_id: 'toolu_0', content: 'secret 18' };
    const messages: Anthropic.MessageParam[] = [
      { role: 'user', content: 'weather?' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_0', name: 'get_weather', input: {} }] },
      { role: 'user', content: [result] },
    ];
    const ask = (): PromiseLike<unknown> => anthropic.messages.create({ model: 'claude', max_tokens: 9, messages });
    expect(typesOf(await sentOf({ schema: 'agent' }, ask))).toEqual(['[Agent] AI Response']);
    messages[2] = { role: 'user', content: [result, { type: 'text', text: 'And tomorrow?' }] };
    const both = await sentOf({ schema: 'agent' }, ask);
    expect(typesOf(both)).toEqual(['[Agent] User Message', '[Agent] AI Response']);
  });

  it('in Responses, an agent that goes on after a function says nothing of the user', async () => {
    const call = { type: 'function_call' as const, call_id: 'c', name: 'get_weather', arguments: '{}' };
    const input = [...hello.messages, call, { type: 'function_call_output' as const, call_id: 'c', output: '18' }];
    const sent = await sentOf({ schema: 'agent' }, () => openai.responses.create({ model: 'gpt-5', input }));
    expect(typesOf(sent)).toEqual(['[Agent] AI Response']);
  });

  it('an embedding is an embedding', async () => {
    const sent = await sentOf({ schema: 'agent' }, () =>
      openai.embeddings.create({ model: 'text-embedding-3-small', input: 'hello' }),
    );
    expect(typesOf(sent)).toEqual(['[Agent] Embedding']);
    expectTaken(sent);
    const [properties] = propertiesOf(sent, '[Agent] Embedding');
    expect(properties?.['[Agent] Model Name']).toMatch(/^text-embedding-3-small/);
    expect(properties?.['[Agent] Input Tokens']).toEqual(expect.any(Number));
    expect(properties?.['[Agent] Span ID']).toBe(sent.events[0]?.insert_id);
  });

  it('an error is an answer with an error', async () => {
    const failing = new OpenAI({ apiKey: 'k', baseURL: `${provider.url}/400-9/v1`, maxRetries: 0 });
    const sent = await sentOf({ schema: 'agent' }, () => failing.chat.completions.create(hello).then(null, () => 0));
    expect(typesOf(sent)).toEqual(['[Agent] User Message', '[Agent] AI Response']);
    const [answer] = propertiesOf(sent, '[Agent] AI Response');
    expect(answer).toMatchObject({
      '[Agent] Is Error': true,
      '[Agent] Error Type': 'BadRequestError',
      http_status: 400,
    });
    expect(answer?.['[Agent] Error Message']).toContain('hello');
    expect(answer).not.toHaveProperty('$llm_message');
  });

  it('in privacyMode no character of a text leaves, and that the user said something does', async () => {
    const canary = 'canary-5a1f';
    const messages = [
      { role: 'system' as const, content: `${canary} system` },
      { role: 'user' as const, content: `${canary} weather` },
    ];
    const failing = new OpenAI({ apiKey: 'k', baseURL: `${provider.url}/400-9/v1`, maxRetries: 0 });
    for (const schema of ['agent', 'both', 'otel'] as const) {
      const { events } = await sentOf({ schema, privacyMode: true }, async () => {
        await openai.chat.completions.create({ model: 'gpt-5', messages, tools });
        await openai.responses.create({ model: 'gpt-5', input: canary });
        await openai.embeddings.create({ model: 'text-embedding-3-small', input: canary });
        await failing.chat.completions.create({ model: 'gpt-5', messages }).then(null, () => 0);
      });
      expect(events.length).toBeGreaterThanOrEqual(4);
      const text = JSON.stringify(events);
      for (const word of [canary, 'Hello from', 'Paris', '$llm_message"', '"parts":[{"type":"text"']) {
        expect([schema, text.includes(word)]).toEqual([schema, false]);
      }
      if (schema === 'otel') continue;
      expect(events.filter((event) => event.event_type === '[Agent] User Message')).toHaveLength(3);
    }
  });
});

describe('the schema both', () => {
  it('is the llm_operation event, and after it those of Agent Analytics, each taken once', async () => {
    const sent = await sentOf({ schema: 'both' }, chat);
    expect(typesOf(sent)).toEqual(['llm_operation', '[Agent] User Message', '[Agent] AI Response']);
    const [operation, ...agent] = sent.events;
    expect(operation?.event_properties).toMatchObject({ model: 'gpt-5', output: 'Hello from the stand-in.' });
    for (const event of agent) {
      expect(event.insert_id).toContain(operation?.insert_id);
      expect(event.event_properties['[Agent] Trace ID']).toBe(operation?.event_properties['trace_id']);
    }
    expect(sent).toMatchObject({ operations: 1, tracked: 3 });
  });
});

describe('the schema otel', () => {
  it('is one llm_operation event with the names of OpenTelemetry', async () => {
    const sent = await sentOf({ schema: 'otel' }, () =>
      drain(openai.chat.completions.create({ ...hello, stream: true, stream_options: { include_usage: true } })),
    );
    expect(typesOf(sent)).toEqual(['llm_operation']);
    const { event_properties: properties } = sent.events[0] as LlmEvent;
    expect(properties).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-5',
      'gen_ai.response.model': 'gpt-5-2025-01-01',
      'gen_ai.request.stream': true,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 20,
      'gen_ai.usage.cache_read.input_tokens': 8,
      'gen_ai.usage.reasoning.output_tokens': 4,
      'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'hello' }] }],
      'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: 'Hello from the stand-in.' }] }],
      outcome: 'ok',
    });
    expect(properties).not.toHaveProperty('model');
    expect(sent).toMatchObject({ operations: 1, tracked: 1 });
  });

  it('says of an error what class it is', async () => {
    const failing = new Anthropic({ apiKey: 'k', baseURL: `${provider.url}/400-9`, maxRetries: 0 });
    const request = { ...hello, model: 'claude', max_tokens: 9 };
    const sent = await sentOf({ schema: 'otel' }, () => failing.messages.create(request).then(null, () => 0));
    expect(sent.events[0]?.event_properties).toMatchObject({ 'error.type': 'BadRequestError', outcome: 'error' });
  });
});

describe('every schema', () => {
  it.each([undefined, 'llm_operation'] as const)('%s is the llm_operation event as ever', async (schema) => {
    const sent = await sentOf(schema ? { schema } : {}, chat);
    expect(typesOf(sent)).toEqual(['llm_operation']);
    expect(sent.events[0]?.event_properties).toMatchObject({ model: 'gpt-5', operation: 'chat_completion' });
  });

  it.each(['agent', 'both', 'otel'] as const)('%s shows beforeSend the llm_operation event, once', async (schema) => {
    const seen: LlmEvent[] = [];
    const beforeSend = (event: LlmEvent): LlmEvent => {
      seen.push(structuredClone(event));
      event.event_properties['output'] = 'shorter';
      return event;
    };
    const sent = await sentOf({ schema, beforeSend }, chat);
    expect(seen.map((event) => event.event_type)).toEqual(['llm_operation']);
    expect(seen[0]?.event_properties).toMatchObject({ model: 'gpt-5', output: 'Hello from the stand-in.' });
    const text = JSON.stringify(sent.events);
    expect(text).toContain('shorter');
    expect(text).not.toContain('Hello from the stand-in.');
  });

  it.each(['agent', 'both', 'otel'] as const)('%s sends nothing of a call that beforeSend drops', async (schema) => {
    const sent = await sentOf({ schema, beforeSend: () => null }, chat);
    expect(sent.events).toEqual([]);
    expect(sent).toMatchObject({ operations: 1, tracked: 0, dropped: { before_send: 1 } });
  });

  it.each(['agent', 'both', 'otel'] as const)('%s leaves an event of another type as it is', async (schema) => {
    const beforeSend = (event: LlmEvent): LlmEvent => ({ ...event, event_type: 'mine' });
    const sent = await sentOf({ schema, beforeSend }, chat);
    expect(typesOf(sent)).toEqual(['mine']);
    expect(sent.events[0]?.event_properties).toMatchObject({ model: 'gpt-5' });
  });

  // The server cuts a string of more than 1,024 characters, and the client halves its batches for good after a 413.
  it.each(['agent', 'both', 'otel'] as const)(
    '%s sends nothing that is too large, and loses nothing',
    async (schema) => {
      const limits = { maxMessages: 50, maxMessageLength: 1_023, maxResponseLength: 1_023, maxPromptLength: 1_023 };
      const properties = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`mine_${at}`, 'x'.repeat(500)]));
      const messages = Array.from({ length: 60 }, () => ({ role: 'user' as const, content: '\u0001é"'.repeat(500) }));
      messages.push({ role: 'user', content: 'long '.repeat(400) });
      const sent = await sentOf({ schema, properties, ...limits }, () =>
        openai.chat.completions.create({ model: 'gpt-5', messages }),
      );
      expect(sent).toMatchObject({
        tracked: schema === 'both' ? 3 : schema === 'agent' ? 2 : 1,
        dropped: {},
      });
      expect(JSON.stringify(sent.events.at(-1))).toContain('mine_8');
      expect(JSON.stringify(sent.events.at(-1))).toContain('lorem ipsum');
    },
  );
});
