import { join } from 'node:path';
import { z } from 'zod';
import { versionOf, type Door, type Subject } from './describe-patch';
import { plainDoors, type PlainSdk } from './plain-doors';
import { readableStreamDoors } from './readable-stream-doors';
import { readAll } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of many SDK majors */

export const model = 'mistral-small-latest';

const answered = {
  outcome: 'ok',
  response_model: model,
  output: 'Hello from the stand-in.',
  finish_reason: 'stop',
  response_id: 'cmpl-standin',
  input_tokens: 20,
  output_tokens: 12,
  total_tokens: 32,
  cached_input_tokens: 8,
  // The SDK gives nothing but the body.
  http_status: undefined,
  request_id: undefined,
  retry_count: undefined,
};

/** One major of the Mistral SDK; `exportsOf` is asked when a test runs, because an ES module is there only then. */
export function mistralSubject(name: string, exportsOf: () => any): Subject {
  return {
    title: `@mistralai/mistralai ${versionOf(name).split('.')[0] ?? ''}`,
    provider: 'mistral',
    package: name,
    get exports() {
      return exportsOf();
    },
    isPlain: true,
    calls: join(__dirname, 'mistral-calls.cjs'),
    client(url, { defaultHeaders, fetch: fetcher, ...options }: any = {}, subclass = (Base) => Base) {
      const { Mistral, HTTPClient } = exportsOf();
      const httpClient = new HTTPClient({ fetcher });
      httpClient.addHook('beforeRequest', (request: Request) => {
        for (const [header, value] of Object.entries(defaultHeaders ?? {})) request.headers.set(header, String(value));
      });
      return new (subclass(Mistral))({ apiKey: 'none', serverURL: `${url}/mistral`, httpClient, ...options });
    },
    ask: (client, prompt, extra, options) => client.chat.complete(request(prompt, extra), options),
    openStream: (client, prompt, extra, options) => client.chat.stream(request(prompt, extra), options),
    asked: { provider: 'local', sdk: '@mistralai/mistralai', operation: 'chat_completion', model, message_count: 1 },
    whole: { ...answered, streaming: false },
    streamed: { ...answered, streaming: true },
    partial: { streaming: true, finish_reason: undefined, response_model: model, output_tokens: undefined },
  };
}

function request(content: string, extra: object = {}): object {
  return { model, messages: [{ role: 'user', content }], ...extra };
}

const brokenBody = 'an answer that breaks off in its body rejects as it did';

/** All the doors of one major. */
export function mistralDoors(subject: Subject, major: 1 | 2): Door[] {
  return [
    // Version 1 reads a copy of the body as well, and leaves the failure of that unhandled, traced or not.
    ...plainDoors(subject, sdk).filter(({ title }) => major === 2 || title !== brokenBody),
    ...readableStreamDoors(subject, (send) => ({ fetch: send })),
    ...chatDoors(subject),
    ...resourceDoors(subject),
    ...failureDoors(subject),
  ];
}

const sdk: PlainSdk = {
  withSignal: (signal) => ({ fetchOptions: { signal } }),
  withFetch: (send) => ({ fetch: send }),
  refused: { request_id: 'req_standin', error_code: '3051' },
};

const weather = { type: 'function', function: { name: 'get_weather', parameters: {} } };
const place = z.object({ city: z.string(), celsius: z.number() });
const misfit = z.object({ city: z.number() });

function chatDoors({ asked, whole, streamed, ask, openStream }: Subject): Door[] {
  const json = '{"city":"Paris","celsius":18}';
  const parsed = { ...asked, ...whole, method: 'chat.parse', output: json, response_format: 'json_schema' };
  const calls = {
    outcome: 'ok',
    finish_reason: 'tool_calls',
    tool_count: 1,
    tool_call_count: 2,
    tool_calls: ['Paris', 'Tokyo'].map((city) => ({ name: 'get_weather', arguments: JSON.stringify({ city }) })),
  };
  return [
    {
      title: 'complete() and stream() are called by their names',
      async run({ connect }) {
        const client = connect();
        return [await ask(client, 'hello'), await readAll(await openStream?.(client, 'hello'))];
      },
      events: [
        { ...asked, method: 'chat.complete' },
        { ...asked, method: 'chat.stream' },
      ],
    },
    {
      title: 'frozen arguments are fine, and stay what they were',
      run: ({ connect }) => ask(connect(), 'hello', Object.freeze({ temperature: 0 }), Object.freeze({ headers: {} })),
      events: [{ ...asked, ...whole, temperature: 0 }],
    },
    {
      title: 'parse() gives the parsed answer, in one event',
      run: ({ connect }) => connect().chat.parse(request('json', { responseFormat: place })),
      events: [parsed],
      check: ({ value }) => expect(value.choices[0].message.parsed).toEqual({ city: 'Paris', celsius: 18 }),
    },
    {
      title: 'parse() with a schema that does not fit gives what it gave, and the tokens it cost are in the event',
      run: ({ connect }) => connect().chat.parse(request('json', { responseFormat: misfit })),
      events: [parsed],
      check: ({ value }) => expect(value.choices[0].message.parsed).toBeUndefined(),
    },
    {
      title: 'parseStream() gives its chunks, in one event',
      run: async ({ connect }) => readAll(await connect().chat.parseStream(request('json', { responseFormat: place }))),
      events: [{ ...parsed, method: 'chat.parseStream', streaming: true }],
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
      title: 'n = 2 is one event with both answers',
      run: ({ connect }) => ask(connect(), 'hello', { n: 2 }),
      events: [{ ...asked, ...whole, output: 'Hello from the stand-in.\nHello from the stand-in.' }],
    },
  ];
}

