import {
  createLlmEvent,
  llmTracingStatus,
  observe,
  trackLlmOperation,
  withLlmContext,
  withLlmTracing,
  type LlmEvent,
  type LlmEventFacts,
  type LlmEventOptions,
} from '../src';
import { Bench, fail, nextTurn, type Properties } from './support/observing';
import { sentByRealClient } from './support/real-amplitude';

const bench = new Bench();

const facts: LlmEventFacts = {
  provider: 'acme',
  model: 'acme-1',
  messages: [{ role: 'user', content: 'Weather in Paris?' }],
  output: 'It is sunny.',
  inputTokens: 10,
  outputTokens: 4,
  latencyMs: 812.34,
  startedAt: 1_760_000_000_000,
};

function propertiesOf(given: LlmEventFacts, options?: LlmEventOptions): Properties {
  return createLlmEvent(given, options).event_properties;
}

describe('the rules for an event that is made by hand', () => {
  const text = 'canary';
  const secret: LlmEventFacts = { messages: [{ role: 'user', content: text }], output: text, error: text };

  it('are those of its options', () => {
    expect(JSON.stringify(createLlmEvent(secret, { privacyMode: true }))).not.toContain(text);
    expect(propertiesOf(secret, { includePrompts: false })).toMatchObject({ output: text });
    expect(propertiesOf(secret, { excludeOutput: true })).not.toHaveProperty('output');
    expect(propertiesOf(secret, { redact: () => 'redacted' })).toMatchObject({ output: 'redacted', error: 'redacted' });
    expect(propertiesOf(secret, { maxResponseLength: 3 })).toMatchObject({ output: 'can…' });
    expect(propertiesOf(facts, { trackTokens: false })).not.toHaveProperty('input_tokens');
    expect(createLlmEvent(facts, { userId: 'user-1', properties: { team: 'x' } })).toMatchObject({
      user_id: 'user-1',
      event_properties: { team: 'x' },
    });
  });

  it('are those of the session, beside', () => {
    bench.start({ userId: 'user-of-session', maxResponseLength: 3, properties: { app: 'shop', team: 'a' } });
    const event = createLlmEvent(secret, { properties: { team: 'b' } });
    expect(event).toMatchObject({
      user_id: 'user-of-session',
      event_properties: { output: 'can…', app: 'shop', team: 'b' },
    });
    expect(event).not.toHaveProperty('device_id');
  });

  it.each<LlmEventOptions>([
    { privacyMode: false, includePrompts: true, includeResponses: true },
    { redact: (shown) => shown },
    { excludeInput: false, excludeOutput: false },
  ])('can not open what the privacyMode of the session closed: %p', (options) => {
    bench.start({ privacyMode: true });
    expect(JSON.stringify(createLlmEvent(secret, options))).not.toContain(text);
  });

  it('can not open what the privacyMode of the context closed', () => {
    withLlmContext({ privacyMode: true }, () => {
      expect(JSON.stringify(createLlmEvent(secret, { privacyMode: false }))).not.toContain(text);
    });
  });

  it.each<LlmEventOptions>([
    { privacyMode: 'yes' } as unknown as LlmEventOptions,
    { includePrompts: 0 } as unknown as LlmEventOptions,
    { redact: 'email' } as unknown as LlmEventOptions,
  ])('close the gate where they can not be read: %p', (options) => {
    expect(JSON.stringify(createLlmEvent(secret, options))).not.toContain(text);
  });

  it('are those of the facts, and of the context that it is made in', () => {
    withLlmContext({ userId: 'user-of-context', traceId: 'my-trace', llmSessionId: 'chat-1' }, () => {
      expect(createLlmEvent(facts)).toMatchObject({
        user_id: 'user-of-context',
        event_properties: { trace_id: 'my-trace', llm_session_id: 'chat-1' },
      });
      expect(createLlmEvent({ ...facts, userId: 'user-of-facts', traceId: 'its-own', sessionId: 17 })).toMatchObject({
        user_id: 'user-of-facts',
        session_id: 17,
        event_properties: { trace_id: 'its-own' },
      });
    });
  });

  it('place it in the trace of the function that it is made in', async () => {
    bench.start();
    observe(() => trackLlmOperation(undefined, facts), { trackAs: true, name: 'work' })();
    const [call, work] = await bench.properties();
    expect(call).toMatchObject({ parent_span_id: work?.['span_id'], trace_id: work?.['trace_id'] });
    const own = { spanId: '00000000000000aa', parentSpanId: '00000000000000bb' };
    expect(propertiesOf({ ...facts, ...own })).toMatchObject({ span_id: own.spanId, parent_span_id: own.parentSpanId });
  });
});

