import Anthropic from '@anthropic-ai/sdk';
import * as bedrock from '@aws-sdk/client-bedrock-runtime';
import Cerebras from '@cerebras/cerebras_cloud_sdk';
import * as generativeAi from '@google/generative-ai';
import * as cohere from 'cohere-ai';
import Groq from 'groq-sdk';
import * as mistral from 'mistral-v1';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import Replicate from 'replicate';
import Together from 'together-ai';
import type { ProviderName } from '../../src/patches';
import { configOf } from '../patches/bedrock-subject';
import * as wires from './wires';
import { answersOf, chatAnswer, chatChunks, chatRequest, completionAnswer, errorBody, headers } from './openai-wire';
import type { Answer } from './servers';

/* eslint-disable @typescript-eslint/no-explicit-any -- one shape over the requests of all SDKs */
/* eslint-disable @typescript-eslint/no-require-imports -- plain JavaScript, and what is typed as an ES module */
const hf = require('../patches/huggingface-holder.cjs');
const genAi = require('google-genai-v1');
const { createOpenAI } = require('ai-sdk-openai-v2');
/* eslint-enable @typescript-eslint/no-require-imports */

export interface Call {
  readonly title: string;
  readonly request: any;
  /** By how the call ends. */
  readonly answers: Readonly<Record<string, Answer>>;
  /** Keys whose values the SDK insists on. */
  readonly keep?: readonly string[];
  run(url: string, request: any, isStream: boolean): Promise<unknown>;
}

export interface Subject {
  readonly provider: ProviderName;
  /** What `modules` is given: made anew for each run where it is a model. */
  exports(url: string): unknown;
  readonly calls: readonly Call[];
}

const once = { apiKey: 'none', maxRetries: 0 };

/** Reads what can be read. */
export async function readAll(answer: any): Promise<void> {
  if (typeof answer?.getReader === 'function' || typeof answer?.[Symbol.asyncIterator] === 'function') {
    for await (const chunk of answer) void chunk;
  }
}

const only = (answers: Record<string, Answer>, ...names: string[]): Record<string, Answer> =>
  Object.fromEntries(Object.entries(answers).filter(([name]) => names.includes(name)));

/** Chat and text completions, and what more there is, of a client that is built like OpenAI's. */
function likeOpenAi(
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
  request: wires.responsesRequest,
  answers: {
    whole: { json: wires.responsesAnswer, headers },
    failed: { json: { ...wires.responsesAnswer, status: 'failed', error: errorBody.error } },
    streamed: { events: wires.responsesEvents, headers },
    'streamed and failing': { events: [...wires.responsesEvents.slice(0, 3), { type: 'error', ...errorBody.error }] },
    refused: { status: 400, json: errorBody },
  },
  run: async (url, request, stream) => readAll(await make(url).responses.create({ ...request, stream })),
});

