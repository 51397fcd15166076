import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { serializeLlmContext, withLlmContext, type LlmContext, type LlmEvent } from '../src';
import { currentPlace, openSpan } from '../src/context/context';
import { said, startContextBench } from './support/context-bench';

const bench = startContextBench();
const { ask, enable, eventIn, eventsOf } = bench;

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('a trace', () => {
  it('has all calls of one context, however deep, and of no other', async () => {
    const list = await eventsOf(() =>
      Promise.all(
        [1, 2].map((request) =>
          withLlmContext({ properties: { request } }, async () => {
            await ask();
            await withLlmContext({ userId: 'user-1' }, () => ask());
          }),
        ),
      ),
    );
    const ids = [1, 2].map(
      (request) =>
        new Set(
          said(
            list.filter((event) => event.event_properties['request'] === request),
            'trace_id',
          ),
        ),
    );
    expect(ids.map(({ size }) => size)).toEqual([1, 1]);
    expect(new Set(said(list, 'trace_id')).size).toBe(2);
    expect(new Set(said(list, 'span_id')).size).toBe(4);
    expect(said(list, 'parent_span_id')).toEqual(Array(4).fill(undefined));
  });

  it('is one of its own for each call that nothing is around', async () => {
    const list = await eventsOf(async () => {
      await ask();
      await ask();
    });
    expect(new Set(said(list, 'trace_id')).size).toBe(2);
    for (const id of said(list, 'trace_id')) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('that is named inside another one is its own, without the parent of the other', async () => {
    const [event] = await eventsOf(() =>
      withLlmContext({ traceId: 'a'.repeat(32), parentSpanId: spanId }, () =>
        withLlmContext({ traceId: 'my-trace' }, () => ask()),
      ),
    );
    expect(event?.event_properties['trace_id']).toBe('my-trace');
    expect(event?.event_properties).not.toHaveProperty('parent_span_id');
  });

  it('has spans of our own, whose calls are their children', async () => {
    const outer = openSpan();
    const list = await eventsOf(() =>
      outer.run(async () => {
        await ask();
        const inner = openSpan();
        expect(inner.context).toMatchObject({ traceId: outer.context.traceId, parentSpanId: outer.context.spanId });
        await inner.run(() => ask());
        expect(currentPlace()).toEqual({ traceId: outer.context.traceId, spanId: outer.context.spanId });
      }),
    );
    expect(new Set(said(list, 'trace_id'))).toEqual(new Set([outer.context.traceId]));
    expect(said(list, 'parent_span_id')[0]).toBe(outer.context.spanId);
    expect(said(list, 'parent_span_id')[1]).not.toBe(outer.context.spanId);
  });

  it('goes on where a context was handed over, in another thread too', async () => {
    const { port1, port2 } = new MessageChannel();
    withLlmContext({ userId: 'user-1', properties: { a: [1] }, sampleRate: 1, traceId }, () =>
      openSpan().run(() => port1.postMessage(serializeLlmContext())),
    );
    const { message } = receiveMessageOnPort(port2) as { message: string };
    port1.close();
    const context = JSON.parse(message) as LlmContext;
    expect(context).toMatchObject({ userId: 'user-1', properties: { a: [1] }, traceId, sampleRate: 1 });
    for (const handed of [message, context]) {
      const event = await eventIn(handed);
      expect(event).toMatchObject({ user_id: 'user-1' });
      expect(event?.event_properties).toMatchObject({ trace_id: traceId, parent_span_id: context.parentSpanId });
    }
    expect(bench.problems).toEqual([]);
  });

  it('can be handed over where there is no context', () => {
    expect(JSON.parse(serializeLlmContext())).toEqual({});
  });

  it('keeps nobody nobody when it is handed over', async () => {
    enable({ userId: 'service' });
    const handed = withLlmContext({ userId: 'no' }, () => serializeLlmContext());
    bench.problems = [];
    expect(await eventIn(handed)).not.toHaveProperty('user_id');
    expect(bench.problems).toEqual([]);
  });
});

describe('beside OpenTelemetry', () => {
  const apiKey = Symbol.for('opentelemetry.js.api.1');
  const spanKey = Symbol.for('OpenTelemetry Context Key SPAN');
  const holder = globalThis as { [apiKey]?: unknown };

  async function inSpan<Result>(
    span: { traceId: string; spanId: string },
    work: () => Result,
  ): Promise<Awaited<Result>> {
    const former = holder[apiKey];
    const active = { getValue: (key: symbol) => (key === spanKey ? { spanContext: () => span } : undefined) };
    holder[apiKey] = { version: '1.9.0', context: { active: () => active } };
    try {
      return await work();
    } finally {
      holder[apiKey] = former;
    }
  }

  afterEach(() => {
    delete holder[apiKey];
  });

  const otel = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) };
  const place = (event: LlmEvent | undefined): unknown => {
    const { trace_id, parent_span_id } = event?.event_properties ?? {};
    return { trace_id, parent_span_id };
  };

  it.each<[string, () => unknown]>([
    ['without a context', () => ask()],
    ['in a context', () => withLlmContext({ userId: 'user-1' }, () => ask())],
  ])('%s a call is in the trace of the active span, and its child', async (_what, work) => {
    const [event] = await eventsOf(() => inSpan(otel, work));
    expect(place(event)).toEqual({ trace_id: otel.traceId, parent_span_id: otel.spanId });
  });

  it('a call is in the trace of a span that began inside the context', async () => {
    const [event] = await eventsOf(() => withLlmContext({ userId: 'user-1' }, () => inSpan(otel, () => ask())));
    expect(place(event)).toEqual({ trace_id: otel.traceId, parent_span_id: otel.spanId });
  });

  it('a call in a span of ours is its child, and that is a child of the active span', async () => {
    const [event] = await eventsOf(() =>
      inSpan(otel, () => {
        const span = openSpan();
        expect(span.context).toMatchObject({ traceId: otel.traceId, parentSpanId: otel.spanId });
        return span.run(() => ask());
      }),
    );
    expect(event?.event_properties['trace_id']).toBe(otel.traceId);
    expect(event?.event_properties['parent_span_id']).not.toBe(otel.spanId);
  });

  it('a call is a child of the innermost of the two', async () => {
    const inner = { traceId: otel.traceId, spanId: 'e'.repeat(16) };
    const [event] = await eventsOf(() => inSpan(otel, () => openSpan().run(() => inSpan(inner, () => ask()))));
    expect(place(event)).toEqual({ trace_id: otel.traceId, parent_span_id: inner.spanId });
  });

  it('a trace that the application named holds', async () => {
    const [event] = await eventsOf(() => inSpan(otel, () => withLlmContext({ traceId: 'mine' }, () => ask())));
    expect(place(event)).toEqual({ trace_id: 'mine', parent_span_id: undefined });
  });
});
