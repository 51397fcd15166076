import { join } from 'node:path';
import type { Door, Expected, Subject } from './describe-patch';
import { generatorDoors, notOfGenerators } from './generator-doors';
import { plainDoors } from './plain-doors';
import { readAll } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of several majors */

const model = 'acme/talker';

const answered = {
  outcome: 'ok',
  response_model: `${model}-2025-01-01`,
  response_id: 'chatcmpl-standin',
  output: 'Hello from the stand-in.',
  finish_reason: 'stop',
  // The SDK gives nothing but the body.
  http_status: undefined,
  request_id: undefined,
  retry_count: undefined,
};

interface Major {
  readonly title: string;
  /** The file with its functions in an object. */
  readonly holder: string;
  /** Whether its errors say the status. */
  readonly tellsStatus: boolean;
  /** What the event of `textGenerationStream` says of its end: the majors ask Hugging Face in different words. */
  readonly generated: Expected;
}

/** The functions of one major of Hugging Face's SDK, as the contract wants to know it. */
export function huggingfaceSubject({ title, holder }: Major, sdk: any): Subject {
  return {
    title,
    provider: 'huggingface',
    package: holder,
    exports: sdk,
    isPlain: true,
    calls: join(__dirname, 'huggingface-calls.cjs'),
    client: (url, options, subclass = (Base) => Base) => new (subclass(clientOf(sdk)))(url, options),
    ask: (client, prompt, extra, options) => client.call('chatCompletion', chatOf(prompt, extra), options),
    openStream: (client, prompt, extra, options) =>
      Promise.resolve(client.call('chatCompletionStream', chatOf(prompt, extra), options)),
    asked: {
      provider: 'local',
      sdk: '@huggingface/inference',
      operation: 'chat_completion',
      method: 'chatCompletion',
      model,
      message_count: 1,
    },
    whole: { ...answered, streaming: false, input_tokens: 20, output_tokens: 12, cached_input_tokens: 8 },
    streamed: { ...answered, method: 'chatCompletionStream', streaming: true, input_tokens: undefined },
    partial: { method: 'chatCompletionStream', streaming: true, finish_reason: undefined, output_tokens: undefined },
  };
}

const chatOf = (content: string, extra: object = {}): object => ({
  model,
  messages: [{ role: 'user', content }],
  ...extra,
});

/** What `InferenceClient` does, on functions that can be patched: it has got hold of its own when it was made. */
function clientOf(sdk: any): any {
  return class Client {
    constructor(
      private readonly url: string,
      private readonly options: any = {},
    ) {}

    call(name: string, request: any, options: object = {}): unknown {
      const { defaultHeaders, fetch: send = fetch } = this.options;
      const local = (url: string): string =>
        url.replace(/^https:\/\/(router\.)?(huggingface\.co|api\.groq\.com)/, this.url);
      // The SDK asks the hub once for each model, and remembers: that request is not of this run.
      const tagged = (url: string, init: any): unknown =>
        url.includes('/api/models/')
          ? fetch(local(url))
          : send(local(url), { ...init, headers: { ...init?.headers, ...defaultHeaders } });
      const endpointUrl = request.provider === undefined ? `${this.url}/v1` : undefined;
      return sdk[name]({ ...(endpointUrl && { endpointUrl }), ...request }, { fetch: tagged, ...options });
    }
  };
}

export function huggingfaceDoors(subject: Subject, { tellsStatus, generated }: Major): Door[] {
  const told = tellsStatus ? { request_id: 'req_standin' } : { http_status: undefined, request_id: undefined };
  const plain = plainDoors(subject, {
    refused: told,
    withFetch: (send) => ({ fetch: send }),
    withSignal: (signal) => ({ signal }),
  });
  return [
    ...plain.filter(({ title }) => !notOfGenerators.includes(title)),
    ...generatorDoors(subject, tellsStatus ? { http_status: 400, request_id: 'req_standin' } : {}),
    ...taskDoors(subject, told, generated),
    ...providerDoors(subject),
  ];
}

