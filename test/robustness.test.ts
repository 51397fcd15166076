import type Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { startProviderServer } from './support/start-provider';
import { answering, outcomeOf, ServerEvents, traced, type Properties } from './support/traced-clients';

let server: Awaited<ReturnType<typeof startProviderServer>>;
let openai: OpenAI;

beforeAll(async () => {
  server = await startProviderServer();
  openai = new OpenAI({ apiKey: 'k', baseURL: `${server.url}/v1`, maxRetries: 0 });
});
afterAll(() => server.close());

type ChatRequest = OpenAI.ChatCompletionCreateParamsNonStreaming;
const chatRequest: ChatRequest = { model: 'gpt-5', messages: [{ role: 'user', content: 'Hi' }] };
const messageRequest = { model: 'claude-x', max_tokens: 9, messages: [{ role: 'user' as const, content: 'Hi' }] };

async function readAll(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

/** The call does the same bare and traced, and becomes one event. */
async function oneEvent(run: () => Promise<unknown>): Promise<Properties> {
  const bare = await outcomeOf(run);
  const { result, events } = await traced(() => outcomeOf(run));
  expect(result).toBe(bare);
  expect(events).toHaveLength(1);
  return events[0] as Properties;
}

const oddBodies: readonly unknown[] = [
  {},
  [],
  null,
  'text',
  42,
  { choices: [], model: 'm' },
  { choices: null, usage: null },
  { choices: 'none', usage: 'none', model: 7, id: {} },
  { choices: [null, undefined, 5, {}] },
  {
    choices: [
      { index: -1, message: null },
      { index: 1e9, message: { content: { deep: [] } } },
    ],
  },
  { choices: [{ index: 'x', message: { content: [null, 5, { type: 'text' }], tool_calls: [null, {}, 5] } }] },
  { choices: [{ message: { content: 'ok', tool_calls: 'none', function_call: 5 } }], usage: { prompt_tokens: '5' } },
  { choices: [{ message: { content: 'ok' }, finish_reason: {} }], usage: { prompt_tokens_details: null } },
  { content: null, usage: null, type: 'message' },
  { content: [null, 5, { type: 'text' }, { type: 'tool_use', input: null }, { type: 7 }], usage: [] },
  { content: 'text', stop_reason: 5, usage: { input_tokens: '5', output_tokens: null } },
  { output: null, status: 'completed' },
  { output: [null, 5, { type: 'message', content: null }, { type: 'x_call' }], usage: { input_tokens: NaN } },
  { data: null },
  { data: [null, 5, { b64_json: 5 }], usage: { type: 'duration', seconds: 5 } },
];

const doors: Readonly<Record<string, (body: unknown) => Promise<unknown>>> = {
  'chat.completions.create': (body) => answering(body).openai.chat.completions.create(chatRequest),
  'responses.create': (body) => answering(body).openai.responses.create({ model: 'gpt-5', input: 'Hi' }),
  'completions.create': (body) => answering(body).openai.completions.create({ model: 'gpt-5', prompt: 'Hi' }),
  'embeddings.create': (body) => answering(body).openai.embeddings.create({ model: 'e', input: 'Hi' }),
  'images.generate': (body) => answering(body).openai.images.generate({ model: 'i', prompt: 'Hi' }),
  'moderations.create': (body) => answering(body).openai.moderations.create({ model: 'm', input: 'Hi' }),
  'messages.create': (body) => answering(body).anthropic.messages.create(messageRequest),
  'messages.countTokens': (body) => answering(body).anthropic.messages.countTokens(messageRequest),
};

describe('an answer of unknown shape', () => {
  it.each(Object.entries(doors))('is handed on by %s as the SDK has it, and is one event', async (method, call) => {
    for (const body of oddBodies) {
      const event = await oneEvent(() => call(body));
      expect(event).toMatchObject({ method, streaming: false });
      expect(event['model']).toBeDefined();
      for (const [name, value] of Object.entries(event)) {
        if (name.endsWith('_tokens')) expect(typeof value).toBe('number');
      }
    }
  });

  const oddStreams: readonly (readonly unknown[])[] = [
    [],
    [{}, {}],
    [null, 5, 'text', []],
    [{ choices: [] }, { choices: null }, { choices: [null] }, { choices: [{ delta: null }] }],
    [{ choices: [{ delta: { content: 5, tool_calls: [{ index: 'x' }, { function: null }] } }] }],
    [{ type: 'message_start' }, { type: 'content_block_delta' }, { type: 'message_delta' }, { type: 'message_stop' }],
    [
      { type: 'content_block_start', index: 'x', content_block: null },
      { type: 'content_block_delta', delta: 5 },
    ],
    [{ type: 'response.completed' }, { type: 'response.output_item.added' }, { type: 7 }],
  ];
  const streams: Readonly<Record<string, (body: unknown) => Promise<AsyncIterable<unknown>>>> = {
    'chat.completions.create': (body) =>
      answering(body).openai.chat.completions.create({ ...chatRequest, stream: true }),
    'responses.create': (body) => answering(body).openai.responses.create({ model: 'm', input: 'Hi', stream: true }),
    'completions.create': (body) =>
      answering(body).openai.completions.create({ model: 'm', prompt: 'Hi', stream: true }),
    'messages.create': (body) => answering(body).anthropic.messages.create({ ...messageRequest, stream: true }),
  };

  it.each(Object.entries(streams))('of a stream is handed on by %s too', async (method, open) => {
    for (const events of oddStreams) {
      const event = await oneEvent(async () => readAll(await open(new ServerEvents(events))));
      expect(event).toMatchObject({ method, streaming: true });
    }
  });

  it('loses one chunk that can not be read, and not what came before and after', async () => {
    const piece = (content: unknown): unknown => ({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content } }] });
    const chunks = [piece('one '), { choices: [{ delta: { tool_calls: [null] } }] }, piece('two')];
    const event = await oneEvent(async () =>
      readAll(await streams['chat.completions.create']!(new ServerEvents(chunks))),
    );
    expect(event).toMatchObject({ output: 'one two', response_model: 'm', outcome: 'incomplete' });
  });
});

