import OpenAI from 'openai';
import {
  currentLlmTrace,
  llmTracingStatus,
  observe,
  trackLlmFeedback,
  withLlmContext,
  type LlmFeedback,
  type LlmFeedbackOptions,
} from '../src';
import { Bench, fail, nextTurn } from './support/observing';
import { sentByRealClient } from './support/real-amplitude';
import { startProviderServer } from './support/start-provider';

const bench = new Bench();
const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('feedback', () => {
  it('is one event with the ids of the call, and what was thought of it', () => {
    bench.start();
    trackLlmFeedback({ traceId, spanId, responseId: 'chatcmpl-1', score: 0.5, label: 'thumbs_up', comment: 'Nice.' });
    expect(bench.events).toEqual([
      {
        event_type: 'llm_feedback',
        event_properties: {
          trace_id: traceId,
          span_id: spanId,
          response_id: 'chatcmpl-1',
          score: 0.5,
          label: 'thumbs_up',
          comment: 'Nice.',
          llm_trace_version: expect.any(String) as string,
        },
        time: expect.any(Number) as number,
        insert_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        device_id: expect.stringMatching(/^llm-trace-/) as string,
      },
    ]);
    expect(llmTracingStatus().counters.tracked).toBeGreaterThan(0);
  });

  it('is tied to the call whose answer has that id, as the provider gave it', async () => {
    const server = await startProviderServer();
    bench.start({ providers: ['openai'], modules: { openai: OpenAI } });
    const openai = new OpenAI({ apiKey: 'k', baseURL: `${server.url}/v1` });
    const answer = await openai.chat.completions.create({
      model: 'gpt-5',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    await server.close();
    trackLlmFeedback({ responseId: answer.id, score: 1 });
    const [feedback, call] = await bench.properties();
    expect(feedback?.['response_id']).toBe(call?.['response_id']);
    expect(feedback).not.toHaveProperty('trace_id');
  });

  it('is of the trace here, where it names nothing', async () => {
    bench.start();
    const seen = await observe(async () => {
      await nextTurn();
      trackLlmFeedback({ score: 1 });
      return currentLlmTrace();
    })();
    expect(await bench.properties()).toMatchObject([{ trace_id: seen.traceId, score: 1 }]);
    expect(seen.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(currentLlmTrace()).toEqual({});
  });

  it('is of the user, session and groups of the context, or as the options say', () => {
    bench.start({ userId: 'user-of-options', properties: { app: 'shop' } });
    const context = { userId: 'user-of-context', sessionId: 17, llmSessionId: 'chat-1', groups: { company: 'acme' } };
    withLlmContext(context, () => {
      trackLlmFeedback({ traceId, score: 1 });
      trackLlmFeedback({ traceId, score: 1 }, { userId: 'user-of-call', properties: { page: 'home' } });
    });
    trackLlmFeedback({ traceId, score: 1 });
    expect(bench.events).toMatchObject([
      {
        user_id: 'user-of-context',
        session_id: 17,
        groups: { company: 'acme' },
        event_properties: { llm_session_id: 'chat-1', app: 'shop' },
      },
      { user_id: 'user-of-call', session_id: 17, event_properties: { page: 'home', app: 'shop' } },
      { user_id: 'user-of-options' },
    ]);
  });

  it.each<[string, object, string | undefined]>([
    ['cut', {}, `${'x'.repeat(500)}…`],
    ['cut to the length of the options', { maxPromptLength: 10 }, `${'x'.repeat(10)}…`],
    ['left out without prompts', { includePrompts: false }, undefined],
    ['left out in privacyMode', { privacyMode: true }, undefined],
    ['redacted', { redact: () => 'redacted' }, 'redacted…'],
    ['left out where redact fails', { redact: () => fail(new Error('broken')) }, undefined],
  ])('has its comment %s', (_how, options, expected) => {
    bench.start(options);
    trackLlmFeedback({ traceId, comment: 'x'.repeat(2_000), label: 'good' });
    expect(bench.events[0]?.event_properties['comment']).toBe(expected);
    expect(bench.events[0]?.event_properties['label']).toBe('good');
  });

  it('takes a label of several words for what a user wrote', () => {
    bench.start({ privacyMode: true });
    trackLlmFeedback({ traceId, label: 'my address is wrong', comment: 'my address' });
    trackLlmFeedback({ responseId: 'my address', label: 'thumbs_up' });
    expect(JSON.stringify(bench.events)).not.toContain('address');
    expect(bench.events[1]?.event_properties).toMatchObject({ label: 'thumbs_up' });
  });

  it('takes a label without a space for text, where its script has no spaces between words', () => {
    bench.start({ includePrompts: false });
    trackLlmFeedback({ traceId, score: 0, label: '这个答案完全错了我叫王小明' });
    expect(bench.events[0]?.event_properties).toMatchObject({ score: 0 });
    expect(bench.events[0]?.event_properties).not.toHaveProperty('label');
  });

  it('leaves wrong fields out, and says which', () => {
    bench.start();
    const wrong = { traceId, spanId: '', score: 1, label: 'x'.repeat(257), comment: 5 } as unknown as LlmFeedback;
    trackLlmFeedback(wrong, { userId: 'me', sessionId: 1.5 });
    expect(Object.keys(bench.events[0]?.event_properties ?? {})).toEqual(['trace_id', 'score', 'llm_trace_version']);
    expect(bench.events[0]).not.toHaveProperty('user_id');
    expect(bench.problems.map((problem) => /(\w+) must be/.exec(problem)?.[1])).toEqual([
      ...['userId', 'sessionId', 'spanId', 'label', 'comment'],
    ]);
  });

  it('that is about nothing is not sent', () => {
    bench.start();
    trackLlmFeedback({ score: 1 });
    expect(bench.events).toEqual([]);
    expect(bench.problems).toEqual(['TypeError: feedback needs a traceId, a spanId or a responseId']);
  });

  // The trace here is that of the click, and not that of the answer.
  it.each<[string, object]>([
    ['a number, as a body may have it', { responseId: 42 }],
    ['null', { responseId: null }],
    ['missing', { responseId: undefined }],
    ['empty', { traceId: '' }],
    ['too long', { spanId: 'x'.repeat(257) }],
  ])('whose id is %s is not sent for the trace of the request that it came with', (_what, named) => {
    bench.start();
    withLlmContext({ traceId: 'of-the-click' }, () => trackLlmFeedback({ ...named, score: 1 }));
    expect(bench.events).toEqual([]);
    expect(bench.problems).toContain('TypeError: feedback needs a traceId, a spanId or a responseId');
  });

  it('with one wrong id is sent for the other one', () => {
    bench.start();
    withLlmContext({ traceId: 'of-the-click' }, () =>
      trackLlmFeedback({ responseId: 42, spanId, score: 1 } as unknown as LlmFeedback),
    );
    expect(bench.events).toMatchObject([{ event_properties: { span_id: spanId } }]);
    expect(bench.events[0]?.event_properties).not.toHaveProperty('trace_id');
  });

  it.each<[string, object]>([
    ['nothing', {}],
    ['a score that is none', { score: NaN }],
    ['a score of another type', { score: '5' }],
    ['an empty comment', { comment: '' }],
    ['a label that is too long', { label: 'x'.repeat(257) }],
  ])('that says %s is not sent', (_what, said) => {
    bench.start();
    trackLlmFeedback({ traceId, ...said });
    expect(bench.events).toEqual([]);
    expect(bench.problems).toContain('TypeError: feedback needs a score, a label or a comment');
  });

  it('has no score, label or comment of the properties of somebody else', () => {
    bench.start({ properties: { label: 'of-session', app: 'shop' } });
    withLlmContext({ properties: { comment: 'of the context' } }, () =>
      trackLlmFeedback({ traceId, label: 'wrong' }, { properties: { score: 9, page: 'home' } }),
    );
    const properties = bench.events[0]?.event_properties;
    expect(properties).toMatchObject({ label: 'wrong', app: 'shop', page: 'home' });
    expect(properties).not.toHaveProperty('score');
    expect(properties).not.toHaveProperty('comment');
  });

  it('whose options throw keeps what can be read', () => {
    bench.start();
    const options = Object.defineProperty({ privacyMode: true }, 'userId', { get: () => fail(), enumerable: true });
    trackLlmFeedback({ traceId, score: 1, comment: 'private' }, options);
    expect(bench.events).toMatchObject([{ event_properties: { score: 1 } }]);
    expect(JSON.stringify(bench.events)).not.toContain('private');
  });

  it.each<[string, unknown, unknown]>([
    ['nothing', undefined, undefined],
    ['null', null, null],
    ['other values', 'text', 5],
    ['a getter that throws', Object.defineProperty({ traceId }, 'score', { get: () => fail() }), {}],
    ['a client that is none', { traceId }, { client: 5 }],
    ['a client that throws', { traceId }, { client: { track: fail } }],
  ])('never throws: %s', (_what, feedback, options) => {
    bench.start();
    expect(() => trackLlmFeedback(feedback as LlmFeedback, options as LlmFeedbackOptions)).not.toThrow();
  });

  it('without a client is sent nowhere, which is counted', () => {
    const before = llmTracingStatus().counters.dropped['no_client'] ?? 0;
    trackLlmFeedback({ traceId, score: 1 });
    expect(llmTracingStatus().counters.dropped['no_client']).toBe(before + 1);
  });

  it('goes to a client that is given, with tracing or without, and through beforeSend', () => {
    trackLlmFeedback({ traceId, score: 1 }, { client: bench.client });
    expect(bench.events).toHaveLength(1);
    bench.start({ beforeSend: (event) => (event.event_type === 'llm_feedback' ? null : event) });
    trackLlmFeedback({ traceId, score: 1 });
    expect(bench.events).toHaveLength(1);
  });

  it('is taken by the server, through the real client', async () => {
    const { taken, refused } = await sentByRealClient(1, (client) =>
      trackLlmFeedback({ traceId, score: 1, comment: 'x'.repeat(5_000) }, { client, userId: 'user-1' }),
    );
    expect(refused).toEqual([]);
    expect(taken).toMatchObject([{ event_type: 'llm_feedback', user_id: 'user-1' }]);
  });
});
