import { EventEmitter, once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { llmTracingStatus, setLlmContext, withLlmContext, type LlmContext, type LlmTracingOptions } from '../src';
import { messages, said, startContextBench } from './support/context-bench';

const bench = startContextBench();
const { ask, enable, eventIn, eventsOf } = bench;

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

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

  it('never has more group types than Amplitude takes: those that are nearer to the call stay', async () => {
    enable({ groups: { a: '1', b: '1', c: '1', d: '1', e: '1' } });
    const event = await eventIn({ groups: { x: '2', b: '2' } });
    expect(event?.groups).toEqual({ x: '2', b: '2', a: '1', c: '1', d: '1' });
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
    const openai = new OpenAI({ apiKey: 'k', baseURL: `${bench.url()}/v1` });
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
    const anthropic = new Anthropic({ apiKey: 'k', baseURL: bench.url() });
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
    expect(bench.problems).toEqual([expect.stringMatching(problem)]);
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
