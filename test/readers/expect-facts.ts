import type { Limits, MethodReader, ResponseFacts } from '../../src/types';

export const limits: Limits = { messages: 5, message: 200, prompt: 500, response: 500 };

/** Reads a stream as a traced call does. */
export function fold(reader: MethodReader, chunks: readonly unknown[]): ResponseFacts {
  return chunks.reduce<ResponseFacts>((facts, chunk) => reader.readChunk?.(facts, chunk, limits) ?? facts, {});
}

/** The stream law: the chunks and the whole answer are the same facts. They are named, so that both can not be wrong. */
export function expectFacts(
  reader: MethodReader,
  { whole, chunks }: { whole: unknown; chunks: readonly unknown[] },
  expected: ResponseFacts,
): void {
  expect(reader.readResponse(whole, limits)).toEqual(expected);
  expect(fold(reader, chunks)).toEqual(expected);
}

/** A short text as a reader keeps it. */
export function text(value: string): { text: string; length: number } {
  return { text: value, length: value.length };
}
