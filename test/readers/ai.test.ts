import { languageModelCall } from '../../src/patches/ai/language-model';
import { functionPatches, modelPatches } from '../../src/patches/ai/models';
import { embedding, generateImage, generateSpeech, rerank, transcribe } from '../../src/patches/ai/other-models';
import { telemetry } from '../../src/patches/ai/telemetry';
import { vendorOf } from '../../src/patches/ai/vendors';
import type { MethodReader, ResponseFacts } from '../../src/types';
import { expectFacts, fold, limits, text } from './expect-facts';

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

describe('a call of a language model', () => {
  const options = {
    prompt: [
      { role: 'system', content: 'Be nice.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'file', mediaType: 'image/png', data: 'AAAA' },
        ],
      },
      { role: 'assistant', content: [{ type: 'tool-call', toolCallId: '1', toolName: 'see', input: {} }] },
      { role: 'tool', content: [{ type: 'tool-result', toolName: 'see', output: { type: 'json', value: { a: 1 } } }] },
      { role: 'tool', content: [{ type: 'tool-result', toolName: 'see', output: { type: 'text', value: 'red' } }] },
    ],
    temperature: 0.5,
    topP: 0.9,
    maxOutputTokens: 10,
    stopSequences: ['x'],
    seed: 1,
    tools: [{ type: 'function', name: 'see' }],
    responseFormat: { type: 'json' },
    providerOptions: { openai: { reasoningEffort: 'low' } },
  };

  it('is read from what the model is given', () => {
    expect(whole.readRequest(options, limits, [options], { modelId: 'gpt-5' })).toEqual({
      model: 'gpt-5',
      streaming: false,
      messages: [
        { role: 'system', content: text('Be nice.') },
        { role: 'user', content: text('Look\n[image/png 3 B]') },
        { role: 'assistant', content: text('[tool_call see]') },
        { role: 'tool', content: text('{"a":1}') },
        { role: 'tool', content: text('red') },
      ],
      messageCount: 5,
      inputLength: 12,
      toolCount: 1,
      temperature: 0.5,
      topP: 0.9,
      maxTokens: 10,
      stopSequenceCount: 1,
      seed: 1,
      responseFormat: 'json',
      reasoningEffort: 'low',
    });
  });

  it('is read from what telemetry tells, instructions first', () => {
    const messages = [{ role: 'user', content: 'Hi' }];
    const event = { modelId: 'gpt-5', instructions: 'Be nice.', messages, tools: { a: {}, b: {} }, reasoning: 'high' };
    expect(stream.readRequest(event, limits, [event], event)).toMatchObject({
      model: 'gpt-5',
      streaming: true,
      messages: [
        { role: 'system', content: text('Be nice.') },
        { role: 'user', content: text('Hi') },
      ],
      messageCount: 2,
      toolCount: 2,
      reasoningEffort: 'high',
    });
  });

  it('has no messages where the user does not want inputs recorded, and not none of them', () => {
    const event = { modelId: 'm', messages: [], recordInputs: false };
    expect(stream.readRequest(event, limits, [event], event)).toEqual({ model: 'm', streaming: true });
  });

  const usage = {
    inputTokens: { total: 20, noCache: 9, cacheRead: 8, cacheWrite: 3 },
    outputTokens: { total: 12, text: 8, reasoning: 4 },
  };
  const read = {
    inputTokens: 20,
    outputTokens: 12,
    totalTokens: undefined,
    cachedInputTokens: 8,
    cacheCreationInputTokens: 3,
    reasoningTokens: 4,
  };
  const identity = { id: 'r-1', modelId: 'gpt-5-2025' };
  const finishReason = { unified: 'stop', raw: 'end_turn' };

  it('with text and parallel tool calls is the same facts whole and in pieces', () => {
    const calls = [
      { type: 'tool-call', toolCallId: 'a', toolName: 'weather', input: '{"city":"Paris"}' },
      { type: 'tool-call', toolCallId: 'b', toolName: 'weather', input: '{"city":"Tokyo"}' },
    ];
    const answer = {
      content: [{ type: 'reasoning', text: 'hm' }, { type: 'text', text: 'Hello you' }, ...calls],
      finishReason,
      usage,
      response: identity,
    };
    const chunks = [
      { type: 'stream-start', warnings: [] },
      { type: 'response-metadata', ...identity },
      { type: 'reasoning-delta', id: '0', delta: 'hm' },
      { type: 'text-start', id: '1' },
      { type: 'text-delta', id: '1', delta: 'Hello ' },
      { type: 'text-delta', id: '1', delta: 'you' },
      { type: 'tool-input-start', id: 'a', toolName: 'weather' },
      { type: 'tool-input-start', id: 'b', toolName: 'weather' },
      { type: 'tool-input-delta', id: 'b', delta: '{"city":' },
      { type: 'tool-input-delta', id: 'a', delta: '{"city":"Paris"}' },
      ...calls,
      { type: 'finish', finishReason, usage },
    ];
    const outputs = [
      {
        text: text('Hello you'),
        toolCalls: [
          { index: 0, id: 'a', name: 'weather', arguments: text('{"city":"Paris"}') },
          { index: 1, id: 'b', name: 'weather', arguments: text('{"city":"Tokyo"}') },
        ],
        finishReason: 'end_turn',
      },
    ];
    const facts = { started: true, finished: true, id: 'r-1', model: 'gpt-5-2025', outputs, usage: read };
    expectFacts(stream, { whole: answer, chunks }, facts);
  });

  it('that breaks off keeps what has come of a tool call', () => {
    const facts = fold(stream, [
      { type: 'tool-input-start', id: 'a', toolName: 'weather' },
      { type: 'tool-input-delta', id: 'a', delta: '{"ci' },
    ]);
    expect(facts.outputs).toEqual([{ toolCalls: [{ index: 0, id: 'a', name: 'weather', arguments: text('{"ci') }] }]);
    expect(facts.finished).toBeUndefined();
  });

  it.each([[{ unified: 'other', raw: undefined }], ['unknown'], ['other'], [{ unified: 'error', raw: undefined }]])(
    'is not finished by %j, which the provider package says when a stream just ends',
    (reason) => {
      const facts = fold(stream, [
        { type: 'text-delta', delta: 'Hel' },
        { type: 'finish', finishReason: reason, usage },
      ]);
      expect(facts).toEqual({ started: true, outputs: [{ text: text('Hel') }], usage: read });
    },
  );

  it.each([
    ['a string', 'too much', { message: text('too much') }],
    [
      'an object',
      { type: 'server_error', code: 'busy', message: 'later' },
      { type: 'server_error', code: 'busy', message: text('later') },
    ],
    [
      'an error',
      Object.assign(new Error('no'), { name: 'AI_APICallError', statusCode: 529, data: { error: { code: 'busy' } } }),
      { type: 'AI_APICallError', code: 'busy', message: text('no'), status: 529 },
    ],
  ])('that fails in the middle says so: %s', (_title, error, failure) => {
    expect(fold(stream, [{ type: 'error', error }]).failure).toEqual({ ...failure });
  });

  it('has neither id nor model where `ai` made them up', () => {
    const told = { objectText: '{}', finishReason: 'stop', response: { id: 'aiobj-x', modelId: 'asked' } };
    expect(whole.readResponse(told, limits)).toEqual({
      started: true,
      finished: true,
      outputs: [{ text: text('{}'), finishReason: 'stop' }],
    });
  });
});

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

