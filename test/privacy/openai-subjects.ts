import Cerebras from '@cerebras/cerebras_cloud_sdk';
import Groq from 'groq-sdk';
import OpenAI from 'openai';
import Together from 'together-ai';
import type { ProviderName } from '../../src/patches';
import { answersOf, chatAnswer, chatChunks, chatRequest, completionAnswer, errorBody, headers } from './openai-wire';
import { responsesAnswer, responsesEvents, responsesRequest } from './responses-wire';
import { once, only, readAll, type Call, type Subject } from './subject';

/* eslint-disable @typescript-eslint/no-explicit-any -- one shape over the requests of all SDKs */

/** Chat and text completions, and what more there is, of a client that is built like OpenAI's. */
export function likeOpenAi(
  provider: ProviderName,
  Client: any,
  more: (make: (url: string) => any) => Call[] = () => [],
): Subject {
  const make = (url: string): any => new Client({ ...once, baseURL: url, warmTCPConnection: false });
  return {
    provider,
    exports: () => Client,
    calls: [
      {
        title: 'chat.completions.create',
        request: chatRequest,
        answers: answersOf(chatAnswer, chatChunks),
        run: async (url, request, stream) => readAll(await make(url).chat.completions.create({ ...request, stream })),
      },
      ...more(make),
    ],
  };
}

const completions = (make: (url: string) => any): Call => ({
  title: 'completions.create',
  request: { model: 'm', prompt: ['Once upon'], suffix: 'The end', stop: 'END', user: 'joan' },
  answers: answersOf(completionAnswer, [completionAnswer]),
  run: async (url, request, stream) => readAll(await make(url).completions.create({ ...request, stream })),
});

const embeddings = (make: (url: string) => any): Call => ({
  title: 'embeddings.create',
  request: { model: 'e', input: ['One', 'Two'], user: 'joan', encoding_format: 'float' },
  answers: only(answersOf({ id: 'embd-1a2b3c', model: 'e', data: [{ embedding: [1] }] }), 'whole', 'refused'),
  run: (url, request) => make(url).embeddings.create(request),
});

const images =
  (method: string) =>
  (make: (url: string) => any): Call => ({
    title: `images.${method}`,
    request: { model: 'i', prompt: 'A face', user: 'joan', style: 'vivid', negative_prompt: 'No hat' },
    answers: answersOf({
      data: [{ url: 'https://example.org/a.png', revised_prompt: 'A nice face', b64_json: 'AAAA' }],
    }),
    run: (url, request) => make(url).images[method](request),
  });

const heard = {
  text: 'I heard',
  language: 'fr',
  task: 'transcribe',
  segments: [{ text: 'I' }],
  words: [{ word: 'heard' }],
};
const transcriptions = (make: (url: string) => any): Call => ({
  title: 'audio.transcriptions.create',
  request: { model: 'w', prompt: 'Names', language: 'fr', response_format: 'json' },
  answers: answersOf(heard),
  run: (url, request) =>
    make(url).audio.transcriptions.create({ ...request, file: new File(['sound'], 'Kanari99999z.wav') }),
});

const speech = (make: (url: string) => any): Call => ({
  title: 'audio.speech.create',
  request: { model: 's', input: 'Say it', voice: 'alloy', instructions: 'Softly', response_format: 'mp3' },
  answers: answersOf({ sound: 'sound' }),
  run: (url, request) => make(url).audio.speech.create(request),
});

const moderations = (make: (url: string) => any): Call => ({
  title: 'moderations.create',
  request: {
    model: 'm',
    input: [
      { type: 'text', text: 'Bad' },
      { type: 'image_url', image_url: { url: 'https://example.org/x' } },
    ],
  },
  answers: answersOf({ id: 'modr-1a2b3c', model: 'm', results: [{ flagged: true, categories: {} }] }),
  run: (url, request) => make(url).moderations.create(request),
});

const responses = (make: (url: string) => any): Call => ({
  title: 'responses.create',
  request: responsesRequest,
  answers: {
    whole: { json: responsesAnswer, headers },
    failed: { json: { ...responsesAnswer, status: 'failed', error: errorBody.error } },
    streamed: { events: responsesEvents, headers },
    'streamed and failing': { events: [...responsesEvents.slice(0, 3), { type: 'error', ...errorBody.error }] },
    refused: { status: 400, json: errorBody },
  },
  run: async (url, request, stream) => readAll(await make(url).responses.create({ ...request, stream })),
});

export const openAiSubjects: readonly Subject[] = [
  likeOpenAi('openai', OpenAI, (make) =>
    [completions, embeddings, images('generate'), transcriptions, speech, moderations, responses].map((of) => of(make)),
  ),
  likeOpenAi('groq', Groq, (make) => [embeddings, transcriptions, speech].map((of) => of(make))),
  likeOpenAi('together', Together, (make) =>
    [completions, embeddings, images('generate'), transcriptions, speech]
      .map((of) => of(make))
      .concat({
        title: 'rerank.create',
        request: { model: 'r', query: 'Which', documents: ['One', { title: 'Two' }], rank_fields: ['title'] },
        answers: answersOf({ id: 'rr-1a2b3c4d', model: 'r', results: [{ index: 0, document: { text: 'One' } }] }),
        run: (url, request) => make(url).rerank.create(request),
      }),
  ),
  likeOpenAi('cerebras', Cerebras, (make) => [completions(make)]),
];
