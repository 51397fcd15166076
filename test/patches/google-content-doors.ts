import type { Door, Expected, Subject } from './describe-patch';
import { readAll } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of several majors */

const model = 'gemini-standin';
const streaming = 'models.generateContentStream';
const toolCalls = ['Paris', 'Tokyo'].map((city) => ({ name: 'get_weather', arguments: JSON.stringify({ city }) }));
const weather = { name: 'get_weather', description: 'weather', parameters: { type: 'OBJECT', properties: {} } };

/** What a model answers, whole and in chunks. */
export function contentDoors({ ask, openStream, asked, whole, streamed }: Subject): Door[] {
  const answers: [what: string, prompt: string, config: object, told: Expected][] = [
    ['parallel calls do not merge', 'weather', withTools, { tool_calls: toolCalls, tool_count: 1, output: undefined }],
    ['thoughts are no output', 'think', { thinkingConfig: { includeThoughts: true } }, {}],
    ['two candidates do not merge', 'hello', { candidateCount: 2 }, { output: twice }],
    ['a refused prompt has a reason', 'blocked', {}, { ...nothing, input_tokens: 20, total_tokens: 20 }],
    ['a refused answer has a reason', 'refuse', {}, { finish_reason: 'SAFETY', output: undefined }],
    ['a picture is a mark', 'picture', {}, { output: '[image/png 70 B]' }],
    ['code that the provider runs is a call', 'code', {}, ranCode],
    [
      'what was asked for is told',
      'json',
      settings,
      { ...toldSettings, output: '{"city":"Paris","celsius":18}', message_count: 1 },
    ],
  ];
  return answers.flatMap(([what, prompt, config, told]): Door[] => [
    {
      title: `${what}, in a whole answer`,
      run: ({ connect }) => ask(connect(), prompt, { config }),
      events: [{ ...asked, ...whole, ...told }],
    },
    {
      title: `${what}, in a stream`,
      run: async ({ connect }) => readAll(await openStream?.(connect(), prompt, { config })),
      events: [{ ...asked, ...streamed, ...told }],
    },
  ]);
}

const withTools = { tools: [{ functionDeclarations: [weather] }] };
const twice = 'Hello from the stand-in.\nHello from the stand-in.';
const nothing = {
  finish_reason: 'SAFETY',
  output: undefined,
  output_tokens: undefined,
  reasoning_tokens: undefined,
  cached_input_tokens: undefined,
};
const ranCode = {
  output: 'Two.',
  tool_calls: [{ name: 'code_execution', arguments: 'print(1 + 1)' }],
  // What its tools gave back is input that the provider counts beside the prompt.
  input_tokens: 26,
  total_tokens: 38,
};
const settings = {
  temperature: 0.5,
  topP: 0.9,
  maxOutputTokens: 64,
  stopSequences: ['x', 'y'],
  seed: 7,
  responseMimeType: 'application/json',
  responseSchema: { type: 'OBJECT', properties: { city: { type: 'STRING' } } },
  thinkingConfig: { thinkingLevel: 'LOW' },
};
const toldSettings = {
  temperature: 0.5,
  top_p: 0.9,
  max_tokens: 64,
  stop_sequence_count: 2,
  seed: 7,
  response_format: 'json_schema',
  reasoning_effort: 'LOW',
};

/** A chat sends what was said before, and goes through the same methods. */
export function chatDoors({ asked, whole, streamed }: Subject): Door[] {
  const first = { role: 'user', content: 'hello' };
  const both = [first, { role: 'model', content: 'Hello from the stand-in.' }, { role: 'user', content: 'again' }];
  return [
    {
      title: 'chats.create().sendMessage() is one event a message',
      async run({ connect }) {
        const chat = connect().chats.create({ model });
        const answers = [await chat.sendMessage({ message: 'hello' }), await chat.sendMessage({ message: 'again' })];
        return { answers, history: chat.getHistory() };
      },
      events: [
        { ...asked, ...whole, message_count: 1, messages: [first] },
        { ...asked, ...whole, message_count: 3, messages: both },
      ],
    },
    {
      title: 'chats.create().sendMessageStream() is one event a message',
      async run({ connect }) {
        const chat = connect().chats.create({ model });
        const answers = [
          await readAll(await chat.sendMessageStream({ message: 'hello' })),
          await readAll(await chat.sendMessageStream({ message: 'again' })),
        ];
        return { answers, history: chat.getHistory() };
      },
      // The history has a content for each chunk.
      events: [
        { ...asked, ...streamed, message_count: 1 },
        { ...asked, ...streamed, message_count: 8 },
      ],
    },
    {
      title: 'sendMessage() of a chat rejects as it did',
      run: ({ connect }) => connect('/429-99').chats.create({ model }).sendMessage({ message: 'hello' }),
      events: [{ ...asked, outcome: 'error', error_type: 'ApiError', http_status: 429 }],
      check: ({ thrown }) => expect(thrown.constructor.name).toBe('ApiError'),
    },
  ];
}

/** Automatic function calling: the SDK calls the caller's functions, and asks again with what they gave. */
export function turnDoors({ asked }: Subject): Door[] {
  const request = (calls: unknown[]): object => ({
    model,
    contents: 'weather',
    config: {
      tools: [
        {
          tool: () => Promise.resolve({ functionDeclarations: [weather] }),
          callTool(given: any[]): Promise<object[]> {
            calls.push(...given);
            return Promise.resolve(
              given.map(({ name }) => ({ functionResponse: { name, response: { output: 'sunny' } } })),
            );
          },
        },
      ],
    },
  });
  const turns = (method: string): Expected[] => [
    { ...asked, method, outcome: 'ok', tool_calls: toolCalls, message_count: 1, tool_count: 1 },
    {
      ...asked,
      method,
      outcome: 'ok',
      output: 'Hello from the stand-in.',
      message_count: 3,
      tool_call_count: undefined,
    },
  ];
  return [
    {
      title: 'automatic function calling is one event a turn',
      async run({ connect }) {
        const calls: unknown[] = [];
        return { answer: await connect().models.generateContent(request(calls)), calls };
      },
      events: turns('models.generateContent'),
      check: ({ value }) => expect(value.calls).toHaveLength(2),
    },
    {
      title: 'automatic function calling in a stream is one event a turn',
      async run({ connect }) {
        const calls: unknown[] = [];
        return { chunks: await readAll(await connect().models.generateContentStream(request(calls))), calls };
      },
      events: turns(streaming),
      check: ({ value }) => expect(value.calls).toHaveLength(2),
    },
  ];
}
