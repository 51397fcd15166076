import type { MethodReader } from '../../types';
import { withInput } from '../shared/read-input';
import { withConversation } from '../shared/read-messages';
import { asString, readTolerantly } from '../shared/read-values';
import { readUsage, signalOf } from './completions';
import { describePart } from './describe-part';

/** `embeddings.create`. The vectors are never looked at. */
export const embeddings: MethodReader = {
  operation: 'embedding',
  method: 'embeddings.create',
  readRequest: (request, limits) =>
    readTolerantly(request, (given) => withInput({ model: asString(given?.model) }, given?.inputs, limits.prompt)),
  readResponse(response) {
    const usage = readUsage(response?.usage);
    // Nothing is generated: its 0 is no count.
    if (usage) usage.outputTokens = usage.outputTokens || undefined;
    return { model: asString(response?.model), id: asString(response?.id), usage };
  },
  signalOf,
};

/** `classifiers.moderate` and `classifiers.moderateChat`. The SDK drops their usage. */
export function moderations(method: string): MethodReader {
  return {
    operation: 'moderation',
    method,
    readRequest: (request, limits) =>
      readTolerantly(request, (given) => {
        const inputs: unknown = given?.inputs;
        const facts = { model: asString(given?.model) };
        // One conversation, or several of them, which are only counted.
        if (Array.isArray(inputs?.[0 as never])) return { ...facts, inputCount: (inputs as unknown[]).length };
        const isChat = typeof inputs?.[0 as never] === 'object';
        if (isChat) return withConversation(facts, inputs, limits, describePart);
        return withInput(facts, inputs, limits.prompt);
      }),
    readResponse: (response) => ({ model: asString(response?.model), id: asString(response?.id) }),
    signalOf,
  };
}
