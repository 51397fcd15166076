/* eslint-disable @typescript-eslint/no-explicit-any -- looks at whatever an SDK gave out */

/** Differs from run to run, whoever watches: headers, and the ports and counts of a socket. */
const volatileNames = new Set(['date', 'localPort', 'bytesRead', 'bytesWritten']);
const deepest = 12;

/** Classes are compared by identity: each gets a number when it is first seen. */
const classNumbers = new Map<unknown, number>();

/**
 * Everything that code of an application could see of a value: class by identity, own enumerable keys, contents. Two
 * values that look the same here are deep-equal.
 */
export function snapshot(value: unknown): unknown {
  const seen = new Map<object, number>();
  return look(value, 0);

  function look(part: any, depth: number): unknown {
    if (typeof part === 'function') return '[function]';
    if (typeof part === 'bigint' || typeof part === 'symbol') return String(part);
    if (typeof part !== 'object' || part === null) return part;
    const before = seen.get(part);
    if (before !== undefined) return `[seen ${before}]`;
    seen.set(part, seen.size);
    if (depth > deepest || isClient(part)) return `[${classOf(part)}]`;
    return { class: classOf(part), ...contentsOf(part, (inner) => look(inner, depth + 1)) };
  }
}

function contentsOf(part: any, look: (inner: unknown) => unknown): object {
  if (Array.isArray(part)) return { items: part.map(look) };
  if (part instanceof Uint8Array || part instanceof ArrayBuffer)
    return { bytes: Buffer.from(part as any).toString('hex') };
  if (isHeaders(part)) return { headers: headersOf([...part.entries()]) };
  if (typeof part.aborted === 'boolean') return { aborted: part.aborted as boolean };
  if (typeof part.arrayBuffer === 'function' && typeof part.status === 'number') {
    return { status: part.status as number, headers: look(part.headers), bodyUsed: part.bodyUsed as boolean };
  }
  const contents: Record<string, unknown> = {};
  if (part instanceof Error || typeof part.stack === 'string') {
    contents['message'] = part.message;
    contents['name'] = part.name;
    contents['cause'] = look(part.cause);
  }
  // V8 forgets, once it has optimised a class with a field `cause`, that such a field can be enumerated.
  const skipped = (key: string): boolean => volatileNames.has(key) || (key === 'cause' && 'cause' in contents);
  for (const key of Object.keys(part)) if (!skipped(key)) contents[`.${key}`] = look(part[key]);
  if (part.controller?.signal) contents['aborted'] = part.controller.signal.aborted;
  return contents;
}

/** Headers as they travelled, without what differs from run to run. */
export function headersOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const kept = entries.filter(([name]) => !volatileNames.has(name));
  // The boundary between the parts of a form is random.
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value).replace(/boundary=\S+/, 'boundary')]));
}

function isHeaders(part: any): boolean {
  return typeof part.entries === 'function' && typeof part.append === 'function' && typeof part.get === 'function';
}

/** A client holds the whole world; which one it is does not matter. */
function isClient(part: any): boolean {
  return typeof part.baseURL === 'string' && typeof part.maxRetries === 'number';
}

function classOf(part: any): string {
  const constructor: any = part.constructor;
  if (!classNumbers.has(constructor)) classNumbers.set(constructor, classNumbers.size);
  return `${String(constructor?.name)} ${classNumbers.get(constructor)}`;
}
