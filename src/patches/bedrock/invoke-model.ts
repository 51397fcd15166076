import type { HeadersLike, Limits, MethodReader, RequestFacts, ResponseFacts } from '../../types';
import { asString, readTolerantly } from '../shared/read-values';
import { readNative, withCounts } from './native-answers';
import { operationOf, readNativeRequest } from './native-requests';
import { readJson } from './read-json';
import { addLatency, withServing } from './read-serving';
import { answerWith, isStream, sentCommand } from './sent-command';

/* eslint-disable @typescript-eslint/no-explicit-any -- commands and answers of several generations */

/** A prompt is rarely longer; of one that is, the beginning is kept. */
const longestInRequest = 16 * 1_024;
/** No text that a model writes is longer; of a picture nothing is kept. */
const longestInAnswer = 1_024 * 1_024;

interface Answered {
  readonly body: unknown;
  readonly headers: HeadersLike | undefined;
  readonly serviceTier: unknown;
  readonly performanceConfigLatency?: unknown;
}

/** InvokeModel: each family of models has a format of its own, in which Amazon hands request and answer on. */
export const invokeModel: MethodReader<any, Answered> = {
  operation: 'chat_completion',
  method: 'invokeModel',
  readRequest: (command, limits, _args, self) => withServing(readInvocation(command?.input, limits), command, self),
  readResponse: readAnswer,
  readChunk: (facts, event, limits) => readNative(facts, readJson(event?.chunk?.bytes, longestInAnswer)?.value, limits),
  answerOf(output, headers) {
    const { body, serviceTier, performanceConfigLatency } = output ?? {};
    const answered: Answered = { body, headers, serviceTier, performanceConfigLatency };
    return answerWith(isStream(body) ? body : answered, output, headers);
  },
  ...sentCommand,
};

export const invokeModelWithResponseStream: typeof invokeModel = {
  ...invokeModel,
  method: 'invokeModelWithResponseStream',
  readRequest: (...given) => ({ ...invokeModel.readRequest(...given), streaming: true }),
};

function readInvocation(input: unknown, limits: Limits): RequestFacts {
  const { model, body } = readTolerantly(input as any, (given) => ({
    model: asString(given?.modelId),
    body: readJson(given?.body, longestInRequest),
  }));
  if (!body) return { operation: operationOf({}, model), model };
  const facts = readNativeRequest(body.value, model, limits);
  // What was cut was not measured.
  return body.isWhole ? facts : { ...facts, inputLength: undefined };
}

function readAnswer(answered: Answered, limits: Limits): ResponseFacts {
  const facts = readNative({}, readJson(answered?.body, longestInAnswer)?.value, limits);
  facts.serviceTier ??= asString(answered?.serviceTier);
  const count = (name: string): number | undefined =>
    countOf(answered?.headers?.get(`x-amzn-bedrock-${name}-token-count`));
  withCounts(facts, {
    input: count('input'),
    output: count('output'),
    cached: count('cache-read-input'),
    created: count('cache-write-input'),
  });
  addLatency(facts, answered?.performanceConfigLatency);
  return facts;
}

function countOf(header: string | null | undefined): number | undefined {
  return typeof header === 'string' && /^\d+$/.test(header) ? Number(header) : undefined;
}
