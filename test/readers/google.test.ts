import * as old from '../../src/patches/google-generative-ai/methods';
import * as methods from '../../src/patches/google/methods';
import type { MethodReader } from '../../src/types';
import { fold, limits } from './expect-facts';
import { chunk, streaming } from './google';

/* eslint-disable @typescript-eslint/no-explicit-any -- requests and answers in every form that they take */

const { images, ...readersOfGenAi } = methods;
const readers: readonly MethodReader[] = [
  ...Object.values(readersOfGenAi),
  images('models.generateImages'),
  ...Object.values(old),
];
const table = readers.map((reader) => [reader.method, reader] as const);
const oddValues: readonly unknown[] = [null, undefined, 0, Number.NaN, 'text', '', true, [], [null], [[]], {}, () => 1];
const fields = [
  ...['model', 'contents', 'config', 'content', 'requests', 'generationConfig', 'tools', 'prompt', 'parts', 'response'],
  ...['candidates', 'usageMetadata', 'promptFeedback', 'modelVersion', 'responseId', 'error', 'embeddings'],
  ...['generatedImages', 'totalTokens', 'generateContentRequest', 'sdkHttpResponse', 'stream'],
];
const oddParts = ['functionCall', 'executableCode', 'inlineData', 'text', 'thought', 'toolCall', 'codeExecutionResult'];
const odd: readonly any[] = [
  ...oddValues,
  ...fields.flatMap((field) => oddValues.map((value) => ({ [field]: value }))),
  ...oddValues.map((part) => ({ candidates: [{ content: { parts: [part] } }], contents: [part] })),
  ...oddValues.map((value) => ({ candidates: [value], contents: value })),
  ...oddParts.flatMap((field) => oddValues.map((value) => chunk([{ [field]: value }]))),
];

describe('whatever is given', () => {
  it.each(table)('%s reads any request without throwing', (...[, reader]) => {
    for (const request of odd) {
      expect(() => reader.readRequest(request, limits, [request], request)).not.toThrow();
      expect(() => reader.signalOf?.([request])).not.toThrow();
    }
  });

  it.each(table)('%s reads any answer without throwing', (...[, reader]) => {
    for (const response of odd) {
      expect(() => reader.readResponse(response, limits)).not.toThrow();
      expect(() => reader.answerOf?.(response)).not.toThrow();
    }
  });

  it.each(streaming)('%s reads any chunk without throwing, also among others', (...[, reader]) => {
    for (const each of odd) expect(() => fold(reader, [each, each])).not.toThrow();
  });

  it.each(streaming)('%s learns nothing from a chunk of an unknown shape', (...[, reader]) => {
    const learnt = fold(reader, [chunk([{ text: 'Hi' }])]);
    const unknown = { candidates: [{ content: { parts: [{ somethingNew: 'secret' }] } }], somethingNew: 'secret' };
    expect(reader.readChunk?.(structuredClone(learnt), unknown, limits)).toEqual(learnt);
  });

  it.each(table)('%s reads the model where something else can not be read', (...[, reader]) => {
    const self = { model: 'm' };
    for (const field of ['contents', 'config', 'prompt', 'content', 'requests', 'generateContentRequest']) {
      const request = Object.defineProperty({ model: 'm' }, field, {
        enumerable: true,
        get() {
          throw new Error('not now');
        },
      });
      expect(reader.readRequest(request, limits, [request], self).model).toBe('m');
    }
  });

  it('changes nothing of what it reads, and keeps no more of a text than the limit', () => {
    const frozen = Object.freeze(chunk([{ text: 'x'.repeat(400) }]));
    const { outputs } = fold(
      methods.generateContentStream,
      Array.from({ length: 100 }, () => frozen),
    );
    expect(outputs?.[0]?.text).toEqual({ text: 'x'.repeat(500), length: 40_000 });
  });
});
