import { Ollama } from 'ollama';
import Replicate from 'replicate';
import { answersOf, chatAnswer, chatChunks, chatRequest, schema } from './openai-wire';
import { modelPrompt, ollamaAnswer, ollamaRequest, prediction, replicateInput } from './other-wires';
import { readAll, type Subject } from './subject';

/* eslint-disable @typescript-eslint/no-require-imports -- plain JavaScript, and what is typed as an ES module */
const hf = require('../patches/huggingface-holder.cjs');
const { createOpenAI } = require('ai-sdk-openai-v2');
/* eslint-enable @typescript-eslint/no-require-imports */

export const otherSubjects: readonly Subject[] = [
  {
    provider: 'ollama',
    exports: () => ({ Ollama }),
    calls: [
      {
        title: 'chat',
        request: ollamaRequest,
        answers: {
          whole: { json: ollamaAnswer },
          streamed: { lines: [{ ...ollamaAnswer, done: false }, ollamaAnswer] },
          'streamed and failing': { lines: [{ ...ollamaAnswer, done: false }, { error: 'You said' }] },
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
          format: schema,
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
        request: { inputs: 'Once', parameters: { stop: ['END'], grammar: { type: 'json', value: schema } } },
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
        request: replicateInput,
        answers: {
          whole: { json: prediction },
          failed: { json: { ...prediction, status: 'failed', output: null, error: 'You said' } },
          refused: { status: 422, json: { title: 'Bad', detail: 'You said', invalid_fields: [{ description: 'it' }] } },
        },
        keep: ['status'],
        run: (baseUrl, input) =>
          new Replicate({ auth: 'none', baseUrl }).run('acme/writer', { input: input as object }),
      },
      {
        title: 'predictions.create',
        request: { model: 'acme/writer', input: replicateInput, webhook: 'https://example.org/hook' },
        answers: { whole: { json: prediction }, refused: { status: 422, json: { detail: 'You said' } } },
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
        request: modelPrompt,
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
