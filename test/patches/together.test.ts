import * as together from 'together-ai';
import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch, type Door } from './describe-patch';
import { describePrivacy } from './describe-privacy';
import {
  methodDoors,
  stainlessDoors,
  stainlessSubject,
  model,
  type MethodRow,
  type Stainless,
} from './stainless-subject';

const sdk: Stainless = {
  provider: 'together',
  package: 'together-ai',
  module: 'together-ai',
  exports: together,
  client: 'Together',
  path: '/together-ai/v1',
  usesNodeFetch: false,
  hasWithOptions: true,
  answered: { finish_reason: 'eos', service_tier: undefined },
};

const subject = stainlessSubject(sdk);

const file = async (): Promise<object> => ({
  file: await together.toFile(Buffer.from('not really a file'), 'a.mp3'),
});
const completed = { output: 'Hello from the stand-in.', finish_reason: 'eos', input_tokens: 20, output_tokens: 12 };
const documents = ['one', 'two', 'three'];

const rows: MethodRow[] = [
  ['completions.create', 'text_completion', { prompt: 'hello' }, { ...completed, input: 'hello' }],
  ['completions.create', 'text_completion', { prompt: 'hello', stream: true }, { ...completed, streaming: true }],
  ['embeddings.create', 'embedding', { input: 'one' }, { input: 'one', input_tokens: 5 }],
  ['images.generate', 'image_generation', { prompt: 'a cat' }, { input: 'a cat', output: '[image]' }],
  [
    'images.generate',
    'image_generation',
    { prompt: 'a cat', response_format: 'base64' },
    { output: '[image 45 B]', response_id: 'img-standin', response_model: model },
  ],
  [
    'rerank.create',
    'rerank',
    { query: 'which?', documents },
    { input: 'which?', input_count: 3, input_tokens: 15, output: undefined, response_id: 'rerank-standin' },
  ],
  ['audio.transcriptions.create', 'transcription', file, { output: 'Hello there.' }],
  ['audio.translations.create', 'translation', file, { output: 'Hello there.' }],
  ['audio.speech.create', 'speech', { input: 'hello', voice: 'x' }, { input: 'hello', streaming: false }],
  [
    'audio.speech.create',
    'speech',
    { input: 'hello', voice: 'x', stream: true },
    { input: 'hello', streaming: true, output: undefined, response_model: model },
  ],
];

const request = { model, messages: [{ role: 'user' as const, content: 'hello' }] };
const helperDoors: Door[] = [
  {
    title: 'chat.completions.stream() gives its events and its final answer, and is one event',
    async run({ connect }) {
      const stream = connect().chat.completions.stream(request);
      const seen: unknown[] = [];
      for (const name of ['content', 'chunk', 'end'])
        stream.on(name, (...args: unknown[]) => seen.push([name, ...args]));
      return { final: await stream.finalChatCompletion(), seen };
    },
    events: [{ ...subject.asked, ...subject.streamed }],
    check: ({ value }) => expect(value.seen.length).toBeGreaterThan(4),
  },
  {
    title: 'chat.completions.stream() of a failing call rejects as it did',
    run: ({ connect }) => connect('/500-99').chat.completions.stream(request).finalChatCompletion(),
    events: [{ ...subject.asked, outcome: 'error', http_status: 500, streaming: true }],
  },
  {
    title: 'speech that is left before its end is a cancelled event',
    async run({ connect }) {
      const input = { model: 'm', input: 'hello', voice: 'x', stream: true };
      for await (const chunk of await connect('/slow-20').audio.speech.create(input)) return chunk;
    },
    events: [
      { ...subject.asked, method: 'audio.speech.create', operation: 'speech', model: 'm', outcome: 'cancelled' },
    ],
  },
];

describePatch(
  subject,
  [...stainlessDoors(subject, sdk), ...methodDoors(subject, rows), ...helperDoors],
  describeLifecycle,
  describeBrokenPatch,
  describePrivacy,
);
