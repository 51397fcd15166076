import type { Found } from './redact';

/** Digits without anything between them. */
interface Group {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  /** What stands between the group before and this one; undefined for the first of a row. */
  readonly gap: string | undefined;
}

/** Groups of digits that belong together at most: `+49 (0)30 1234-5678`. */
type Row = readonly Group[];

/**
 * What a row is made of that a look at `at` has found: how many groups, or none.
 *
 * @param follows - what stands before was found, and is no part of this.
 */
type Count = (row: Row, at: number, text: string, follows: boolean) => number;

/**
 * Cards, social security numbers, addresses of IPv4 and phones, in this order of trust. Only those that are asked for: a
 * number that is of two kinds is of the one that is.
 */
export function findNumbers(text: string, _isCut: boolean, kinds: ReadonlySet<unknown>): Found[] {
  const asked = counts.filter(([kind]) => kinds.has(kind));
  const found: Found[] = [];
  for (let from = 0; from < text.length;) {
    const row = rowFrom(text, from);
    if (row.length === 0) break;
    from = row.at(-1)?.end ?? text.length;
    if (isShort(row)) continue;
    let behind = 0;
    for (let at = 0; at < row.length;) {
      const count = note(row, at, at > 0 && at === behind);
      at += count || 1;
      if (count > 0) behind = at;
    }
  }
  return found;

  /** How many groups it took. */
  function note(row: Row, at: number, follows: boolean): number {
    for (const [kind, countIn] of asked) {
      const count = countIn(row, at, text, follows);
      const [first, last] = [row[at], row[at + count - 1]];
      if (count === 0 || !first || !last) continue;
      found.push({ kind, start: startOf(text, first), end: last.end });
      return count;
    }
    return 0;
  }
}

/** Most numbers of a text: a year, a price, a version. An address has four groups, everything else eight digits. */
function isShort(row: Row): boolean {
  if (row.length > 3) return false;
  let total = 0;
  for (const { digits } of row) total += digits.length;
  return total < 8;
}

const counts: readonly (readonly [Found['kind'], Count])[] = [
  ['credit_card', countCard],
  ['us_ssn', countSsn],
  ['ip', countIp],
  ['phone', countPhone],
];

/** More groups than this are told apart: a table of numbers is no number, and what is kept stays small. */
const mostGroups = 64;

/** The next row: it begins with the first digit there is. */
function rowFrom(text: string, from: number): Row {
  const row: Group[] = [];
  let at = from;
  while (at < text.length && !isDigit(text.charCodeAt(at))) at++;
  let gap: string | undefined;
  while (row.length < mostGroups && isDigit(text.charCodeAt(at))) {
    const start = at;
    while (isDigit(text.charCodeAt(at))) at++;
    row.push({ start, end: at, digits: text.slice(start, Math.min(at, start + longestGroup)), gap });
    let next = at;
    while (next - at < 3 && isGap(text.charCodeAt(next))) next++;
    gap = text.slice(at, next);
    if (next === at) break;
    at = next;
  }
  return row;
}

/** Nothing that is looked for has more digits in one group. */
const longestGroup = 20;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** A space, ( ) + - . / */
function isGap(code: number): boolean {
  return code === 32 || code === 40 || code === 41 || code === 43 || (code >= 45 && code <= 47);
}

/**
 * Where letters touch the digits they are part of a word, and where a point or a hyphen does, of a longer number. A slash
 * is between two of them.
 */
function stands(text: string, row: Row, at: number, count: number, follows: boolean): boolean {
  const [first, last, next] = [row[at], row[at + count - 1], row[at + count]];
  if (!first || !last) return false;
  const isTight = (gap: string | undefined): boolean => gap === '-' || gap === '.';
  if ((isTight(first.gap) && !follows) || isTight(next?.gap)) return false;
  return !isLetter(text.charCodeAt(first.start - 1)) && !isLetter(text.charCodeAt(last.end));
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/** Digits in one group, or as they are printed on a card. */
const layouts: readonly (readonly number[])[] = [
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4],
  [4, 4, 4, 3],
  [4, 6, 5],
  [4, 6, 4],
];

