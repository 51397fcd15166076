import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import {
  disableLlmTracing,
  enableLlmTracing,
  flushLlmTracing,
  llmTracingStatus,
  traceClient,
  untraceClient,
  withLlmTracing,
  type AmplitudeClient,
  type LlmEvent,
} from '../../src';
import { startProviderServer, type ProviderServer } from '../support/start-provider';

let server: ProviderServer;

beforeAll(async () => {
  server = await startProviderServer();
});
afterAll(() => server.close());
afterEach(async () => {
  disableLlmTracing();
  await flushLlmTracing();
});

const quiet = { noWarning: true } as const;
const connect = (): OpenAI => new OpenAI({ apiKey: 'k', baseURL: `${server.url}/v1`, maxRetries: 0 });
const prompt = 'canary';
const ask = (openai: OpenAI): Promise<unknown> =>
  openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: prompt }] });

interface Sink extends AmplitudeClient {
  readonly events: LlmEvent[];
}

function sink(): Sink {
  const events: LlmEvent[] = [];
  return { events, track: (event) => void events.push(event) };
}

const counts = (...sinks: Sink[]): number[] => sinks.map(({ events }) => events.length);
const hasText = ({ events }: Sink): boolean => JSON.stringify(events).includes(prompt);

describe('clients that were made out of a traced one', () => {
  // Once they kept the options of before, and so the text that was to stay.
  it('take the new options with it, also where what was between them is gone', async () => {
    const [one, other] = [sink(), sink()];
    const parent = traceClient(connect(), { client: one, ...quiet });
    const copies = [
      parent.withOptions({ timeout: 5_000 }),
      parent.withOptions({ timeout: 4_000 }).withOptions({ timeout: 3_000 }),
    ];
    traceClient(parent, { client: other, privacyMode: true });
    for (const each of [parent, ...copies, parent.withOptions({}), copies[0]?.withOptions({}) as OpenAI]) {
      await ask(each);
    }
    await flushLlmTracing();
    expect(counts(one, other)).toEqual([0, 5]);
    expect(hasText(other)).toBe(false);
  });

  it('keep the options that they were given themselves, and hand on those', async () => {
    const [one, own, later] = [sink(), sink(), sink()];
    const parent = traceClient(connect(), { client: one, ...quiet });
    const copy = parent.withOptions({ timeout: 5_000 });
    const grandchild = copy.withOptions({ timeout: 4_000 });
    const sibling = parent.withOptions({ timeout: 3_000 });
    traceClient(copy, { client: own });
    for (const each of [parent, sibling, copy, grandchild, copy.withOptions({})]) await ask(each);
    await flushLlmTracing();
    expect(counts(one, own)).toEqual([2, 3]);
    traceClient(parent, { client: later });
    for (const each of [parent, sibling, copy, grandchild]) await ask(each);
    await flushLlmTracing();
    expect(counts(one, own, later)).toEqual([2, 5, 2]);
    untraceClient(parent);
    for (const each of [parent, sibling, copy, grandchild]) await ask(each);
    await flushLlmTracing();
    expect(counts(one, own, later)).toEqual([2, 7, 2]);
    expect(llmTracingStatus().clients).toBe(3);
  });

  it('end with it after it was traced again', async () => {
    const one = sink();
    const parent = traceClient(connect(), { client: one, ...quiet });
    const copy = parent.withOptions({ timeout: 5_000 });
    traceClient(parent, { client: one });
    untraceClient(parent);
    await ask(copy);
    await ask(parent);
    await flushLlmTracing();
    expect(counts(one)).toEqual([0]);
    expect(llmTracingStatus()).toMatchObject({ clients: 0, sdks: [] });
    expect([parent, copy].map((each) => Object.hasOwn(each, 'withOptions'))).toEqual([false, false]);
  });
});

