import type { Limits, MessageFacts, RequestFacts, Text } from '../../types';
import { addText, readText } from './read-text';
import { asString } from './read-values';

/** Says one part of a message in words: its text, or a mark that stands for a medium or a tool call. */
export type DescribePart = (part: unknown) => string | undefined;

/** Longer lists are counted but not measured: reading a call must not depend on the length of its history. */
const longestMeasured = 10_000;

/** Adds the last messages of a conversation, and how long the whole of it is. */
export function withConversation(
  facts: RequestFacts,
  messages: unknown,
  limits: Limits,
  describe: DescribePart,
): RequestFacts {
  if (!Array.isArray(messages)) return facts;
  if (limits.messages > 0) {
    facts.messages = messages.slice(-limits.messages).map((message) => readMessage(message, limits, describe));
  }
  facts.messageCount = messages.length;
  if (!isUserTurn(messages.at(-1))) facts.goesOn = true;
  if (messages.length <= longestMeasured) facts.inputLength = measure(messages);
  return facts;
}

/** The text of a message: a string, or a list of parts each on a line of its own. */
export function readContent(content: unknown, limit: number, describe: DescribePart): Text | undefined {
  if (!Array.isArray(content)) return readText(content, limit);
  let text: Text | undefined;
  for (const part of content as unknown[]) {
    const piece = describe(part);
    if (piece === undefined) continue;
    if (text) addText(text, '\n', limit);
    text = addText(text, piece, limit);
  }
  return text;
}

function readMessage(message: unknown, limits: Limits, describe: DescribePart): MessageFacts {
  try {
    return describeMessage(message, limits.message, describe);
  } catch {
    // One message with a getter that throws must not hide the others.
    return {};
  }
}

function describeMessage(message: unknown, limit: number, describe: DescribePart): MessageFacts {
  if (typeof message === 'string') return { content: readText(message, limit) };
  if (typeof message !== 'object' || message === null) return {};
  // Gemini says `parts`.
  const { role, content, parts } = message as { role?: unknown; content?: unknown; parts?: unknown };
  const text = readContent(content ?? parts, limit, describe);
  // A turn of the model that only calls tools has no content, or an empty one.
  return { role: asString(role), content: text?.length ? text : (readText(describe(message), limit) ?? text) };
}

/** Tool results are said to be the user's by Anthropic, Bedrock and Gemini, and are parts of a message there. */
function isUserTurn(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return true;
  try {
    const { role, type, content, parts } = message as Record<'role' | 'type' | 'content' | 'parts', unknown>;
    // Items of OpenAI's Responses without a role: what a function gave back, and the like.
    if (role === undefined && type !== undefined && type !== 'message') return false;
    if (typeof role === 'string' && !/^user$/i.test(role)) return false;
    const said = content ?? parts;
    return !Array.isArray(said) || said.length === 0 || !said.every(isToolResult);
  } catch {
    return true;
  }
}

function isToolResult(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false;
  return (part as { type?: unknown }).type === 'tool_result' || 'toolResult' in part || 'functionResponse' in part;
}

function measure(messages: readonly unknown[]): number | undefined {
  let length = 0;
  try {
    for (const message of messages as ({ content?: unknown; parts?: unknown } | null)[]) {
      length += lengthOf(message?.content ?? message?.parts ?? message);
    }
  } catch {
    return undefined;
  }
  return length;
}

function lengthOf(content: unknown): number {
  if (typeof content === 'string') return content.length;
  if (!Array.isArray(content)) return 0;
  let length = 0;
  for (const part of content as unknown[]) {
    const text = typeof part === 'string' ? part : (part as { text?: unknown } | null)?.text;
    if (typeof text === 'string') length += text.length;
  }
  return length;
}
