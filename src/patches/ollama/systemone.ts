import type { SystemOneRequest, SystemOneResponse } from 'ollama';
import type { Limits, MethodReader, RequestFacts, ResponseFacts } from '../../types';
import { addOutputText, jsonBeginning, outputAt } from '../shared/read-outputs';
import { readText } from '../shared/read-text';
import { asNumber, asString, readTolerantly, sumOf } from '../shared/read-values';

/** `systemone`: a model answers questions about a state by choices, scores and probabilities. Nothing is streamed. */
export const systemone: MethodReader<SystemOneRequest, SystemOneResponse> = {
  operation: 'chat_completion',
  method: 'systemone',
  readRequest: (request, limits) => readTolerantly(request, (given) => readState(given, limits)),
  readResponse(response, limits) {
    const facts: ResponseFacts = { model: asString(response?.model) };
    if (isObject(response?.answers)) {
      addOutputText(facts, outputAt(facts, 0), jsonBeginning(response.answers, limits.response), limits.response);
    }
    const [input, output] = [asNumber(response?.usage?.input_tokens), asNumber(response?.usage?.output_tokens)];
    facts.usage = { inputTokens: input, outputTokens: output, totalTokens: sumOf(input, output) };
    return facts;
  },
};

function readState({ model, state, questions }: SystemOneRequest, limits: Limits): RequestFacts {
  const facts: RequestFacts = { model: asString(model) };
  if (isObject(questions)) facts.inputCount = Object.keys(questions).length;
  const said = isObject(state) ? jsonBeginning(state, limits.prompt) : state;
  facts.input = readText(said, limits.prompt);
  // Of an object only the beginning is written out: how long all of it is, is known where that is all.
  if (typeof said === 'string')
    facts.inputLength = said === state || said.length <= limits.prompt ? said.length : undefined;
  return facts;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
