import { EventEmitter, once } from 'node:events';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { currentLlmTrace, observe, withLlmContext } from '../src';
import { Bench, fail, nextTurn, valuesOf, type Properties } from './support/observing';
import { inSpan, manageSpans } from './support/open-telemetry-spans';
import { startProviderServer } from './support/start-provider';

let server: Awaited<ReturnType<typeof startProviderServer>>;
let openai: OpenAI;
let anthropic: Anthropic;
const bench = new Bench();

beforeAll(async () => {
  server = await startProviderServer();
  openai = new OpenAI({ apiKey: 'k', baseURL: `${server.url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: 'k', baseURL: server.url, maxRetries: 0 });
});
afterAll(() => server.close());
beforeEach(
  () => void bench.start({ providers: ['openai', 'anthropic'], modules: { openai: OpenAI, anthropic: Anthropic } }),
);

const messages = (content: string): { role: 'user'; content: string }[] => [{ role: 'user', content }];

async function ask(content = 'Hi'): Promise<string> {
  const { choices } = await openai.chat.completions.create({ model: 'gpt-5', messages: messages(content) });
  return choices[0]?.message.content ?? '';
}

const askAnthropic = (content = 'Hi'): PromiseLike<Anthropic.Message> =>
  anthropic.messages.create({ model: 'claude-test', max_tokens: 10, messages: messages(content) });

const open = (content = 'Hi'): PromiseLike<AsyncIterable<OpenAI.ChatCompletionChunk>> =>
  openai.chat.completions.create({ model: 'gpt-5', messages: messages(content), stream: true });

/** Each event as `what < parent`, by the names of functions and the models of calls. */
async function tree(): Promise<string[]> {
  const list = await bench.properties();
  const nameOf = (event: Properties | undefined): string => `${(event?.['name'] ?? event?.['model']) as string}`;
  const parentOf = ({ parent_span_id: id }: Properties): Properties | undefined =>
    list.find((each) => each['span_id'] === id);
  return list.map((each) => `${nameOf(each)} < ${each['parent_span_id'] ? nameOf(parentOf(each)) : 'nothing'}`);
}

const event = { trackAs: true };

describe('calls of SDKs in an observed function', () => {
  it('are its children, and share its trace', async () => {
    const agent = observe(async function agent() {
      await ask();
      await askAnthropic();
    }, event);
    await agent();
    expect(await tree()).toEqual(['gpt-5 < agent', 'claude-test < agent', 'agent < nothing']);
    expect(new Set(bench.events.map((each) => each.event_properties['trace_id'])).size).toBe(1);
  });

  it('are its children where it is no event, too', async () => {
    let place = {};
    await observe(async () => {
      place = currentLlmTrace();
      await ask();
    })();
    const [call] = await bench.properties();
    expect({ traceId: call?.['trace_id'], spanId: call?.['parent_span_id'] }).toEqual(place);
  });

  it('are children of the innermost one, however deep and however parallel', async () => {
    const tool = observe(
      async function tool(city: string) {
        await nextTurn();
        await ask(city);
      },
      { ...event, kind: 'tool' },
    );
    const agent = observe(
      async function agent() {
        await Promise.all([tool('Paris'), tool('Tokyo'), ask()]);
        await ask();
      },
      { ...event, kind: 'agent' },
    );
    await Promise.all([agent(), agent()]);
    const found = await tree();
    expect(found.toSorted()).toEqual(
      [
        ...Array<string>(4).fill('gpt-5 < tool'),
        ...Array<string>(4).fill('tool < agent'),
        ...Array<string>(4).fill('gpt-5 < agent'),
        ...Array<string>(2).fill('agent < nothing'),
      ].toSorted(),
    );
    expect(new Set(bench.events.map((each) => each.event_properties['trace_id'])).size).toBe(2);
  });

  it('are its children wherever their stream ends', async () => {
    const start = observe(async function start() {
      return { stream: await open() };
    }, event);
    const { stream } = await start();
    await observe(async function reader() {
      await valuesOf(stream);
    }, event)();
    expect(await tree()).toEqual(['start < nothing', 'gpt-5 < start', 'reader < nothing']);
  });

  it('are its children from timers and event emitters that it set up', async () => {
    const emitter = new EventEmitter();
    const work = observe(async function work() {
      emitter.on('question', () => void ask().then(() => emitter.emit('answer')));
      await new Promise((resolve) => setTimeout(() => void ask().then(resolve), 5));
      const answered = once(emitter, 'answer');
      emitter.emit('question');
      await answered;
    }, event);
    await work();
    expect(await tree()).toEqual(['gpt-5 < work', 'gpt-5 < work', 'work < nothing']);
  });

  it("are its children in the body of a generator, and the reader's own are not", async () => {
    const write = observe(async function* write() {
      yield await ask('one');
      yield await ask('two');
    }, event);
    const read = observe(async function read() {
      for await (const text of write()) await askAnthropic(text);
    }, event);
    await read();
    expect((await tree()).toSorted()).toEqual(
      [
        ...['gpt-5 < write', 'gpt-5 < write', 'claude-test < read', 'claude-test < read'],
        ...['write < read', 'read < nothing'],
      ].toSorted(),
    );
  });

  it('are in the trace and of the user of the context outside', async () => {
    await withLlmContext({ traceId: 'my-trace', userId: 'user-outside' }, () => observe(() => ask(), event)());
    expect((await bench.properties()).map(({ trace_id: id }) => id)).toEqual(['my-trace', 'my-trace']);
    expect(bench.events.map(({ user_id: user }) => user)).toEqual(['user-outside', 'user-outside']);
  });

  it('are in no trace of it when it is over', async () => {
    await observe(() => ask())();
    await ask();
    const [inside, after] = await bench.properties();
    expect(after).not.toHaveProperty('parent_span_id');
    expect(after?.['trace_id']).not.toBe(inside?.['trace_id']);
  });
});

describe('what an observed function gives back of an SDK', () => {
  it('is the very promise, with all that it can', async () => {
    const create = observe(() => openai.chat.completions.create({ model: 'gpt-5', messages: messages('Hi') }), {
      ...event,
      name: 'create',
    });
    const { data, request_id: requestId } = await create().withResponse();
    expect(data.choices[0]?.message.content).toBe('Hello from the stand-in.');
    expect(requestId).toEqual(expect.any(String));
    expect((await create().asResponse()).status).toBe(200);
    const promise = create();
    expect(promise.constructor.name).toBe('APIPromise');
    expect(await promise).toBe(await promise);
    expect(await tree()).toEqual(Array(3).fill(['gpt-5 < create', 'create < nothing']).flat());
    expect((await bench.properties()).map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'raw', 'raw', 'ok', 'ok']);
  });

  it('is an error with all that it says', async () => {
    const broken = new OpenAI({ apiKey: 'k', baseURL: `${server.url}/429-9/v1`, maxRetries: 0 });
    const create = observe(() => broken.chat.completions.create({ model: 'gpt-5', messages: messages('Hi') }), {
      ...event,
      name: 'create',
    });
    await expect(create()).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    expect(await bench.properties()).toMatchObject([
      { model: 'gpt-5', outcome: 'error', http_status: 429 },
      { name: 'create', outcome: 'error', error_type: 'RateLimitError' },
    ]);
  });

  it('is a stream that ends when it was read, and the event with it', async () => {
    const start = observe(() => open('long'), { ...event, name: 'start' });
    const stream = await start();
    await nextTurn();
    expect(bench.events).toHaveLength(0);
    expect((await valuesOf(stream)).length).toBeGreaterThan(3);
    expect(await tree()).toEqual(['gpt-5 < start', 'start < nothing']);
    expect(await bench.properties()).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok', streaming: true }]);
  });

  it('is a stream that is left early: both are cancelled', async () => {
    const stream = await observe(() => open('long'), { ...event, name: 'start' })();
    for await (const chunk of stream) if (chunk.choices.length > 0) break;
    expect((await bench.properties()).map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled']);
  });
});

describe('an observed function within a span of OpenTelemetry', () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const within = <Result>(spanId: string, work: () => Result): Result => inSpan({ traceId, spanId }, work);

  manageSpans();

  it('is its child, in its trace; and a call in a span within is the child of that one', async () => {
    const work = observe(async function work() {
      await ask();
      await within('00000000000000bb', () => ask());
    }, event);
    await within('00000000000000aa', work);
    const [first, second, own] = await bench.properties();
    expect([first, second, own].map((each) => each?.['trace_id'])).toEqual([traceId, traceId, traceId]);
    expect(own?.['parent_span_id']).toBe('00000000000000aa');
    expect(first?.['parent_span_id']).toBe(own?.['span_id']);
    expect(second?.['parent_span_id']).toBe('00000000000000bb');
  });

  it('that fails fails with the very error', () => {
    const error = new Error('no');
    expect(() =>
      within(
        '00000000000000aa',
        observe(() => fail(error), event),
      ),
    ).toThrow(error);
  });
});
