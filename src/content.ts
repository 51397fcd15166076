import { reportProblem } from './safely';
import type { JsonValue, LlmEvent, Text } from './types';

/** What a piece of text is, told to `redact`. */
export type TextKind = 'message' | 'input' | 'output' | 'tool_arguments' | 'error';

/** What may leave, and how much of it. */
export interface ContentRules {
  readonly includePrompts: boolean;
  readonly includeResponses: boolean;
  readonly maxPromptLength: number;
  readonly maxMessageLength: number;
  readonly maxResponseLength: number;
  readonly redact?: ((text: string, where: TextKind) => string) | undefined;
}

const ellipsis = '…';

/** The server cuts longer strings (Amplitude, HTTP V2 API: 1,024 characters). */
const longestString = 1_024;
const longestEvent = 16 * 1_024;
const deepest = 20;

/**
 * The one gate for text: undefined where text of this kind may not leave, or where `redact` could not do its work.
 * Errors need leave for prompts and for answers: providers echo either in their messages.
 */
export function gateText(text: Text | undefined, where: TextKind, rules: ContentRules): string | undefined {
  if (!text || !isAllowed(where, rules)) return undefined;
  const limit = lengthOf(where, rules);
  const isCut = text.length > Math.min(limit, text.text.length);
  const cut = isCut ? withoutHalfPair(text.text.slice(0, limit)) : text.text;
  const shown = rules.redact ? redacted(cut, where, rules.redact) : cut;
  if (shown === undefined) return undefined;
  return isCut ? shown + ellipsis : shown;
}

function isAllowed(where: TextKind, { includePrompts, includeResponses }: ContentRules): boolean {
  if (where === 'error') return includePrompts && includeResponses;
  return where === 'message' || where === 'input' ? includePrompts : includeResponses;
}

function lengthOf(where: TextKind, rules: ContentRules): number {
  if (where === 'message' || where === 'tool_arguments') return rules.maxMessageLength;
  return where === 'input' ? rules.maxPromptLength : rules.maxResponseLength;
}

/** A character outside the basic plane is two code units; the first of them alone is no character. */
function withoutHalfPair(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}

function redacted(text: string, where: TextKind, redact: NonNullable<ContentRules['redact']>): string | undefined {
  try {
    const shown: unknown = redact(text, where);
    if (typeof shown === 'string') return withoutHalfPair(shown.slice(0, longestString - ellipsis.length));
    throw new TypeError(`redact returned ${typeof shown} instead of a string`);
  } catch (error) {
    // The text is left out: raw text must not leave because a redaction failed.
    reportProblem('redact a text', error);
    return undefined;
  }
}

/**
 * A copy of a value that JSON can hold, whatever it was: a BigInt in an event ends the process in
 * analytics-node 1.5.73, a cycle loses the batch. Functions and symbols are left out.
 */
export function toJson(value: unknown, depth = 0): JsonValue | undefined {
  if (typeof value === 'string') return value.length > longestString ? shorten(value) : value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || depth > deepest) return undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (Array.isArray(value)) return value.slice(0, 1_000).map((item) => toJson(item, depth + 1) ?? null);
  return objectToJson(value, depth);
}

function shorten(value: string): string {
  return withoutHalfPair(value.slice(0, longestString - ellipsis.length)) + ellipsis;
}

function objectToJson(value: object, depth: number): Record<string, JsonValue> {
  const json: Record<string, JsonValue> = {};
  for (const [key, item] of Object.entries(value).slice(0, 1_000)) {
    const converted = toJson(item, depth + 1);
    if (converted !== undefined) json[key.slice(0, longestString)] = converted;
  }
  return json;
}

/** Texts that go first when an event is too large, and what goes after them: everything that users added. */
const dispensable = ['messages', 'tool_calls', 'input', 'output', 'error'] as const;

/**
 * Keeps the JSON of an event under 16 KiB: one that is refused as too large halves the batch size of the client for
 * good, and harms the application's own analytics.
 *
 * @returns false where even the numbers and names are too many.
 */
export function fitEvent(event: LlmEvent, own: ReadonlySet<string>): boolean {
  if (isSmall(event)) return true;
  for (const name of dispensable) {
    delete event.event_properties[name];
    if (isSmall(event)) return true;
  }
  for (const name of Object.keys(event.event_properties)) {
    if (!own.has(name)) delete event.event_properties[name];
  }
  return isSmall(event);
}

/** Counting characters is enough for nearly every event; a character is at most 6 bytes of JSON. */
function isSmall(event: LlmEvent): boolean {
  if (roughSize(event) * 6 < longestEvent) return true;
  return Buffer.byteLength(JSON.stringify(event)) <= longestEvent;
}

function roughSize(value: unknown): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 24;
  let size = 2;
  for (const key in value) size += key.length + 4 + roughSize((value as Record<string, unknown>)[key]);
  return size;
}
