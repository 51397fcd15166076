import { versionOf, type Subject } from './describe-patch';

/* eslint-disable @typescript-eslint/no-explicit-any -- results of several methods */

const model = 'gemini-standin';

/** A base URL is an option of each model here, and not of the client. */
const optionsOf = new WeakMap<object, object>();

export function modelOf(client: any, settings: object = {}): any {
  return client.getGenerativeModel({ model, ...settings }, optionsOf.get(client as object));
}

/** @google/generative-ai, as the contract wants to know it. */
export function generativeAiSubject(name: string, exports: any): Subject {
  return {
    title: `${name} ${versionOf(name)}`,
    provider: 'google-generative-ai',
    package: name,
    exports,
    isPlain: true,
    calls: './google-generative-ai-calls.cjs',
    client(baseUrl, { defaultHeaders: customHeaders }: any = {}, subclass = (Base) => Base) {
      const client = new (subclass(exports.GoogleGenerativeAI))('none');
      optionsOf.set(client as object, { baseUrl, customHeaders });
      return client;
    },
    ask: (client, prompt, extra, options) => modelOf(client, extra).generateContent(prompt, options),
    async openStream(client, prompt, extra, options) {
      const { stream, response } = await modelOf(client, extra).generateContentStream(prompt, options);
      // It rejects with the stream; nobody handles that in an application that only reads the stream.
      response.catch(() => undefined);
      return stream;
    },
    asked: {
      provider: 'local',
      sdk: '@google/generative-ai',
      // Nothing in the exports tells the version, and what `modules` is given has no place on disk.
      provider_sdk_version: undefined,
      operation: 'chat_completion',
      method: 'generateContent',
      model,
    },
    whole: { ...answered, streaming: false },
    streamed: { ...answered, method: 'generateContentStream', streaming: true },
    partial: {
      method: 'generateContentStream',
      streaming: true,
      finish_reason: undefined,
      response_model: `${model}-001`,
    },
  };
}

const answered = {
  outcome: 'ok',
  response_model: `${model}-001`,
  output: 'Hello from the stand-in.',
  finish_reason: 'STOP',
  response_id: 'resp-standin',
  service_tier: 'standard',
  // The SDK tells neither the status of an answer nor its headers, and tries once.
  http_status: undefined,
  request_id: undefined,
  retry_count: undefined,
  input_tokens: 20,
  output_tokens: 12,
  total_tokens: 32,
  cached_input_tokens: 8,
  reasoning_tokens: 4,
};
