import { isKnownName } from './known-words';
import { withoutKeys, type Redactor } from './redact/redact';
import { ignoreRejection, reportProblem } from './safely';
import type { JsonValue, LlmEvent, Text } from './types';

/**
 * What a piece of text is, told to `redact`.
 *
 * @experimental
 */
export type TextKind = 'message' | 'input' | 'output' | 'tool_arguments' | 'error';

/** What may leave, and how much of it. */
export interface ContentRules {
  /** No text at all, whatever the rest says: then both of these are false, too. */
  readonly privacyMode: boolean;
  readonly includePrompts: boolean;
  readonly includeResponses: boolean;
  readonly maxPromptLength: number;
  readonly maxMessageLength: number;
  readonly maxResponseLength: number;
  readonly redact?: Redactor | undefined;
}

const ellipsis = '…';

/** The server cuts longer strings (Amplitude, HTTP V2 API: 1,024 characters). */
const longestString = 1_024;
const longestEvent = 16 * 1_024;
/** Codes and classes are short. */
const longestName = 256;
const deepest = 20;
/** More values than this are more than an event can hold. */
const mostNodes = 4_000;

/**
 * The one gate for text: undefined where text of this kind may not leave, or where `redact` could not do its work.
 * Errors need leave for prompts and for answers: providers echo either in their messages.
 */
export function gateText(text: Text | undefined, where: TextKind, rules: ContentRules): string | undefined {
  // Facts of a patch of the application's can be anything, here and below.
  if (typeof text?.text !== 'string' || rules.privacyMode || !isAllowed(where, rules)) return undefined;
  const limit = lengthOf(where, rules);
  const isCut = text.length > Math.min(limit, text.text.length);
  const raw = isCut ? withoutHalfPair(text.text.slice(0, limit)) : text.text;
  // Gateways and proxies say in their errors which key they were sent.
  const cut = where === 'error' ? withoutKeys(raw, isCut) : raw;
  const shown = rules.redact ? redacted(cut, where, isCut, rules.redact) : cut;
  if (shown === undefined) return undefined;
  return isCut ? shown + ellipsis : shown;
}

function isAllowed(where: TextKind, { includePrompts, includeResponses }: ContentRules): boolean {
  if (where === 'error') return includePrompts && includeResponses;
  return where === 'message' || where === 'input' ? includePrompts : includeResponses;
}

/**
 * A word of a vendor's: why an answer ended, what tier served it, the class or the code of an error. Some put a sentence
 * there, or a stop sequence, which is text; not all scripts have spaces between words. In `privacyMode` only words leave
 * that are known.
 */
export function gateWord(word: unknown, rules: ContentRules): string | undefined {
  if (typeof word !== 'string' || word.length > longestName) return undefined;
  if (rules.privacyMode) return isKnownName(word) ? word : undefined;
  return isWord(word) ? word : gateText({ text: word, length: word.length }, 'error', rules);
}

