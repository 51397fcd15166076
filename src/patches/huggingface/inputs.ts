import type { Limits, MethodReader, RequestFacts, ResponseFacts } from '../../types';
import { withInput } from '../shared/read-input';
import { addOutputText, outputAt } from '../shared/read-outputs';
import { mediaMark } from '../shared/read-text';
import { asArray, asString, readTolerantly } from '../shared/read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- the answers of many providers */

/** `featureExtraction`. The vectors are never looked at. */
export const embeddings: MethodReader = {
  operation: 'embedding',
  method: 'featureExtraction',
  readRequest,
  readResponse: () => ({}),
};

/** `textToImage`: a blob, an address, a data URL, or what the provider said; a mark stands for it. */
export const images: MethodReader = {
  operation: 'image_generation',
  method: 'textToImage',
  readRequest,
  readResponse: (image, limits) => withOutput({}, imageMark(image), limits),
};

/** `automaticSpeechRecognition`: what is heard is not looked at. */
export const transcriptions: MethodReader = {
  operation: 'transcription',
  method: 'automaticSpeechRecognition',
  readRequest: (request) => readTolerantly(request, (given) => ({ model: asString(given.model) })),
  readResponse: (response, limits) => withOutput({}, response?.text, limits),
};

/** `textToSpeech`: the sound belongs to the caller. */
export const speech: MethodReader = {
  operation: 'speech',
  method: 'textToSpeech',
  readRequest,
  readResponse: () => ({}),
};

export const translations: MethodReader = {
  operation: 'translation',
  method: 'translation',
  readRequest,
  readResponse: (response, limits) => withTexts(response, 'translation_text', limits),
};

export const summaries: MethodReader = {
  operation: 'text_completion',
  method: 'summarization',
  readRequest,
  readResponse: (response, limits) => withTexts(response, 'summary_text', limits),
};

function readRequest(request: any, limits: Limits): RequestFacts {
  return readTolerantly(request, (given) =>
    withInput({ model: asString(given.model) }, given.inputs ?? given.text ?? given.prompt, limits.prompt),
  );
}

function withOutput(facts: ResponseFacts, text: unknown, limits: Limits): ResponseFacts {
  if (typeof text === 'string') addOutputText(facts, outputAt(facts, 0), text, limits.response);
  return facts;
}

/** A text for each input. */
function withTexts(response: any, field: string, limits: Limits): ResponseFacts {
  const answers: readonly any[] = asArray(response) ?? [response];
  const facts: ResponseFacts = {};
  for (const [index, answer] of answers.entries()) {
    const text: unknown = answer?.[field];
    if (typeof text === 'string') addOutputText(facts, outputAt(facts, index), text, limits.response);
  }
  return facts;
}

function imageMark(image: any): string | undefined {
  if (image === undefined || image === null) return undefined;
  if (typeof image === 'string') return image.startsWith('data:') ? mediaMark('image', image) : mediaMark('image');
  return mediaMark(asString(image.type) ?? 'image');
}
