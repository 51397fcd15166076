import type { Door, Expected, Subject } from './describe-patch';
import { plainDoors } from './plain-doors';
import { readAll, readSome } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of several majors */

export const model = 'gemini-standin';
const streaming = 'models.generateContentStream';
const toolCalls = ['Paris', 'Tokyo'].map((city) => ({ name: 'get_weather', arguments: JSON.stringify({ city }) }));
const weather = { name: 'get_weather', description: 'weather', parameters: { type: 'OBJECT', properties: {} } };

/** What the contract calls options is a part of the request here. */
export function requestOf(prompt: string, extra: any = {}, options: any = {}, config: object = {}): any {
  const settings = { ...config, ...extra.config, ...options };
  return { model, contents: prompt, ...extra, ...(Object.keys(settings).length > 0 && { config: settings }) };
}

/** All the doors of one major: 1 does not look at a signal that was aborted before, 2 goes on where the model stopped. */
export function googleDoors(subject: Subject, major: number): Door[] {
  const plain = plainDoors(subject, { withSignal: (abortSignal) => ({ abortSignal }) });
  const ofAbort = 'a signal that was aborted long ago rejects as it did';
  const ofFailure = 'a failing stream call rejects before there is a stream';
  return [
    ...plain
      .filter(({ title }) => major > 1 || title !== ofAbort)
      .map((door) =>
        door.title === ofFailure
          ? { ...door, events: door.events.map((each) => ({ ...each, method: streaming })) }
          : door,
      ),
    ...contentDoors(subject),
    ...lazyDoors(subject),
    ...chatDoors(subject),
    ...turnDoors(subject),
    ...networkDoors(subject),
    ...(major > 1 ? continuationDoors(subject) : []),
    ...otherDoors(subject.asked, major),
  ];
}

