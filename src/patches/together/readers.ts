import type Together from 'together-ai';
import type { Limits, MethodReader, ResponseFacts } from '../../types';
import { readChatUsage } from '../shared/chat-completions';
import { images as imagesOfOpenAI, speech as speechOfOpenAI } from '../shared/inputs';
import { withInput } from '../shared/read-input';
import { addOutputText, allFinished, outputAt } from '../shared/read-outputs';
import { mediaMark } from '../shared/read-text';
import { asArray, asString, countOf, readTolerantly } from '../shared/read-values';
import { textCompletions as ofOpenAI } from '../shared/text-completions';

/* eslint-disable @typescript-eslint/no-explicit-any -- fields that the types of the SDK have in one place, and the API in another */

/** `completions.create`: a chunk has its text in `text` or in a delta, and the reason of the end beside the choices. */
export const textCompletions: MethodReader<
  Together.CompletionCreateParams,
  Together.Completion,
  Together.Completions.CompletionChunk
> = {
  ...(ofOpenAI as MethodReader),
  readResponse: (response, limits) => readCompletion({}, response, limits),
  readChunk: readCompletion,
};

function readCompletion(facts: ResponseFacts, chunk: any, limits: Limits): ResponseFacts {
  facts.model ??= asString(chunk?.model);
  facts.id ??= asString(chunk?.id);
  if (chunk?.usage) facts.usage = readChatUsage(chunk.usage);
  const choices = asArray(chunk?.choices) ?? [];
  for (const [position, choice] of (choices as any[]).entries()) {
    const output = outputAt(facts, choice?.index ?? position);
    addOutputText(facts, output, choice?.text ?? choice?.delta?.content, limits.response);
    output.finishReason = asString(choice?.finish_reason) ?? asString(chunk.finish_reason) ?? output.finishReason;
  }
  if (choices.length > 0) facts.finished = allFinished(facts);
  return facts;
}

const anyImages = imagesOfOpenAI('images.generate');

/** `images.generate`: addresses of pictures or base64, of a type that only the request may have told. */
export const images: MethodReader<Together.ImageGenerateParams, Together.ImageFile> = {
  operation: anyImages.operation,
  method: anyImages.method,
  readRequest: anyImages.readRequest,
  readResponse(response, limits) {
    const facts: ResponseFacts = { model: asString(response?.model), id: asString(response?.id) };
    const marks = (asArray(response?.data) ?? []).map((image: any) => mediaMark('image', image?.b64_json));
    addOutputText(facts, outputAt(facts, 0), marks.join(' '), limits.response);
    return facts;
  },
};

/** `rerank.create`: a query in, and documents whose order is the answer. Neither is text that was generated. */
export const rerank: MethodReader<Together.RerankCreateParams, Together.RerankCreateResponse> = {
  operation: 'rerank',
  method: 'rerank.create',
  readRequest: (request, limits) =>
    readTolerantly(request, (given) => ({
      ...withInput({ model: asString(given.model) }, given.query, limits.prompt),
      inputCount: countOf(given.documents),
    })),
  readResponse: (response) => ({
    model: asString(response?.model),
    id: asString(response?.id),
    usage: response?.usage ? readChatUsage(response.usage) : undefined,
  }),
};

/** `audio.speech.create`: a raw `Response`, or a stream of pieces of base64, whose last one looks like the others. */
export const speech: MethodReader<Together.Audio.SpeechCreateParams> = {
  ...speechOfOpenAI,
  readRequest: (request, limits, ...rest) => ({
    ...speechOfOpenAI.readRequest(request, limits, ...rest),
    streaming: readTolerantly(request, (given) => given.stream === true),
  }),
  readChunk(facts, chunk) {
    facts.model ??= asString(chunk?.model);
    if (chunk?.b64) facts.started = true;
    return facts;
  },
  endsUnmarked: true,
};
