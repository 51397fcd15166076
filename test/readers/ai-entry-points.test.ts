import { ai } from '../../src/patches/ai';
import { languageModelCall } from '../../src/patches/ai/language-model';
import { functionPatches, modelPatches } from '../../src/patches/ai/models';
import { embedding, generateImage, rerank } from '../../src/patches/ai/other-models';
import { telemetry } from '../../src/patches/ai/telemetry';
import { vendorOf } from '../../src/patches/ai/vendors';
import type { ResponseFacts } from '../../src/types';
import { fold, limits, text } from './expect-facts';

/* eslint-disable @typescript-eslint/no-explicit-any -- models and messages of no SDK's type */

const whole = languageModelCall('generateText', false);
const stream = languageModelCall('streamText', true);

describe('who serves a model', () => {
  it.each([
    ['openai.chat', 'gpt-5', 'openai'],
    ['openai.responses', 'gpt-5', 'openai'],
    ['anthropic.messages', 'claude', 'anthropic'],
    ['google.generative-ai', 'gemini', 'google'],
    ['google.vertex.chat', 'gemini', 'google_vertex'],
    ['vertex.anthropic.messages', 'claude', 'google_vertex'],
    ['googleVertex.anthropic.messages', 'claude', 'google_vertex'],
    ['google-vertex', 'gemini', 'google_vertex'],
    ['amazon-bedrock', 'nova', 'aws_bedrock'],
    ['bedrock.anthropic.messages', 'claude', 'aws_bedrock'],
    ['azure.chat', 'mine', 'azure_openai'],
    ['azure-openai.chat', 'mine', 'azure_openai'],
    ['xai.chat', 'grok', 'xai'],
    ['mistral.chat', 'm', 'mistral'],
    ['groq.chat', 'm', 'groq'],
    ['cohere.chat', 'c', 'cohere'],
    ['togetherai.chat', 'm', 'together'],
    ['fireworks.chat', 'm', 'fireworks'],
    ['openrouter', 'openai/gpt-5', 'openrouter'],
    ['gateway', 'openai/gpt-5', 'openai'],
    ['gateway', 'bedrock/claude', 'aws_bedrock'],
    ['gateway', 'claude', 'vercel'],
    ['my-company.chat', 'm', 'my_company'],
    ['', 'm', undefined],
    [undefined, 'm', undefined],
    [7, 'm', undefined],
    ['a sentence about something', 'm', undefined],
  ])('%s with the model %s is %s', (provider, model, vendor) => {
    expect(vendorOf(provider, model)).toBe(vendor);
  });
});

describe('another vendor than the package is for', () => {
  const config = (baseURL: string): object => ({ url: ({ path }: { path: string }) => baseURL + path });

  it.each([
    ['https://api.groq.com/openai/v1', 'groq'],
    ['https://api.openai.com/v1', 'openai'],
    ['http://127.0.0.1:4321/v1', 'openai'],
    ['https://llm.example.org/v1', 'openai'],
  ])('at %s is %s', (baseURL, vendor) => {
    const model = { provider: 'openai.chat', modelId: 'm', config: config(baseURL) };
    expect(ai.servedBy(model)).toBe(vendor);
    const told = stream.answerOf?.({ stream: {}, request: { url: baseURL } });
    expect(told?.provider ?? 'openai').toBe(vendor);
  });

  it('is not the gateway that stands before it', () => {
    const model = {
      provider: 'gateway',
      modelId: 'openai/gpt-5',
      config: { baseURL: 'https://ai-gateway.vercel.sh/v1' },
    };
    expect(ai.servedBy(model)).toBe('openai');
  });

  it.each([{ url: () => fail() }, { url: 7 }, null, 'x'])('is not looked for in a config like %p', (odd) => {
    expect(ai.servedBy({ provider: 'mine.chat', modelId: 'm', config: odd })).toBe('mine');
  });
});

function fail(): never {
  throw new Error('no');
}

