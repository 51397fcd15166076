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

/** What a row is made of that a look at `start` has found: how many groups, or none. */
type Count = (row: Row, at: number, text: string) => number;

/** Cards, social security numbers, addresses of IPv4 and phones, in this order of trust. */
export function findNumbers(text: string): Found[] {
  const found: Found[] = [];
  for (let from = 0; from < text.length;) {
    const row = rowFrom(text, from);
    if (row.length === 0) break;
    from = row.at(-1)?.end ?? text.length;
    if (isShort(row)) continue;
    for (let at = 0; at < row.length;) at += note(row, at);
  }
  return found;

  /** How many groups it took. */
  function note(row: Row, at: number): number {
    for (const [kind, countIn] of kinds) {
      const count = countIn(row, at, text);
      const [first, last] = [row[at], row[at + count - 1]];
      if (count === 0 || !first || !last) continue;
      found.push({ kind, start: startOf(text, first), end: last.end });
      return count;
    }
    return 1;
  }
}

/** Most numbers of a text: a year, a price, a version. An address has four groups, everything else eight digits. */
function isShort(row: Row): boolean {
  if (row.length > 3) return false;
  let total = 0;
  for (const { digits } of row) total += digits.length;
  return total < 8;
}

const kinds: readonly (readonly [Found['kind'], Count])[] = [
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

/** A space, a hard one, ( ) + - . / */
function isGap(code: number): boolean {
  return code === 32 || code === 0xa0 || code === 40 || code === 41 || code === 43 || (code >= 45 && code <= 47);
}

/** Where letters touch the digits they are part of a word, and where a point or a hyphen does, of a longer number. */
function stands(text: string, row: Row, at: number, count: number): boolean {
  const [first, last, next] = [row[at], row[at + count - 1], row[at + count]];
  if (!first || !last) return false;
  const isTight = (gap: string | undefined): boolean => gap !== undefined && /^[-./]$/.test(gap);
  if (isTight(first.gap) || isTight(next?.gap)) return false;
  return !isLetter(text.charCodeAt(first.start - 1)) && !isLetter(text.charCodeAt(last.end));
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/** Digits in one group, or as they are printed on a card. */
const layouts: readonly (readonly number[])[] = [
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4],
  [4, 6, 5],
  [4, 6, 4],
];

function countCard(row: Row, at: number, text: string): number {
  const first = row[at];
  if (!first || first.digits.length < 4) return 0;
  if (first.digits.length > 12) return isCard(first.digits) && stands(text, row, at, 1) ? 1 : 0;
  for (const layout of layouts) {
    const groups = row.slice(at, at + layout.length);
    const fits =
      groups.length === layout.length &&
      layout.every((length, index) => groups[index]?.digits.length === length) &&
      groups.slice(1).every(({ gap }) => gap?.length === 1 && gap === groups[1]?.gap && !'+()/'.includes(gap));
    if (fits && isCard(groups.map(({ digits }) => digits).join('')) && stands(text, row, at, layout.length))
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
function countSsn(row: Row, at: number, text: string): number {
  const [area, group, serial] = [row[at], row[at + 1], row[at + 2]];
  if (area?.digits.length !== 3 || group?.digits.length !== 2 || serial?.digits.length !== 4) return 0;
  if (group.gap !== serial.gap || (group.gap !== '-' && group.gap !== ' ')) return 0;
  const isGiven = !/^(000|666|9)/.test(area.digits) && group.digits !== '00' && serial.digits !== '0000';
  return isGiven && stands(text, row, at, 3) ? 3 : 0;
}

/** Four numbers up to 255; those of a version have the word for it in front of them. */
function countIp(row: Row, at: number, text: string): number {
  if (row.length < at + 4 || row[at + 1]?.gap !== '.') return 0;
  const groups = row.slice(at, at + 4);
  const isAddress =
    groups.every(({ digits }) => digits.length <= 3 && Number(digits) <= 255) &&
    groups.slice(1).every(({ gap }) => gap === '.');
  if (!isAddress || /^[-.]$/.test(groups[0]?.gap ?? '') || row[at + 4]?.gap === '.') return 0;
  const before = text.slice(Math.max(0, (groups[0]?.start ?? 0) - 12), groups[0]?.start);
  const after = text.charCodeAt(groups[3]?.end ?? 0);
  return /(?:[A-Za-z]|version:? ?|release:? ?)$/i.test(before) || isLetter(after) ? 0 : 4;
}

function countPhone(row: Row, at: number, text: string): number {
  return countInternational(row, at, text) || countAmerican(row, at, text) || countNational(row, at, text);
}

/** E.164: `+` or `00`, and up to 15 digits, of which the first is no 0. */
function countInternational(row: Row, at: number, text: string): number {
  const first = row[at];
  if (!first) return 0;
  const hasPlus = text[first.start - 1] === '+' && !/[A-Za-z0-9)]/.test(text[first.start - 2] ?? '');
  // What other digits stand before is no beginning of a phone.
  const digits = at === 0 ? first.digits.replace(/^00/, '') : first.digits;
  if ((!hasPlus && digits === first.digits) || !/^[1-9]/.test(digits) || (hasPlus && first.digits[0] === '0')) return 0;
  let total = digits.length;
  let count = 1;
  for (let next = row[at + 1]; next && !next.gap?.includes('+'); next = row[at + count]) {
    if (total + next.digits.length > 15) break;
    total += next.digits.length;
    count += 1;
  }
  const last = row[at + count - 1];
  return total >= 8 && total <= 15 && last && !isLetter(text.charCodeAt(last.end)) ? count : 0;
}

/** `(415) 555-2671`, `415.555.2671`, `1-415-555-2671`. */
function countAmerican(row: Row, at: number, text: string): number {
  const country = row[at]?.digits === '1' ? 1 : 0;
  const [area, exchange, line] = [row[at + country], row[at + country + 1], row[at + country + 2]];
  if (!area || !exchange || !line || line.digits.length !== 4) return 0;
  if (!/^[2-9]\d\d$/.test(area.digits) || !/^[2-9]\d\d$/.test(exchange.digits)) return 0;
  const isSeparated = /^(?:[-. \u00a0]|\) ?|\)-)$/.test(exchange.gap ?? '') && /^[-. \u00a0]$/.test(line.gap ?? '');
  return isSeparated && stands(text, row, at, country + 3) ? country + 3 : 0;
}