describe('odd shapes', () => {
  const readers: readonly MethodReader[] = [
    whole,
    stream,
    embedding('embed'),
    rerank,
    generateImage,
    generateSpeech,
    transcribe,
  ];
  const oddValues = [null, undefined, 0, 'text', true, [], [null], {}, () => 1];
  const fields = [
    ...['prompt', 'messages', 'promptMessages', 'instructions', 'tools', 'providerOptions', 'values', 'documents'],
    ...['content', 'usage', 'finishReason', 'response', 'providerMetadata', 'images', 'error', 'type', 'stream'],
  ];
  const odd = [...oddValues, ...fields.flatMap((field) => oddValues.map((value) => ({ [field]: value })))];
  const types = ['text', 'text-delta', 'tool-call', 'tool-input-delta', 'file', 'error', 'finish', 'response-metadata'];

  it.each(readers.map((reader) => [reader.method, reader] as const))('never make %s throw', (_method, reader) => {
    for (const value of odd) {
      expect(() => reader.readRequest(value, limits, [value], value)).not.toThrow();
      expect(() => reader.readResponse(value, limits)).not.toThrow();
      expect(() => reader.answerOf?.(value)).not.toThrow();
    }
  });

  it('never make a stream throw', () => {
    for (const type of types)
      expect(() => fold(stream, [{ type }, { type, id: null, delta: {}, error: null }])).not.toThrow();
    for (const value of odd) expect(() => fold(stream, [value])).not.toThrow();
    expect(fold(stream, [{ type: 'something.new', text: 'secret', delta: 'secret' }])).toEqual({});
  });
});
