import type OpenAI from 'openai';
import type { Limits, MethodReader, ResponseFacts } from '../../types';
import { readChatUsage } from './chat-completions';
import { readCost } from './read-charges';
import { withInput } from './read-input';
import { addOutputText, allFinished, outputAt } from './read-outputs';
import { asArray, asNumber, asString, countOf, readTolerantly } from './read-values';

/** The old `completions.create`: a prompt, or several at once, and no messages. */
export const textCompletions: MethodReader<OpenAI.CompletionCreateParams, OpenAI.Completion, OpenAI.Completion> = {
  operation: 'text_completion',
  method: 'completions.create',
  readRequest: (request, limits) =>
    readTolerantly(request, (given) =>
      withInput(
        {
          model: asString(given.model),
          streaming: given.stream === true,
          temperature: asNumber(given.temperature),
          topP: asNumber(given.top_p),
          maxTokens: asNumber(given.max_tokens),
          stopSequenceCount: typeof given.stop === 'string' ? 1 : countOf(given.stop),
          seed: asNumber(given.seed),
        },
        given.prompt,
        limits.prompt,
      ),
    ),
  readResponse: (response, limits) => readChunk({}, response, limits),
  readChunk,
};

function readChunk(facts: ResponseFacts, chunk: OpenAI.Completion, limits: Limits): ResponseFacts {
  facts.model ??= asString(chunk?.model);
  facts.id ??= asString(chunk?.id);
  if (chunk?.usage) facts.usage = readChatUsage(chunk.usage);
  facts.cost = readCost(chunk?.usage) ?? facts.cost;
  const choices = asArray(chunk?.choices) ?? [];
  for (const [position, choice] of choices.entries()) {
    const { index, text, finish_reason: finishReason } = (choice ?? {}) as Partial<OpenAI.CompletionChoice>;
    const output = outputAt(facts, index ?? position);
    addOutputText(facts, output, text, limits.response);
    output.finishReason = asString(finishReason) ?? output.finishReason;
  }
  if (choices.length > 0) facts.finished = allFinished(facts);
  return facts;
}
