import { versionOf, type Subject } from './describe-patch';
import { model } from './anthropic-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of many SDK majors */

/** One version of the Anthropic SDK, as the contract wants to know it. */
export function anthropicSubject(name: string, exports: any): Subject {
  const version = versionOf(name);
  return {
    title: `@anthropic-ai/sdk ${version.split('.').slice(0, 2).join('.')}`,
    provider: 'anthropic',
    package: name,
    exports,
    client: (baseURL, options, subclass = (Base) => Base) =>
      new (subclass(exports.Anthropic))({ apiKey: 'sk-none', baseURL, ...options }),
    ask: (client, prompt, extra, options) =>
      client.messages.create(
        { model, max_tokens: 64, messages: [{ role: 'user', content: prompt }], ...extra },
        options,
      ),
    asked: {
      provider: 'local',
      sdk: '@anthropic-ai/sdk',
      provider_sdk_version: version,
      operation: 'chat_completion',
      method: 'messages.create',
      model,
    },
    whole: { ...answered, streaming: false },
    streamed: { ...answered, streaming: true },
    // The output tokens of the first event are a placeholder, which an unfinished stream must not report.
    partial: {
      streaming: true,
      finish_reason: undefined,
      response_model: model,
      input_tokens: 20,
      output_tokens: undefined,
    },
  };
}

const answered = {
  outcome: 'ok',
  response_model: model,
  output: 'Hello from the stand-in.',
  finish_reason: 'end_turn',
  http_status: 200,
  request_id: 'req_standin',
  response_id: 'msg_standin',
  service_tier: 'standard',
  retry_count: 0,
  // Anthropic reports 10 beside 7 that were read from the cache and 3 that were written to it.
  input_tokens: 20,
  output_tokens: 12,
  total_tokens: 32,
  cached_input_tokens: 7,
  cache_creation_input_tokens: 3,
};
