import * as old from '../../src/patches/google-generative-ai/methods';
import * as methods from '../../src/patches/google/methods';
import type { MethodReader } from '../../src/types';

/** The methods of both SDKs that stream. */
export const streaming: readonly (readonly [title: string, reader: MethodReader])[] = [
  ['generateContentStream of @google/genai', methods.generateContentStream],
  ['generateContentStream of @google/generative-ai', old.generateContentStream],
  ['sendMessageStream of @google/generative-ai', old.sendMessageStream],
];

const head = { modelVersion: 'gemini-2.5-pro', responseId: 'r1' };

/** A whole answer, or a chunk of a stream. */
export function chunk(
  parts: readonly object[],
  rest: object = {},
  usageMetadata: object = { promptTokenCount: 34 },
): object {
  return { candidates: [candidate(parts, rest)], usageMetadata, ...head };
}

export function candidate(parts: readonly object[], rest: object = {}): object {
  return { content: { role: 'model', parts }, ...rest };
}
