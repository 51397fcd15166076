import type { MethodReader } from '../../types';
import { withInput } from '../shared/read-input';
import { asString, countOf, readTolerantly } from '../shared/read-values';
import { answerOf, readUsage, signalOf } from './usage';

/* eslint-disable @typescript-eslint/no-explicit-any -- requests of several majors */

/** `embed`. The vectors are never looked at. */
export function embed(method: string): MethodReader {
  return {
    operation: 'embedding',
    method,
    readRequest: (request, limits) =>
      readTolerantly(request, (given) => withInput({ model: asString(given?.model) }, inputsOf(given), limits.prompt)),
    readResponse(response) {
      const usage = readUsage(response?.meta);
      // Nothing is generated.
      return { id: asString(response?.id), usage: usage && { inputTokens: usage.inputTokens } };
    },
    answerOf,
    signalOf,
  };
}

/** Texts, pictures, or inputs of several parts each. */
function inputsOf(given: any): unknown {
  if (given?.texts) return given.texts;
  if (Array.isArray(given?.images)) return given.images.map((url: unknown) => ({ type: 'image_url', image_url: url }));
  return given?.inputs?.map?.((input: any) => (input?.content?.length === 1 ? partOf(input.content[0]) : input));
}

function partOf(part: any): unknown {
  return part?.type === 'image_url' ? { type: 'image_url', image_url: part.imageUrl } : part;
}

/** `rerank`: the query is what is asked, the documents are counted. It is billed in searches, not in tokens. */
export function rerank(method: string): MethodReader {
  return {
    operation: 'rerank',
    method,
    readRequest: (request, limits) =>
      readTolerantly(request, (given) => ({
        ...withInput({ model: asString(given?.model) }, given?.query, limits.prompt),
        inputCount: countOf(given?.documents),
      })),
    readResponse: (response) => ({
      id: asString(response?.id),
      usage: response?.meta?.tokens && readUsage(response.meta),
    }),
    answerOf,
    signalOf,
  };
}
