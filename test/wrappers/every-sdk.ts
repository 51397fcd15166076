import { NodeHttpHandler } from '@smithy/node-http-handler';
import * as aiOpenai2 from 'ai-sdk-openai-v2';
import * as aiOpenai3 from 'ai-sdk-openai-v3';
import * as anthropic from '@anthropic-ai/sdk';
import * as anthropic03 from 'anthropic-0.3x';
import * as anthropic06 from 'anthropic-0.6x';
import * as bedrock from '@aws-sdk/client-bedrock-runtime';
import * as bedrock36 from 'bedrock-runtime-3.6xx';
import * as cerebras from '@cerebras/cerebras_cloud_sdk';
import * as cohere from 'cohere-ai';
import * as cohere7 from 'cohere-v7';
import * as cohere714 from 'cohere-7.14';
import * as generativeAi from '@google/generative-ai';
import * as groq from 'groq-sdk';
import * as groq0 from 'groq-v0';
import * as mistral1 from 'mistral-v1';
import * as ollama from 'ollama';
import * as openai4 from 'openai-v4';
import * as openai5 from 'openai-v5';
import * as openai6 from 'openai';
import Replicate from 'replicate';
import * as together from 'together-ai';
import type { ProviderName } from '../../src/patches';

/* eslint-disable @typescript-eslint/no-explicit-any -- one table over the types of every SDK */

/** What is done to the object that a call is told in: nothing, or it is annotated. */
type Mark = <Given extends object>(given: Given) => Given;

/** One SDK, and how an application calls it. */
export interface Sdk {
  readonly title: string;
  readonly provider: ProviderName;
  /** What the option `modules` is given. */
  readonly exports: any;
  connect(url: string): any;
  ask(client: any, mark: Mark): Promise<unknown>;
  /** A promise of what is iterated. */
  stream(client: any, mark: Mark): Promise<AsyncIterable<unknown>>;
}

const chat = { model: 'm', messages: [{ role: 'user', content: 'hello' }] };
const content = { modelId: 'amazon.nova-lite-v1:0', messages: [{ role: 'user', content: [{ text: 'hello' }] }] };
const gemini = { model: 'gemini', contents: 'hello' };

function stainless(title: string, provider: ProviderName, exports: any, Client: any, path: string, more = {}): Sdk {
  return {
    title,
    provider,
    exports,
    connect: (url) => new Client({ apiKey: 'none', baseURL: url + path, maxRetries: 0, ...more }),
    ask: (client, mark) => client.chat.completions.create(mark({ ...chat })),
    stream: (client, mark) => client.chat.completions.create(mark({ ...chat, stream: true })),
  };
}

function claude(title: string, exports: any): Sdk {
  const request = { ...chat, max_tokens: 9 };
  return {
    title,
    provider: 'anthropic',
    exports,
    connect: (baseURL) => new exports.Anthropic({ apiKey: 'none', baseURL, maxRetries: 0 }),
    ask: (client, mark) => client.messages.create(mark({ ...request })),
    stream: (client, mark) => client.messages.create(mark({ ...request, stream: true })),
  };
}

function google(title: string, exports: any): Sdk {
  return {
    title,
    provider: 'google',
    exports,
    connect: (baseUrl) => new exports.GoogleGenAI({ apiKey: 'none', vertexai: false, httpOptions: { baseUrl, fetch } }),
    ask: (client, mark) => client.models.generateContent(mark({ ...gemini })),
    stream: (client, mark) => client.models.generateContentStream(mark({ ...gemini })),
  };
}

function aws(title: string, sdk: any): Sdk {
  const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
  return {
    title,
    provider: 'bedrock',
    exports: sdk,
    connect: (endpoint) =>
      new sdk.BedrockRuntimeClient({
        ...{ region: 'us-east-1', endpoint, credentials, maxAttempts: 1, requestHandler: new NodeHttpHandler() },
      }),
    ask: (client, mark) => client.send(new sdk.ConverseCommand(mark({ ...content }))),
    stream: async (client, mark) => (await client.send(mark(new sdk.ConverseStreamCommand({ ...content })))).stream,
  };
}

function cohereSecond(title: string, exports: any): Sdk {
  return {
    title: `${title} CohereClientV2`,
    provider: 'cohere',
    exports,
    connect: (url) => new exports.CohereClientV2({ token: 'none', environment: `${url}/cohere` }),
    ask: (client, mark) => client.chat(mark({ ...chat })),
    stream: (client, mark) => client.chatStream(mark({ ...chat })),
  };
}

function cohereFirst(title: string, exports: any): Sdk {
  return {
    title: `${title} CohereClient`,
    provider: 'cohere',
    exports,
    connect: (url) => new exports.CohereClient({ token: 'none', environment: `${url}/cohere` }),
    ask: (client, mark) => client.v2.chat(mark({ ...chat })),
    stream: (client, mark) => client.chatStream(mark({ model: 'm', message: 'hello' })),
  };
}

