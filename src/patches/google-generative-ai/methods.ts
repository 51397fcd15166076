import type {
  BatchEmbedContentsRequest,
  BatchEmbedContentsResponse,
  CountTokensRequest,
  CountTokensResponse,
  EmbedContentRequest,
  EmbedContentResponse,
  GenerateContentRequest,
  Part,
} from '@google/generative-ai';
import type { Limits, MethodReader, RequestFacts } from '../../types';
import { readGeminiAnswer, readTokenCount } from '../shared/gemini-answers';
import { modelName, readSettings, withContents, withEmbedded } from '../shared/gemini-requests';
import { asArray, readTolerantly } from '../shared/read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- a model and a chat keep what their requests are made of */

type Parts = string | (string | Part)[];

/** The model has what the request does not say. */
export const generateContent: MethodReader<Parts | GenerateContentRequest> = {
  operation: 'chat_completion',
  method: 'generateContent',
  readRequest: (request, limits, _args, self) =>
    readTolerantly(request, (given: any) => {
      const { generationConfig, tools } = given?.contents ? { ...self, ...given } : (self ?? {});
      return withContents(
        { model: modelName(self?.model), ...readSettings(generationConfig, tools) },
        given?.contents ?? given,
        limits,
      );
    }),
  readResponse: (response, limits) => readGeminiAnswer({}, response, limits),
  answerOf: (result) => ({ value: result?.response }),
};

/**
 * The result is `{ stream, response }`. The SDK tees the body and reads one of the branches for `response` itself, so
 * what the caller reads of `stream` is no measure of the call. `response` is not what was sent, either: of several parts
 * in one chunk it repeats the last, and it has no model.
 */
export const generateContentStream: MethodReader = {
  ...generateContent,
  method: 'generateContentStream',
  readRequest: streaming(generateContent),
  readChunk: readGeminiAnswer,
  answerOf: (result) => ({ value: result?.stream, isReadAhead: true }),
};

/** A message goes out with the history in front of it, and with the settings of the chat. */
export const sendMessage: MethodReader<Parts> = {
  ...generateContent,
  method: 'sendMessage',
  readRequest(request, limits, _args, self) {
    const facts = readMessage(request, limits, self);
    const update = (): unknown => Object.assign(facts, readMessage(request, limits, self));
    // While an answer is on its way, the history is not what it will be when this message goes out: right after the
    // SDK, which waits for the same promise, it is. The SDK handles its failures.
    const before = self?._sendPromise as Promise<unknown> | undefined;
    if (typeof before?.then === 'function') before.then(update, update).catch(() => undefined);
    return facts;
  },
};

function readMessage(request: Parts, limits: Limits, self: any): RequestFacts {
  return readTolerantly(request, (given) => {
    const history = asArray(self?._history) ?? [];
    const parts = asArray(given) ?? [given];
    const role = parts.some((part: any) => part?.functionResponse) ? 'function' : 'user';
    return withContents(
      { model: modelName(self?.model), ...readSettings(self?.params?.generationConfig, self?.params?.tools) },
      [...history, { role, parts }],
      limits,
    );
  });
}

export const sendMessageStream: MethodReader = {
  ...generateContentStream,
  method: 'sendMessageStream',
  readRequest: streaming(sendMessage),
};

function streaming({ readRequest }: MethodReader): MethodReader['readRequest'] {
  // The same facts, which may still be added to.
  return (request, limits, args, self): RequestFacts =>
    Object.assign(readRequest(request, limits, args, self), { streaming: true });
}

/** The vectors are never looked at; the API counts no tokens. */
export const embedContent: MethodReader<Parts | EmbedContentRequest, EmbedContentResponse> = {
  operation: 'embedding',
  method: 'embedContent',
  readRequest: (request, limits, _args, self) =>
    readTolerantly(request, (given: any) =>
      // A list is the parts of one content here.
      withEmbedded(
        { model: modelName(self?.model) },
        given?.content ?? (asArray(given) ? { parts: given } : given),
        limits,
      ),
    ),
  readResponse: () => ({}),
};

export const batchEmbedContents: MethodReader<BatchEmbedContentsRequest, BatchEmbedContentsResponse> = {
  ...embedContent,
  method: 'batchEmbedContents',
  readRequest: (request, limits, _args, self) =>
    readTolerantly(request, (given) =>
      withEmbedded(
        { model: modelName(self?.model) },
        asArray(given?.requests)?.map((each: any) => each?.content as unknown),
        limits,
      ),
    ),
  readResponse: () => ({}),
};

export const countTokens: MethodReader<Parts | CountTokensRequest, CountTokensResponse> = {
  operation: 'token_count',
  method: 'countTokens',
  readRequest: (request, limits, args, self) =>
    readTolerantly(request, (given: any) =>
      generateContent.readRequest(given?.generateContentRequest ?? given, limits, args, self),
    ),
  readResponse: readTokenCount,
};
