import { readText } from '../patches/shared/read-text';
import type { Text } from '../types';

/** Deeper, nobody reads it. */
const deepest = 10;
/** Values that are looked at: those that leave nothing behind (undefined, functions) count too. */
const mostValues = 1_000;
/** The end of a name says what it is. What is in front of that says whose, at any length. */
const longestName = 60;
/** No other name is looked at more closely. */
const mayBeSecret = /auth|bearer|cookie|credential|dsn|jwt|key|pass|pat|pwd|secret|str|token|ur[il]/i;
/**
 * Credentials travel through arguments: what stands under such a name is no prompt. By the letters alone, at the end of
 * the name: `OPENAI_API_KEY`, `x-goog-api-key` and `openaiApiKey` are one. `tokens` are counted, and no credential.
 */
const secretLetters = new RegExp(
  `(?:${[
    '(?:api|access|account|admin|auth|client|encryption|host|master|private|role|secret)keys?',
    '(?:service|shared|signing|ssh|storage|subscription|webhook)keys?',
    'token|(?:access|auth|bearer|id|refresh|secret|session)tokens',
    'pass(?:words?|wd|phrases?|code)|secrets?|jwts?',
    'authorization|(?:auth|authorization)header|cookies?|credentials?',
    '(?:connection|conn)(?:string|str)',
    '(?:amqp|connection|database|db|mongo|mongodb|mysql|postgres|postgresql|redis)ur[il]',
  ].join('|')})$`,
);
/** These are the end of other words, too: `monkey`, `compass`. */
const secretWord = /(?:^|_)(?:auth|bearer|dsn|pass|pat|pwd|(?:ai|anthropic|aws|azure|gemini|openai|stripe)_?key)$/;
/** In a list of headers, names and values take turns. */
const secretHeader = /^(?:(?:proxy-)?authorization|(?:set-)?cookie|[a-z]+(?:-[a-z]+)+)$/i;

/**
 * What a function was given, or gave, in words: a string as it is, everything else as JSON. Only plain objects and arrays
 * are looked into: an instance of a class (a client, a request, a model) can hold keys and connections, and is a mark with
 * the name of its class. No getter is called, and no more is read than `limit` characters can show.
 *
 * @returns undefined where there is nothing to say.
 */
export function describeValue(value: unknown, limit: number): Text | undefined {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value === 'string') return readText(value, limit);
  if (limit === 0) return undefined;
  const { json, isWhole } = writeJson(value, limit);
  if (isWhole && json.length <= limit) return { text: json, length: json.length };
  return { text: json.slice(0, limit), length: limit + 1, isLonger: true };
}

/** One argument as it is, several as a list. */
export function describeArguments(args: readonly unknown[], limit: number): Text | undefined {
  return args.length > 1 ? describeValue(args, limit) : describeValue(args[0], limit);
}

/** Stops where `limit` is reached: the work does not depend on how much there is. */
function writeJson(value: unknown, limit: number): { json: string; isWhole: boolean } {
  const parents: object[] = [];
  let json = '';
  let values = 0;
  let isWhole = true;
  write(value);
  return { json, isWhole };

  function isFull(): boolean {
    if (json.length <= limit && values <= mostValues) return false;
    isWhole = false;
    return true;
  }

  function write(part: unknown): void {
    values += 1;
    if (typeof part === 'string') writeString(part);
    else if (typeof part !== 'object' || part === null) json += JSON.stringify(primitiveOf(part)) ?? 'null';
    else if (part instanceof Date || !isLookedInto(part)) json += JSON.stringify(markOf(part));
    else if (parents.includes(part)) json += '"[circular]"';
    else if (parents.length >= deepest) json += '"[...]"';
    else {
      parents.push(part);
      if (Array.isArray(part)) writeArray(part);
      else writeObject(part);
      parents.pop();
    }
  }

  function writeString(part: string): void {
    const room = Math.max(0, limit - json.length) + 1;
    const { text } = readText(part, room) ?? { text: '' };
    if (text.length < part.length && text.length >= room) isWhole = false;
    json += JSON.stringify(text);
  }

  function writeArray(part: readonly unknown[]): void {
    json += '[';
    for (let at = 0; at < part.length && !isFull(); at++) {
      if (at > 0) json += ',';
      write(at > 0 && isNamedSecret(part, at) ? '[secret]' : part[at]);
    }
    json += ']';
  }

  function writeObject(part: object): void {
    json += '{';
    let separator = '';
    for (const key in part) {
      if (isFull()) break;
      values += 1;
      const descriptor = Object.getOwnPropertyDescriptor(part, key);
      const given: unknown = descriptor?.value;
      if (given === undefined || typeof given === 'function' || typeof given === 'symbol') continue;
      json += `${separator}${JSON.stringify(key.slice(0, limit))}:`;
      separator = ',';
      write(isSecret(key, given) ? '[secret]' : given);
    }
    json += '}';
  }
}

/** What is true, false or null is no credential, whatever it is called. */
function isSecret(name: string, given: unknown): boolean {
  if (given === null || typeof given === 'boolean') return false;
  const end = name.slice(-longestName);
  if (!mayBeSecret.test(end)) return false;
  // `DB_PASSWORD_2` is one as well.
  const words = end
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z]+/g, '_')
    .replace(/_$/, '');
  return secretWord.test(words) || secretLetters.test(words.replaceAll('_', ''));
}

/** A pair of a name and a value, or a list of headers. */
function isNamedSecret(list: readonly unknown[], at: number): boolean {
  const name = list[at - 1];
  if (typeof name !== 'string' || name.length > longestName || typeof list[at] !== 'string') return false;
  return (list.length === 2 || secretHeader.test(name)) && !/\s/.test(name) && isSecret(name, list[at]);
}

function primitiveOf(part: unknown): string | number | boolean | null {
  if (typeof part === 'bigint') return part.toString();
  return typeof part === 'number' || typeof part === 'boolean' ? part : null;
}

/** An array, or an object literal of whatever realm. */
function isLookedInto(part: object): boolean {
  if (Array.isArray(part)) return true;
  const prototype = Object.getPrototypeOf(part) as object | null;
  return prototype === null || Object.hasOwn(prototype, 'isPrototypeOf');
}

function markOf(part: object): string {
  if (part instanceof Date) return Number.isNaN(part.getTime()) ? '[Date]' : part.toISOString();
  const { name } = (Object.getPrototypeOf(part) as { constructor?: { name?: unknown } }).constructor ?? {};
  return typeof name === 'string' && name !== '' ? `[${name.slice(0, 100)}]` : '[object]';
}