/** `020 7946 0958`, `06 12 34 56 78`, `0170/1234567`, `07911123456`: a 0 that is dialled within a country. */
function countNational(row: Row, at: number, text: string): number {
  const first = row[at];
  if (!first || at > 0 || !/^0[1-9]/.test(first.digits)) return 0;
  let total = first.digits.length;
  let count = 1;
  for (let next = row[at + 1]; next && /^(?:[- /\u00a0]|\) ?)$/.test(next.gap ?? ''); next = row[at + count]) {
    if (total + next.digits.length > 12) break;
    total += next.digits.length;
    count += 1;
  }
  const groups = row.slice(at, at + count);
  const isDate = count >= 3 && groups.slice(0, 2).every(({ digits }) => digits.length <= 2) && count < 5;
  if (isDate || first.digits.startsWith('0123456789')) return 0;
  const isPhone = count === 1 ? total === 10 || total === 11 : total >= 9 && total <= 12 && first.digits.length <= 5;
  return isPhone && stands(text, row, at, count) ? count : 0;
}

/** The bracket or the plus in front is part of it. */
function startOf(text: string, { start }: Group): number {
  const before = text[start - 1];
  if (before === '(' && text.slice(start, start + 6).includes(')'))
    return text[start - 2] === '+' ? start - 2 : start - 1;
  return before === '+' ? start - 1 : start;
}

/** ISO 13616: how long the numbers of a country are, as the registry of SWIFT has it. */
const ibanLengths: ReadonlyMap<string, number> = new Map(
  (
    'AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22' +
    'GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20' +
    'MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26' +
    'UA29VA22VG24XK20YE30'
  )
    .match(/\D{2}\d{2}/g)
    ?.map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]) ?? [],
);

/** `DE89 3704 0044 0532 0130 00`, checked by its check digits; at the end of a text that was cut, its beginning. */
export function findIbans(text: string, isCut: boolean): Found[] {
  const found: Found[] = [];
  const begin = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}/gi;
  for (let match = begin.exec(text); match; match = begin.exec(text)) {
    const length = ibanLengths.get(match[0].slice(0, 2).toUpperCase());
    if (length === undefined) continue;
    const start = match.index;
    let [iban, end] = ['', start];
    for (let at = start; at < text.length && iban.length < length; at++) {
      const character = text[at] ?? '';
      if (/[A-Za-z0-9]/.test(character)) [iban, end] = [iban + character, at + 1];
      else if (!/[ \u00a0-]/.test(character) || end < at) break;
    }
    const isBeginning = isCut && text.length - end <= 1 && iban.length < length;
    const isWhole = iban.length === length && !/[A-Za-z0-9]/.test(text[end] ?? '') && isChecked(iban);
    if (isWhole || isBeginning) found.push({ kind: 'iban', start, end });
    if (isWhole) begin.lastIndex = end;
  }
  return found;
}

/** ISO 7064: the first four characters at the end, letters as 10 to 35, and 1 is left when divided by 97. */
function isChecked(iban: string): boolean {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