function taskDoors({ asked }: Subject, told: object, generated: Expected): Door[] {
  const task = (operation: string, method: string, more: Expected): Expected[] => [
    { ...asked, message_count: undefined, provider: 'huggingface', operation, method, outcome: 'ok', ...more },
  ];
  const of = (name: string): object => ({ provider: 'hf-inference', accessToken: 'hf_none', model: `acme/${name}` });
  const input = (prompt: string): Expected => ({ input: prompt, input_length: prompt.length });
  const wrote = { model: 'acme/writer', ...input('hello'), output: 'Hello from the stand-in.' };
  return [
    {
      title: 'textGeneration() is a text_completion',
      run: ({ connect }) =>
        connect().call('textGeneration', {
          ...of('writer'),
          inputs: 'hello',
          parameters: { max_new_tokens: 9, temperature: 0.5, top_p: 0.9, seed: 3, stop: ['x'] },
        }),
      events: task('text_completion', 'textGeneration', {
        ...wrote,
        ...{ max_tokens: 9, temperature: 0.5, top_p: 0.9, seed: 3, stop_sequence_count: 1, streaming: false },
      }),
    },
    {
      title: 'textGenerationStream() is a streamed text_completion',
      run: async ({ connect }) =>
        readAll(connect().call('textGenerationStream', { ...of('writer'), inputs: 'hello' }) as AsyncIterable<unknown>),
      events: task('text_completion', 'textGenerationStream', {
        ...wrote,
        streaming: true,
        output_tokens: 12,
        ...generated,
      }),
    },
    {
      title: 'featureExtraction() is an embedding',
      run: ({ connect }) => connect().call('featureExtraction', { ...of('embedder'), inputs: 'hello' }),
      events: task('embedding', 'featureExtraction', { model: 'acme/embedder', ...input('hello'), output: undefined }),
    },
    {
      title: 'featureExtraction() of several inputs counts them',
      run: ({ connect }) => connect().call('featureExtraction', { ...of('embedder'), inputs: ['one', 'two'] }),
      events: task('embedding', 'featureExtraction', { model: 'acme/embedder', input: 'one\ntwo', input_count: 2 }),
    },
    {
      title: 'textToImage() is an image_generation, and a mark stands for the picture',
      async run({ connect }) {
        const { size, type } = await connect().call('textToImage', { ...of('painter'), inputs: 'a cat' });
        return { size, type };
      },
      events: task('image_generation', 'textToImage', {
        ...{ model: 'acme/painter', ...input('a cat'), output: '[image/png]' },
      }),
    },
    {
      title: 'automaticSpeechRecognition() is a transcription',
      run: ({ connect }) =>
        connect().call('automaticSpeechRecognition', { ...of('listener'), data: new Blob(['la la']) }),
      events: task('transcription', 'automaticSpeechRecognition', { model: 'acme/listener', output: 'Hello there.' }),
    },
    {
      title: 'textToSpeech() is speech',
      async run({ connect }) {
        const { size, type } = await connect().call('textToSpeech', { ...of('speaker'), inputs: 'hello' });
        return { size, type };
      },
      events: task('speech', 'textToSpeech', { model: 'acme/speaker', ...input('hello'), output: undefined }),
    },
    {
      title: 'translation() and summarization() are events',
      async run({ connect }) {
        const client = connect();
        const translated = await client.call('translation', { ...of('translator'), inputs: 'Hello.' });
        return { translated, short: await client.call('summarization', { ...of('summarizer'), inputs: 'hello' }) };
      },
      events: [
        ...task('translation', 'translation', { model: 'acme/translator', output: 'Bonjour.' }),
        ...task('text_completion', 'summarization', { model: 'acme/summarizer', output: 'In short.' }),
      ],
    },
    {
      title: 'classifying is no call of a language model, and no event',
      run: ({ connect }) =>
        connect()
          .call('textClassification', { ...of('sorter'), inputs: 'hello' })
          .catch((error: unknown) => error),
      events: [],
    },
    {
      title: 'an input that the SDK refuses rejects as it did',
      run: ({ connect }) =>
        connect().call('chatCompletion', { ...chatOf('hello'), provider: 'groq', endpointUrl: 'http://127.0.0.1:1' }),
      events: [{ ...asked, ...told, outcome: 'error', http_status: undefined, request_id: undefined }],
      check: ({ thrown }) => expect(thrown.message).toContain('endpointUrl'),
    },
  ];
}

/** Who serves a call is not who sells it: with a token of Hugging Face's, all calls are theirs. */
function providerDoors({ asked, whole }: Subject): Door[] {
  const known = {
    ...asked,
    ...whole,
    response_model: model,
    response_id: 'chatcmpl-hf',
    cached_input_tokens: undefined,
  };
  const through = (provider: string, accessToken: string) => ({
    run: ({ connect }: Parameters<Door['run']>[0]): unknown =>
      connect().call('chatCompletion', chatOf('hello', { provider, accessToken })),
  });
  return [
    {
      title: 'a call that Hugging Face routes to a vendor is theirs',
      ...through('together', 'hf_none'),
      events: [{ ...known, provider: 'huggingface' }],
    },
    {
      title: "a call with a vendor's own key is the vendor's",
      ...through('groq', 'gsk_none'),
      events: [{ ...asked, ...whole, provider: 'groq' }],
    },
  ];
}
