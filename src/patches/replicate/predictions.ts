import type { Answer, Limits, MethodReader, RequestFacts, Tell } from '../../types';
import { describePart } from '../shared/describe-part';
import { withInput } from '../shared/read-input';
import { withConversation } from '../shared/read-messages';
import { asArray, asNumber, asString, countOf, readTolerantly } from '../shared/read-values';
import { markInside } from './mark-inside';
import { readPrediction, readServerEvent, readStreamedOutput } from './read-outputs';

/* eslint-disable @typescript-eslint/no-explicit-any -- inputs and outputs are the models' own */

/**
 * `run` resolves to the output alone. All that is told of a prediction, a failed one too, is told to the callback that
 * is its third argument: at the start, at each poll, and at the end.
 */
export const run: MethodReader = {
  operation: 'prediction',
  method: 'run',
  readRequest: (reference, limits, args) => readInput({ model: asString(reference) }, args[1], limits),
  given: ([reference, options, progress, ...rest], tell) => [
    reference,
    markInside(options),
    tell ? tapProgress(progress, tell) : progress,
    ...rest,
  ],
  readResponse(output, limits, soFar = {}) {
    return soFar.id === undefined ? readPrediction(soFar, { output }, limits) : soFar;
  },
};

/** `stream`: what the model writes, in server-sent events. Tokens are not among them. */
export const stream: MethodReader = {
  operation: 'prediction',
  method: 'stream',
  isLazy: true,
  readRequest: (reference, limits, args) => readInput({ model: asString(reference), streaming: true }, args[1], limits),
  given: ([reference, options, ...rest]) => [reference, markInside(options), ...rest],
  readResponse: (output, limits) => readStreamedOutput(output, limits),
  readChunk: readServerEvent,
};

/** The prediction as it was begun, or finished where the request waited for it. */
const created = creationOf('predictions.create', (_name, data) => asString(data.model) ?? asString(data.version));
const createdOfModel = creationOf('predictions.create', (name) => name);
const createdByDeployment = creationOf('deployments.predictions.create', (name) => name);
const creations: Readonly<Record<string, MethodReader>> = { models: createdOfModel, deployments: createdByDeployment };

const creationPath = /(?:^|\/)(?:(models|deployments)\/([^/]+\/[^/]+)\/)?predictions\/?$/;

/** The reader of a POST request, by its path: `/predictions`, `/models/OWNER/NAME/predictions`. */
export function creation(route: any): MethodReader | undefined {
  const match = matchOf(route);
  return match ? (creations[match[1] ?? ''] ?? created) : undefined;
}

function matchOf(route: any): RegExpExecArray | null {
  const path: unknown = typeof route === 'string' ? route.slice(0, 2_048).split('?', 1)[0] : route?.pathname;
  return typeof path === 'string' ? creationPath.exec(path) : null;
}

function creationOf(
  method: string,
  modelOf: (name: string | undefined, data: any) => string | undefined,
): MethodReader {
  return {
    operation: 'prediction',
    method,
    readRequest: (route, limits, args) =>
      readTolerantly(args[1]?.data ?? {}, (data: any) =>
        readInput({ model: modelOf(asString(matchOf(route)?.[2]), data) }, data, limits),
      ),
    answerOf: answerOfResponse,
    readResponse: (prediction, limits) => readPrediction({}, prediction, limits),
  };
}

function tapProgress(progress: unknown, tell: Tell): unknown {
  // Something else would be an error of the SDK.
  if (progress && typeof progress !== 'function') return progress;
  return function tappedProgress(this: unknown, prediction: unknown, ...rest: unknown[]): unknown {
    tell((facts, limits) => void readPrediction(facts, prediction, limits));
    return progress ? (Reflect.apply(progress as () => unknown, this, [prediction, ...rest]) as unknown) : undefined;
  };
}

/** The SDK takes the prediction out of the response itself: it is watched there, by the promise that it gets. */
function answerOfResponse(response: any): Answer {
  const read: unknown = response?.json;
  if (typeof read !== 'function') return { value: response };
  let isRead = false;
  let arrive: (prediction: unknown) => void;
  let watched: Promise<unknown> = new Promise((resolve) => (arrive = resolve));
  function json(this: unknown, ...args: unknown[]): unknown {
    const prediction: unknown = Reflect.apply(read as () => unknown, this, args);
    if (isRead) return prediction;
    isRead = true;
    arrive(prediction);
    return watched;
  }
  Object.defineProperty(response, 'json', { value: json, writable: true, configurable: true, enumerable: false });
  return {
    value: watched,
    replace: (promise) => void (watched = promise),
    holder: response,
    status: asNumber(response.status),
    headers: response.headers,
  };
}

/** Models name their inputs as they like; these are the names that most of those that write text agree on. */
function readInput(facts: RequestFacts, options: any, limits: Limits): RequestFacts {
  return readTolerantly(options?.input ?? {}, (input: any) => {
    facts.toolCount = countOf(input.tools);
    facts.temperature = asNumber(input.temperature);
    facts.topP = asNumber(input.top_p);
    facts.maxTokens =
      asNumber(input.max_tokens) ?? asNumber(input.max_new_tokens) ?? asNumber(input.max_completion_tokens);
    facts.stopSequenceCount = stopsOf(input.stop_sequences ?? input.stop);
    facts.seed = asNumber(input.seed);
    facts.responseFormat = asString(input.response_format?.type);
    facts.reasoningEffort = asString(input.reasoning_effort);
    if (!asArray(input.messages)) return withInput(facts, input.prompt ?? input.text, limits.prompt);
    facts.operation = 'chat_completion';
    return withConversation(facts, input.messages, limits, describePart);
  });
}

/** A list, or several in one string with commas between. */
function stopsOf(stops: unknown): number | undefined {
  if (typeof stops !== 'string') return countOf(stops);
  return stops === '' ? undefined : stops.slice(0, 2_048).split(',').length;
}
