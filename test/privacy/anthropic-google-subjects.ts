import Anthropic from '@anthropic-ai/sdk';
import * as generativeAi from '@google/generative-ai';
import { messagesAnswer, messagesEvents, messagesRequest } from './anthropic-wire';
import { geminiAnswers, geminiRequest } from './gemini-wire';
import { errorBody, headers } from './openai-wire';
import { once, only, readAll, type Subject } from './subject';

// eslint-disable-next-line @typescript-eslint/no-require-imports -- typed as an ES module
const genAi = require('google-genai-v1');

/* eslint-disable @typescript-eslint/no-explicit-any -- one shape over several majors */

/** The SDK of any major. */
export const googleSubjectOf = (sdk: any): Subject => ({
  provider: 'google',
  exports: () => sdk,
  calls: [
    {
      title: 'models.generateContent',
      request: geminiRequest,
      answers: geminiAnswers,
      keep: ['language', 'outcome', 'modality', 'trafficType'],
      async run(baseUrl, request, isStream) {
        const { models } = new sdk.GoogleGenAI({ apiKey: 'none', vertexai: false, httpOptions: { baseUrl, fetch } });
        await readAll(await (isStream ? models.generateContentStream(request) : models.generateContent(request)));
      },
    },
    {
      title: 'models.embedContent',
      request: { model: 'e', contents: ['One', 'Two'], config: { title: 'Three' } },
      answers: { whole: { json: { embeddings: [{ values: [1] }] } }, refused: { status: 400, json: errorBody } },
      run: (baseUrl, request) =>
        new sdk.GoogleGenAI({ apiKey: 'none', vertexai: false, httpOptions: { baseUrl, fetch } }).models.embedContent(
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
        new sdk.GoogleGenAI({ apiKey: 'none', vertexai: false, httpOptions: { baseUrl, fetch } }).models.generateImages(
          request,
        ),
    },
  ],
});

export const anthropicAndGoogleSubjects: readonly Subject[] = [
  {
    provider: 'anthropic',
    exports: () => Anthropic,
    calls: [
      {
        title: 'messages.create',
        request: messagesRequest,
        answers: {
          whole: { json: messagesAnswer, headers },
          streamed: { events: messagesEvents, headers },
          'streamed and failing': { events: [...messagesEvents.slice(0, 3), { type: 'error', ...errorBody }] },
          refused: { status: 400, json: { type: 'error', ...errorBody } },
        },
        run: async (baseURL, request, stream) =>
          readAll(await new Anthropic({ ...once, baseURL }).messages.create({ ...request, stream })),
      },
      {
        title: 'messages.countTokens',
        request: messagesRequest,
        answers: { whole: { json: { input_tokens: 1, note: 'x' } }, refused: { status: 400, json: errorBody } },
        run: (baseURL, request) => new Anthropic({ ...once, baseURL }).messages.countTokens(request),
      },
    ],
  },
  googleSubjectOf(genAi),
  {
    provider: 'google-generative-ai',
    exports: () => generativeAi,
    calls: [
      {
        title: 'generateContent',
        request: geminiRequest,
        answers: geminiAnswers,
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
        answers: only(geminiAnswers, 'whole', 'refused'),
        keep: ['language', 'outcome', 'modality', 'trafficType'],
        run: (baseUrl, { model, history, said }) =>
          new generativeAi.GoogleGenerativeAI('none')
            .getGenerativeModel({ model }, { baseUrl })
            .startChat({ history })
            .sendMessage(said as string),
      },
    ],
  },
];