/** What a model answers, whole and in chunks. */
function contentDoors({ ask, openStream, asked, whole, streamed }: Subject): Door[] {
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
const nothing = { finish_reason: 'SAFETY', output: undefined, output_tokens: undefined, reasoning_tokens: undefined };
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

/** Where functions may be called for the caller, which is the default, a stream begins when it is read. */
function lazyDoors({ asked, streamed, partial }: Subject): Door[] {
  const open = (client: any, prompt = 'hello'): any => client.models.generateContentStream({ model, contents: prompt });
  return [
    {
      title: 'a stream without further settings gives every chunk',
      run: async ({ connect }) => readAll(await open(connect())),
      events: [{ ...asked, ...streamed }],
    },
    {
      title: 'a stream without further settings can be left',
      run: async ({ connect }) => readSome(await open(connect('/slow-5'), 'long'), 4),
      events: [{ ...asked, ...partial, outcome: 'cancelled' }],
    },
    {
      title: 'a stream that is opened and not read sends nothing, and is no event',
      async run({ connect }) {
        await open(connect());
      },
      events: [],
    },
    {
      title: 'a failing stream without further settings rejects where it is read',
      run: async ({ connect }) => readAll(await open(connect('/400-99'))),
      events: [
        { ...asked, method: streaming, outcome: 'error', error_type: 'ApiError', http_status: 400, streaming: true },
      ],
      check: ({ thrown }) => expect(thrown.constructor.name).toBe('ApiError'),
    },
  ];
}

/** A chat sends what was said before, and goes through the same methods. */
function chatDoors({ asked, whole, streamed }: Subject): Door[] {
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
function turnDoors({ asked }: Subject): Door[] {
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

function networkDoors({ ask, openStream, asked, whole }: Subject): Door[] {
  return [
    {
      // The SDK says it with the error of an abort, and nobody has aborted anything.
      title: 'a timeout rejects as it did, and is no abort',
      run: ({ connect }) => ask(connect('/wait-500'), 'hello', {}, { httpOptions: { timeout: 30 } }),
      ignoresRequests: true,
      events: [{ ...asked, outcome: 'error', http_status: undefined }],
      check: ({ thrown }) => expect(thrown).toBeDefined(),
    },
    {
      title: 'a retry inside the SDK is a part of its call',
      run: ({ connect }) => ask(connect('/429-1', { retryOptions: { attempts: 2, initialDelay: 0.01 } }), 'hello'),
      events: [{ ...asked, ...whole }],
    },
    {
      title: 'frozen arguments are fine, and stay what they were',
      run: ({ connect }) => connect().models.generateContent(deepFreeze(requestOf('hello', {}, { temperature: 0.5 }))),
      events: [{ ...asked, ...whole, temperature: 0.5 }],
    },
    {
      // Without a request it fails before there is a call.
      title: 'arguments that the SDK can not read fail when and as they did',
      async run({ connect }) {
        const client = connect();
        const failureOf = (request?: unknown): Promise<unknown> =>
          client.models.generateContent(request).catch((error: unknown) => error);
        return [await failureOf(), await failureOf({ contents: 'hello' })];
      },
      events: [{ method: 'models.generateContent', outcome: 'error', http_status: undefined, model: undefined }],
    },
    {
      title: 'calls and streams at the same time do not mix',
      async run({ connect }) {
        const client = connect();
        const [one, other] = await Promise.all([ask(client, 'json'), openStream?.(client, 'hello').then(readAll)]);
        return { one, other };
      },
      events: [
        { streaming: false, output: '{"city":"Paris","celsius":18}' },
        { streaming: true, output: whole['output'] },
      ],
    },
  ];
}

function deepFreeze<Value extends object>(value: Value): Value {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part as object);
  return Object.freeze(value);
}

/** An answer that ends with a token is asked for to go on: each request is an answer of the model's own. */
function continuationDoors({ ask, openStream, asked, whole, streamed }: Subject): Door[] {
  const half = { finish_reason: 'CONTINUATION', outcome: 'ok' };
  return [
    {
      title: 'an answer that is continued is one event a request',
      run: ({ connect }) => ask(connect(), 'continue'),
      events: [
        { ...asked, ...whole, ...half },
        { ...asked, ...whole },
      ],
    },
    {
      title: 'a stream that is continued is one event a request, each with its own tokens',
      run: async ({ connect }) => readAll(await openStream?.(connect(), 'continue')),
      events: [
        { ...asked, ...streamed, ...half },
        { ...asked, ...streamed },
      ],
    },
  ];
}

function otherDoors(asked: Expected, major: number): Door[] {
  const embedding = { ...asked, operation: 'embedding', method: 'models.embedContent', outcome: 'ok' };
  const image = {
    ...asked,
    operation: 'image_generation',
    method: 'models.generateImages',
    model: 'imagen-standin',
    input: 'a cat',
  };
  // The Gemini API had pictures until 1: later it is an error of the SDK's, and nothing is sent.
  const hasImages = major === 1 || asked['provider'] === 'google_vertex';
  const refused = { ...image, outcome: 'error', output: undefined, http_status: undefined };
  return [
    {
      title: 'embedContent() of one text',
      run: ({ connect }) => connect().models.embedContent({ model, contents: 'hello' }),
      events: [{ ...embedding, input: 'hello', input_count: undefined, input_tokens: undefined, output: undefined }],
    },
    {
      title: 'embedContent() of several texts',
      run: ({ connect }) => connect().models.embedContent({ model, contents: ['hello', 'there'] }),
      events: [{ ...embedding, input: 'hello\nthere', input_count: 2 }],
      check: ({ value }) => expect(value.embeddings).toHaveLength(2),
    },
    {
      title: 'embedContent() that fails',
      run: ({ connect }) => connect('/400-99').models.embedContent({ model, contents: 'hello' }),
      events: [{ ...embedding, outcome: 'error', http_status: 400 }],
    },
    {
      title: 'generateImages() has marks for its pictures, where the API has it',
      run: ({ connect }) =>
        connect().models.generateImages({ model: 'imagen-standin', prompt: 'a cat', config: { numberOfImages: 2 } }),
      events: [hasImages ? { ...image, outcome: 'ok', output: '[image/png 70 B] [image/png 70 B]' } : refused],
    },
    {
      title: 'countTokens() is an event of its own kind',
      run: ({ connect }) => connect().models.countTokens({ model, contents: 'hello' }),
      events: [
        {
          ...asked,
          operation: 'token_count',
          method: 'models.countTokens',
          outcome: 'ok',
          message_count: 1,
          input_tokens: 11,
          output_tokens: undefined,
        },
      ],
      check: ({ value }) => expect(value.totalTokens).toBe(11),
    },
    {
      title: 'models.list() is no call of a model',
      run: ({ connect }) =>
        connect()
          .models.list()
          .catch((error: unknown) => error),
      events: [],
    },
  ];
}
