import type { LlmContext } from './types';

interface OpenTelemetryApi {
  context?: { active?(): { getValue?(key: symbol): unknown } | undefined };
}

interface SpanContext {
  traceId?: unknown;
  spanId?: unknown;
}

/** The API of every OpenTelemetry 1.x lives under these keys, whatever copy of it a package has installed. */
const apiKey = Symbol.for('opentelemetry.js.api.1');
const spanKey = Symbol.for('OpenTelemetry Context Key SPAN');
const none: LlmContext = {};

/** The trace that the calling code is part of, where the application uses OpenTelemetry. */
export function activeContext(): LlmContext {
  const api = (globalThis as { [apiKey]?: OpenTelemetryApi })[apiKey];
  if (!api) return none;
  const span = api.context?.active?.()?.getValue?.(spanKey) as { spanContext?(): SpanContext } | undefined;
  const { traceId, spanId } = span?.spanContext?.() ?? {};
  if (!isId(traceId, 32) || !isId(spanId, 16)) return none;
  return { traceId, parentSpanId: spanId };
}

/** W3C trace context: so many hexadecimal digits, and not all of them 0. */
function isId(id: unknown, digits: number): id is string {
  return typeof id === 'string' && id.length === digits && /^[0-9a-f]+$/i.test(id) && !/^0+$/.test(id);
}
