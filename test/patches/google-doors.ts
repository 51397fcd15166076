import type { Door, Expected, Subject } from './describe-patch';
import { plainDoors } from './plain-doors';
import { chatDoors, contentDoors, turnDoors } from './google-content-doors';
import { readAll, readSome } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of several majors */

export const model = 'gemini-standin';
const streaming = 'models.generateContentStream';

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