describe('tokens have one meaning', () => {
  const usageOf = (usage: object, providerMetadata?: object): ResponseFacts['usage'] =>
    whole.readResponse({ usage, providerMetadata }, limits).usage;

  it('the flat ones of OpenAI include what was cached', () => {
    const usage = { inputTokens: 20, outputTokens: 12, totalTokens: 32, cachedInputTokens: 8, reasoningTokens: 4 };
    expect(usageOf(usage)).toMatchObject({ ...usage, cacheCreationInputTokens: undefined });
  });

  it('the flat ones of Anthropic count it beside: the parts are added', () => {
    const usage = { inputTokens: 10, outputTokens: 12, totalTokens: 22, cachedInputTokens: 7 };
    expect(usageOf(usage, { anthropic: { cacheCreationInputTokens: 3 } })).toMatchObject({
      inputTokens: 20,
      outputTokens: 12,
      totalTokens: undefined,
      cachedInputTokens: 7,
      cacheCreationInputTokens: 3,
    });
  });

  it('and so do those of Bedrock', () => {
    const usage = { inputTokens: 10, outputTokens: 12, totalTokens: 22, cachedInputTokens: 7 };
    expect(usageOf(usage, { bedrock: { usage: { cacheWriteInputTokens: 3 } } })).toMatchObject({ inputTokens: 20 });
  });

  it('what telemetry tells has details, of a sum', () => {
    const usage = {
      inputTokens: 20,
      outputTokens: 12,
      totalTokens: 32,
      inputTokenDetails: { noCacheTokens: 10, cacheReadTokens: 7, cacheWriteTokens: 3 },
      outputTokenDetails: { reasoningTokens: 4 },
    };
    expect(usageOf(usage, { anthropic: {} })).toEqual({
      inputTokens: 20,
      outputTokens: 12,
      totalTokens: 32,
      cachedInputTokens: 7,
      cacheCreationInputTokens: 3,
      reasoningTokens: 4,
    });
  });

  it('an embedding has input only, and no tokens where there is NaN', () => {
    expect(embedding('embed').readResponse({ usage: { tokens: 5 } }, limits).usage).toEqual({
      inputTokens: 5,
      totalTokens: 5,
    });
    expect(embedding('embed').readResponse({ usage: { tokens: Number.NaN } }, limits).usage).toBeUndefined();
  });
});

describe('what a gateway says beside the answer', () => {
  it('is who served it and for how much, as Vercel’s does', () => {
    const gateway = { routing: { originalModelId: 'openai/gpt-5', finalProvider: 'azure' }, cost: '0.0012' };
    const finish = { type: 'finish', finishReason: 'stop', usage: {}, providerMetadata: { gateway } };
    expect(fold(stream, [finish])).toMatchObject({ provider: 'azure_openai', cost: 0.0012 });
  });

  it('is what OpenRouter charges', () => {
    const openrouter = { usage: { cost: 0.5 } };
    expect(whole.readResponse({ providerMetadata: { openrouter } }, limits).cost).toBe(0.5);
  });

  it.each(['', 'free', null, {}])('is no cost where it is %j', (cost) => {
    expect(whole.readResponse({ providerMetadata: { gateway: { cost } } }, limits)).not.toHaveProperty('cost');
  });
});

describe('other models', () => {
  it('an embedding is read from a list of values, and from the one value of `embed`', () => {
    const values = { values: ['a', 'bc'], modelId: 'e' };
    expect(embedding('embedMany').readRequest(values, limits, [values], values)).toEqual({
      model: 'e',
      input: text('a\nbc'),
      inputCount: 2,
      inputLength: 4,
    });
    const value = { value: 'a', modelId: 'e' };
    expect(embedding('embed').readRequest(value, limits, [value], value)).toMatchObject({ inputCount: 1 });
  });

  it('reranking is a query, and a number of documents', () => {
    const options = { query: 'which', documents: { type: 'text', values: ['a', 'b', 'c'] } };
    expect(rerank.readRequest(options, limits, [options], { modelId: 'r' })).toMatchObject({
      model: 'r',
      input: text('which'),
      inputCount: 3,
    });
  });

  it('pictures are marks', () => {
    const facts = generateImage.readResponse({ images: ['AAAA', 'AAAA'], response: { modelId: 'i' } }, limits);
    expect(facts.outputs).toEqual([{ text: text('[image 3 B] [image 3 B]') }]);
  });
});