function countCard(row: Row, at: number, text: string, follows: boolean): number {
  const first = row[at];
  if (!first || first.digits.length < 4) return 0;
  if (first.digits.length > 12) {
    // One mobile phone in ten has the check digit of a card.
    const isPhone = first.digits.length <= longestPhone && text[first.start - 1] === '+';
    return !isPhone && isCard(first.digits) && stands(text, row, at, 1, follows) ? 1 : 0;
  }
  for (const layout of layouts) {
    const groups = row.slice(at, at + layout.length);
    const fits =
      groups.length === layout.length &&
      layout.every((length, index) => groups[index]?.digits.length === length) &&
      groups.slice(1).every(({ gap }) => gap?.length === 1 && gap === groups[1]?.gap && !'+()/'.includes(gap));
    if (fits && isCard(groups.map(({ digits }) => digits).join('')) && stands(text, row, at, layout.length, follows))
      return layout.length;
  }
  return 0;
}

/** Numbers that the networks give out, with a check digit that is right (Luhn). */
const networks =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}|35\d{14}|6\d{15,18}|81\d{14,17}|5[0678]\d{14,17})$/;

function isCard(digits: string): boolean {
  if (!networks.test(digits)) return false;
  let sum = 0;
  for (let at = digits.length - 1, isSecond = false; at >= 0; at--, isSecond = !isSecond) {
    const digit = digits.charCodeAt(at) - 48;
    sum += isSecond ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
}

/** `078-05-1120`. Without anything between, nine digits can be many things. */
function countSsn(row: Row, at: number, text: string, follows: boolean): number {
  const [area, group, serial] = [row[at], row[at + 1], row[at + 2]];
  if (area?.digits.length !== 3 || group?.digits.length !== 2 || serial?.digits.length !== 4) return 0;
  if (group.gap !== serial.gap || (group.gap !== '-' && group.gap !== ' ')) return 0;
  const isGiven = !/^(000|666|9)/.test(area.digits) && group.digits !== '00' && serial.digits !== '0000';
  return isGiven && stands(text, row, at, 3, follows) ? 3 : 0;
}

/** What a version has in front of it, and browsers and servers say of themselves; a host can stand there, too. */
const beforeVersion = new RegExp(
  [
    '(?:[a-z]|(?:version|release)\\s{0,3}["\']?\\s{0,2}[:=]?\\s{0,3}["\']?',
    '|(?:chrom(?:e|ium)|edge?|edga|opr|opera|firefox|safari|version|electron|nginx|apache|php|iis)/)$',
  ].join(''),
  'i',
);

/** Four numbers up to 255; those of a version have the word for it in front of them. */
function countIp(row: Row, at: number, text: string, follows: boolean): number {
  if (row.length < at + 4 || row[at + 1]?.gap !== '.') return 0;
  const groups = row.slice(at, at + 4);
  const isAddress =
    groups.every(({ digits }) => digits.length <= 3 && Number(digits) <= 255) &&
    groups.slice(1).every(({ gap }) => gap === '.');
  const [first, last] = [groups[0], groups[3]];
  if (!isAddress || !first || !last) return 0;
  if ((/^[-.]$/.test(first.gap ?? '') && !follows) || row[at + 4]?.gap === '.') return 0;
  const before = text.slice(Math.max(0, first.start - 20), first.start);
  return beforeVersion.test(before) || isLetter(text.charCodeAt(last.end)) ? 0 : 4;
}

function countPhone(row: Row, at: number, text: string, follows: boolean): number {
  return (
    countInternational(row, at, text, follows) ||
    countAmerican(row, at, text, follows) ||
    countNational(row, at, text, follows)
  );
}

/** E.164, without the plus. */
const longestPhone = 15;

/** E.164: `+` or `00`, and up to 15 digits, of which the first is no 0. */
function countInternational(row: Row, at: number, text: string, follows: boolean): number {
  const first = row[at];
  if (!first) return 0;
  const hasPlus = text[first.start - 1] === '+' && !/[A-Za-z0-9)]/.test(text[first.start - 2] ?? '');
  if (!hasPlus && !(first.digits.startsWith('00') && begins(row, at, follows))) return 0;
  const digits = hasPlus ? first.digits : first.digits.slice(2);
  if (!/^[1-9]/.test(digits)) return 0;
  let total = digits.length;
  let count = 1;
  for (let next = row[at + 1]; next && !next.gap?.includes('+'); next = row[at + count]) {
    if (total + next.digits.length > longestPhone || (next.gap === ' ' && isDate(row, at + count))) break;
    total += next.digits.length;
    count += 1;
  }
  const last = row[at + count - 1];
  return total >= 8 && total <= longestPhone && last && !isLetter(text.charCodeAt(last.end)) ? count : 0;
}

