import { join } from 'node:path';
import { calledTwice, failureDoors, firstApiDoors, inputDoors, model } from './cohere-doors';
import { versionOf, type Door, type Subject } from './describe-patch';
import { plainDoors, type PlainSdk } from './plain-doors';
import { readAll } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of many SDK majors */

export interface Version {
  /** Its methods stand on inner ones, which tell of the response too. */
  readonly hasInner: boolean;
  /** Its errors have a cause, which is how one knows the very error from below. */
  readonly hasCause: boolean;
}

const answered = {
  outcome: 'ok',
  output: 'Hello from the stand-in.',
  finish_reason: 'COMPLETE',
  response_id: 'chat-standin',
  // No answer says which model gave it.
  response_model: undefined,
  // 5 and 9 are billed.
  input_tokens: 20,
  output_tokens: 12,
  total_tokens: 32,
  cached_input_tokens: 8,
  retry_count: undefined,
};

/** One version of the Cohere SDK, called through `CohereClientV2`. */
export function cohereSubject(name: string, exports: any, { hasInner }: Version): Subject {
  const version = versionOf(name);
  const known = hasInner ? { http_status: 200, request_id: 'req_standin' } : { http_status: undefined };
  return {
    title: `cohere-ai ${version.split('.').slice(0, 2).join('.')}`,
    provider: 'cohere',
    package: name,
    exports,
    isPlain: true,
    calls: join(__dirname, 'cohere-calls.cjs'),
    client: (url, { defaultHeaders, maxRetries, ...options }: any = {}, subclass = (Base) => Base) =>
      new (subclass(exports.CohereClientV2))({
        ...{ token: 'none', environment: `${url}/cohere`, headers: defaultHeaders, maxRetries },
        ...options,
      }),
    ask: (client, prompt, extra, options) => client.chat(request(prompt, extra), { maxRetries: 0, ...options }),
    openStream: (client, prompt, extra, options) =>
      client.chatStream(request(prompt, extra), { maxRetries: 0, ...options }),
    asked: {
      provider: 'local',
      sdk: 'cohere-ai',
      operation: 'chat_completion',
      model,
      message_count: 1,
      ...(hasInner && { provider_sdk_version: version }),
    },
    whole: { ...answered, ...known, streaming: false },
    streamed: { ...answered, ...known, streaming: true },
    partial: { streaming: true, finish_reason: undefined, input_tokens: undefined, output_tokens: undefined },
  };
}

function request(content: string, extra: object = {}): object {
  return { model, messages: [{ role: 'user', content }], ...extra };
}

const sdk: PlainSdk = {
  withSignal: (abortSignal) => ({ abortSignal }),
};

/** All the doors of one version. */
export function cohereDoors(subject: Subject, version: Version): Door[] {
  const ofSecond = version.hasCause ? { ...sdk, withFetch: (send: typeof fetch) => ({ fetch: send }) } : sdk;
  const plain = plainDoors(subject, { ...ofSecond, refused: version.hasInner ? { request_id: 'req_standin' } : {} });
  return [
    ...plain.filter(({ title }) => version.hasInner || title !== madeBefore),
    ...(version.hasInner ? rawDoors(subject) : [oldClientDoor(subject)]),
    ...chatDoors(subject),
    ...firstApiDoors(subject),
    ...inputDoors(subject),
    ...failureDoors(subject),
  ];
}

const madeBefore = 'a client that was made before is traced';

/** A `CohereClientV2` has copies of the methods, so that one which was made before keeps those without us. */
function oldClientDoor({ asked, whole, ask, exports }: Subject): Door {
  let old: any;
  return {
    title: '`v2` of a client of version 1 that was made before is traced',
    run: ({ connect }) => ask((old ??= connect('', {}, () => exports.CohereClient).v2), 'hello'),
    ignoresRequests: true,
    events: [{ ...asked, ...whole }],
  };
}

function rawDoors({ asked, whole, streamed, ask, openStream }: Subject): Door[] {
  return [
    {
      title: 'withRawResponse() gives answer and response, in one event with tokens',
      run: ({ connect }) => ask(connect(), 'hello').withRawResponse(),
      events: [{ ...asked, ...whole }],
      check: ({ value }) => expect([value.rawResponse.status, value.data.id]).toEqual([200, 'chat-standin']),
    },
    {
      title: 'withRawResponse() and await of one promise are one event',
      async run({ connect }) {
        const promise = ask(connect(), 'hello');
        const [{ data }, value] = await Promise.all([promise.withRawResponse(), promise]);
        return { data, same: data === value };
      },
      events: [{ ...asked, ...whole }],
      check: ({ value }) => expect(value.same).toBe(true),
    },
    {
      title: 'withRawResponse() of a stream gives the stream',
      run: async ({ connect }) => readAll((await (openStream as any)(connect(), 'hello').withRawResponse()).data),
      events: [{ ...asked, ...streamed }],
    },
    {
      title: 'withRawResponse() of a failing call rejects as it did',
      run: ({ connect }) => ask(connect('/400-99'), 'hello').withRawResponse(),
      events: [{ ...asked, outcome: 'error', http_status: 400, request_id: 'req_standin' }],
      check: ({ thrown }) => expect(thrown.constructor.name).toBe('BadRequestError'),
    },
  ];
}

const weather = { type: 'function', function: { name: 'get_weather', parameters: {} } };

function chatDoors({ asked, whole, streamed, ask, openStream, exports }: Subject): Door[] {
  const calls = { ...calledTwice, finish_reason: 'TOOL_CALL', output: undefined };
  return [
    {
      title: 'chat() and chatStream() of the client of version 2 are called by their names',
      async run({ connect }) {
        const client = connect();
        return [await ask(client, 'hello'), await readAll(await openStream?.(client, 'hello'))];
      },
      events: [
        { ...asked, method: 'v2.chat' },
        { ...asked, method: 'v2.chatStream' },
      ],
    },
    {
      title: '`v2` of the client of version 1 is the same',
      run: ({ connect }) => ask(connect('', {}, () => exports.CohereClient).v2, 'hello'),
      events: [{ ...asked, ...whole, method: 'v2.chat' }],
    },
    {
      title: 'frozen arguments are fine, and stay what they were',
      run: ({ connect }) => ask(connect(), 'hello', Object.freeze({ p: 0.5, k: 3 }), Object.freeze({ maxRetries: 0 })),
      events: [{ ...asked, ...whole, top_p: 0.5 }],
    },
    {
      title: 'parallel tool calls do not merge',
      run: ({ connect }) => ask(connect(), 'weather', { tools: [weather] }),
      events: [{ ...asked, ...calls, streaming: false }],
    },
    {
      title: 'parallel tool calls of a stream do not merge',
      run: async ({ connect }) => readAll(await openStream?.(connect(), 'weather', { tools: [weather] })),
      events: [{ ...asked, ...calls, streaming: true }],
    },
    {
      title: 'thinking is no output, and counts as the first of the answer',
      run: async ({ connect }) => readAll(await openStream?.(connect('/slow-20'), 'think')),
      events: [{ ...asked, ...streamed }],
      check(_run, [event]) {
        expect(event?.['time_to_first_token_ms']).toBeLessThan((event?.['latency_ms'] as number) - 60);
      },
    },
    {
      title: 'a stream that ends with an error of the model is a failed event',
      run: async ({ connect }) => readAll(await openStream?.(connect(), 'fail')),
      events: [{ ...asked, outcome: 'error', error_code: 'ERROR', finish_reason: 'ERROR', input_tokens: 20 }],
    },
  ];
}