describe('a client that is traced within a session', () => {
  it('goes where a later session goes, and keeps back what that one keeps back', async () => {
    const [first, second] = [sink(), sink()];
    enableLlmTracing(first, { ...quiet, userId: 'user-of-first' });
    const traced = traceClient(connect(), { properties: { job: 'nightly' } });
    const copy = traced.withOptions({ timeout: 5_000 });
    const handle = enableLlmTracing(second, { ...quiet, privacyMode: true, userId: 'user-of-second' });
    await ask(traced);
    await ask(copy);
    await handle.flush();
    expect(counts(first, second)).toEqual([0, 2]);
    expect(hasText(second)).toBe(false);
    const expected = { user_id: 'user-of-second', event_properties: { job: 'nightly', output_tokens: 12 } };
    expect(second.events).toMatchObject([expected, expected]);
  });

  it('that comes after it has its client and options still, and the privacyMode of the session', async () => {
    const [own, session] = [sink(), sink()];
    const options = { client: own, ...quiet, userId: 'user-of-client', privacyMode: false };
    const traced = traceClient(connect(), options);
    Object.assign(options, { userId: 'changed-later' });
    await ask(traced);
    const handle = enableLlmTracing(session, { ...quiet, privacyMode: true, userId: 'user-of-session' });
    await ask(traced);
    await handle.flush();
    expect(counts(own, session)).toEqual([2, 0]);
    expect(own.events.map((event) => [event.user_id, JSON.stringify(event).includes(prompt)])).toEqual([
      ['user-of-client', true],
      ['user-of-client', false],
    ]);
  });

  it('has its groups and properties beside those of the session, and no more groups than Amplitude takes', async () => {
    const one = sink();
    const many = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, 'x']));
    enableLlmTracing(one, { ...quiet, properties: { app: 'shop', team: 'a' }, groups: { ...many, org: 'acme' } });
    const traced = traceClient(connect(), { properties: { team: 'b' }, groups: { team: 'b', org: 'own' } });
    await ask(traced);
    await flushLlmTracing();
    const [event] = one.events;
    expect(event?.event_properties).toMatchObject({ app: 'shop', team: 'b' });
    expect(event?.groups).toEqual({ team: 'b', org: 'own', a: 'x', b: 'x', c: 'x' });
  });

  it('of which the client was made by withLlmTracing has what could not be delivered kept as well', async () => {
    const namespace = Object.freeze({ ...sink(), track: () => Promise.reject(new Error('no')) });
    const directory = mkdtempSync(join(tmpdir(), 'llm-trace-spool-'));
    const handle = withLlmTracing(namespace).enableLlmTracing({ ...quiet, spool: { directory } });
    const kept = (): number => handle.status().counters.kept ?? 0;
    const before = kept();
    await ask(traceClient(connect(), { client: namespace }));
    for (let turn = 0; turn < 50 && kept() === before; turn++) await new Promise(setImmediate);
    disableLlmTracing();
    rmSync(directory, { recursive: true });
    expect(kept() - before).toBe(1);
  });
});

describe('flushLlmTracing', () => {
  /** Answers for each event a little later. */
  function slow(): Sink & { readonly answered: number[] } {
    const answered: number[] = [];
    const events: LlmEvent[] = [];
    const track = (event: LlmEvent): Promise<object> => {
      events.push(event);
      const answer = (resolve: (result: object) => void): void => {
        setTimeout(() => resolve({ code: answered.push(200) && 200 }), 30);
      };
      return new Promise(answer);
    };
    return { answered, events, track };
  }

  it.each<[string, (client: OpenAI) => void]>([
    ['without a session', () => undefined],
    ['after untraceClient()', (client) => untraceClient(client)],
    ['after disableLlmTracing()', disableLlmTracing],
    ['after another traceClient()', (client) => traceClient(client, { client: sink() })],
    ['after enableLlmTracing()', () => enableLlmTracing(sink(), quiet)],
  ])('waits for the answers about calls of one client %s', async (_when, then) => {
    const one = slow();
    const traced = traceClient(connect(), { client: one, ...quiet });
    await ask(traced);
    then(traced);
    await flushLlmTracing();
    expect([one.events.length, one.answered.length]).toEqual([1, 1]);
  });

  it('waits for a session that has ended, and for calls of it that ended since', async () => {
    const one = slow();
    enableLlmTracing(one, { ...quiet, modules: { openai: OpenAI } });
    await ask(connect());
    const pending = ask(connect());
    disableLlmTracing();
    await pending;
    await flushLlmTracing();
    expect(one.answered).toHaveLength(2);
  });

  it('waits no longer than it is told, and no second time for a client of before that does not answer', async () => {
    await expect(flushLlmTracing()).resolves.toBeUndefined();
    const problems: unknown[] = [];
    const onError = (error: unknown): void => void problems.push(error);
    const never = { track: () => new Promise(() => undefined) };
    enableLlmTracing(never, { ...quiet, modules: { openai: OpenAI } });
    await ask(connect());
    const start = performance.now();
    await flushLlmTracing(50);
    enableLlmTracing(sink(), { ...quiet, onError });
    await flushLlmTracing({ timeout: 50 });
    problems.length = 0;
    await flushLlmTracing('soon' as unknown as number);
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(problems.map(String)).toEqual(['TypeError: timeout must be a number from 0 to 600000']);
  });
});