/** `(415) 555-2671`, `(415) 5552671`, `415.555.2671`, `1-415-555-2671`. */
function countAmerican(row: Row, at: number, text: string, follows: boolean): number {
  const country = row[at]?.digits === '1' ? 1 : 0;
  const [area, exchange, line] = [row[at + country], row[at + country + 1], row[at + country + 2]];
  if (!area || !exchange || !/^[2-9]\d\d$/.test(area.digits)) return 0;
  const isBracketed = text[area.start - 1] === '(' && /^\) ?$/.test(exchange.gap ?? '');
  if (isBracketed && /^[2-9]\d{6}$/.test(exchange.digits))
    return stands(text, row, at, country + 2, follows) ? country + 2 : 0;
  if (!line || line.digits.length !== 4 || !/^[2-9]\d\d$/.test(exchange.digits)) return 0;
  const isSeparated = /^(?:[-. ]|\) ?|\)-)$/.test(exchange.gap ?? '') && /^[-. ]$/.test(line.gap ?? '');
  return isSeparated && stands(text, row, at, country + 3, follows) ? country + 3 : 0;
}

/** `020 7946 0958`, `06.12.34.56.78`, `0170/1234567`, `07911123456`: a 0 that is dialled within a country. */
function countNational(row: Row, at: number, text: string, follows: boolean): number {
  const first = row[at];
  if (!first || !/^0[1-9]/.test(first.digits) || !begins(row, at, follows)) return 0;
  const joint = row[at + 1]?.gap === '.' ? /^\.$/ : /^(?:[- /]|\) ?)$/;
  let total = first.digits.length;
  let count = 1;
  for (let next = row[at + 1]; next && joint.test(next.gap ?? ''); next = row[at + count]) {
    if (total + next.digits.length > 12) break;
    total += next.digits.length;
    count += 1;
  }
  const groups = row.slice(at, at + count);
  if (isOtherNumber(groups) || first.digits.startsWith('0123456789')) return 0;
  const next = row[at + count];
  if (next?.gap === '/' && !next.digits.startsWith('0')) return 0;
  const isPhone = count === 1 ? total === 10 || total === 11 : total >= 9 && total <= 12 && first.digits.length <= 5;
  return isPhone && stands(text, row, at, count, follows) ? count : 0;
}

/** What begins with a 0 and is no phone: dates, `02139-4307` (ZIP+4), `0755 0644 0600`, `0101 1100 1010`. */
function isOtherNumber(groups: Row): boolean {
  const [first, second, third] = groups;
  if (!first || !second) return false;
  const have = (length: number): boolean => groups.every(({ digits }) => digits.length === length);
  const isDayAndMonth = first.digits.length <= 2 && second.digits.length <= 2;
  // With points only what is the form of a phone and of nothing else: `06.12.34.56.78`, `044.123.45.67`.
  if (second.gap === '.') return !third || (isDayAndMonth && !(groups.length === 5 && have(2)));
  if (isDayAndMonth && groups.length >= 3 && groups.length < 5) return true;
  if (first.digits.length === 5 && second.gap === '-' && second.digits.length === 4) return true;
  return (
    have(4) && (groups.every(({ digits }) => digits[0] === '0') || groups.every(({ digits }) => /^[01]+$/.test(digits)))
  );
}

/**
 * Whether a number begins here, and does not go on: `5 020` can be one number, `5. 020` is two. What was found before,
 * and a date, has an end.
 */
function begins(row: Row, at: number, follows: boolean): boolean {
  if (at === 0 || follows) return true;
  return (row[at]?.gap?.length ?? 0) >= 2 || isDate(row, at - 3);
}

/** `2024-01-15`, `15.01.2024`, `1/15/2024`. */
function isDate(row: Row, at: number): boolean {
  const [first, second, third] = [row[at], row[at + 1], row[at + 2]];
  if (!first || !second || !third || second.gap !== third.gap || !/^[-./]$/.test(second.gap ?? '')) return false;
  const year = first.digits.length === 4 ? first : third;
  const others = [first, second, third].filter((group) => group !== year);
  return /^(?:19|20)\d\d$/.test(year.digits) && others.every(({ digits }) => /^(?:0?[1-9]|[12]\d|3[01])$/.test(digits));
}

/** The bracket or the plus in front is part of it. */
function startOf(text: string, { start }: Group): number {
  const before = text[start - 1];
  if (before === '(' && text.slice(start, start + 6).includes(')'))
    return text[start - 2] === '+' ? start - 2 : start - 1;
  return before === '+' ? start - 1 : start;
}
