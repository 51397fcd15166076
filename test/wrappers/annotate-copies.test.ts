import Anthropic from '@anthropic-ai/sdk';
import * as anthropic06 from 'anthropic-0.6x';
import Cerebras from '@cerebras/cerebras_cloud_sdk';
import Groq from 'groq-sdk';
import OpenAI from 'openai';
import OpenAI4 from 'openai-v4';
import OpenAI5 from 'openai-v5';
import Together from 'together-ai';
import {
  annotate,
  annotateClient,
  disableLlmTracing,
  enableLlmTracing,
  llmTracingStatus,
  withLlmContext,
  type LlmEvent,
  type LlmTracingOptions,
} from '../../src';
import { startProviderServer, type ProviderServer } from '../support/start-provider';
import { readToEnd } from './every-sdk';

/* eslint-disable @typescript-eslint/no-explicit-any -- helpers of several majors */

// eslint-disable-next-line @typescript-eslint/no-require-imports -- its types are those of an ES module
const google = require('@google/genai');

let server: ProviderServer;

beforeAll(async () => {
  server = await startProviderServer();
});
afterAll(() => server.close());
afterEach(() => disableLlmTracing());

const modules = { openai: OpenAI, anthropic: Anthropic };
const hello = { model: 'gpt-5', messages: [{ role: 'user' as const, content: 'hello' }] };
const connect = (): OpenAI => new OpenAI({ apiKey: 'k', baseURL: `${server.url}/v1`, maxRetries: 0 });
const userOf = (event: LlmEvent | undefined): unknown => event?.user_id;

async function eventsOf(run: () => unknown, options: LlmTracingOptions = {}): Promise<LlmEvent[]> {
  const events: LlmEvent[] = [];
  const client = { track: (event: LlmEvent) => void events.push(event) };
  const handle = enableLlmTracing(client, { noWarning: true, deviceId: 'device-1', modules, ...options });
  await run();
  await handle.flush();
  handle.disable();
  return events;
}

const tool = {
  name: 'get_weather',
  parse: JSON.parse,
  function: () => 'sunny',
  parameters: {},
  description: 'weather',
};
const tools = { tools: [{ type: 'function', function: tool }], messages: [{ role: 'user', content: 'weather' }] };
const text = { model: 'gpt-5', input: 'hello' };
const claude = { ...hello, max_tokens: 9 };
const at = (Client: any, path: string): any =>
  new Client({ apiKey: 'k', baseURL: server.url + path, maxRetries: 0, warmTCPConnection: false });
const v1 = (Client: any): any => at(Client, '/v1');

/** Helpers that copy what they are given before they call `create`, and how many calls they make. */
const helpers: readonly [
  title: string,
  modules: Record<string, unknown>,
  run: (mark: (given: any) => any) => unknown,
  calls: number,
][] = [
  ...[OpenAI, OpenAI5].flatMap((Client) => {
    const name = Client === OpenAI ? 'openai 6' : 'openai 5';
    const sdk = { openai: Client };
    return [
      [`${name} chat.completions.parse`, sdk, (m) => v1(Client).chat.completions.parse(m({ ...hello })), 1],
      [
        `${name} chat.completions.stream`,
        sdk,
        (m) =>
          v1(Client)
            .chat.completions.stream(m({ ...hello }))
            .finalChatCompletion(),
        1,
      ],
      [
        `${name} chat.completions.runTools`,
        sdk,
        (m) =>
          v1(Client)
            .chat.completions.runTools(m({ ...hello, ...tools }))
            .finalContent(),
        2,
      ],
      [
        `${name} chat.completions.runTools, streamed`,
        sdk,
        (m) =>
          v1(Client)
            .chat.completions.runTools(m({ ...hello, ...tools, stream: true }))
            .finalContent(),
        2,
      ],
      [`${name} responses.parse`, sdk, (m) => v1(Client).responses.parse(m({ ...text })), 1],
      [
        `${name} responses.stream`,
        sdk,
        (m) =>
          v1(Client)
            .responses.stream(m({ ...text }))
            .finalResponse(),
        1,
      ],
    ] as [string, Record<string, unknown>, (mark: (given: any) => any) => unknown, number][];
  }),
  [
    'openai 4 beta.chat.completions.stream',
    { openai: OpenAI4 },
    (m) =>
      v1(OpenAI4)
        .beta.chat.completions.stream(m({ ...hello }))
        .finalChatCompletion(),
    1,
  ],
  [
    'openai 4 beta.chat.completions.runTools',
    { openai: OpenAI4 },
    (m) =>
      v1(OpenAI4)
        .beta.chat.completions.runTools(m({ ...hello, ...tools }))
        .finalContent(),
    2,
  ],
  [
    'anthropic messages.stream',
    modules,
    (m) =>
      at(Anthropic, '')
        .messages.stream(m({ ...claude }))
        .finalMessage(),
    1,
  ],
  ['anthropic messages.parse', modules, (m) => at(Anthropic, '').messages.parse(m({ ...claude })), 1],
  [
    'anthropic beta.messages.stream',
    modules,
    (m) =>
      at(Anthropic, '')
        .beta.messages.stream(m({ ...claude }))
        .finalMessage(),
    1,
  ],
  [
    'anthropic 0.6x messages.stream',
    { anthropic: anthropic06 },
    (m) =>
      at(anthropic06.Anthropic, '')
        .messages.stream(m({ ...claude }))
        .finalMessage(),
    1,
  ],
  [
    'together chat.completions.stream',
    { together: Together },
    (m) =>
      at(Together, '/together-ai/v1')
        .chat.completions.stream(m({ ...hello }))
        .finalChatCompletion(),
    1,
  ],
];