describe('a request of unknown shape', () => {
  it('may be frozen, all the way down', async () => {
    const frozen = deepFreeze(structuredClone({ ...chatRequest, tools: [], stop: ['x'] }));
    expect(await oneEvent(() => openai.chat.completions.create(frozen))).toMatchObject({
      outcome: 'ok',
      model: 'gpt-5',
    });
  });

  it('is left as it was', async () => {
    const request = { ...chatRequest, temperature: 1, stream: true as const };
    const before = structuredClone(request);
    await oneEvent(async () => readAll(await openai.chat.completions.create(request)));
    expect(request).toEqual(before);
    expect(server.requests.at(-1)?.body).toEqual(before);
  });

  const full = {
    ...chatRequest,
    temperature: 0.5,
    top_p: 0.9,
    max_tokens: 9,
    stop: ['x'],
    seed: 1,
    tools: [],
    response_format: { type: 'text' },
    reasoning_effort: 'low',
    service_tier: 'auto',
    metadata: { a: 'b' },
  };
  const readNames = ['model', 'temperature', 'top_p', 'max_tokens', 'stop', 'seed', 'tools', 'messages'];
  const propertyOf: Readonly<Record<string, string>> = {
    stop: 'stop_sequence_count',
    tools: 'tool_count',
    messages: 'message_count',
  };

  it.each(Object.keys(full))('may have a getter for %s that throws: only that is lost', async (name) => {
    const request = Object.defineProperty({ ...full }, name, {
      enumerable: true,
      get: () => {
        throw new Error('getter');
      },
    });
    const event = await oneEvent(() => openai.chat.completions.create(request as unknown as ChatRequest));
    expect(event['outcome']).toBe('error');
    for (const other of readNames.filter((each) => each !== name)) {
      expect(event).toHaveProperty(propertyOf[other] ?? other);
    }
  });

  it('may hold one message that can not be read: the others stay', async () => {
    const bad = {
      role: 'user',
      get content(): never {
        throw new Error('getter');
      },
    };
    const messages = [{ role: 'user', content: 'first' }, bad, { role: 'user', content: 'last' }];
    const event = await oneEvent(() =>
      openai.chat.completions.create({ model: 'gpt-5', messages } as unknown as ChatRequest),
    );
    expect(event).toMatchObject({ message_count: 3, model: 'gpt-5' });
    expect(JSON.stringify(event['messages'])).toMatch(/first.*last/);
  });

  const cycle: Record<string, unknown> = { role: 'user', content: 'Hi' };
  cycle['self'] = cycle;
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();

  it.each<[string, unknown]>([
    ['a cycle', { ...chatRequest, messages: [cycle] }],
    ['a BigInt', { ...chatRequest, seed: 1n, messages: [{ role: 'user', content: 1n }] }],
    ['symbols and functions', { ...chatRequest, temperature: Symbol('t'), messages: [() => 1, Symbol('s')] }],
    ['no messages', { model: 'gpt-5' }],
    ['messages that are none', { model: 'gpt-5', messages: 'Hi' }],
    ['holes', { model: 'gpt-5', messages: [, null, undefined, 5, [], {}] }], // eslint-disable-line no-sparse-arrays -- the point
    ['a revoked proxy', { model: 'gpt-5', messages: [proxy] }],
    ['parts of unknown shape', { model: 'gpt-5', messages: [{ role: 5, content: [null, 5, { type: {} }, cycle] }] }],
  ])('may have %s', async (...[, request]) => {
    expect(await oneEvent(() => openai.chat.completions.create(request as ChatRequest))).toMatchObject({
      model: 'gpt-5',
    });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['a string', 'text'],
    ['a list', []],
    ['a revoked proxy', proxy],
  ])('may be %s instead', async (...[, request]) => {
    const call = (create: unknown): Promise<unknown> =>
      Promise.resolve().then(() => (create as (given: unknown) => unknown)(request));
    expect(await oneEvent(() => call(openai.chat.completions.create.bind(openai.chat.completions)))).toMatchObject({
      method: 'chat.completions.create',
    });
    const { anthropic } = answering({});
    expect(await oneEvent(() => call(anthropic.messages.create.bind(anthropic.messages)))).toMatchObject({
      method: 'messages.create',
    });
  });
});

