import { invokeModel } from '../../src/patches/bedrock/invoke-model';
import type { ResponseFacts } from '../../src/types';
import { bare, families, hello, metrics, usage } from './bedrock-families';
import { expectFacts, limits, text } from './expect-facts';

const encode = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json));
const chunk = (json: unknown): object => ({ chunk: { bytes: encode(json) } });
const answered = (
  json: unknown,
  headers: Record<string, string> = {},
): { body: Uint8Array; headers: never; serviceTier: unknown } => ({
  body: encode(json),
  headers: { get: (name: string) => headers[name] } as never,
  serviceTier: undefined,
});
const counted = {
  'x-amzn-bedrock-input-token-count': '10',
  'x-amzn-bedrock-output-token-count': '15',
  'x-amzn-bedrock-cache-read-input-token-count': '30',
  'x-amzn-bedrock-cache-write-input-token-count': '20',
};

describe('the answer of InvokeModel', () => {
  it.each(Object.entries(families))('of %s is the same in a stream', (_family, { whole, chunks, facts, headers }) => {
    expectFacts(invokeModel, { whole: answered(whole, headers), chunks: chunks.map(chunk) }, facts);
  });

  it.each(Object.entries(families))('of %s is not finished before its last chunks', (_family, { chunks }) => {
    const early = chunks.slice(0, chunks.length > 2 ? -2 : -1).map(chunk);
    const facts = early.reduce<ResponseFacts>(
      (soFar, each) => invokeModel.readChunk?.(soFar, each, limits) ?? soFar,
      {},
    );
    expect(facts.finished ?? false).toBe(false);
    expect(facts.usage?.outputTokens).toBeUndefined();
  });

  it('keeps the tool calls of Command R apart', () => {
    const whole = {
      ...{ generation_id: 'g1', text: 'I will look.', finish_reason: 'COMPLETE' },
      tool_calls: [{ name: 'weather', parameters: { city: 'Paris' } }, { name: 'now' }],
    };
    const chunks = [
      { event_type: 'text-generation', text: 'I will look.' },
      { event_type: 'tool-calls-generation', tool_calls: whole.tool_calls },
      { event_type: 'stream-end', finish_reason: 'COMPLETE', response: { generation_id: 'g1' } },
    ];
    const toolCalls = [
      { index: 0, name: 'weather', arguments: text('{"city":"Paris"}') },
      { index: 1, name: 'now', arguments: text('{}') },
    ];
    const outputs = [{ text: text('I will look.'), toolCalls, finishReason: 'COMPLETE' }];
    const facts = { id: 'g1', started: true, finished: true, outputs };
    expectFacts(invokeModel, { whole: answered(whole), chunks: chunks.map(chunk) }, facts);
  });

  it.each<[string, unknown, Record<string, string>, ResponseFacts]>([
    [
      'Titan Embeddings',
      { embedding: [0.1, -0.2], inputTextTokenCount: 4 },
      {},
      { operation: 'embedding', usage: { inputTokens: 4 } },
    ],
    [
      'Cohere Embed',
      { id: 'e1', embeddings: { float: [[0.1]] }, texts: ['secret'] },
      { 'x-amzn-bedrock-input-token-count': '3' },
      { id: 'e1', operation: 'embedding', usage: { inputTokens: 3 } },
    ],
    ['Cohere Rerank', { id: 'r1', results: [{ index: 1, relevance_score: 0.9 }] }, {}, { id: 'r1', usage: undefined }],
    [
      'Jurassic',
      { id: 1, completions: [{ data: { text: 'Hello' }, finishReason: { reason: 'endoftext' } }] },
      bare,
      hello('endoftext'),
    ],
    [
      'Titan Image',
      { images: ['AAAA', 'AAAA'] },
      {},
      { operation: 'image_generation', started: true, outputs: [{ text: text('[image 3 B] [image 3 B]') }] },
    ],
    [
      'Stable Diffusion',
      { artifacts: [{ base64: 'AAAA', finishReason: 'SUCCESS' }] },
      {},
      { operation: 'image_generation', started: true, outputs: [{ text: text('[image 3 B]') }] },
    ],
    [
      'a model that says nothing of tokens, with a cache',
      { outputs: [] },
      counted,
      { usage: { inputTokens: 60, outputTokens: 15, cachedInputTokens: 30, cacheCreationInputTokens: 20 } },
    ],
    ['headers that are no numbers', { outputs: [] }, { 'x-amzn-bedrock-input-token-count': 'many' }, {}],
  ])('of %s', (_what, body, headers, facts) => {
    expect(invokeModel.readResponse(answered(body, headers), limits)).toEqual(facts);
  });

  it('is only its metrics where nobody knows the format', () => {
    expect(invokeModel.readChunk?.({}, chunk({ word: 'secret', ...metrics() }), limits)).toEqual({
      finished: true,
      usage,
    });
  });

  it('is taken apart: the body with the headers, or the stream', () => {
    const headers = { get: () => undefined };
    const $metadata = { httpStatusCode: 200, requestId: 'req_1', attempts: 1 };
    const body = encode({});
    const told = { status: 200, requestId: 'req_1', retryCount: 0, headers };
    const output = { body, serviceTier: 'flex', $metadata };
    expect(invokeModel.answerOf?.(output, headers)).toEqual({ value: { body, headers, serviceTier: 'flex' }, ...told });
    const events = { [Symbol.asyncIterator]: () => undefined };
    expect(invokeModel.answerOf?.({ body: events, $metadata })).toMatchObject({ value: events, retryCount: 0 });
    expect(invokeModel.readResponse({ body, headers, serviceTier: 'flex' }, limits)).toEqual({ serviceTier: 'flex' });
  });
});
