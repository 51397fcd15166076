import { currentPlace } from './context';
import { activeSpan } from './open-telemetry';
import type { LlmContext } from '../operation';
import { safely } from '../safely';
import { spanIdOf } from './trace-ids';

interface AnyCarrier {
  readonly get?: unknown;
  readonly set?: unknown;
  readonly setHeader?: unknown;
  /** Of a `Request`. */
  readonly headers?: Partial<Headers>;
}

/** W3C trace context, level 1 and 2: version, trace, parent, flags; later versions may say more behind that. */
const format = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;
const name = 'traceparent';

/**
 * Writes the trace that the running code is part of into the headers of a request to another service, as W3C trace
 * context does: `traceparent`. A header of that name is replaced. Nothing is written outside of a trace, nor where the
 * trace has an id of your own that is not 32 hexadecimal digits in lower case. Nothing else of the context is written.
 *
 * @experimental
 * @param headers - changed in place: `Headers`, a `Map`, a `Request`, a request of Node (`setHeader`), an object of headers,
 * pairs as `fetch` takes them, or names and values in turn as undici does. An empty array is left alone: it could be
 * either.
 * @returns the same object.
 * @example
 * ```ts
 * await fetch('https://agents.internal/run', { method: 'POST', headers: injectLlmContext({ accept: 'text/plain' }) });
 * ```
 */
export function injectLlmContext<Carrier extends object>(headers: Carrier): Carrier {
  safely('write a traceparent', () => {
    const traceparent = traceparentHere();
    if (traceparent !== undefined) writeHeader(headers, traceparent);
  });
  return headers;
}

/**
 * Reads the trace out of the headers of a request that came in. Only ids are read, and only in the strict form of W3C
 * trace context: whoever sent the request can not say whose calls these are, nor what may leave of them.
 *
 * @experimental
 * @param headers - `Headers`, a `Request`, a `Map`, `headers` or `rawHeaders` of Node, an object whose values are strings or
 * lists of them, or pairs.
 * @returns `traceId` and `parentSpanId`, or nothing where there is no `traceparent`, several, or one that is no such.
 * @example
 * ```ts
 * server.on('request', (request, response) =>
 *   withLlmContext(extractLlmContext(request.headers), () => answer(request, response)),
 * );
 * ```
 */
export function extractLlmContext(headers: object | null | undefined): Pick<LlmContext, 'traceId' | 'parentSpanId'> {
  return safely('read a traceparent', () => parse(readHeader(headers))) ?? {};
}

function traceparentHere(): string | undefined {
  const { traceId, spanId } = currentPlace();
  if (!isTraceId(traceId)) return undefined;
  const span = activeSpan();
  // A trace of our own is recorded here; with 00 a service that samples by its parent would leave it out.
  const flags = span?.traceId === traceId && !span.isSampled ? '00' : '01';
  // The header has to name a span. Outside of `observe` that is the request itself, which is no event here.
  return `00-${traceId}-${isSpanId(spanId) ? spanId : spanIdOf(crypto.randomUUID())}-${flags}`;
}

function writeHeader(headers: object, value: string): void {
  if (Array.isArray(headers)) return writeToList(headers, value);
  if (headers instanceof Map) return writeToMap(headers as Map<unknown, unknown>, value);
  const { set, setHeader, headers: ofRequest } = headers as AnyCarrier;
  if (typeof set === 'function') return void set.call(headers, name, value);
  if (typeof ofRequest?.set === 'function') return ofRequest.set(name, value);
  if (typeof setHeader === 'function') return void setHeader.call(headers, name, value);
  const fields = headers as Record<string, unknown>;
  // Two names that differ in case alone would be two headers on the wire.
  const [first = name, ...others] = Object.keys(fields).filter(isName);
  for (const other of others) delete fields[other];
  fields[first] = value;
}

function writeToMap(map: Map<unknown, unknown>, value: string): void {
  for (const key of [...map.keys()].filter(isName)) map.delete(key);
  map.set(name, value);
}

function writeToList(list: unknown[], value: string): void {
  if (list.length === 0) throw new TypeError('headers must not be an empty array: use an object instead');
  if (Array.isArray(list[0])) {
    const others = list.filter((pair) => !isName((pair as unknown[])[0]));
    list.splice(0, list.length, ...others, [name, value]);
    return;
  }
  const others = list.filter((...[, at]) => !isName(list[at - (at % 2)]));
  list.splice(0, list.length, ...others, name, value);
}

/** Every value that there is. `get` of `Headers` joins several with a comma, as Node does in `headers`. */
function readHeader(headers: object | null | undefined): unknown[] {
  if (headers === null || headers === undefined) return [];
  if (Array.isArray(headers)) return readList(headers);
  if (headers instanceof Map) return readList([...(headers as Map<unknown, unknown>)]);
  const { get, headers: ofRequest } = headers as AnyCarrier;
  if (typeof get === 'function') return [get.call(headers, name)];
  if (typeof ofRequest?.get === 'function') return [ofRequest.get(name)];
  return readList(Object.entries(headers));
}

function readList(list: readonly unknown[]): unknown[] {
  const values = Array.isArray(list[0])
    ? (list as unknown[][]).filter((pair) => isName(pair[0])).map((pair) => pair[1])
    : list.filter((...[, at]) => at % 2 === 1 && isName(list[at - 1]));
  return values.flat().filter((value) => value !== undefined);
}

function parse(values: readonly unknown[]): Pick<LlmContext, 'traceId' | 'parentSpanId'> {
  const [value] = values;
  // Several are none: nobody can say which of them is true.
  if (values.length !== 1 || typeof value !== 'string' || value.length > 1_024) return {};
  const [, version, traceId, parentSpanId, rest] = format.exec(value.trim()) ?? [];
  if (version === 'ff' || (version === '00' && rest !== undefined)) return {};
  return isTraceId(traceId) && isSpanId(parentSpanId) ? { traceId, parentSpanId } : {};
}

function isTraceId(id: string | undefined): id is string {
  return id !== undefined && /^[0-9a-f]{32}$/.test(id) && !/^0+$/.test(id);
}

function isSpanId(id: string | undefined): id is string {
  return id !== undefined && /^[0-9a-f]{16}$/.test(id) && !/^0+$/.test(id);
}

function isName(key: unknown): boolean {
  return typeof key === 'string' && key.toLowerCase() === name;
}
