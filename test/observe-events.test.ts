import { disableLlmTracing, observe, type LlmTracingOptions } from '../src';
import { activeSession } from '../src/enable';
import { Bench, fail } from './support/observing';

/* eslint-disable @typescript-eslint/require-await -- async functions are what is observed */

const bench = new Bench();

describe('an event of its own', () => {
  it('says what was called, how it ended, what went in and what came out', async () => {
    bench.start();
    const search = observe(async (query: string, { limit }: { limit: number }) => [query, limit], {
      name: 'search the web',
      kind: 'retrieval',
      trackAs: true,
    });
    await search('weather in Paris', { limit: 3 });
    expect(await bench.properties()).toEqual([
      {
        operation: 'retrieval',
        name: 'search the web',
        outcome: 'ok',
        streaming: false,
        input: '["weather in Paris",{"limit":3}]',
        input_length: 32,
        output: '["weather in Paris",3]',
        output_length: 22,
        latency_ms: expect.any(Number) as number,
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        span_id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
        llm_trace_version: expect.any(String) as string,
      },
    ]);
    expect(bench.events[0]).toMatchObject({ event_type: 'llm_operation', device_id: expect.any(String) as string });
  });

  it('is a whole event without arguments and without a result', async () => {
    bench.start();
    observe(() => undefined, { trackAs: true, name: 'nothing' })();
    const [event] = await bench.properties();
    expect(event).toMatchObject({ name: 'nothing', outcome: 'ok' });
    expect(event).not.toHaveProperty('input');
    expect(event).not.toHaveProperty('output');
  });

  it('tells of an error that was thrown, and of one that was rejected with', async () => {
    bench.start();
    const sync = observe(() => fail(new RangeError('too far')), { trackAs: true });
    const later = observe(async () => fail(new RangeError('too far')), { trackAs: true });
    expect(sync).toThrow('too far');
    await expect(later()).rejects.toThrow('too far');
    const told = { outcome: 'error', error: 'too far', error_type: 'RangeError' };
    expect(await bench.properties()).toMatchObject([told, told]);
  });

  it('calls an AbortError aborted', async () => {
    bench.start();
    const stopped = observe(async () => fail(new DOMException('stopped', 'AbortError')), { trackAs: true });
    await expect(stopped()).rejects.toThrow('stopped');
    expect(await bench.properties()).toMatchObject([{ outcome: 'aborted' }]);
  });

  it('counts each call of a shared promise', async () => {
    bench.start();
    const shared = Promise.resolve('one');
    const observed = observe(() => shared, { trackAs: true });
    await Promise.all([observed(), observed()]);
    await observed();
    expect(await bench.properties()).toMatchObject([{ output: 'one' }, { output: 'one' }, { output: 'one' }]);
  });

  it('takes as long as the function, and not as long as it takes to ask', async () => {
    bench.start();
    const slow = observe(() => new Promise((resolve) => setTimeout(resolve, 50)), { trackAs: true });
    await slow();
    const [event] = await bench.properties();
    expect(event?.['latency_ms']).toBeGreaterThanOrEqual(45);
  });

  it.each<[string, LlmTracingOptions, string[]]>([
    ['privacyMode', { privacyMode: true }, []],
    ['includePrompts: false', { includePrompts: false }, ['output']],
    ['includeResponses: false', { includeResponses: false }, ['input']],
  ])('keeps text back under %s', async (_name, options, shown) => {
    bench.start({ ...options });
    const work = observe((question: string) => `canary ${question}`, { trackAs: true });
    work('canary');
    const broken = observe((question: string) => fail(new Error(question)), { trackAs: true });
    expect(() => broken('canary')).toThrow();
    const [first, second] = await bench.properties();
    expect(Object.keys(first ?? {}).filter((name) => name === 'input' || name === 'output')).toEqual(shown);
    expect(second).not.toHaveProperty('error');
    if (shown.length === 0) expect(JSON.stringify(bench.events)).not.toContain('canary');
  });

  it('never has a key that stands in the arguments', async () => {
    bench.start();
    class Client {
      apiKey = 'sk-canary-1';
    }
    const ask = observe((...[client]: [Client, object]) => client, { trackAs: true });
    ask(new Client(), { apiKey: 'sk-canary-2', headers: { Authorization: 'Bearer sk-canary-3' }, city: 'Paris' });
    const [event] = await bench.properties();
    expect(JSON.stringify(event)).not.toContain('sk-canary');
    expect(event).toMatchObject({
      input: '["[Client]",{"apiKey":"[secret]","headers":{"Authorization":"[secret]"},"city":"Paris"}]',
      output: '"[Client]"',
    });
  });

  it('reads no more of a large argument than it shows', async () => {
    bench.start();
    const read: number[] = [];
    const rows = new Proxy(
      Array.from({ length: 100_000 }, (_, at) => at),
      {
        get(target, key, receiver) {
          if (typeof key === 'string' && /^\d+$/.test(key)) read.push(Number(key));
          return Reflect.get(target, key, receiver) as unknown;
        },
      },
    );
    observe(({ length }: number[]) => 'x'.repeat(50 * length), { trackAs: true })(rows);
    const [event] = await bench.properties();
    expect(read.length).toBeLessThan(500);
    expect(event?.['input']).toMatch(/^\[0,1,2,.*…$/);
    expect(event?.['input']).toHaveLength(501);
    // How long the whole would be was not measured, and is not said.
    expect(event).not.toHaveProperty('input_length');
    expect(event).toMatchObject({ output_length: 5_000_000 });
  });

  it('is none where its trace was not drawn, and one where it fails and failures are kept', async () => {
    bench.start({ sampleRate: 0, sampleErrors: true });
    observe(() => 1, { trackAs: true })();
    expect(observe(() => fail(new Error('no')), { trackAs: true })).toThrow();
    expect(await bench.properties()).toMatchObject([{ outcome: 'error' }]);
  });

  it('goes on to be an event when tracing ends meanwhile', async () => {
    bench.start();
    const work = observe(() => new Promise((resolve) => setTimeout(resolve, 20, 'done')), { trackAs: true })();
    disableLlmTracing();
    await work;
    expect(await bench.properties()).toMatchObject([{ output: 'done' }]);
  });

  it('is abandoned where the process ends before it does, and only once', async () => {
    bench.start();
    const never = observe(() => new Promise(() => undefined), { trackAs: true, name: 'never' });
    void never();
    const steps = observe(
      function* () {
        yield 'half';
        yield 'whole';
      },
      { trackAs: true, name: 'half read' },
    )();
    steps.next();
    const open = activeSession()?.tracer.open ?? new Set();
    expect(open.size).toBe(2);
    for (const call of open) call.abandon();
    steps.return();
    expect(await bench.properties()).toMatchObject([
      { name: 'never', outcome: 'abandoned' },
      { name: 'half read', outcome: 'abandoned', output: 'half' },
    ]);
    expect(open.size).toBe(0);
  });

  it('has the context that is given with it', async () => {
    bench.start();
    observe(() => 1, { trackAs: true, context: { userId: 'user-observed', properties: { feature: 'search' } } })();
    expect(await bench.properties()).toMatchObject([{ feature: 'search' }]);
    expect(bench.events[0]?.user_id).toBe('user-observed');
  });
});