describe('beforeSend and createLlmEvent', () => {
  const told: LlmEventFacts = { ...facts, userId: 'user-1', properties: { note: 'canary' }, groups: { org: 'canary' } };

  it('is what beforeSend of the session or of the options makes of it', () => {
    const hide: LlmEventOptions['beforeSend'] = (event) => {
      event.event_properties['output'] = 'hidden';
      return { ...event, user_id: 'hidden-user' };
    };
    const expected = { user_id: 'hidden-user', event_properties: { output: 'hidden', input_tokens: 10 } };
    expect(createLlmEvent(told, { beforeSend: hide })).toMatchObject(expected);
    bench.start({ beforeSend: hide });
    expect(createLlmEvent(told)).toMatchObject(expected);
    const { output } = propertiesOf(told, { beforeSend: (event) => event });
    expect(output).toBe('It is sunny.');
  });

  it.each<[string, NonNullable<LlmEventOptions['beforeSend']>, number]>([
    ['drops it', () => null, 0],
    ['throws', fail, 1],
    ['gives back none', () => 'canary' as never, 1],
  ])("has no text and is nobody's where beforeSend %s", (_what, beforeSend, problems) => {
    bench.start({ beforeSend, userId: 'user-of-session', properties: { team: 'canary' }, trackCost: false });
    const event = createLlmEvent({ ...told, traceId: 'its-trace' });
    expect(JSON.stringify(event)).not.toMatch(/canary|sunny|Weather|user-/);
    expect(event.device_id).toMatch(/^llm-trace-/);
    expect(event.event_properties).toMatchObject({ model: 'acme-1', input_tokens: 10, trace_id: 'its-trace' });
    expect(bench.problems).toHaveLength(problems);
  });

  it('is an llm_operation event whatever the schema is, and says that one of its own is none', async () => {
    bench.start({ schema: 'agent' });
    expect(createLlmEvent(facts).event_type).toBe('llm_operation');
    expect(createLlmEvent(facts, { schema: 'agent' } as object).event_type).toBe('llm_operation');
    expect(bench.problems).toEqual([expect.stringMatching(/schema is an option of trackLlmOperation/)]);
    trackLlmOperation(undefined, facts, { schema: 'both' });
    await nextTurn();
    const types = bench.events.map(({ event_type: type }) => type);
    expect(types).toEqual(['llm_operation', '[Agent] User Message', '[Agent] AI Response']);
    // @ts-expect-error -- not an option of this one
    createLlmEvent(facts, { schema: 'otel' });
  });
});

describe('trackLlmOperation', () => {
  it('takes the client that withLlmTracing was given for the one that it made', async () => {
    const namespace = Object.freeze({ track: (event: LlmEvent) => bench.events.push(event) });
    const client = withLlmTracing(namespace);
    expect(client).not.toBe(namespace);
    client.enableLlmTracing({ providers: [], noWarning: true });
    const before = llmTracingStatus().counters;
    for (const each of [client, namespace, undefined]) trackLlmOperation(each, facts);
    await nextTurn();
    const { operations, tracked } = llmTracingStatus().counters;
    expect([operations - before.operations, tracked - before.tracked, bench.events.length]).toEqual([3, 3, 3]);
  });

  it('goes through the session, where it is its client, and is counted', async () => {
    bench.start({ beforeSend: (event) => ({ ...event, event_properties: { ...event.event_properties, seen: true } }) });
    const before = llmTracingStatus().counters;
    trackLlmOperation(bench.client, facts);
    trackLlmOperation(undefined, facts, { userId: 'user-1' });
    expect(await bench.properties()).toMatchObject([{ seen: true }, { seen: true }]);
    const { operations, tracked } = llmTracingStatus().counters;
    expect([operations - before.operations, tracked - before.tracked]).toEqual([2, 2]);
  });

  it('goes to another client, which the session does not count', async () => {
    bench.start();
    const before = llmTracingStatus().counters;
    const others: unknown[] = [];
    trackLlmOperation({ track: (event) => others.push(event) }, facts);
    await nextTurn();
    expect([others.length, bench.events.length]).toEqual([1, 0]);
    expect(llmTracingStatus().counters).toEqual(before);
  });

  it('works while tracing is off', async () => {
    trackLlmOperation(bench.client, facts);
    // At once: there is no handle here whose `flush()` could be awaited before the process ends.
    expect(bench.events).toMatchObject([{ event_properties: { model: 'acme-1' } }]);
    expect(await bench.properties()).toHaveLength(1);
  });

  it('without any client sends nothing, which is counted', () => {
    const before = llmTracingStatus().counters.dropped['no_client'] ?? 0;
    trackLlmOperation(undefined, facts);
    trackLlmOperation({} as typeof bench.client, facts);
    expect(llmTracingStatus().counters.dropped['no_client']).toBe(before + 2);
  });

  it('is sampled with its trace', async () => {
    bench.start({ sampleRate: 0, sampleErrors: true });
    trackLlmOperation(bench.client, facts);
    trackLlmOperation(bench.client, { ...facts, error: 'no' });
    expect(await bench.properties()).toMatchObject([{ outcome: 'error' }]);
  });

  it('is as well without the session being able to send', () => {
    expect(() => trackLlmOperation({ track: fail }, facts)).not.toThrow();
  });

  it('is taken by the server, through the real client', async () => {
    const { taken, refused } = await sentByRealClient(2, (client) => {
      trackLlmOperation(client, { ...facts, output: 'x'.repeat(50_000), startedAt: 1_760_000_000_000.5 });
      client.track(createLlmEvent({ ...facts, userId: 'me' }));
    });
    expect(refused).toEqual([]);
    expect(taken.map(({ event_type: type }) => type)).toEqual(['llm_operation', 'llm_operation']);
  });
});