function replicate(title: string, Client: any): Sdk {
  return {
    title,
    provider: 'replicate',
    exports: Client,
    connect: (url) => new Client({ auth: 'none', baseUrl: `${url}/v1` }),
    ask: (client, mark) => client.run('acme/talker', mark({ input: { prompt: 'hello' }, wait: { mode: 'block' } })),
    stream: (client, mark) => Promise.resolve(client.stream('acme/talker', mark({ input: { prompt: 'hello' } }))),
  };
}

/** A model of the AI SDK, called as `generateText` of 5 and 6 calls it. */
function aiModel(title: string, { createOpenAI }: any): Sdk {
  const request = { prompt: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }] };
  return {
    title,
    provider: 'ai',
    exports: createOpenAI({ apiKey: 'none' }).chat('gpt-5'),
    connect: (url) => createOpenAI({ apiKey: 'none', baseURL: `${url}/v1` }).chat('gpt-5'),
    ask: (model, mark) => model.doGenerate(mark({ ...request })),
    stream: async (model, mark) => (await model.doStream(mark({ ...request }))).stream,
  };
}

/* eslint-disable @typescript-eslint/no-require-imports -- types of ES modules, or none */
/** Every SDK whose methods are on a prototype. */
export const everySdk: readonly Sdk[] = [
  stainless('openai 4', 'openai', openai4, openai4.OpenAI, '/v1'),
  stainless('openai 5', 'openai', openai5, openai5.OpenAI, '/v1'),
  stainless('openai 6', 'openai', openai6, openai6.OpenAI, '/v1'),
  stainless('AzureOpenAI 6', 'openai', openai6, openai6.AzureOpenAI, '/openai', { apiVersion: '2025-01-01' }),
  stainless('groq 0', 'groq', groq0, groq0.Groq, '/groq-sdk'),
  stainless('groq 1', 'groq', groq, groq.Groq, '/groq-sdk'),
  stainless('together', 'together', together, together.Together, '/together-ai/v1'),
  stainless('cerebras', 'cerebras', cerebras, cerebras.Cerebras, '/cerebras', { warmTCPConnection: false }),
  claude('anthropic 0.3x', anthropic03),
  claude('anthropic 0.6x', anthropic06),
  claude('anthropic 1', anthropic),
  google('google 1', require('google-genai-v1')),
  google('google 2', require('google-genai-v2')),
  google('google 3', require('@google/genai')),
  {
    title: 'google-generative-ai',
    provider: 'google-generative-ai',
    exports: generativeAi,
    connect: (baseUrl) => Object.assign(new generativeAi.GoogleGenerativeAI('none'), { baseUrl }),
    ask: (client, mark) =>
      client
        .getGenerativeModel({ model: 'gemini' }, { baseUrl: client.baseUrl })
        .generateContent(mark({ contents: [{ role: 'user', parts: [{ text: 'hello' }] }] })),
    async stream(client, mark) {
      const model = client.getGenerativeModel({ model: 'gemini' }, { baseUrl: client.baseUrl });
      return (await model.startChat().sendMessageStream(mark([{ text: 'hello' }]))).stream;
    },
  },
  aws('bedrock 3.645', bedrock36),
  aws('bedrock', bedrock),
  {
    title: 'mistral 1',
    provider: 'mistral',
    exports: mistral1,
    connect: (url) => new mistral1.Mistral({ apiKey: 'none', serverURL: `${url}/mistral` }),
    ask: (client, mark) => client.chat.complete(mark({ ...chat })),
    stream: (client, mark) => client.chat.stream(mark({ ...chat })),
  },
  cohereSecond('cohere 7', cohere7),
  cohereSecond('cohere 8', cohere),
  cohereFirst('cohere 7', cohere7),
  cohereFirst('cohere 7.14', cohere714),
  cohereFirst('cohere 8', cohere),
  {
    title: 'ollama',
    provider: 'ollama',
    exports: ollama,
    connect: (host) => new ollama.Ollama({ host }),
    ask: (client, mark) => client.chat(mark({ ...chat })),
    stream: (client, mark) => client.chat(mark({ ...chat, stream: true })),
  },
  replicate('replicate 0', require('replicate-v0')),
  replicate('replicate 1', Replicate),
  aiModel('a model of ai 5', aiOpenai2),
  aiModel('a model of ai 6', aiOpenai3),
];

export async function readToEnd(stream: AsyncIterable<unknown>): Promise<number> {
  let chunks = 0;
  for await (const chunk of stream) if (chunk !== undefined) chunks += 1;
  return chunks;
}