describe('the telemetry of 7', () => {
  it('has a call in a step of an operation, which gives it its name', () => {
    expect(telemetry.spanOf({ type: 'streamText', event: { callId: 'c' } }, undefined)).toMatchObject({
      method: 'streamText',
      reader: undefined,
      group: 'c',
    });
    expect(telemetry.spanOf({ type: 'step', event: {} }, 'streamText')).toEqual({ method: 'streamText' });
    const call = telemetry.spanOf({ type: 'languageModelCall', event: { callId: 'c' } }, 'streamText');
    expect(call).toMatchObject({ group: 'c', reader: { method: 'streamText' } });
  });

  it('has tools in which nothing belongs to the call', () => {
    expect(telemetry.spanOf({ type: 'executeTool', event: {} }, 'streamText')).toEqual({});
  });

  it('may have spans in the future that nobody here knows', () => {
    expect(telemetry.spanOf({ type: 'toString', event: {} }, undefined).reader).toBeUndefined();
    expect(telemetry.spanOf({ type: 7, event: undefined }, undefined).reader).toBeUndefined();
  });

  it('tells the errors of all attempts at once', () => {
    const errors = [new Error('one'), new Error('two')];
    const error = Object.assign(new Error('all'), { errors, lastError: errors[1] });
    expect(telemetry.listener['onError']?.({ callId: 'c', error })).toEqual({ kind: 'fails', group: 'c', errors });
    const only = new AggregateError(errors);
    expect(telemetry.listener['onError']?.({ callId: 'c', error: only })).toMatchObject({ errors: [only] });
  });

  it('tells of `generateText` on the channel, and not to the listener', () => {
    expect(telemetry.listener['onStart']?.({ callId: 'c', operationId: 'ai.generateText' })).toBeUndefined();
  });
});

describe('the functions of 5 and 6', () => {
  const resolve = (model: unknown): unknown => model;

  it('lead to the methods of a model, on its class', () => {
    class Model {
      modelId = 'm';
      doGenerate(): void {}
      doStream(): void {}
    }
    const holder = { resolveLanguageModel: resolve };
    const [patch] = functionPatches(holder);
    const model = new Model();
    const found = patch?.leadsTo?.([model], model) ?? [];
    expect(found.map(({ owner, method }) => [owner === Model.prototype, method])).toEqual([
      [true, 'doGenerate'],
      [true, 'doStream'],
    ]);
    expect(found[0]?.readerFor([], model, 'generateObject')?.method).toBe('generateObject');
    expect(found[0]?.readerFor([], model)?.method).toBe('doGenerate');
  });

  it('lead to the model that a name stands for', () => {
    const model = { doGenerate: () => 1, doStream: () => 1 };
    const [patch] = functionPatches({ resolveLanguageModel: resolve });
    expect(patch?.leadsTo?.(['openai/gpt-5'], model)?.map(({ owner }) => owner === model)).toEqual([true, true]);
  });

  it('do not lead to a proxy that makes its methods at each access: wrapped, it would call itself', () => {
    const model = { doGenerate: () => 1, doStream: () => 1 };
    const proxy = new Proxy(model, { get: (target: any, name) => (name in target ? () => target[name]() : undefined) });
    expect(modelPatches(proxy)).toEqual([]);
  });

  it('are named by the span around a call; a tool in it is none', () => {
    const patches = functionPatches({ resolveLanguageModel: resolve, recordSpan: resolve });
    const naming = patches.find(({ method }) => method === 'recordSpan');
    expect(naming?.enclosedIn?.([{ name: 'ai.streamObject.doStream' }])).toBe('streamObject');
    expect(naming?.enclosedIn?.([{ name: 'ai.toolCall' }])).toBe('');
    expect(naming?.enclosedIn?.([{ name: 'mine' }])).toBeUndefined();
    expect(naming?.enclosedIn?.([])).toBeUndefined();
  });

  it('of a version that tells of itself are used for images only', () => {
    const holder = { resolveLanguageModel: resolve, resolveImageModel: resolve, runWithTracingChannelSpan: resolve };
    expect(functionPatches(holder).map(({ method }) => method)).toEqual(['resolveImageModel']);
  });

  it.each([null, undefined, 7, 'model', {}, () => 1])('find no methods in %p', (odd) => {
    expect(modelPatches(odd)).toEqual([]);
    expect(functionPatches(odd)).toEqual([]);
  });
});