describe('a huge request', () => {
  it('of a 10 MB prompt is a small event', async () => {
    const messages: ChatRequest['messages'] = [{ role: 'user', content: `${'é'.repeat(5_000_000)} Hi` }];
    const event = await oneEvent(() => openai.chat.completions.create({ model: 'gpt-5', messages }));
    expect(event).toMatchObject({ outcome: 'ok', input_length: 5_000_003 });
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(16_384);
  });

  it('with an image of 20 MB has a mark in its place', async () => {
    const data = 'A'.repeat(20_000_000);
    const { anthropic } = answering({ content: [] });
    const image: Anthropic.ContentBlockParam = {
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data },
    };
    const messages = [{ role: 'user' as const, content: [image, { type: 'text' as const, text: 'What is it?' }] }];
    const event = await oneEvent(() => anthropic.messages.create({ ...messageRequest, messages }));
    expect(event['messages']).toEqual([{ role: 'user', content: '[image/png 15.0 MB]\nWhat is it?' }]);
  });

  it('of 100,000 messages is counted', async () => {
    const messages = Array.from({ length: 100_000 }, (_, index) => ({ role: 'user' as const, content: `${index}` }));
    const event = await oneEvent(() => openai.chat.completions.create({ model: 'gpt-5', messages }));
    expect(event).toMatchObject({ message_count: 100_000, outcome: 'ok' });
    expect(event['messages']).toEqual(messages.slice(-5));
  });
});

function deepFreeze<Value extends object>(value: Value): Value {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part as object);
  return Object.freeze(value);
}
