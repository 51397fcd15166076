import type { TextKind } from '../content';
import { findEmails, findIps } from './find-addresses';
import { findApiKeys } from './find-api-keys';
import { findIbans } from './find-ibans';
import { findNumbers } from './find-numbers';
import { spellPlainly } from './spell-plainly';

/** What can be taken out of text by its kind: `redact: ['email']`. */
export const redactKinds = ['email', 'phone', 'credit_card', 'iban', 'ip', 'api_key', 'us_ssn'] as const;

/**
 * A kind of thing that `redact` takes out of text, and puts its name in brackets in place.
 *
 * @experimental
 */
export type RedactKind = (typeof redactKinds)[number];

/**
 * Changes a text before it leaves; it is cut already.
 *
 * @experimental
 */
export type RedactFunction = (text: string, where: TextKind) => string;

/**
 * What to take out of all text: kinds, functions of your own, or both. Kinds go first, functions in their order.
 *
 * @experimental
 * @example
 * enableLlmTracing(client, { redact: ['email', 'phone', (text) => text.replaceAll('Project X', '[project]')] });
 */
export type Redaction = readonly (RedactKind | RedactFunction)[] | RedactFunction;

/** A part of a text, from its first character to the one behind its last. */
export interface Found {
  readonly kind: RedactKind;
  readonly start: number;
  readonly end: number;
}

/** Tells of everything of these kinds that it finds, in time that is linear in the length of the text. */
export type Find = (text: string, isCut: boolean, kinds: ReadonlySet<unknown>) => Found[];

const finders: readonly (readonly [find: Find, ...kinds: RedactKind[]])[] = [
  [findApiKeys, 'api_key'],
  [findEmails, 'email'],
  [findIbans, 'iban'],
  [findIps, 'ip'],
  [findNumbers, 'credit_card', 'us_ssn', 'ip', 'phone'],
];

/** A user's function may give back anything; the gate takes nothing but a string. */
export type Redactor = (text: string, where: TextKind, isCut: boolean) => unknown;

/** Makes the function that takes these kinds out of a text, and then does what the functions among them do. */
export function redactorOf(redaction: Redaction): Redactor {
  if (typeof redaction === 'function') return redaction;
  const kinds = new Set(redaction.filter((step) => typeof step !== 'function'));
  const functions = redaction.filter((step) => typeof step === 'function');
  const chosen = finders.filter(([, ...found]) => found.some((kind) => kinds.has(kind))).map(([find]) => find);
  return function redact(text, where, isCut) {
    let shown: unknown = chosen.length > 0 ? takeOut(text, where, isCut) : text;
    for (const change of functions) {
      if (typeof shown !== 'string') break;
      shown = change(shown, where);
    }
    return shown;
  };

  function takeOut(text: string, where: TextKind, isCut: boolean): string {
    // Of the same length: where something is found in it, it is in the text.
    const plain = spellPlainly(text);
    const found = chosen.flatMap((find) => find(plain, isCut, kinds));
    const parts = found.length > 1 ? merge(found) : found;
    const from = parts.at(-1)?.end ?? 0;
    const whole = isCut ? text.slice(0, beforeFragment(plain, from)) : text;
    if (parts.length === 0) return whole;
    return where === 'tool_arguments' && /^\s{0,9}[{[]/.test(whole) ? markInJson(whole, parts) : mark(whole, parts);
  }
}

/** A text without the keys and tokens in it; where it was cut, what is no key any more stays. */
export function withoutKeys(text: string, isCut: boolean): string {
  return mark(text, merge(findApiKeys(spellPlainly(text), isCut)));
}

/** In order, and those that overlap as one: of the kind that was looked for first. */
function merge(found: Found[]): Found[] {
  const merged: Found[] = [];
  for (const each of found.sort((one, other) => one.start - other.start)) {
    const last = merged.at(-1);
    if (!last || each.start >= last.end) merged.push(each);
    else if (each.end > last.end) merged[merged.length - 1] = { ...last, end: each.end };
  }
  return merged;
}

function mark(text: string, found: readonly Found[]): string {
  let marked = '';
  let from = 0;
  for (const { kind, start, end } of found) {
    marked += `${text.slice(from, start)}[${kind}]`;
    from = end;
  }
  return marked + text.slice(from);
}

/** JSON stays JSON: an escape is not torn apart, and what stands for a number has quotes around it. */
function markInJson(text: string, found: readonly Found[]): string {
  let marked = '';
  let from = 0;
  let isString = false;
  for (const { kind, start, end } of found) {
    const begin = walkTo(start);
    const isNegative = !isString && text[begin - 1] === '-';
    marked += text.slice(from, isNegative ? begin - 1 : begin);
    if (begin < end) marked += isString ? `[${kind}]` : `"[${kind}]"`;
    from = Math.max(begin, end);
  }
  return marked + text.slice(from);

  /** The place itself, or the one behind an escape that reaches into it: `\n` before a name, `\u00e9`. */
  function walkTo(place: number): number {
    let at = from;
    while (at < place) {
      const character = text[at];
      if (character === '"') isString = !isString;
      at += character === '\\' ? (text[at + 1] === 'u' ? 6 : 2) : 1;
    }
    return at;
  }
}

/** Of everything that can be found, this is the longest that is not known by its beginning: what stands before an `@`. */
const longestFragment = 64;
const longestNumber = 40;

/**
 * Where a text that was cut ends without its last word: that may be the beginning of something that nobody can
 * recognise any more. Groups of digits before it are part of it.
 */
function beforeFragment(text: string, from: number): number {
  let at = text.length;
  const first = Math.max(from, at - longestFragment);
  while (at > first && isWord(text.charCodeAt(at - 1))) at--;
  if (at < text.length && !isPartOfNumber(text.charCodeAt(at))) return at;
  const least = Math.max(from, at - longestNumber);
  let start = at;
  for (let back = at; back > least && isPartOfNumber(text.charCodeAt(back - 1)); back--) {
    if (text.charCodeAt(back - 1) !== 32) start = back - 1;
  }
  return start;
}

/** Neither white space nor quotes, brackets, commas, a backslash; and nothing of scripts that have no spaces. */
function isWord(code: number): boolean {
  if (code <= 32 || code >= 0x2e80) return false;
  return !`"'<>(){}[],;\\\``.includes(String.fromCharCode(code));
}

/** Digits, and what stands between groups of them: a space, ( ) + - . / */
function isPartOfNumber(code: number): boolean {
  if (code >= 48 && code <= 57) return true;
  return code === 32 || code === 40 || code === 41 || code === 43 || (code >= 45 && code <= 47);
}
