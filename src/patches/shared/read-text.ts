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
  if (room > 0) into.text += beginning(withoutInlineMedia(piece, room), room);
  return into;
}

/** A text of several pieces in lines of their own. */
export function joinTexts(pieces: Iterable<unknown>, limit: number): Text | undefined {
  let joined: Text | undefined;
  for (const piece of pieces) {
    if (typeof piece !== 'string') continue;
    joined = addText(joined, joined ? `\n${piece.slice(0, limit)}` : piece.slice(0, limit), limit);
    joined.length += Math.max(0, piece.length - limit);
  }
  return joined;
}

/** Stands for a medium: `[image/png 1.2 MB]`, or only its kind where neither type nor size is known. */
export function mediaMark(kind: string, base64?: unknown): string {
  if (typeof base64 !== 'string') return `[${kind}]`;
  const isDataUrl = base64.startsWith('data:');
  const comma = isDataUrl ? base64.slice(0, 200).indexOf(',') : -1;
  const type = isDataUrl ? base64.slice(5, 200).split(/[;,]/, 1)[0] : undefined;
  return `[${type || kind} ${sizeOf(base64.length - comma - 1)}]`;
}

/**
 * V8 keeps the whole parent string alive behind a slice of it: 500 characters of a 10 MB prompt would hold 10 MB
 * until the event is sent. So a cut of something much longer is copied.
 */
function beginning(value: string, length: number): string {
  if (value.length <= length) return value;
  const cut = value.slice(0, length);
  return value.length < 4 * length ? cut : Buffer.from(cut, 'utf16le').toString('utf16le');
}

const marker = ';base64,';
const longestScan = 65_536;

/** Looks no further than the characters that can be sent; the end of a medium is looked for in a bounded window. */
function withoutInlineMedia(value: string, limit: number): string {
  if (value.length < 64) return value;
  const head = value.slice(0, limit + 64);
  const at = head.indexOf(marker);
  const start = at === -1 ? -1 : head.lastIndexOf('data:', at);
  if (start === -1 || start >= limit || at - start > 128) return value;
  const dataStart = at + marker.length;
  const end = endOfBase64(value, dataStart);
  const mark = `[${head.slice(start + 5, at)} ${sizeOf(end - dataStart)}]`;
  return head.slice(0, start) + mark + withoutInlineMedia(value.slice(end, end + limit + 64), limit - start);
}

function endOfBase64(value: string, from: number): number {
  const last = Math.min(value.length, from + longestScan);
  for (let at = from; at < last; at++) {
    if (!isBase64(value.charCodeAt(at))) return at;
  }
  return value.length;
}

/** A-Z, a-z, 0-9, and + / - _ = of the two alphabets. */
function isBase64(code: number): boolean {
  if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122) || (code >= 48 && code <= 57)) return true;
  return code === 43 || code === 47 || code === 45 || code === 95 || code === 61;
}

function sizeOf(base64Length: number): string {
  const bytes = Math.floor((base64Length * 3) / 4);
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
