import * as generativeAi from '@google/generative-ai';
import type { LlmTracingOptions } from '../../src';
import { outcomeOf, traced } from '../support/traced-clients';
import { readAll } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- requests with every field there is */

// eslint-disable-next-line @typescript-eslint/no-require-imports -- typed as an ES module
const genAi = require('google-genai-v1') as typeof import('@google/genai', { with: { 'resolution-mode': 'import' } });

/** Words that stand for what the user wrote, and for what the model did. */
const asked = 'CANARY_ASKED';
const answered = 'CANARY_ANSWERED';

const schema = { type: 'OBJECT', description: asked, properties: { [asked]: { type: 'STRING', description: asked } } };
const contents = [
  { role: 'user', parts: [{ text: asked }, { fileData: { mimeType: 'text/plain', fileUri: `https://x/${asked}` } }] },
  { role: 'model', parts: [{ text: answered }, { functionCall: { name: 'f', args: { [answered]: answered } } }] },
  { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: asked } } }] },
  { role: 'user', parts: [{ text: `${asked}, please` }, { inlineData: { mimeType: 'text/plain', data: asked } }] },
];
const tools = [{ functionDeclarations: [{ name: 'f', description: asked, parameters: schema }] }];
const generationConfig = { stopSequences: [asked], responseMimeType: 'application/json', responseSchema: schema };
const answer = {
  candidates: [
    {
      content: {
        role: 'model',
        parts: [
          { text: answered, thought: true },
          { text: answered },
          { functionCall: { name: 'f', args: { [answered]: answered } } },
          { executableCode: { language: 'PYTHON', code: answered } },
          { codeExecutionResult: { outcome: 'OUTCOME_OK', output: answered } },
        ],
      },
      finishReason: 'STOP',
      finishMessage: answered,
      groundingMetadata: { webSearchQueries: [asked] },
    },
  ],
  promptFeedback: { blockReasonMessage: asked },
  modelVersion: 'gemini-x',
};
const failure = { error: { code: 400, message: `Bad: ${asked} ${answered}`, status: 'INVALID_ARGUMENT' } };

/** Both SDKs send through the global function. */
async function answering(body: unknown, run: () => Promise<unknown>): Promise<void> {
  const before = globalThis.fetch;
  const isError = body === failure;
  globalThis.fetch = (url: any) => {
    const isStream = String(url).includes('alt=sse') && !isError;
    const text = isStream ? `data: ${JSON.stringify(body)}\r\n\r\n` : JSON.stringify(body);
    const type = isStream ? 'text/event-stream' : 'application/json';
    return Promise.resolve(new Response(text, { status: isError ? 400 : 200, headers: { 'content-type': type } }));
  };
  try {
    await outcomeOf(run);
  } finally {
    globalThis.fetch = before;
  }
}

/** Calls with the words in every place there is, answered whole, as a stream, and by an error that echoes both. */
async function everyCall(): Promise<void> {
  const client = new genAi.GoogleGenAI({ apiKey: 'none', vertexai: false });
  const request: any = {
    model: 'gemini-x',
    contents,
    config: { ...generationConfig, tools, systemInstruction: asked, labels: { note: asked } },
  };
  const old = new generativeAi.GoogleGenerativeAI('none').getGenerativeModel({
    model: 'gemini-x',
    tools: tools as any,
    generationConfig: generationConfig as any,
    systemInstruction: asked,
  });
  const streamed = async (result: any): Promise<unknown> => {
    const { stream, response } = await result;
    await readAll(stream);
    return response;
  };
  for (const body of [answer, failure]) {
    await answering(body, () => client.models.generateContent(request));
    await answering(body, async () => readAll(await client.models.generateContentStream(request)));
    await answering(body, () => client.models.countTokens({ model: 'm', contents }));
    await answering(body, () => client.models.embedContent({ model: 'e', contents: [asked, asked] }));
    await answering(body, () => client.models.generateImages({ model: 'i', prompt: asked }));
    await answering(body, () => old.generateContent({ contents }));
    await answering(body, () => streamed(old.generateContentStream({ contents })));
    await answering(body, () =>
      old.startChat({ history: [{ role: 'user', parts: [{ text: asked }] }] }).sendMessage(asked),
    );
    await answering(body, () => old.embedContent(asked));
    await answering(body, () => old.batchEmbedContents({ requests: [{ content: contents[0] as any }] }));
    await answering(body, () => old.countTokens(asked));
  }
}

const modules = { google: genAi, 'google-generative-ai': generativeAi };

it.each<[string, LlmTracingOptions, string[]]>([
  ['by default: both', {}, [asked, answered]],
  ['in privacy mode: neither', { privacyMode: true }, []],
  ['without prompts and answers: neither', { includePrompts: false, includeResponses: false }, []],
  ['without prompts: what the model said', { includePrompts: false }, [answered]],
  ['without answers: what the user said', { includeResponses: false }, [asked]],
])('of calls that have a word of the user and one of the model everywhere leave %s', async (...[, options, words]) => {
  const { sent } = await traced(everyCall, { modules, ...options });
  expect(sent).toHaveLength(22);
  expect([asked, answered].filter((word) => sent.some((event) => JSON.stringify(event).includes(word)))).toEqual(words);
});
