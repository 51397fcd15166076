import { chatCompletions } from './patches/shared/chat-completions';
import { withConversation } from './patches/shared/read-messages';
import { addOutputText, addToolCall, outputAt } from './patches/shared/read-outputs';
import { addText, mediaMark, readText } from './patches/shared/read-text';
import { asArray, asNumber, asString, readTolerantly } from './patches/shared/read-values';
import type { MethodReader } from './types';

/**
 * What readers of a patch are made of. Text is only ever copied up to a limit: the rest is counted. Pure functions.
 *
 * - `readTolerantly(request, read)` reads a request in which any field may throw; a field that does is absent.
 * - `asString`, `asNumber`, `asArray` give a field that has this type, and undefined for any other.
 * - `withConversation(facts, messages, limits, describePart)` adds the last messages, how many there are, and how long.
 * - `outputAt(facts, index)` is one answer of a call, made where it is not there yet.
 * - `addOutputText(facts, output, piece, limit)` adds generated text to it; `addToolCall` a tool call, or a piece of one.
 * - `readText(value, limit)` and `addText(soFar, piece, limit)` cut text; `mediaMark(kind, base64)` stands for a medium.
 * - `chatCompletions` is a whole reader: for methods that speak the wire format of OpenAI's chat completions.
 *
 * @experimental
 * @example
 * ```ts
 * const complete = { ...reading.chatCompletions, method: 'chat.complete' };
 * ```
 */
export const reading = {
  addOutputText,
  addText,
  addToolCall,
  asArray,
  asNumber,
  asString,
  // Without the types of a package that may not be installed.
  chatCompletions: chatCompletions as MethodReader,
  mediaMark,
  outputAt,
  readText,
  readTolerantly,
  withConversation,
} as const;