function resourceDoors({ asked, whole, streamed }: Subject): Door[] {
  const messages = [{ role: 'user', content: 'hello' }];
  const agent = { ...asked, model: undefined, response_model: 'mistral-small-2506' };
  const fim = { ...asked, operation: 'text_completion', message_count: undefined, input: 'const a =' };
  const moderation = { ...asked, operation: 'moderation', input_tokens: undefined, response_id: 'mod-standin' };
  return [
    {
      title: 'agents.complete() is a chat completion of a model that the answer tells',
      run: ({ connect }) => connect().agents.complete({ agentId: 'ag_1', messages }),
      events: [{ ...whole, ...agent, method: 'agents.complete' }],
    },
    {
      title: 'agents.stream() streams',
      run: async ({ connect }) => readAll(await connect().agents.stream({ agentId: 'ag_1', messages })),
      events: [{ ...streamed, ...agent, method: 'agents.stream' }],
    },
    {
      title: 'fim.complete() is a text completion',
      run: ({ connect }) => connect().fim.complete({ model, prompt: 'const a =', suffix: ';', maxTokens: 9 }),
      events: [{ ...fim, ...whole, method: 'fim.complete', max_tokens: 9 }],
    },
    {
      title: 'fim.stream() streams',
      run: async ({ connect }) => readAll(await connect().fim.stream({ model, prompt: 'const a =', randomSeed: 7 })),
      events: [{ ...fim, ...streamed, method: 'fim.stream', seed: 7 }],
    },
    {
      title: 'embeddings.create() is an embedding, without tokens of an output',
      run: ({ connect }) => connect().embeddings.create({ model, inputs: ['one', 'two'] }),
      events: [
        {
          ...{ ...asked, operation: 'embedding', method: 'embeddings.create', message_count: undefined, outcome: 'ok' },
          ...{ input: 'one\ntwo', input_count: 2, input_tokens: 5, output_tokens: undefined, total_tokens: 5 },
        },
      ],
    },
    {
      title: 'classifiers.moderate() is a moderation, whose tokens the SDK drops',
      run: ({ connect }) => connect().classifiers.moderate({ model, inputs: ['one', 'two'] }),
      events: [{ ...moderation, method: 'classifiers.moderate', message_count: undefined, input: 'one\ntwo' }],
    },
    {
      title: 'classifiers.moderateChat() is a moderation of a conversation',
      run: ({ connect }) => connect().classifiers.moderateChat({ model, inputs: messages }),
      events: [{ ...moderation, method: 'classifiers.moderateChat', messages, input: undefined }],
    },
  ];
}

function failureDoors({ asked, whole, ask }: Subject): Door[] {
  const retries = {
    strategy: 'backoff',
    backoff: { initialInterval: 1, maxInterval: 2, exponent: 1, maxElapsedTime: 500 },
  };
  return [
    {
      title: 'a retry inside the SDK is one event, and is not counted where nobody tells of it',
      run: ({ connect }) => ask(connect('/429-1'), 'hello', {}, { retries }),
      // What a client waits for is chance.
      ignoresRequests: true,
      events: [{ ...asked, ...whole }],
    },
    {
      title: 'a timeout rejects as it did',
      run: ({ connect }) => ask(connect('/wait-500'), 'hello', {}, { timeoutMs: 30 }),
      ignoresRequests: true,
      events: [{ ...asked, outcome: 'error', http_status: undefined, output: undefined }],
      check: ({ thrown }, [event]) => expect(event?.['error_type']).toBe(thrown.constructor.name),
    },
    {
      title: 'a signal beside the fetch options aborts as it did',
      run: ({ connect }) => ask(connect(), 'hello', {}, { signal: AbortSignal.abort() }),
      ignoresRequests: true,
      events: [{ ...asked, outcome: 'aborted', http_status: undefined }],
      check: ({ thrown }) => expect(thrown).toBeDefined(),
    },
    {
      title: 'a request that the SDK finds invalid rejects as it did',
      run: ({ connect }) => connect().chat.complete({ messages: 'none' }),
      events: [{ method: 'chat.complete', outcome: 'error', error_type: 'SDKValidationError', http_status: undefined }],
      check: ({ thrown }) => expect(thrown.constructor.name).toBe('SDKValidationError'),
    },
    {
      title: 'no request at all rejects as it did',
      run: ({ connect }) => connect().chat.complete(),
      events: [{ method: 'chat.complete', outcome: 'error', error_type: 'SDKValidationError', model: undefined }],
      check: ({ thrown }) => expect(thrown.constructor.name).toBe('SDKValidationError'),
    },
  ];
}
