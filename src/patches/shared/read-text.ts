import type { Text } from '../../types';

/** The beginning of a string, as far as it can be sent, and its length. Work and copy are bounded by `limit`. */
export function readText(value: unknown, limit: number): Text | undefined {
  if (typeof value !== 'string') return undefined;
  return addText(undefined, value, limit);
}

/** Appends to a text; beyond `limit` characters only the length grows. Inline base64 media become a short mark. */
export function addText(soFar: Text | undefined, piece: string, limit: number): Text {
  const into = soFar ?? { text: '', length: 0 };
  into.length += piece.length;
  const room = limit - into.text.length;
  if (room <= 0) return into;
  const marked = markMedia(piece, room);
  into.text += marked ? beginning(marked.text, room) : beginning(piece, room);
  if (marked) into.length -= marked.saved;
  return into;
}

/** A text of several pieces in lines of their own. */
export function joinTexts(pieces: Iterable<unknown>, limit: number): Text | undefined {
  let joined: Text | undefined;
  for (const piece of pieces) {
    if (typeof piece !== 'string') continue;
    if (joined) addText(joined, '\n', limit);
    joined = addText(joined, piece, limit);
  }
  return joined;
}

/** Stands for a medium: `[image/png 1.2 MB]`, or only its kind where neither type nor size is known. */
export function mediaMark(kind: string, base64?: unknown): string {
  if (ArrayBuffer.isView(base64)) return `[${kind} ${sizeOf(base64.byteLength)}]`;
  if (typeof base64 !== 'string') return `[${kind}]`;
  const isDataUrl = base64.startsWith('data:');
  const comma = isDataUrl ? base64.slice(0, 200).indexOf(',') : -1;
  const type = isDataUrl ? base64.slice(5, 200).split(/[;,]/, 1)[0] : undefined;
  return `[${type || kind} ${sizeOf(base64Bytes(base64, comma + 1, base64.length))}]`;
}

/** A cut of something much longer is copied, see `copyOf`. */
export function beginning(value: string, length: number): string {
  if (value.length <= length) return value;
  const cut = value.slice(0, length);
  return value.length < 4 * length ? cut : copyOf(cut);
}

/**
 * V8 keeps the whole parent string alive behind a slice of it: 500 characters of a 10 MB prompt would hold 10 MB
 * until the event is sent. Joined with something and cut again it is a string of its own; a Buffer costs five times
 * as much.
 */
function copyOf(slice: string): string {
  return ` ${slice}`.slice(1);
}

const marker = ';base64,';
/** Characters of media that are looked at for their end, in one text: 1 MB of base64 is 750 kB of picture. */
const longestScan = 1 << 20;

/**
 * The beginning of a text with a mark in place of each inline medium, and how many characters the marks save;
 * undefined where there is none. Looks no further than the characters that can be sent, and no further into media
 * than `longestScan`: a medium without an end in there is taken to go on to the end of the text.
 */
function markMedia(value: string, limit: number): { text: string; saved: number } | undefined {
  if (value.length < 32) return undefined;
  let text = '';
  let saved = 0;
  let from = 0;
  let budget = longestScan;
  while (text.length < limit) {
    const head = value.slice(from, from + limit - text.length + longestHead);
    const found = findMedium(head);
    if (!found || text.length + found.start >= limit) break;
    const dataStart = from + found.dataStart;
    const end = endOfBase64(value, dataStart, budget);
    budget -= (end ?? dataStart + budget) - dataStart;
    const mark = `[${found.type} ${sizeOf(base64Bytes(value, dataStart, end ?? value.length))}]`;
    text += copyOf(head.slice(0, found.start)) + copyOf(mark);
    // Where the end was not found, what stands behind it may be text that is not shown: the length still counts it.
    if (end !== undefined) saved += end - from - found.start - mark.length;
    from = end ?? value.length;
  }
  if (from === 0) return undefined;
  const rest = value.slice(from, from + Math.max(0, limit - text.length));
  return { text: text + copyOf(rest), saved };
}

/** A data URL says its type in fewer characters than this. */
const longestHead = 128;

/** The first `data:TYPE;base64,` of a text. */
function findMedium(head: string): { start: number; type: string; dataStart: number } | undefined {
  for (let at = head.indexOf(marker); at !== -1; at = head.indexOf(marker, at + 1)) {
    const before = head.slice(Math.max(0, at - longestHead), at);
    const start = before.lastIndexOf('data:');
    if (start === -1) continue;
    return { start: at - before.length + start, type: before.slice(start + 5), dataStart: at + marker.length };
  }
  return undefined;
}

/** undefined where it does not end within `most` characters. */
function endOfBase64(value: string, from: number, most: number): number | undefined {
  const last = Math.min(value.length, from + most);
  for (let at = from; at < last; at++) {
    if (!isBase64(value.charCodeAt(at))) return at;
  }
  return last === value.length ? last : undefined;
}

/** A-Z, a-z, 0-9, and + / - _ = of the two alphabets. */
function isBase64(code: number): boolean {
  if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122) || (code >= 48 && code <= 57)) return true;
  return code === 43 || code === 47 || code === 45 || code === 95 || code === 61;
}

/** Four characters are three bytes, less one for each `=` at the end. */
function base64Bytes(value: string, start: number, end: number): number {
  let last = end;
  while (last > start && end - last < 2 && value.charCodeAt(last - 1) === 61) last--;
  return Math.floor(((last - start) * 3) / 4);
}

function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
