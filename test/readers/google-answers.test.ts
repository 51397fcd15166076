import * as methods from '../../src/patches/google/methods';
import { readGeminiUsage } from '../../src/patches/shared/gemini-answers';
import type { MethodReader } from '../../src/types';
import { expectFacts, fold, limits, text } from './expect-facts';
import { candidate, chunk, streaming } from './google';

/* eslint-disable @typescript-eslint/no-explicit-any -- requests and answers in every form that they take */

const head = { modelVersion: 'gemini-2.5-pro', responseId: 'r1' };
const read = { id: 'r1', model: 'gemini-2.5-pro', finished: true };
const usage = { promptTokenCount: 34, candidatesTokenCount: 469, thoughtsTokenCount: 787, totalTokenCount: 1290 };
const counted = { inputTokens: 34, outputTokens: 1256, totalTokens: 1290, reasoningTokens: 787 };

describe.each(streaming)('the answer of %s', (_title, reader: MethodReader) => {
  it('is the same in a stream, with thoughts beside the text', () => {
    const thought = { text: 'hm', thought: true };
    const whole = chunk([thought, { text: 'Hello you' }], { finishReason: 'STOP', index: 0 }, usage);
    const chunks = [
      chunk([thought], { index: 0 }),
      chunk([{ text: 'Hello' }], { index: 0 }),
      chunk([{ text: ' you', thoughtSignature: 'x' }], { index: 0 }),
      chunk([{ text: '' }], { finishReason: 'STOP', index: 0 }, usage),
    ];
    const outputs = [{ text: text('Hello you'), finishReason: 'STOP' }];
    expectFacts(reader, { whole, chunks }, { ...read, started: true, usage: counted, outputs });
    expect(fold(reader, chunks.slice(0, 1)).started).toBe(true);
    expect(fold(reader, chunks.slice(0, 3)).finished).toBe(false);
  });

  it('keeps calls apart that are made at the same time, in one chunk or in several', () => {
    const calls = ['Boston', 'Delhi'].map((city) => ({ functionCall: { name: 'get_weather', args: { city } } }));
    const whole = chunk(calls, { finishReason: 'STOP' }, usage);
    const outputs = [
      {
        toolCalls: [
          { index: 0, name: 'get_weather', arguments: text('{"city":"Boston"}') },
          { index: 1, name: 'get_weather', arguments: text('{"city":"Delhi"}') },
        ],
        finishReason: 'STOP',
      },
    ];
    const facts = { ...read, started: true, usage: counted, outputs };
    expectFacts(reader, { whole, chunks: [whole] }, facts);
    const apart = [chunk([calls[0] as object]), chunk([calls[1] as object], { finishReason: 'STOP' }, usage)];
    expect(fold(reader, apart)).toEqual(facts);
  });

  it('keeps candidates apart, and is over when all of them are', () => {
    const pieces = ['one', 'two'].map((word, index) => candidate([{ text: word }], { finishReason: 'STOP', index }));
    const whole = { candidates: pieces, usageMetadata: usage, ...head };
    const chunks = pieces.map((piece) => ({ candidates: [piece], usageMetadata: usage, ...head }));
    const outputs = ['one', 'two'].map((word) => ({ text: text(word), finishReason: 'STOP' }));
    expectFacts(reader, { whole, chunks }, { ...read, started: true, usage: counted, outputs });
  });

  it('counts what the tools of the provider gave back as input, and what they did as calls', () => {
    const counts = { ...usage, toolUsePromptTokenCount: 10, totalTokenCount: 1300 };
    const parts = [
      { executableCode: { language: 'PYTHON', code: 'print(2)' } },
      { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '2' } },
      { toolCall: { toolType: 'GOOGLE_SEARCH_WEB', args: { queries: ['x'] } } },
      { text: 'Two.' },
    ];
    const whole = chunk(parts, { finishReason: 'STOP' }, counts);
    const chunks = parts.map((part, at) => chunk([part], at === 3 ? { finishReason: 'STOP' } : {}, counts));
    const outputs = [
      {
        text: text('Two.'),
        toolCalls: [
          { index: 0, name: 'code_execution', arguments: text('print(2)') },
          { index: 1, name: 'GOOGLE_SEARCH_WEB', arguments: text('{"queries":["x"]}') },
        ],
        finishReason: 'STOP',
      },
    ];
    expectFacts(
      reader,
      { whole, chunks },
      { ...read, started: true, usage: { ...counted, inputTokens: 44, totalTokens: 1300 }, outputs },
    );
  });

  it('says a picture with a mark', () => {
    const whole = chunk([{ inlineData: { mimeType: 'image/png', data: 'aGVsbG8=' } }], { finishReason: 'STOP' }, usage);
    const outputs = [{ text: text('[image/png 5 B]'), finishReason: 'STOP' }];
    expectFacts(reader, { whole, chunks: [whole] }, { ...read, started: true, usage: counted, outputs });
  });

  it('has a reason and no text where the prompt was refused', () => {
    const whole = { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 9 } };
    const facts = { finished: true, outputs: [{ finishReason: 'PROHIBITED_CONTENT' }], usage: { inputTokens: 9 } };
    expectFacts(reader, { whole, chunks: [whole] }, facts);
  });

  it('knows the tier, by the name of each of the two APIs', () => {
    const tierOf = (usageMetadata: object): unknown => fold(reader, [chunk([], {}, usageMetadata), {}]).serviceTier;
    expect(tierOf({ serviceTier: 'standard' })).toBe('standard');
    expect(tierOf({ trafficType: 'PROVISIONED_THROUGHPUT' })).toBe('PROVISIONED_THROUGHPUT');
  });

  it('knows a failure that comes as a chunk', () => {
    const error = { code: 503, message: 'overloaded', status: 'UNAVAILABLE' };
    expect(fold(reader, [chunk([{ text: 'Hel' }]), { error }]).failure).toEqual({
      message: text('overloaded'),
      code: 'UNAVAILABLE',
    });
  });

  it('does not name a call whose arguments come in pieces without a name', () => {
    const pieces = [
      { functionCall: { name: 'get_weather', willContinue: true } },
      { functionCall: { partialArgs: [{ jsonPath: '$.city', stringValue: 'Bos' }], willContinue: true } },
      { functionCall: {} },
    ];
    const [output] = fold(reader, [...pieces.map((part) => chunk([part]))]).outputs ?? [];
    expect(output?.toolCalls).toEqual([{ index: 0, name: 'get_weather', arguments: text('') }]);
  });
});

