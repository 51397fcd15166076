import type { MethodReader, ResponseFacts } from '../../types';
import { withInput } from '../shared/read-input';
import { addOutputText, outputAt } from '../shared/read-outputs';
import { mediaMark } from '../shared/read-text';
import { asArray, asNumber, asString, countOf, readTolerantly } from '../shared/read-values';
import { headersFrom } from './read-headers';
import { readMetadata, readUsage } from './read-usage';

/* eslint-disable @typescript-eslint/no-explicit-any -- the model specifications 2 to 4, and what telemetry tells */

/** `doEmbed`, and the span of `embed`. The vectors are never looked at. */
export function embedding(method: string): MethodReader {
  return {
    operation: 'embedding',
    method,
    readRequest: (request, limits, _args, self) =>
      readTolerantly(request, (given) =>
        withInput({ model: modelOf(given, self) }, recorded(given, valuesOf(given)), limits.prompt),
      ),
    readResponse(response) {
      const tokens = asNumber(response?.usage?.tokens);
      const facts: ResponseFacts = {};
      // An embedding has no output to count: all of the tokens are input.
      if (tokens !== undefined) facts.usage = { inputTokens: tokens, totalTokens: tokens };
      readMetadata(facts, response);
      return facts;
    },
    ...withOptionsOf(),
  };
}

/** `doRerank`, and the span of `rerank`. */
export const rerank: MethodReader = {
  operation: 'rerank',
  method: 'rerank',
  readRequest: (request, limits, _args, self) =>
    readTolerantly(request, (given) => ({
      ...withInput({ model: modelOf(given, self) }, recorded(given, given.query), limits.prompt),
      inputCount: countOf(recorded(given, given.documents?.values ?? given.documents)),
    })),
  readResponse: (response) => ({ id: asString(response?.response?.id), model: asString(response?.response?.modelId) }),
  ...withOptionsOf(),
};

/** `doGenerate` of an image model. */
export const generateImage: MethodReader = {
  operation: 'image_generation',
  method: 'generateImage',
  readRequest: (request, limits, _args, self) =>
    readTolerantly(request, (given) =>
      withInput({ model: modelOf(given, self), seed: asNumber(given.seed) }, given.prompt, limits.prompt),
    ),
  readResponse(response, limits) {
    const facts: ResponseFacts = { model: asString(response?.response?.modelId) };
    const output = outputAt(facts, 0);
    for (const image of asArray(response?.images) ?? []) {
      addOutputText(facts, output, (output.text ? ' ' : '') + mediaMark('image', image), limits.response);
    }
    facts.usage = readUsage(response?.usage, undefined);
    readMetadata(facts, response);
    return facts;
  },
  ...withOptionsOf(),
};

/** `doGenerate` of a speech model, and the span of `generateSpeech`. */
export const generateSpeech: MethodReader = {
  operation: 'speech',
  method: 'generateSpeech',
  readRequest: (request, limits, _args, self) =>
    readTolerantly(request, (given) =>
      withInput({ model: modelOf(given, self) }, recorded(given, given.text), limits.prompt),
    ),
  readResponse: (response) => ({ model: asString((response?.response ?? response?.responses?.[0])?.modelId) }),
  ...withOptionsOf(),
};

/** `doGenerate` of a transcription model, and the span of `transcribe`. */
export const transcribe: MethodReader = {
  operation: 'transcription',
  method: 'transcribe',
  readRequest: (request, _limits, _args, self) => readTolerantly(request, (given) => ({ model: modelOf(given, self) })),
  readResponse(response, limits) {
    const facts: ResponseFacts = { model: asString((response?.response ?? response?.responses?.[0])?.modelId) };
    addOutputText(facts, outputAt(facts, 0), response?.text, limits.response);
    return facts;
  },
  ...withOptionsOf(),
};

/** What all of them have: the options of a model are its one argument, and its headers are beside the answer. */
function withOptionsOf(): Pick<MethodReader, 'answerOf' | 'signalOf'> {
  return {
    answerOf: (result) => ({
      value: result,
      headers: headersFrom((result?.response ?? result?.responses?.[0])?.headers),
    }),
    signalOf: ([options]) => options?.abortSignal,
  };
}

/** `embed` has one value, and its model a list of one. */
function valuesOf({ values, value }: any): unknown {
  return values ?? (typeof value === 'string' ? [value] : value);
}

/** Where the user does not want inputs recorded, telemetry says that they were empty. */
function recorded(given: any, input: unknown): unknown {
  return given.recordInputs === false ? undefined : input;
}

/** A model has its own id; telemetry says it beside the rest. */
function modelOf(given: any, self: any): string | undefined {
  return asString(self?.modelId ?? given.modelId);
}
