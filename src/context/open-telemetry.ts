interface OpenTelemetryApi {
  context?: { active?(): { getValue?(key: symbol): unknown } | undefined };
}

/** A span as W3C trace context names it: 32 and 16 hexadecimal digits. */
export interface ActiveSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Whether OpenTelemetry records it. */
  readonly isSampled: boolean;
}

/** The API of every OpenTelemetry 1.x lives under these keys, whatever copy of it a package has installed. */
const apiKey = Symbol.for('opentelemetry.js.api.1');
const spanKey = Symbol.for('OpenTelemetry Context Key SPAN');

/** The span that the calling code is part of, where the application uses OpenTelemetry. */
export function activeSpan(): ActiveSpan | undefined {
  const api = (globalThis as { [apiKey]?: OpenTelemetryApi })[apiKey];
  if (!api) return undefined;
  const span = api.context?.active?.()?.getValue?.(spanKey) as { spanContext?(): Partial<SpanContext> } | undefined;
  const { traceId, spanId, traceFlags } = span?.spanContext?.() ?? {};
  if (!isHexId(traceId, 32) || !isHexId(spanId, 16)) return undefined;
  return { traceId, spanId, isSampled: typeof traceFlags === 'number' && (traceFlags & 1) === 1 };
}

type SpanContext = Readonly<Record<'traceId' | 'spanId' | 'traceFlags', unknown>>;

/** W3C trace context: so many hexadecimal digits, and not all of them 0. */
export function isHexId(id: unknown, digits: number): id is string {
  return typeof id === 'string' && id.length === digits && /^[0-9a-f]+$/i.test(id) && !/^0+$/.test(id);
}
