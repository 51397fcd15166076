/** What was read of a JSON text. */
export interface ReadJson {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the body of any model
  readonly value: any;
  /** False where strings were cut, or what stands behind a limit was left out. */
  readonly isWhole: boolean;
}

/** Up to this length `JSON.parse` reads a body: 256 KiB of chat take it less than a millisecond. */
const longestParsed = 256 * 1_024;
/** What is kept of a longer string. */
const longestCut = 1_024;
/** Values that are looked at in a longer body, and how deep. */
const mostValues = 50_000;
const deepest = 64;

const decoder = new TextDecoder();

/**
 * Reads the JSON of a body, a string or bytes. A longer body is not parsed: it is walked through, a string that is
 * longer than `longest` is jumped over by a search for its end and only its beginning is kept, media and vectors are
 * left out. A picture of 20 MB costs the search for one quote.
 */
export function readJson(body: unknown, longest: number): ReadJson | undefined {
  const source = sourceOf(body);
  if (!source) return undefined;
  if (source.length > longestParsed) return walk(source, longest);
  try {
    return { value: JSON.parse(source.text(0, source.length)), isWhole: true };
  } catch {
    // Not JSON: a model may take something else, and the service says what it thinks of it.
    return undefined;
  }
}

/** A string or bytes; JSON's own characters are the same in both. */
interface Source {
  readonly length: number;
  code(at: number): number | undefined;
  find(code: number, from: number): number;
  text(from: number, to: number): string;
}

function sourceOf(body: unknown): Source | undefined {
  if (typeof body === 'string') {
    return {
      length: body.length,
      code: (at) => body.charCodeAt(at),
      find: (code, from) => body.indexOf(String.fromCharCode(code), from),
      text: (from, to) => body.slice(from, to),
    };
  }
  const bytes = bytesOf(body);
  return (
    bytes && {
      length: bytes.length,
      code: (at) => bytes[at],
      find: (code, from) => bytes.indexOf(code, from),
      text: (from, to) => decoder.decode(bytes.subarray(from, to)),
    }
  );
}

function bytesOf(body: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  return body instanceof ArrayBuffer ? new Uint8Array(body) : undefined;
}

const [quote, comma, backslash, minus] = [0x22, 0x2c, 0x5c, 0x2d];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Thrown where no more is read; what was read of the outermost object is kept. */
const enough = new Error('enough of this JSON was read');

function walk(source: Source, longest: number): ReadJson {
  const root: Record<string, unknown> = {};
  let at = 0;
  let values = 0;
  let isWhole = true;
  try {
    if (nextCode() === openBrace) readObject(root, 0);
  } catch (error) {
    if (error !== enough) throw error;
    isWhole = false;
  }
  return { value: root, isWhole };

  function readValue(depth: number): unknown {
    if (++values > mostValues || depth > deepest) throw enough;
    const code = nextCode();
    if (code === quote) return readString();
    if (code === openBrace) return readObject({}, depth);
    if (code === openBracket) return readArray(depth);
    return readLiteral();
  }

  function readObject(into: Record<string, unknown>, depth: number): Record<string, unknown> {
    at += 1;
    while (nextCode() !== closeBrace) {
      if (nextCode() === comma) at += 1;
      if (nextCode() !== quote) throw enough;
      const key = readString();
      nextCode();
      at += 1;
      const value = readValue(depth + 1);
      if (key !== undefined && key !== '__proto__') into[key] = value;
    }
    at += 1;
    return into;
  }

  function readArray(depth: number): unknown[] {
    const list: unknown[] = [];
    at += 1;
    if (isNumber(nextCode())) return skipNumbers();
    while (nextCode() !== closeBracket) {
      if (nextCode() === comma) at += 1;
      list.push(readValue(depth + 1));
    }
    at += 1;
    return list;
  }

  /** A vector has nothing that we want, and as many values as all the rest. */
  function skipNumbers(): [] {
    const end = source.find(closeBracket, at);
    if (end === -1) throw enough;
    at = end + 1;
    return [];
  }

  function readString(): string | undefined {
    const start = at + 1;
    const end = endOfString(start);
    at = end + 1;
    if (end - start <= longest) return unquote(source.text(start, end));
    const cut = source.text(start, start + longestCut);
    if (isMedium(cut)) return undefined;
    isWhole = false;
    return unquoteCut(cut);
  }

  function endOfString(start: number): number {
    for (let end = source.find(quote, start); end !== -1; end = source.find(quote, end + 1)) {
      let escapes = 0;
      while (source.code(end - 1 - escapes) === backslash) escapes += 1;
      if (escapes % 2 === 0) return end;
    }
    throw enough;
  }

  function readLiteral(): unknown {
    const start = at;
    while (/[-+.\w]/.test(String.fromCharCode(source.code(at) ?? 0))) at += 1;
    try {
      return JSON.parse(source.text(start, at));
    } catch {
      throw enough;
    }
  }

  /** The next character that is no white space. */
  function nextCode(): number {
    for (; ; at += 1) {
      const code = source.code(at);
      if (code === undefined || Number.isNaN(code)) throw enough;
      if (code > 0x20) return code;
    }
  }
}

function isNumber(code: number): boolean {
  return code === minus || (code >= 0x30 && code <= 0x39);
}

/** Base64, or a data URL: its length was not kept, so nothing is said of it. */
function isMedium(beginning: string): boolean {
  return /^(data:[^,]{0,200},)?[\w+/=-]*$/.test(beginning.replaceAll('\\/', '/'));
}

function unquote(inside: string): string {
  if (!inside.includes('\\')) return inside;
  try {
    return JSON.parse(`"${inside}"`) as string;
  } catch {
    throw enough;
  }
}

/** A cut may go through an escape, or through a character of several bytes; a medium within a text ends it. */
function unquoteCut(cut: string): string {
  const medium = /data:[^,"\s]{0,200};base64,/.exec(cut);
  let kept = medium ? cut.slice(0, medium.index) : cut.replace(/\uFFFD+$/, '');
  for (let tries = 0; tries < 6; tries += 1) {
    try {
      return JSON.parse(`"${kept}"`) as string;
    } catch {
      kept = kept.slice(0, -1);
    }
  }
  return kept;
}
