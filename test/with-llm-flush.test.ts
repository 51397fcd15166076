import OpenAI from 'openai';
import { disableLlmTracing, enableLlmTracing, withLlmFlush, type LlmEvent } from '../src';
import { startProviderServer } from './support/start-provider';

let provider: Awaited<ReturnType<typeof startProviderServer>>;
let openai: OpenAI;
/** What the client has got, and what of it was sent by a flush. */
let tracked: LlmEvent[];
let sent: LlmEvent[];
let flushTakes: number;

const client = {
  track: (event: LlmEvent) => void tracked.push(event),
  flush: () =>
    new Promise<void>((resolve) => {
      if (flushTakes < Infinity) setTimeout(() => resolve(void sent.push(...tracked.splice(0))), flushTakes);
    }),
};

beforeAll(async () => {
  provider = await startProviderServer();
  openai = new OpenAI({ apiKey: 'k', baseURL: `${provider.url}/v1`, maxRetries: 0 });
});
afterAll(() => provider.close());
beforeEach(() => {
  tracked = [];
  sent = [];
  flushTakes = 20;
  enableLlmTracing(client, { noWarning: true, modules: { openai: OpenAI } });
});
afterEach(() => disableLlmTracing());

const ask = (more: object = {}): Promise<unknown> =>
  openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: 'Hi' }], ...more });

type Handler = (event: object, context: object) => Promise<unknown>;
type FetchHandler = (request: Request, context: object) => Promise<Response>;

class OfTheApplication extends Error {}

describe('a handler', () => {
  it('that is asynchronous answers when its events are sent, with the very same answer', async () => {
    const answer = { statusCode: 200 };
    const handler = withLlmFlush<Handler>(async () => {
      await ask();
      return answer;
    });
    expect(await handler({}, {})).toBe(answer);
    expect(sent).toHaveLength(1);
  });

  it('that fails does so with the very same error, when its events are sent', async () => {
    const error = new OfTheApplication();
    const handler = withLlmFlush(async () => {
      await ask();
      throw error;
    });
    await expect(handler()).rejects.toBe(error);
    expect(sent).toHaveLength(1);
  });

  it('that takes a callback calls it when its events are sent', async () => {
    type Callback = (error: unknown, answer?: unknown) => void;
    const answer = {};
    const handler = withLlmFlush((event: object, context: object, callback: Callback) => {
      expect([event, context]).toEqual([{}, {}]);
      void ask().then(() => callback(null, answer));
      // Some return what they happen to have: a timer, a socket.
      return { timer: true } as unknown as void;
    });
    const given = await new Promise((resolve) => {
      const returned: unknown = handler({}, {}, (...all) => resolve([...all, sent.length]));
      expect(returned).toEqual({ timer: true });
    });
    expect(given).toEqual([null, answer, 1]);
    expect((given as unknown[])[1]).toBe(answer);
  });

  it('that is asynchronous and gets a callback, as Lambda gives one to all, answers by its promise', async () => {
    const handler = withLlmFlush<(...all: unknown[]) => Promise<string>>(async () => {
      await ask();
      return 'answer';
    });
    const callback = jest.fn();
    expect(await handler({}, {}, callback)).toBe('answer');
    expect(callback).not.toHaveBeenCalled();
    expect(sent).toHaveLength(1);
  });

  it('that answers at once promises the same answer, or the same error', async () => {
    const error = new OfTheApplication();
    expect(await withLlmFlush((event: number) => event + 1)(1)).toBe(2);
    const failing = withLlmFlush((): number => {
      throw error;
    });
    await expect(failing()).rejects.toBe(error);
  });

  it('keeps this, arguments, name, length and own properties', async () => {
    const mark = Symbol.for('aws.lambda.runtime.handler.streaming');
    const original = async function handle(this: unknown, event: unknown, context: unknown): Promise<unknown[]> {
      return Promise.resolve([this, event, context]);
    };
    const handler = withLlmFlush(Object.assign(original, { [mark]: 'response' }));
    const [self, event, context] = [{}, {}, {}];
    const seen = await handler.call(self, event, context);
    expect([seen[0] === self, seen[1] === event, seen[2] === context]).toEqual([true, true, true]);
    expect([handler.name, handler.length, handler[mark]]).toEqual(['handle', 2, 'response']);
  });

  it('is not held longer than the timeout, nor than the platform has time', async () => {
    flushTakes = Infinity;
    const start = Date.now();
    await withLlmFlush(() => ask(), { timeout: 50 })();
    await withLlmFlush<Handler>(() => ask())({}, { getRemainingTimeInMillis: () => 100 });
    expect(Date.now() - start).toBeLessThan(1_900);
  });

  it('works without tracing', async () => {
    disableLlmTracing();
    expect(await withLlmFlush(() => Promise.resolve(1))()).toBe(1);
  });

  it.each<[string, unknown, unknown]>([
    ['handler', 1, {}],
    ['options', () => 1, 1],
    ['timeout', () => 1, { timeout: -1 }],
    ['timeout', () => 1, { timeout: '1' }],
    ['waitUntil', () => 1, { waitUntil: true }],
  ])('is a TypeError that names %s where that is wrong', (name, handler, options) => {
    expect(() => withLlmFlush(handler as () => void, options as object)).toThrow(TypeError);
    expect(() => withLlmFlush(handler as () => void, options as object)).toThrow(new RegExp(`withLlmFlush: ${name} `));
  });
});

describe('a handler of fetch style', () => {
  const request = new Request('https://example.com/');

  it('answers at once where the platform offers waitUntil, which waits for the flush', async () => {
    const work: Promise<unknown>[] = [];
    const waitUntil = (promise: Promise<unknown>): void => void work.push(promise);
    const response = new Response('{}');
    const handle = withLlmFlush<FetchHandler>(async () => {
      await ask();
      return response;
    });
    expect(await handle(request, { waitUntil })).toBe(response);
    expect(sent).toHaveLength(0);
    await Promise.all(work);
    expect(sent).toHaveLength(1);
  });

  it('takes waitUntil as an option', async () => {
    const work: Promise<unknown>[] = [];
    const handle = withLlmFlush(() => ask(), { waitUntil: (promise) => work.push(promise) });
    await handle();
    await Promise.all(work);
    expect([work.length, sent.length]).toEqual([1, 1]);
  });

  it('waits for the flush itself where waitUntil throws', async () => {
    const waitUntil = (): never => {
      throw new OfTheApplication('outside of a request');
    };
    await withLlmFlush(() => ask(), { waitUntil })();
    expect(sent).toHaveLength(1);
  });

  it.each([true, false])(
    'is not delayed by a streamed body, and its event is sent after it (waitUntil: %s)',
    async (has) => {
      const work: Promise<unknown>[] = [];
      const context = has ? { waitUntil: (promise: Promise<unknown>) => work.push(promise) } : {};
      const handle = withLlmFlush<FetchHandler>(async () => {
        const stream = (await ask({ stream: true })) as { toReadableStream(): ReadableStream };
        return new Response(stream.toReadableStream());
      });
      flushTakes = 1;
      const response = await handle(request, context);
      expect([tracked.length, sent.length]).toEqual([0, 0]);
      await response.text();
      await Promise.all(work);
      const end = Date.now() + 5_000;
      while (sent.length === 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(sent.map((event) => event.event_properties['streaming'])).toEqual([true]);
    },
  );
});
