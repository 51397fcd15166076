import type { LlmContext } from './types';

interface OpenTelemetryApi {
  context?: { active?(): { getValue?(key: symbol): unknown } };
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
  const span = api.context?.active?.().getValue?.(spanKey) as { spanContext?(): SpanContext } | undefined;
  const { traceId, spanId } = span?.spanContext?.() ?? {};
  if (typeof traceId !== 'string' || typeof spanId !== 'string' || /^0*$/.test(traceId)) return none;
  return { traceId, parentSpanId: spanId };
}
