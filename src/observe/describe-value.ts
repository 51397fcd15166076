import { readText } from '../patches/shared/read-text';
import type { Text } from '../types';

/** Deeper, nobody reads it. */
const deepest = 10;
/** Values that are looked at: those that leave nothing behind (undefined, functions) count too. */
const mostValues = 1_000;
/** Credentials travel through arguments: what stands under such a name is no prompt. */
const secretName =
  /^(?:(?:x[-_])?(?:api|access|auth|private|secret|signing)[-_]?(?:key|token)|(?:refresh|id|session|bearer)[-_]?token|client[-_]?secret|secret|password|passwd|passphrase|(?:proxy[-_])?authorization|(?:set[-_])?cookie|credentials?)$/i;

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
      write(part[at]);
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
      write(secretName.test(key.slice(0, 40)) ? '[secret]' : given);
    }
    json += '}';
  }
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
