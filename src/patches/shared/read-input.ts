import type { RequestFacts } from '../../types';
import { joinTexts, readText } from './read-text';

type Input = Pick<RequestFacts, 'input' | 'inputCount' | 'inputLength'>;

/** Input that is no conversation: a string, a list of strings, or tokens (a list, or a list of lists, of numbers). */
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
  const pieces = (input as unknown[]).map((part) =>
    typeof part === 'string' ? part : (part as { text?: unknown })?.text,
  );
  const text = joinTexts(pieces, limit);
  return { input: text, inputCount: input.length, inputLength: text?.length };
}