export const subjects: readonly Subject[] = [
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
  {
    provider: 'anthropic',
    exports: () => Anthropic,
    calls: [
      {
        title: 'messages.create',
        request: wires.messagesRequest,
        answers: {
          whole: { json: wires.messagesAnswer, headers },
          streamed: { events: wires.messagesEvents, headers },
          'streamed and failing': { events: [...wires.messagesEvents.slice(0, 3), { type: 'error', ...errorBody }] },
          refused: { status: 400, json: { type: 'error', ...errorBody } },
        },
        run: async (baseURL, request, stream) =>
          readAll(await new Anthropic({ ...once, baseURL }).messages.create({ ...request, stream })),
      },
      {
        title: 'messages.countTokens',
        request: wires.messagesRequest,
        answers: { whole: { json: { input_tokens: 1, note: 'x' } }, refused: { status: 400, json: errorBody } },
        run: (baseURL, request) => new Anthropic({ ...once, baseURL }).messages.countTokens(request),
      },
    ],
  },
  {
    provider: 'google',
    exports: () => genAi,
    calls: [
      {
        title: 'models.generateContent',
        request: wires.geminiRequest,
        answers: wires.geminiAnswers,
        keep: ['language', 'outcome', 'modality', 'trafficType'],
        async run(baseUrl, request, isStream) {
          const { models } = new genAi.GoogleGenAI({ apiKey: 'none', vertexai: false, httpOptions: { baseUrl } });
          await readAll(await (isStream ? models.generateContentStream(request) : models.generateContent(request)));
        },
      },
      {
        title: 'models.embedContent',
        request: { model: 'e', contents: ['One', 'Two'], config: { title: 'Three' } },
        answers: { whole: { json: { embeddings: [{ values: [1] }] } }, refused: { status: 400, json: errorBody } },
        run: (baseUrl, request) =>
          new genAi.GoogleGenAI({ apiKey: 'none', vertexai: false, httpOptions: { baseUrl } }).models.embedContent(
            request,
          ),
      },
      {
        title: 'models.generateImages',
        request: { model: 'i', prompt: 'A face', config: { labels: { note: 'n' } } },
        answers: {
          whole: {
            json: { predictions: [{ mimeType: 'image/png', bytesBase64Encoded: 'AAAA', prompt: 'A nice face' }] },
          },
        },
        run: (baseUrl, request) =>
          new genAi.GoogleGenAI({ apiKey: 'none', vertexai: false, httpOptions: { baseUrl } }).models.generateImages(
            request,
          ),
      },
    ],
  },
  {
    provider: 'google-generative-ai',
    exports: () => generativeAi,
    calls: [
      {
        title: 'generateContent',
        request: wires.geminiRequest,
        answers: wires.geminiAnswers,
        keep: ['language', 'outcome', 'modality', 'trafficType'],
        async run(baseUrl, { model, contents, config }, isStream) {
          const { tools, systemInstruction, ...generationConfig } = config;
          const client = new generativeAi.GoogleGenerativeAI('none');
          const asked = client.getGenerativeModel({ model, tools, systemInstruction, generationConfig }, { baseUrl });
          if (!isStream) return void (await asked.generateContent({ contents }));
          const { stream, response } = await asked.generateContentStream({ contents });
          response.catch(() => undefined);
          await readAll(stream);
        },
      },
      {
        title: 'sendMessage',
        request: {
          model: 'gemini-x',
          history: [
            { role: 'user', parts: [{ text: 'Before' }] },
            { role: 'model', parts: [{ text: 'After' }] },
          ],
          said: 'Now',
        },
        answers: only(wires.geminiAnswers, 'whole', 'refused'),
        keep: ['language', 'outcome', 'modality', 'trafficType'],
        run: (baseUrl, { model, history, said }) =>
          new generativeAi.GoogleGenerativeAI('none')
            .getGenerativeModel({ model }, { baseUrl })
            .startChat({ history })
            .sendMessage(said as string),
      },
    ],
  },
  {
    provider: 'bedrock',
    exports: () => bedrock,
    calls: [
      {
        title: 'Converse',
        request: wires.converseRequest,
        answers: {
          whole: { json: wires.converseAnswer, headers },
          streamed: { frames: wires.converseFrames, headers },
          'streamed and failing': {
            frames: [
              ...wires.converseFrames.slice(0, 3),
              ['modelStreamErrorException', { message: 'You said', originalMessage: 'It' }],
            ],
          },
          refused: {
            status: 400,
            json: { message: 'You said' },
            headers: { 'x-amzn-errortype': 'ValidationException' },
          },
          'refused in a way of its own': {
            status: 400,
            json: { message: 'You said', __type: 'com.x#Odd' },
            headers: { 'x-amzn-errortype': 'Odd Kanari99999z' },
          },
        },
        async run(endpoint, request, isStream) {
          const client = new bedrock.BedrockRuntimeClient(configOf(endpoint));
          const Command: any = isStream ? bedrock.ConverseStreamCommand : bedrock.ConverseCommand;
          await readAll(((await client.send(new Command(request))) as any).stream);
        },
      },
      ...wires.invocations.map(({ title, modelId, body, answer, chunks }): Call => ({
        title: `InvokeModel of ${title}`,
        request: body,
        answers: {
          whole: { json: answer },
          ...(chunks && { streamed: { chunks } }),
          refused: {
            status: 400,
            json: { message: 'You said' },
            headers: { 'x-amzn-errortype': 'ValidationException' },
          },
        },
        async run(endpoint, request, isStream) {
          const client = new bedrock.BedrockRuntimeClient(configOf(endpoint));
          const input = { modelId, contentType: 'application/json', body: JSON.stringify(request) };
          const Command: any = isStream ? bedrock.InvokeModelWithResponseStreamCommand : bedrock.InvokeModelCommand;
          const { body: answered } = (await client.send(new Command(input))) as any;
          if (isStream) await readAll(answered);
        },
      })),
    ],
  },
  {
    provider: 'mistral',
    exports: () => mistral,
    calls: [
      {
        title: 'chat.complete',
        request: wires.mistralRequest,
        answers: answersOf(wires.mistralAnswer, wires.mistralChunks),
        keep: ['finish_reason', 'toolChoice', 'reasoningEffort'],
        async run(serverURL, request, isStream) {
          const { chat } = new mistral.Mistral({ apiKey: 'none', serverURL, retryConfig: { strategy: 'none' } });
          await readAll(await (isStream ? chat.stream(request) : chat.complete(request)));
        },
      },
      {
        title: 'fim.complete',
        request: { model: 'm', prompt: 'def f', suffix: 'return', stop: ['END'], metadata: { note: 'n' } },
        answers: only(answersOf(wires.mistralAnswer), 'whole', 'refused'),
        keep: ['finish_reason'],
        run: (serverURL, request) =>
          new mistral.Mistral({ apiKey: 'none', serverURL, retryConfig: { strategy: 'none' } }).fim.complete(request),
      },
      {
        title: 'classifiers.moderate',
        request: { model: 'm', inputs: ['Bad'] },
        answers: only(answersOf({ id: 'm1a2b3c4d', model: 'm', results: [] }), 'whole', 'refused'),
        run: (serverURL, request) =>
          new mistral.Mistral({ apiKey: 'none', serverURL, retryConfig: { strategy: 'none' } }).classifiers.moderate(
            request,
          ),
      },
    ],
  },
  {
    provider: 'cohere',
    exports: () => cohere,
    calls: [
      {
        title: 'chat',
        request: wires.cohereRequest,
        answers: {
          whole: { json: wires.cohereAnswer, headers },
          streamed: { events: wires.cohereEvents, headers },
          'streamed and failing': {
            events: [
              ...wires.cohereEvents.slice(0, 3),
              { type: 'message-end', delta: { finish_reason: 'ERROR', error: 'You said' } },
            ],
          },
          refused: { status: 400, json: { message: 'You said', id: 'e', code: 'bad' } },
        },
        keep: ['mode', 'toolChoice', 'safetyMode'],
        async run(environment, request, isStream) {
          const client = new cohere.CohereClientV2({ token: 'none', environment });
          await readAll(
            await (isStream ? client.chatStream(request, { maxRetries: 0 }) : client.chat(request, { maxRetries: 0 })),
          );
        },
      },
      {
        title: 'rerank',
        request: { model: 'r', query: 'Which', documents: ['One', 'Two'] },
        answers: { whole: { json: { id: 'rr-1a2b3c4d', results: [{ index: 0, relevance_score: 1 }] } } },
        run: (environment, request) =>
          new cohere.CohereClientV2({ token: 'none', environment }).rerank(request, { maxRetries: 0 }),
      },
      {
        title: 'chat of version 1',
        request: wires.cohereOldRequest,
        answers: { whole: { json: wires.cohereOldAnswer }, refused: { status: 400, json: { message: 'You said' } } },
        keep: ['promptTruncation', 'citationQuality'],
        run: (environment, request) =>
          new cohere.CohereClient({ token: 'none', environment }).chat(request, { maxRetries: 0 }),
      },
    ],
  },
  {
    provider: 'ollama',
    exports: () => ({ Ollama }),
    calls: [
      {
        title: 'chat',
        request: wires.ollamaRequest,
        answers: {
          whole: { json: wires.ollamaAnswer },
          streamed: { lines: [{ ...wires.ollamaAnswer, done: false }, wires.ollamaAnswer] },
          'streamed and failing': { lines: [{ ...wires.ollamaAnswer, done: false }, { error: 'You said' }] },
          refused: { status: 400, json: { error: 'You said' } },
        },
        keep: ['images', 'keep_alive'],
        run: async (host, request, stream) => readAll(await new Ollama({ host }).chat({ ...request, stream })),
      },
      {
        title: 'generate',
        request: {
          model: 'llama3',
          prompt: 'Once',
          suffix: 'end',
          system: 'Be',
          template: 'T',
          format: schemaOf(),
          options: { stop: ['END'] },
        },
        answers: {
          whole: { json: { model: 'llama3', response: 'Upon', thinking: 'Hm', done: true, done_reason: 'stop' } },
          refused: { status: 400, json: { error: 'No' } },
        },
        run: (host, request) => new Ollama({ host }).generate(request),
      },
    ],
  },
  {
    provider: 'huggingface',
    exports: () => hf,
    calls: [
      {
        title: 'chatCompletion',
        request: chatRequest,
        answers: answersOf(chatAnswer, chatChunks),
        run: async (endpointUrl, request, isStream) =>
          readAll(await (isStream ? hf.chatCompletionStream : hf.chatCompletion)({ ...request, endpointUrl })),
      },
      {
        title: 'textGeneration',
        request: { inputs: 'Once', parameters: { stop: ['END'], grammar: { type: 'json', value: schemaOf() } } },
        answers: {
          whole: {
            json: {
              choices: [{ text: 'Or so' }],
              generated_text: 'Upon',
              details: { finish_reason: 'stop_sequence', tokens: [{ text: 'Upon' }] },
            },
          },
          refused: { status: 400, json: { error: 'You said', error_type: 'validation', warnings: ['w'] } },
        },
        run: (endpointUrl, request) => hf.textGeneration({ ...request, endpointUrl }),
      },
      {
        title: 'translation',
        request: { inputs: 'Hello', parameters: { src_lang: 'en' } },
        answers: { whole: { json: [{ translation_text: 'Bonjour' }] } },
        run: (endpointUrl, request) => hf.translation({ ...request, endpointUrl }),
      },
    ],
  },
  {
    provider: 'replicate',
    exports: () => Replicate,
    calls: [
      {
        title: 'run',
        request: wires.replicateInput,
        answers: {
          whole: { json: wires.prediction },
          failed: { json: { ...wires.prediction, status: 'failed', output: null, error: 'You said' } },
          refused: { status: 422, json: { title: 'Bad', detail: 'You said', invalid_fields: [{ description: 'it' }] } },
        },
        keep: ['status'],
        run: (baseUrl, input) =>
          new Replicate({ auth: 'none', baseUrl }).run('acme/writer', { input: input as object }),
      },
      {
        title: 'predictions.create',
        request: { model: 'acme/writer', input: wires.replicateInput, webhook: 'https://example.org/hook' },
        answers: { whole: { json: wires.prediction }, refused: { status: 422, json: { detail: 'You said' } } },
        keep: ['status', 'webhook'],
        run: (baseUrl, request) => new Replicate({ auth: 'none', baseUrl }).predictions.create(request),
      },
    ],
  },
  {
    provider: 'ai',
    exports: (url) => createOpenAI({ apiKey: 'none', baseURL: url }).chat('gpt-5'),
    calls: [
      {
        title: 'a language model',
        request: wires.modelPrompt,
        answers: answersOf(chatAnswer, chatChunks),
        keep: ['toolCallId', 'mediaType', 'effort', 'reasoningEffort', 'textVerbosity', 'serviceTier'],
        async run(url, request, isStream) {
          const model = createOpenAI({ apiKey: 'none', baseURL: url }).chat('gpt-5');
          await readAll((await (isStream ? model.doStream(request) : model.doGenerate(request))).stream);
        },
      },
    ],
  },
];

function schemaOf(): object {
  return wires.plainSchema;
}
