import { EventEmitter, once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import {
  disableLlmTracing,
  enableLlmTracing,
  llmTracingStatus,
  serializeLlmContext,
  setLlmContext,
  withLlmContext,
  type LlmContext,
  type LlmEvent,
  type LlmTracingOptions,
} from '../src';
import { openSpan, currentPlace } from '../src/context';
import { isDrawn } from '../src/sample';
import { startProviderServer } from './support/start-provider';

let server: Awaited<ReturnType<typeof startProviderServer>>;
let events: LlmEvent[];
let problems: string[];

const messages = [{ role: 'user' as const, content: 'A private question' }];
const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

beforeAll(async () => {
  server = await startProviderServer();
});
afterAll(() => server.close());
beforeEach(() => {
  events = [];
  problems = [];
  enable({});
});
afterEach(() => disableLlmTracing());

function enable(options: LlmTracingOptions): void {
  enableLlmTracing(
    { track: (event) => events.push(event) },
    {
      noWarning: true,
      modules: { openai: OpenAI, anthropic: Anthropic },
      onError: (error) => problems.push(String(error)),
      ...options,
    },
  );
  problems = [];
}

async function ask(path = '/v1'): Promise<void> {
  const openai = new OpenAI({ apiKey: 'k', baseURL: `${server.url}${path}`, maxRetries: 0 });
  await openai.chat.completions.create({ model: 'gpt-5', messages });
}

/** The events of what `work` did, once they are tracked. */
async function eventsOf(work: () => unknown): Promise<LlmEvent[]> {
  events = [];
  await work();
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  return events;
}

async function eventIn(context: LlmContext | string): Promise<LlmEvent | undefined> {
  const [event] = await eventsOf(() => withLlmContext(context, () => ask()));
  return event;
}

function said(list: readonly LlmEvent[], name: string): unknown[] {
  return list.map((event) => event.event_properties[name]);
}

describe('a context', () => {
  it('says whose call it was, and what belongs to it', async () => {
    const event = await eventIn({
      userId: 'user-1',
      deviceId: 'device-1',
      sessionId: 1_760_000_000_000,
      llmSessionId: 'chat-1',
      groups: { company: 'acme' },
      traceId,
      parentSpanId: spanId,
      properties: { feature: 'search' },
    });
    expect(event).toMatchObject({
      user_id: 'user-1',
      device_id: 'device-1',
      session_id: 1_760_000_000_000,
      groups: { company: 'acme' },
      event_properties: { llm_session_id: 'chat-1', trace_id: traceId, parent_span_id: spanId, feature: 'search' },
    });
    expect(event?.event_properties['span_id']).toMatch(/^[0-9a-f]{16}$/);
  });

  it('holds against the options, and leaves a user without the device of the options of somebody else', async () => {
    enable({ userId: 'service', groups: { company: 'acme', plan: 'pro' }, properties: { team: 'a', region: 'eu' } });
    const event = await eventIn({ userId: 'user-1', groups: { company: 'other' }, properties: { team: 'b' } });
    expect(event).toMatchObject({ user_id: 'user-1', groups: { company: 'other', plan: 'pro' } });
    expect(event?.event_properties).toMatchObject({ team: 'b', region: 'eu' });
    expect(event).not.toHaveProperty('device_id');
  });

  it('gives back what the function gives back, and throws what it throws', () => {
    const error = new Error('mine');
    const promise = Promise.resolve(1);
    expect(withLlmContext({}, () => promise)).toBe(promise);
    expect(() =>
      withLlmContext({}, () => {
        throw error;
      }),
    ).toThrow(error);
  });

  it('merges with the one around it, and ends with its function', async () => {
    const list = await eventsOf(() =>
      withLlmContext({ userId: 'user-1', properties: { a: 1 } }, async () => {
        await withLlmContext({ llmSessionId: 'chat-1', properties: { b: 2 } }, () => ask());
        await ask();
      }),
    );
    expect(list.map((event) => event.user_id)).toEqual(['user-1', 'user-1']);
    expect(said(list, 'llm_session_id')).toEqual(['chat-1', undefined]);
    expect(said(list, 'a')).toEqual([1, 1]);
    expect(said(list, 'b')).toEqual([2, undefined]);
  });

  it('is the one in which the call began, wherever its stream ends', async () => {
    const openai = new OpenAI({ apiKey: 'k', baseURL: `${server.url}/v1` });
    const stream = await withLlmContext({ userId: 'user-1' }, () =>
      openai.chat.completions.create({ model: 'gpt-5', messages, stream: true }),
    );
    const [event] = await eventsOf(() =>
      withLlmContext({ userId: 'user-2' }, async () => {
        for await (const chunk of stream) expect(chunk).toBeDefined();
      }),
    );
    expect(event?.user_id).toBe('user-1');
  });

  it('reaches the calls that helpers of an SDK make', async () => {
    const anthropic = new Anthropic({ apiKey: 'k', baseURL: server.url });
    const [event] = await eventsOf(() =>
      withLlmContext({ userId: 'user-1' }, () =>
        anthropic.messages.stream({ model: 'claude-sonnet-4-5', max_tokens: 9, messages }).finalMessage(),
      ),
    );
    expect(event?.user_id).toBe('user-1');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['await', async () => (await Promise.resolve(), await ask())],
    ['a timer', () => new Promise((resolve) => setTimeout(() => resolve(ask()), 1))],
    ['an immediate', () => new Promise((resolve) => setImmediate(() => resolve(ask())))],
    ['a stream', () => Readable.from([1]).forEach(() => ask())],
    ['an event', () => emitted()],
    ['queueMicrotask', () => new Promise((resolve) => queueMicrotask(() => resolve(ask())))],
  ])('works across %s', async (_what, work) => {
    const [event] = await eventsOf(() => withLlmContext({ userId: 'user-1' }, work));
    expect(event?.user_id).toBe('user-1');
  });

  async function emitted(): Promise<void> {
    const emitter = new EventEmitter();
    const done = once(emitter, 'done');
    emitter.on('ask', () => void ask().then(() => emitter.emit('done')));
    setTimeout(() => emitter.emit('ask'), 1);
    await done;
  }

  it('never mixes with that of another flow', async () => {
    const users = Array.from({ length: 20 }, (_, at) => `user-${at}`);
    const list = await eventsOf(() =>
      Promise.all(
        users.map((userId) =>
          withLlmContext({ userId, properties: { of: userId } }, async () => {
            await wait(Math.random() * 10);
            await ask();
          }),
        ),
      ),
    );
    expect(list.map((event) => event.user_id).sort()).toEqual([...users].sort());
    for (const event of list) expect(event.event_properties['of']).toBe(event.user_id);
  });
});

describe('setLlmContext', () => {
  it('adds to the context from here on, and not to that of others', async () => {
    const list = await eventsOf(() =>
      Promise.all(
        ['user-1', 'user-2'].map((userId) =>
          withLlmContext({ properties: { kept: true } }, async () => {
            setLlmContext({ userId });
            await wait(1);
            await ask();
          }),
        ),
      ),
    );
    expect(list.map((event) => event.user_id).sort()).toEqual(['user-1', 'user-2']);
    expect(said(list, 'kept')).toEqual([true, true]);
    const [after] = await eventsOf(() => ask());
    expect(after).not.toHaveProperty('user_id');
  });

  it('begins no trace', async () => {
    const list = await eventsOf(() =>
      Promise.resolve().then(async () => {
        setLlmContext({ userId: 'user-1' });
        await ask();
        await ask();
      }),
    );
    expect(new Set(said(list, 'trace_id')).size).toBe(2);
  });
});

describe('a context that is wrong', () => {
  it.each<[string, unknown, RegExp]>([
    ['a user without a valid id', { userId: '42' }, /userId must be a string of 5 characters or more/],
    ['a session that is no number', { sessionId: '1' }, /sessionId must be a whole number/],
    ['groups that are none', { groups: 'acme' }, /groups must be/],
    ['properties that are none', { properties: 1 }, /properties must be an object/],
    ['a name of ours', { properties: { model: 'x' } }, /without 'model'/],
    ['a field that there is not', { user: 'user-1' }, /user is not one of the fields userId, /],
    ['a rate above 1', { sampleRate: 2 }, /sampleRate must be a number from 0 to 1/],
    ['text that is no JSON', 'garbage', /JSON/],
  ])('with %s loses no call, and is told', async (_what, context, problem) => {
    const event = await eventIn(context as LlmContext);
    expect(event?.event_properties['outcome']).toBe('ok');
    expect(event?.event_properties['model']).toBe('gpt-5');
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(llmTracingStatus().lastError).toMatch(problem);
  });

  it('with a user that can not be sent does not count for the user outside', async () => {
    enable({ userId: 'service' });
    const [event] = await eventsOf(() =>
      withLlmContext({ userId: 'user-1' }, () => withLlmContext({ userId: 'no' }, () => ask())),
    );
    expect(event).not.toHaveProperty('user_id');
    expect(event?.device_id).toMatch(/^llm-trace-/);
  });

  it('in what may leave lets nothing leave', async () => {
    const event = await eventIn({ includePrompts: 'yes' } as unknown as LlmContext);
    expect(JSON.stringify(event)).not.toContain('private');
  });

  it.each([null, undefined, 7, []])('of %p is none', async (context) => {
    const event = await eventIn(context as unknown as LlmContext);
    expect(event?.event_properties['outcome']).toBe('ok');
  });
});

describe('what may leave', () => {
  const shows = async (options: LlmTracingOptions, ...contexts: LlmContext[]): Promise<string> => {
    enable(options);
    const work = contexts.reduceRight<() => unknown>(
      (inner, context) => () => withLlmContext(context, inner),
      () => ask(),
    );
    const [event] = await eventsOf(work);
    const { messages: prompts, output } = event?.event_properties ?? {};
    return [prompts && 'prompt', output && 'answer'].filter(Boolean).join(' and ') || 'nothing';
  };

  it.each<[string, LlmTracingOptions, LlmContext[]]>([
    ['prompt and answer', {}, [{}]],
    ['answer', {}, [{ includePrompts: false }]],
    ['prompt', {}, [{ includeResponses: false }]],
    ['answer', {}, [{ excludeInput: true }]],
    ['prompt', {}, [{ excludeOutput: true }]],
    ['nothing', {}, [{ privacyMode: true }]],
    ['nothing', {}, [{ privacyMode: true }, { privacyMode: false, includePrompts: true }]],
    ['nothing', { privacyMode: true }, [{ privacyMode: false, includePrompts: true }]],
    ['prompt and answer', { includePrompts: false }, [{ includePrompts: true }]],
    ['answer', { excludeInput: true }, [{ includePrompts: true }]],
    ['prompt and answer', { excludeInput: true }, [{ excludeInput: false }]],
    ['answer', {}, [{ includePrompts: true }, { includePrompts: false }]],
    ['prompt and answer', {}, [{ includePrompts: false }, { includePrompts: true }]],
  ])('is %s with %j and the contexts %j', async (expected, options, contexts) => {
    expect(await shows(options, ...contexts)).toBe(expected);
  });

  it('keeps its lengths where the text stays', async () => {
    const event = await eventIn({ excludeInput: true, excludeOutput: true });
    expect(event?.event_properties).toMatchObject({ input_length: 18, message_count: 1 });
  });

  it('are tokens, unless somebody does not want that', async () => {
    expect((await eventIn({}))?.event_properties).toHaveProperty('input_tokens');
    expect((await eventIn({ trackTokens: false }))?.event_properties).not.toHaveProperty('input_tokens');
    enable({ trackTokens: false });
    expect((await eventIn({}))?.event_properties).not.toHaveProperty('total_tokens');
    expect((await eventIn({ trackTokens: true }))?.event_properties).toHaveProperty('total_tokens');
  });
});

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
    expect(problems).toEqual([]);
  });

  it('can be handed over where there is no context', () => {
    expect(JSON.parse(serializeLlmContext())).toEqual({});
  });

  it('keeps nobody nobody when it is handed over', async () => {
    enable({ userId: 'service' });
    const handed = withLlmContext({ userId: 'no' }, () => serializeLlmContext());
    problems = [];
    expect(await eventIn(handed)).not.toHaveProperty('user_id');
    expect(problems).toEqual([]);
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

describe('sampling', () => {
  const traces = Array.from({ length: 40 }, (_, at) => `trace-${at}`);
  const kept = traces.filter((id) => isDrawn(id, 0.5));

  it('leaves traces whole or out, the same ones every time', async () => {
    enable({ sampleRate: 0.5 });
    const list = await eventsOf(async () => {
      for (const id of traces) {
        await withLlmContext({ traceId: id }, async () => {
          await ask();
          await withLlmContext({ userId: 'user-1' }, () => ask());
        });
      }
    });
    expect(said(list, 'trace_id')).toEqual(kept.flatMap((id) => [id, id]));
    expect(kept.length).toBeGreaterThan(5);
    expect(kept.length).toBeLessThan(35);
  });

  it('goes by the rate of the first call of a trace', async () => {
    const list = await eventsOf(() =>
      withLlmContext({}, async () => {
        await ask();
        await withLlmContext({ sampleRate: 0 }, () => ask());
      }),
    );
    expect(list).toHaveLength(2);
    const none = await eventsOf(() =>
      withLlmContext({ sampleRate: 0 }, async () => {
        await ask();
        await withLlmContext({ sampleRate: 1 }, () => ask());
      }),
    );
    expect(none).toHaveLength(0);
  });

  it('keeps calls that fail, where that is wanted', async () => {
    const fail = async (): Promise<void> => void (await expect(ask('/400/v1')).rejects.toThrow());
    enable({ sampleRate: 0, sampleErrors: true });
    const before = llmTracingStatus().counters;
    expect(said(await eventsOf(ask), 'outcome')).toEqual([]);
    expect(said(await eventsOf(fail), 'outcome')).toEqual(['error']);
    const { counters } = llmTracingStatus();
    expect((counters.dropped['not_sampled'] ?? 0) - (before.dropped['not_sampled'] ?? 0)).toBe(1);
    expect(counters.operations - before.operations).toBe(1);
    enable({ sampleRate: 0 });
    expect(await eventsOf(fail)).toEqual([]);
  });

  it('draws by the whole id, evenly', () => {
    const ids = Array.from({ length: 20_000 }, () => crypto.randomUUID().replaceAll('-', ''));
    for (const rate of [0.01, 0.25, 0.9]) {
      expect(ids.filter((id) => isDrawn(id, rate)).length / ids.length).toBeCloseTo(rate, 1);
    }
    expect(ids.some((id) => isDrawn(id, 0))).toBe(false);
    expect(ids.every((id) => isDrawn(id, 1))).toBe(true);
  });
});
