import { NodeHttpHandler } from '@smithy/node-http-handler';
import { join } from 'node:path';
import { versionOf, type Subject } from './describe-patch';
import type { PlainSdk } from './plain-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of several generations */

export const model = 'us.amazon.nova-lite-v1:0';

/** The input of Converse: one message, and tools as others say them. */
export function inputOf(prompt: string, { tools, ...extra }: any = {}): any {
  const messages = [{ role: 'user', content: [{ text: prompt }] }];
  return { modelId: model, messages, ...(tools && { toolConfig: { tools: tools.map(toolSpec) } }), ...extra };
}

function toolSpec({ function: { name, description, parameters } }: any): object {
  return { toolSpec: { name, description, inputSchema: { json: parameters } } };
}

/** One generation of the AWS SDK, as the contract wants to know it. */
export function bedrockSubject(name: string, sdk: any): Subject {
  const version = versionOf(name);
  return {
    title: `${name === 'bedrock-runtime-3.6xx' ? '@aws-sdk/client-bedrock-runtime' : name} ${version}`,
    provider: 'bedrock',
    package: name,
    exports: sdk,
    isPlain: true,
    calls: join(__dirname, 'bedrock-calls.cjs'),
    client: (endpoint, options, subclass = (Base) => Base) =>
      new (subclass(sdk.BedrockRuntimeClient))(configOf(endpoint, options)),
    ask: (client, prompt, extra, options) =>
      client.send(new sdk.ConverseCommand(inputOf(prompt, extra)), ...(options ? [options] : [])),
    openStream: async (client, prompt, extra, options) =>
      (await client.send(new sdk.ConverseStreamCommand(inputOf(prompt, extra)), options)).stream,
    asked: {
      provider: 'aws_bedrock',
      sdk: '@aws-sdk/client-bedrock-runtime',
      operation: 'chat_completion',
      model,
      message_count: 1,
    },
    whole: { ...answered, method: 'converse', streaming: false },
    streamed: { ...answered, method: 'converseStream', streaming: true },
    partial: {
      method: 'converseStream',
      streaming: true,
      http_status: 200,
      request_id: 'req_standin',
      finish_reason: undefined,
      input_tokens: undefined,
      output_tokens: undefined,
    },
  };
}

const answered = {
  outcome: 'ok',
  output: 'Hello from the stand-in.',
  finish_reason: 'end_turn',
  http_status: 200,
  request_id: 'req_standin',
  // The service names neither the model that answers nor its answer.
  response_model: undefined,
  response_id: undefined,
  retry_count: 0,
  // 10 beside 7 that were read from the cache and 3 that were written to it.
  input_tokens: 20,
  output_tokens: 12,
  total_tokens: 32,
  cached_input_tokens: 7,
  cache_creation_input_tokens: 3,
};

export const plain: PlainSdk = {
  withSignal: (abortSignal) => ({ abortSignal }),
  statuses: [400, 401, 403, 429, 500, 503],
  refused: { request_id: 'req_standin', retry_count: 0 },
};

/** What a client is made with: HTTP/1 for the stand-in, no waiting between attempts, and headers that do not change. */
export function configOf(endpoint: string, { defaultHeaders, maxRetries = 0, ...options }: any = {}): object {
  const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
  const requestHandler = steadyHandler(defaultHeaders as Record<string, string>);
  return { region: 'us-east-1', endpoint, credentials, requestHandler, retryStrategy: atOnce(maxRetries), ...options };
}

/** Signatures, dates and the id of a call differ from run to run, whoever watches. */
function steadyHandler(headers: Record<string, string> = {}): object {
  const handler = new NodeHttpHandler();
  return {
    metadata: handler.metadata,
    destroy: () => handler.destroy(),
    handle(request: any, options: any) {
      for (const name of ['authorization', 'x-amz-date', 'amz-sdk-invocation-id']) delete request.headers[name];
      const attempt = String(request.headers['amz-sdk-request']).replace(/ttl=\w+; /, '');
      Object.assign(request.headers, { 'amz-sdk-request': attempt }, headers);
      return handler.handle(request, options);
    },
  };
}

function atOnce(most: number): object {
  const token = (count: number): object => ({
    getRetryCount: () => count,
    getRetryDelay: () => 0,
    getRetryCost: () => undefined,
  });
  return {
    mode: 'standard',
    acquireInitialRetryToken: () => Promise.resolve(token(0)),
    refreshRetryTokenForRetry(before: any, { errorType }: any) {
      const count: number = before.getRetryCount() + 1;
      const isOver = count > most || errorType === 'CLIENT_ERROR';
      return isOver ? Promise.reject(new Error('no more')) : Promise.resolve(token(count));
    },
    recordSuccess: () => undefined,
  };
}
