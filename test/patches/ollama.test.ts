import { join } from 'node:path';
import * as ollama from 'ollama';
import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch, type Door, type Subject } from './describe-patch';
import { describePrivacy } from './describe-privacy';
import { plainDoors } from './plain-doors';
import { readAll } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- doors take the clients of any SDK */

const model = 'llama3.2';

const answered = {
  outcome: 'ok',
  response_model: model,
  output: 'Hello from the stand-in.',
  finish_reason: 'stop',
  input_tokens: 20,
  output_tokens: 12,
  total_tokens: 32,
  // The SDK gives nothing but the body, and does not try again.
  http_status: undefined,
  request_id: undefined,
  retry_count: undefined,
};

const subject: Subject = {
  title: 'ollama 0.6',
  provider: 'ollama',
  package: 'ollama',
  exports: ollama,
  isPlain: true,
  calls: join(__dirname, 'ollama-calls.cjs'),
  client: (host, { defaultHeaders: headers, fetch }: any = {}, subclass = (Base) => Base) =>
    new (subclass(ollama.Ollama))({ host, headers, fetch }),
  ask: (client, prompt, extra) => client.chat({ model, messages: [{ role: 'user', content: prompt }], ...extra }),
  asked: {
    provider: 'ollama',
    sdk: 'ollama',
    operation: 'chat_completion',
    method: 'chat',
    model,
    message_count: 1,
  },
  whole: { ...answered, streaming: false },
  streamed: { ...answered, streaming: true },
  partial: { streaming: true, finish_reason: undefined, input_tokens: undefined, output_tokens: undefined },
};

const { asked, ask } = subject;
const text = { ...asked, ...answered, operation: 'text_completion', method: 'generate', message_count: undefined };
const embedding = { ...asked, operation: 'embedding', message_count: undefined, outcome: 'ok', output: undefined };
const tools = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } }];
const calls = {
  finish_reason: 'stop',
  tool_call_count: 2,
  tool_calls: ['Paris', 'Tokyo'].map((city) => ({ name: 'get_weather', arguments: JSON.stringify({ city }) })),
};

const ollamaDoors: Door[] = [
  ...[false, true].map((stream): Door => ({
    // Their index is 0 in both: servers do not count them.
    title: `parallel tool calls do not merge${stream ? ', streamed' : ''}`,
    async run({ connect }) {
      const answer = await ask(connect(), 'weather', { tools, stream });
      return stream ? readAll(answer) : answer;
    },
    events: [{ ...asked, ...calls, outcome: 'ok', streaming: stream, tool_count: 1, output: undefined }],
  })),
  {
    title: 'thoughts are no output, and count as the first of the answer',
    run: async ({ connect }) => readAll(await ask(connect('/slow-20'), 'think', { stream: true, think: 'low' })),
    events: [{ ...asked, ...subject.streamed, reasoning_effort: 'low' }],
    check(_run, [event]) {
      expect(event?.['time_to_first_token_ms']).toBeLessThan((event?.['latency_ms'] as number) - 60);
    },
  },
  {
    title: 'a loop that is left after abort() was aborted, and not cancelled',
    async run({ connect }) {
      const stream = await ask(connect('/slow-5'), 'long', { stream: true });
      for await (const chunk of stream) {
        stream.abort();
        return chunk;
      }
    },
    events: [{ ...asked, ...subject.partial, outcome: 'aborted', output: 'lorem ip' }],
    check: ({ value }) => expect(value.message.content).toBe('lorem ip'),
  },
  {
    title: 'an error in the middle of a stream is the error of the loop',
    run: async ({ connect }) => readAll(await ask(connect(), 'fail', { stream: true })),
    events: [
      {
        ...asked,
        outcome: 'error',
        error: 'model runner has stopped',
        error_type: 'Error',
        output: 'Hello from the s',
      },
    ],
    check: ({ thrown }) => expect(thrown.message).toBe('model runner has stopped'),
  },
  {
    title: 'generate() is a text completion',
    run: ({ connect }) => connect().generate({ model, prompt: 'hello', options: { temperature: 0, num_predict: 9 } }),
    events: [{ ...text, input: 'hello', streaming: false, temperature: 0, max_tokens: 9 }],
  },
  {
    title: 'generate() streams',
    run: async ({ connect }) => readAll(await connect().generate({ model, prompt: 'think', stream: true })),
    events: [{ ...text, input: 'think', streaming: true }],
  },
  {
    title: 'embed() is an embedding',
    run: ({ connect }) => connect().embed({ model, input: ['one', 'two'] }),
    events: [
      { ...embedding, method: 'embed', input_count: 2, input: 'one\ntwo', input_tokens: 5, response_model: model },
    ],
  },
  {
    title: 'embeddings() is an embedding, of which no tokens are known',
    run: ({ connect }) => connect().embeddings({ model, prompt: 'one' }),
    events: [{ ...embedding, method: 'embeddings', input: 'one', input_tokens: undefined, response_model: undefined }],
  },
  {
    title: 'systemone() is a judgement of a model',
    run: ({ connect }) =>
      connect().systemone({ model, state: 'hello', questions: { mood: { type: 'noul', instructions: 'good?' } } }),
    events: [
      {
        ...asked,
        method: 'systemone',
        message_count: undefined,
        outcome: 'ok',
        input: 'hello',
        input_count: 1,
        input_tokens: 9,
        output: '{"mood":{"type":"noul","noul":0.75}}',
      },
    ],
  },
  {
    // The SDK writes `stream: false` into the request.
    title: 'frozen arguments fail as they did',
    run: ({ connect }) => connect().chat(Object.freeze({ model, messages: [{ role: 'user', content: 'hello' }] })),
    events: [{ ...asked, outcome: 'error', error_type: 'TypeError', http_status: undefined }],
    check: ({ thrown }) => expect(thrown.message).toContain('not extensible'),
  },
  {
    title: 'no request at all rejects as it did',
    run: ({ connect }) => connect().chat(),
    events: [{ provider: 'ollama', method: 'chat', outcome: 'error', error_type: 'TypeError', model: undefined }],
    check: ({ thrown }) => expect(thrown.constructor.name).toBe('TypeError'),
  },
  {
    title: 'a picture that the SDK turns into base64 is sent as it was, and is a mark in the event',
    run: ({ connect }) =>
      connect().chat({ model, messages: [{ role: 'user', content: 'what?', images: [new Uint8Array([1, 2, 3])] }] }),
    events: [{ ...asked, outcome: 'ok', messages: [{ role: 'user', content: 'what?\n[image]' }] }],
  },
  {
    title: 'what is no call of a model is no event',
    run: async ({ connect }) => [await connect().list(), await readAll(await connect().pull({ model, stream: true }))],
    events: [],
    check: ({ value }) => expect(value[1]).toHaveLength(2),
  },
];

describePatch(
  subject,
  [
    ...plainDoors(subject, {
      aborts: {
        'abort() of the stream': (stream) => stream.abort(),
        'abort() of the client': (_, client) => client.abort(),
      },
      withFetch: (send) => ({ fetch: send }),
    }),
    ...ollamaDoors,
  ],
  describeLifecycle,
  describeBrokenPatch,
  describePrivacy,
);