describe('tokens', () => {
  it.each<[string, object, object]>([
    ['cached ones are in the prompt already', { promptTokenCount: 9, cachedContentTokenCount: 5 }, { inputTokens: 9 }],
    ['thoughts stand beside', usage, { outputTokens: 1256 }],
    [
      'thoughts alone are output',
      { thoughtsTokenCount: 68, promptTokenCount: 34, totalTokenCount: 102 },
      { outputTokens: 68 },
    ],
    // simonw/llm-gemini#75, BerriAI/litellm#10141
    [
      'thoughts within',
      { promptTokenCount: 10, candidatesTokenCount: 50, thoughtsTokenCount: 40, totalTokenCount: 60 },
      { outputTokens: 50 },
    ],
    [
      'no output is absent',
      { promptTokenCount: 14, totalTokenCount: 14 },
      { inputTokens: 14, outputTokens: undefined },
    ],
    ['nothing is absent', {}, { inputTokens: undefined, outputTokens: undefined, totalTokens: undefined }],
    [
      'audio',
      {
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 1 },
          { modality: 'AUDIO', tokenCount: 7 },
        ],
        candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: 9 }],
      },
      { audioInputTokens: 7, audioOutputTokens: 9 },
    ],
  ])('%s', (...[, given, expected]) => {
    expect(readGeminiUsage(given)).toMatchObject(expected);
  });
});

describe('the answer of the other methods', () => {
  it('sums the tokens of the texts that were embedded', () => {
    const embeddings = [3, 4].map((tokenCount) => ({ values: [1], statistics: { tokenCount } }));
    const inputTokensOf = (answer: any): unknown =>
      methods.embedContent.readResponse(answer, limits).usage?.inputTokens;
    expect(inputTokensOf({ embeddings })).toBe(7);
    expect(inputTokensOf({ embeddings: [{ values: [1] }] })).toBeUndefined();
    expect(inputTokensOf({ embeddings: [{ values: [1] }], usageMetadata: { promptTokenCount: 5 } })).toBe(5);
  });

  it('has marks for pictures, and none for those that were filtered', () => {
    const generatedImages = [
      { image: { imageBytes: 'aGVsbG8=', mimeType: 'image/jpeg' } },
      { raiFilteredReason: 'no' },
      { image: { gcsUri: 'gs://x' } },
    ];
    const { outputs } = methods.images('models.generateImages').readResponse({ generatedImages }, limits);
    expect(outputs?.[0]?.text?.text).toBe('[image/jpeg 5 B] [image]');
  });

  it('has headers under their lower-case names', () => {
    const answer = methods.generateContent.answerOf?.({ sdkHttpResponse: { headers: { 'x-request-id': 'r' } } });
    expect([answer?.headers?.get('x-request-id'), answer?.headers?.get('other')]).toEqual(['r', undefined]);
    expect(methods.generateContent.answerOf?.({}).headers).toBeUndefined();
  });
});