/** Letters, digits and signs of ASCII without a space: names of classes and codes. Anything else may be a sentence. */
export function isWord(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** Who speaks in a message that is an earlier answer: Gemini says `model`, Cohere's first API CHATBOT, LangChain `ai`. */
export function isAnswer(role: unknown): boolean {
  return typeof role === 'string' && /^(?:assistant|model|chatbot|ai|bot)$/i.test(role);
}

/** What the application, or this package, calls something. In `privacyMode` only what has the form of an identifier. */
export function gateName(name: unknown, rules: ContentRules): string | undefined {
  if (typeof name !== 'string') return undefined;
  if (!rules.privacyMode) return boundedString(name);
  return /^[@\w$][\w$.:/+-]{0,63}$/.test(name) && !name.includes('://') ? name : undefined;
}

/** The id that a provider gave a call. In `privacyMode` only what looks like one: no words, no address, no path. */
export function gateId(id: unknown, rules: ContentRules): string | undefined {
  if (typeof id !== 'string') return undefined;
  if (!rules.privacyMode) return boundedString(id);
  if (!/^[\w.:=+-]{4,128}$/.test(id)) return undefined;
  return /\d/.test(id) || (id.length >= 16 && /[a-z]/.test(id) && /[A-Z]/.test(id)) ? id : undefined;
}

/** Accounts and projects in front of the name itself, where a gateway may have put something before them. */
const account = /^.*?(?:arn:(?:[\w-]*:){4}|projects\/[^/]+\/locations\/[^/]+\/)/;
/** `joan.example.org/v1`, a path of Windows or a URL, `localhost:8000/v1`, `10.0.0.1`, `joan@example.org`. */
const addresses = [
  /^(?!hf\.co\/|huggingface\.co\/)[\w-]*(?:\.[\w-]+)*\.[a-z]{2,}(?::\d+)?\//i,
  /:\d*\/|(?:^|\/)(?:arn:|projects\/)/,
  /(?:^|[^\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/,
  /\w@[\w.-]*\.[a-z]{2,}(?![\w.-])/i,
];
const file = new RegExp(
  [
    '\\.(?:gguf|ggml|llamafile|bin|safetensors|pth?|ckpt|onnx|tflite|mlmodel|h5|pb|npz|pkl|pickle|engine|zip|tar|gz',
    '|\\w*json\\w*|ya?ml|toml|txt|md|html?|xml|csv|tsv|xlsx?|docx?|pptx?|pdf|py|js|ts|log)(?::[^/]*)?$',
  ].join(''),
  'i',
);

/**
 * The name of a model. In `privacyMode` neither an address, nor a file, nor the account or the project that is named in
 * the long forms of the clouds: `arn:aws:bedrock:us-east-1:123456789012:inference-profile/x` is `inference-profile/x`.
 */
export function gateModel(model: unknown, rules: ContentRules): string | undefined {
  if (typeof model !== 'string') return undefined;
  if (!rules.privacyMode) return boundedString(model);
  if (model.length > longestString) return undefined;
  const name = model.replace(account, '');
  if (name.length > 128 || !/^[A-Za-z0-9@][\w.:@+-]*(?:\/[\w.:@+-]+){0,4}$/.test(name)) return undefined;
  return file.test(name) || addresses.some((address) => address.test(name)) ? undefined : name;
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

function redacted(text: string, where: TextKind, isCut: boolean, redact: Redactor): string | undefined {
  try {
    const shown = redact(text, where, isCut);
    if (typeof shown === 'string') return withoutHalfPair(shown.slice(0, longestString - ellipsis.length));
    ignoreRejection(shown);
    throw new TypeError(`redact returned ${typeof shown} instead of a string`);
  } catch (error) {
    // The text is left out: raw text must not leave because a redaction failed.
    reportProblem('redact a text', error);
    return undefined;
  }
}

/**
 * A copy of a value that JSON can hold, whatever it was: a BigInt in an event ends the process in
 * analytics-node 1.5.73, a cycle loses the batch. Functions, symbols, cycles, bytes and what throws when it is read
 * are left out. Nodes are counted: an object that holds itself three times is 3^20 of them at a depth of 20.
 */
export function toJson(value: unknown): JsonValue | undefined {
  let nodes = 0;
  const parents: object[] = [];
  return convertItem([value], 0);

  function convert(part: unknown): JsonValue | undefined {
    if (typeof part === 'string') return boundedString(part);
    if (typeof part === 'number') return Number.isFinite(part) ? part : String(part);
    if (typeof part === 'boolean' || part === null) return part;
    if (typeof part === 'bigint') return boundedString(part.toString());
    if (typeof part !== 'object' || parents.length > deepest || parents.includes(part)) return undefined;
    if (ArrayBuffer.isView(part)) return undefined;
    if (part instanceof Date) return Number.isNaN(part.getTime()) ? undefined : part.toISOString();
    parents.push(part);
    const json = Array.isArray(part) ? convertArray(part) : convertObject(part);
    parents.pop();
    return json;
  }

  function convertArray(part: readonly unknown[]): JsonValue[] {
    const json: JsonValue[] = [];
    for (let at = 0; at < part.length && ++nodes <= mostNodes; at++) json.push(convertItem(part, at) ?? null);
    return json;
  }

  function convertObject(part: object): Record<string, JsonValue> {
    const json: Record<string, JsonValue> = {};
    for (const key in part) {
      if (!Object.hasOwn(part, key) || key === '__proto__') continue;
      if (++nodes > mostNodes) break;
      const converted = convertItem(part, key);
      if (converted !== undefined) json[key.slice(0, longestString)] = converted;
    }
    return json;
  }

  /** One that throws (a getter, a revoked proxy) costs only itself. */
  function convertItem(part: object, key: PropertyKey): JsonValue | undefined {
    const depth = parents.length;
    try {
      return convert((part as Record<PropertyKey, unknown>)[key]);
    } catch {
      parents.length = depth;
      return undefined;
    }
  }
}

/** A string that the server takes whole. */
export function boundedString(value: string): string {
  if (value.length <= longestString) return value;
  return withoutHalfPair(value.slice(0, longestString - ellipsis.length)) + ellipsis;
}

/** Texts that go when an event is still too large, and after them everything that users added. */
const dispensable = ['messages', 'tool_calls', 'input', 'output', 'error'] as const;

/**
 * Keeps the JSON of an event under 16 KiB: one that is refused as too large halves the batch size of the client for
 * good, and harms the application's own analytics. The oldest messages go first, then the arguments of tool calls.
 *
 * @param room - how many bytes are to be left free, for names that are longer than ours.
 * @returns false where even the numbers and names are too many.
 */
export function fitEvent(event: LlmEvent, own: ReadonlySet<string>, room = 0): boolean {
  const isSmall = (): boolean => isSmallEvent(event, room);
  if (isSmall()) return true;
  const properties = event.event_properties;
  dropOldest(properties, sizeOf(event) + room - longestEvent);
  if (isSmall()) return true;
  keepNames(properties);
  if (isSmall()) return true;
  for (const name of dispensable) {
    delete properties[name];
    if (isSmall()) return true;
  }
  for (const name of Object.keys(properties)) {
    if (!own.has(name)) delete properties[name];
  }
  return isSmall();
}

function dropOldest(properties: LlmEvent['event_properties'], excess: number): void {
  const { messages } = properties;
  if (!Array.isArray(messages)) return;
  let freed = 0;
  let at = 0;
  for (; at < messages.length && freed < excess; at++) freed += sizeOf(messages[at]) + 1;
  properties['messages'] = messages.slice(at);
  if (at === messages.length) delete properties['messages'];
}

function keepNames(properties: LlmEvent['event_properties']): void {
  const calls = properties['tool_calls'];
  if (!Array.isArray(calls)) return;
  const nameOf = (call: { name?: JsonValue } | null): JsonValue => (call?.name ? { name: call.name } : {});
  properties['tool_calls'] = (calls as ({ name?: JsonValue } | null)[]).map(nameOf);
}

/** Counting characters is enough for nearly every event; a character is at most 6 bytes of JSON. */
export function isSmallEvent(event: LlmEvent, room = 0): boolean {
  if (roughSize(event) * 6 < longestEvent - room) return true;
  return sizeOf(event) <= longestEvent - room;
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function roughSize(value: unknown): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 24;
  return Array.isArray(value) ? sizeOfItems(value) : sizeOfProperties(value as Record<string, unknown>);
}

/** Apart from objects: one loop for both is compiled again for every other event, for as long as it runs (Node 24). */
function sizeOfItems(items: readonly unknown[]): number {
  let size = 2;
  for (let at = 0; at < items.length; at++) size += 4 + roughSize(items[at]);
  return size;
}

function sizeOfProperties(properties: Record<string, unknown>): number {
  let size = 2;
  for (const key in properties) size += key.length + 4 + roughSize(properties[key]);
  return size;
}
