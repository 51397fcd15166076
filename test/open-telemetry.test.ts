import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { activeSpan } from '../src/context/open-telemetry';

const apiKey = Symbol.for('opentelemetry.js.api.1');
const spanKey = Symbol.for('OpenTelemetry Context Key SPAN');
const holder = globalThis as { [apiKey]?: unknown };
const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

function setActive(span: unknown): void {
  holder[apiKey] = {
    version: '1.9.0',
    context: { active: () => ({ getValue: (key: symbol) => (key === spanKey ? span : undefined) }) },
  };
}

afterEach(() => {
  delete holder[apiKey];
});

describe('the trace that a call is part of', () => {
  it('is the one of the active OpenTelemetry span', () => {
    setActive({ spanContext: () => ({ traceId, spanId, traceFlags: 1 }) });
    expect(activeSpan()).toEqual({ traceId, spanId, isSampled: true });
  });

  it('is read as the real API of OpenTelemetry keeps it', () => {
    const active = trace.setSpan(ROOT_CONTEXT, trace.wrapSpanContext({ traceId, spanId, traceFlags: 1 }));
    const manager = {
      active: () => active,
      with: () => undefined as never,
      bind: () => undefined as never,
      enable: () => manager,
      disable: () => manager,
    };
    expect(context.setGlobalContextManager(manager)).toBe(true);
    expect(activeSpan()).toEqual({ traceId, spanId, isSampled: true });
  });

  it('is none without OpenTelemetry', () => {
    expect(activeSpan()).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['no span', undefined],
    ['a span without a context', {}],
    ['the span that stands for none', { spanContext: () => ({ traceId: '0'.repeat(32), spanId: '0'.repeat(16) }) }],
    ['ids that are none', { spanContext: () => ({ traceId: 'a prompt', spanId }) }],
    ['ids of another length', { spanContext: () => ({ traceId: `${traceId}00`, spanId }) }],
    ['ids of another type', { spanContext: () => ({ traceId: 1n, spanId }) }],
  ])('is none with %s', (...[, span]) => {
    setActive(span);
    expect(activeSpan()).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['no context manager', {}],
    ['a context manager that has no context', { context: { active: () => undefined } }],
    ['a context of another make', { context: { active: () => ({}) } }],
  ])('is none with %s', (...[, api]) => {
    holder[apiKey] = api;
    expect(activeSpan()).toBeUndefined();
  });
});
