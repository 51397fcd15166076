import type { RequestFacts } from '../../types';
import { describePart } from './describe-part';
import { joinTexts, readText } from './read-text';

type Input = Pick<RequestFacts, 'input' | 'inputCount' | 'inputLength'>;

/** Input that is no conversation: a string, a list of strings or parts, or tokens (a list, or lists, of numbers). */
export function readInput(inputOf: () => unknown, limit: number): Input {
  try {
    return describeInput(inputOf(), limit);
  } catch {
    // A getter or a proxy that throws: what could not be read is absent.
    return {};
  }
}

function describeInput(input: unknown, limit: number): Input {
  if (typeof input === 'string') return { input: readText(input, limit), inputLength: input.length };
  if (!Array.isArray(input)) return {};
  if (typeof input[0] === 'number') return { inputCount: 1 };
  const text = joinTexts((input as unknown[]).map(describePart), limit);
  return { input: text, inputCount: input.length, inputLength: text?.length };
}