describe('a helper that makes calls with copies of what it is given', () => {
  it.each(helpers)('%s carries what was said of it', async (_title, sdk, run, calls) => {
    const before = llmTracingStatus().counters.internalErrors;
    const marked = await eventsOf(
      () => withLlmContext({ userId: 'user-of-context' }, () => run((given) => annotate(given, { userId: 'user-1' }))),
      { modules: sdk },
    );
    expect(marked.map(userOf)).toEqual(Array(calls).fill('user-1'));
    expect(llmTracingStatus().counters.internalErrors).toBe(before);
    const bare = await eventsOf(() => run((given: unknown) => given), { modules: sdk });
    expect(bare.map(userOf)).toEqual(Array(calls).fill(undefined));
  });

  it('is what it was after disabling, and gives the same with and without', async () => {
    const { prototype } = OpenAI.Chat.Completions;
    const before = Object.getOwnPropertyDescriptors(prototype);
    const ask = (request: typeof hello): Promise<unknown> =>
      connect().chat.completions.stream(request).finalChatCompletion();
    const bare = await ask({ ...hello });
    await eventsOf(async () => {
      annotate({}, {});
      expect(prototype.stream).not.toBe(before.stream.value);
      expect([prototype.stream.name, prototype.stream.length]).toEqual(['stream', 2]);
      expect(await ask(annotate({ ...hello }, { userId: 'user-1' }))).toEqual(bare);
    });
    expect(Object.getOwnPropertyDescriptors(prototype)).toEqual(before);
  });
});

describe('@google/genai', () => {
  const gemini = (): any =>
    new google.GoogleGenAI({ apiKey: 'k', vertexai: false, httpOptions: { baseUrl: server.url, fetch } });
  const options = { modules: { google } };
  const config = { tools: [{ functionDeclarations: [{ name: 'get_weather' }] }] };

  it('carries what was said of parameters that it copies because they have tools', async () => {
    const request = { model: 'gemini', contents: 'hello', config };
    const events = await eventsOf(async () => {
      await gemini().models.generateContent(annotate({ ...request }, { userId: 'user-whole' }));
      const stream = await gemini().models.generateContentStream(annotate({ ...request }, { userId: 'user-stream' }));
      await readToEnd(stream);
    }, options);
    expect(events.map(userOf)).toEqual(['user-whole', 'user-stream']);
  });

  it('carries what was said of a message of a chat', async () => {
    const chat = gemini().chats.create({ model: 'gemini' });
    const events = await eventsOf(async () => {
      await chat.sendMessage(annotate({ message: 'hello' }, { userId: 'user-whole' }));
      const stream = await chat.sendMessageStream(annotate({ message: 'hello' }, { userId: 'user-stream' }));
      await readToEnd(stream);
      await chat.sendMessage({ message: 'hello' });
    }, options);
    expect(events.map(userOf)).toEqual(['user-whole', 'user-stream', undefined]);
  });
});

describe('annotateClient', () => {
  it.each<[string, any, string]>([
    ['openai 5', OpenAI5, '/v1'],
    ['openai 6', OpenAI, '/v1'],
    ['groq', Groq, '/groq-sdk'],
    ['together', Together, '/together-ai/v1'],
    ['cerebras', Cerebras, '/cerebras'],
  ])('%s keeps it in copies of copies, and tells nobody', async (title, Client, path) => {
    const client = at(Client, path);
    if (typeof client.withOptions !== 'function') return expect(title).toBe('cerebras');
    const keys = Object.keys(client);
    annotateClient(client, { userId: 'user-1' });
    const copy = client.withOptions({ timeout: 5_000 }).withOptions({ maxRetries: 0 });
    expect([Object.keys(client), copy.timeout, copy instanceof Client]).toEqual([keys, 5_000, true]);
    const plain = at(Client, path).withOptions({ timeout: 5_000 });
    const name = title.split(' ')[0] as string;
    const events = await eventsOf(
      async () => {
        await copy.chat.completions.create({ ...hello });
        await plain.chat.completions.create({ ...hello });
      },
      { modules: { [name]: Client } },
    );
    expect(events.map(userOf)).toEqual(['user-1', undefined]);
  });

  it('gives copies what is said later, as long as it is before they are made', async () => {
    const openai = annotateClient(connect(), { properties: { a: 1 } });
    const early = openai.withOptions({ timeout: 1_000 });
    annotateClient(openai, { properties: { b: 1 } });
    const late = annotateClient(openai.withOptions({ timeout: 2_000 }), { properties: { c: 1 } });
    const events = await eventsOf(async () => {
      for (const each of [openai, early, late]) await each.chat.completions.create({ ...hello });
    });
    const told = events.map(({ event_properties: { a, b, c } }) => ({ a, b, c }));
    expect(told).toEqual([{ a: 1, b: 1 }, { a: 1 }, { a: 1, b: 1, c: 1 }]);
  });
});
