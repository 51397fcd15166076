import { versionOf, type Door, type Subject } from './describe-patch';
import { brokenBody, errorDoors } from './error-doors';
import { chatDoors, model, type Major } from './openai-doors';
import { otherDoors, responsesDoors } from './openai-other-doors';
import { clientDoors, ofLateAwait, promiseDoors } from './promise-doors';
import { streamDoors } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of many SDK majors */

/** One major of the OpenAI SDK, as the contract wants to know it. */
export function openaiSubject(name: string, exports: any): Subject {
  const version = versionOf(name);
  return {
    title: `openai ${version.split('.')[0] ?? ''}`,
    provider: 'openai',
    package: name,
    exports,
    client: (baseURL, options, subclass = (Base) => Base) =>
      new (subclass(exports.OpenAI))({ apiKey: 'sk-none', baseURL: `${baseURL}/v1`, ...options }),
    ask: (client, prompt, extra, options) =>
      client.chat.completions.create({ model, messages: [{ role: 'user', content: prompt }], ...extra }, options),
    asked: {
      provider: 'local',
      sdk: 'openai',
      provider_sdk_version: version,
      operation: 'chat_completion',
      method: 'chat.completions.create',
      model,
    },
    whole: {
      ...answered,
      streaming: false,
      input_tokens: 20,
      output_tokens: 12,
      total_tokens: 32,
      cached_input_tokens: 8,
      reasoning_tokens: 4,
    },
    // Nothing is injected into the request, so the API reports no usage unless the caller asked for it.
    streamed: { ...answered, streaming: true, input_tokens: undefined, output_tokens: undefined },
    partial: {
      streaming: true,
      finish_reason: undefined,
      response_model: `${model}-2025-01-01`,
      output_tokens: undefined,
    },
  };
}

const answered = {
  outcome: 'ok',
  response_model: `${model}-2025-01-01`,
  output: 'Hello from the stand-in.',
  finish_reason: 'stop',
  http_status: 200,
  request_id: 'req_standin',
  response_id: 'chatcmpl-standin',
  service_tier: 'default',
  retry_count: 0,
};

/** All the doors of one major. */
export function openaiDoors(subject: Subject, major: Major): Door[] {
  return [
    ...promiseDoors(subject),
    ...clientDoors(subject, major.chat === 'chat'),
    ...streamDoors(subject),
    ...errorDoors(subject).filter(({ title }) => title !== brokenBody || !major.usesNodeFetch),
    ...chatDoors(subject, major),
    ...responsesDoors(subject, major),
    ...otherDoors(subject),
  ];
}

/** AzureOpenAI shares the resource classes; its deployments are in the path. */
export function azureSubject(subject: Subject): Subject {
  return {
    ...subject,
    title: `AzureOpenAI of ${subject.title}`,
    asked: { ...subject.asked, provider: 'azure_openai' },
    client: (url, options, subclass = (Base) => Base) =>
      new (subclass(subject.exports.AzureOpenAI))({
        apiKey: 'none',
        baseURL: `${url}/openai`,
        apiVersion: '2025-01-01',
        ...options,
      }),
  };
}

/** What can differ where only the client is another one. */
export function azureDoors(subject: Subject, usesNodeFetch: boolean): Door[] {
  return [
    ...promiseDoors(subject).filter(({ title }) => title !== ofLateAwait),
    // `withOptions()` of AzureOpenAI loses the API version, traced or not.
    ...clientDoors(subject, false),
    ...streamDoors(subject),
    ...errorDoors(subject).filter(({ title }) => title !== brokenBody || !usesNodeFetch),
  ];
}
