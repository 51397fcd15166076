import type { RequestFacts } from '../../types';
import { describePart } from './describe-part';
import { joinTexts, readText } from './read-text';

/** Adds input that is no conversation: a string, a list of strings or parts, or tokens (a list, or lists, of numbers). */
export function withInput(facts: RequestFacts, input: unknown, limit: number): RequestFacts {
  if (typeof input === 'string') {
    facts.input = readText(input, limit);
    facts.inputLength = input.length;
  } else if (Array.isArray(input)) {
    addList(facts, input, limit);
  }
  return facts;
}

function addList(facts: RequestFacts, input: readonly unknown[], limit: number): void {
  if (typeof input[0] === 'number') {
    facts.inputCount = 1;
    return;
  }
  facts.inputCount = input.length;
  facts.input = joinTexts(input.map(describePart), limit);
  facts.inputLength = facts.input?.length;
}
