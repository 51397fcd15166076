import OpenAI from 'openai';
import { annotate, observe, serializeLlmContext, withLlmContext, type LlmContext, type LlmEvent } from '../src';
import { messages, startContextBench } from './support/context-bench';

const bench = startContextBench();
const { ask, enable, eventsOf, eventIn } = bench;

function fail(): never {
  throw new Error('broken');
}

function revoked(): Record<string, string> {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const openai = (): OpenAI => new OpenAI({ apiKey: 'k', baseURL: `${bench.url()}/v1`, maxRetries: 0 });

/** Every way to say a context of one call. */
const ways: readonly [string, (context: LlmContext) => Promise<unknown>][] = [
  ['withLlmContext', (context) => withLlmContext(context, () => ask())],
  ['observe', (context) => observe(() => ask(), { context })()],
  ['annotate', (context) => openai().chat.completions.create(annotate({ model: 'gpt-5', messages }, context))],
];

function expectClosed(event: LlmEvent | undefined): void {
  expect(event?.event_properties).toMatchObject({ outcome: 'ok', input_length: 18 });
  expect(JSON.stringify(event)).not.toMatch(/private|stand-in/);
}

beforeEach(() => enable({ userId: 'service' }));

describe.each(ways)('a context that can not be read, told by %s,', (_way, tell) => {
  const eventOf = async (context: unknown): Promise<LlmEvent | undefined> =>
    (await eventsOf(() => tell(context as LlmContext)))[0];

  it.each<[string, object, RegExp]>([
    [
      'a user',
      {
        get userId() {
          return fail();
        },
      },
      /userId could not be read/,
    ],
    [
      'groups',
      {
        groups: {
          get company() {
            return fail();
          },
        },
      },
      /groups could not be read/,
    ],
    ['revoked groups', { groups: revoked() }, /groups could not be read/],
    ['revoked properties', { properties: revoked() }, /properties could not be read/],
    ['properties that are a list', { properties: ['a', 'b'] }, /properties must be an object/],
    ['properties that are a date', { properties: new Date() }, /properties must be an object/],
  ])('loses %s, and closes all the same', async (_what, wrong, problem) => {
    const context = Object.defineProperties(
      { privacyMode: true, llmSessionId: 'chat-1' },
      Object.getOwnPropertyDescriptors(wrong),
    );
    const event = await eventOf(context);
    expectClosed(event);
    expect(event?.event_properties['llm_session_id']).toBe('chat-1');
    expect(Object.keys(event?.event_properties ?? {}).filter((name) => /^\d/.test(name))).toEqual([]);
    expect(bench.problems).toEqual([expect.stringMatching(problem)]);
  });

  it('is closed where the field that throws is the one that closes', async () => {
    expectClosed(
      await eventOf({
        get privacyMode() {
          return fail();
        },
      }),
    );
    expect(bench.problems).toEqual([expect.stringMatching(/privacyMode could not be read/)]);
  });

  it('leaves one property out that throws', async () => {
    const event = await eventOf({
      properties: {
        a: 1,
        get b() {
          return fail();
        },
      },
    });
    expect(event?.event_properties).toMatchObject({ a: 1 });
  });

  it.each([
    ['a map', new Map([['privacyMode', true]])],
    ['a list', []],
    ['a number', 7],
    ['a revoked one', revoked()],
  ])('is closed as a whole where it is %s, which is told once', async (...[, context]) => {
    const event = await eventOf(context);
    expectClosed(event);
    expect(event).not.toHaveProperty('user_id');
    expect(bench.problems).toEqual([expect.stringMatching(/context (must be an object|could not be read)/)]);
  });

  it.each([[null], [undefined]])('is no such where it is %p: that says nothing', async (context) => {
    const event = await eventOf(context);
    expect(event).toMatchObject({ user_id: 'service', event_properties: { messages } });
  });

  it('is none where a class has getters, or an object has defaults', async () => {
    class OfUser {
      get privacyMode(): boolean {
        return true;
      }
      get userId(): string {
        return 'user-1';
      }
      describe(): string {
        return 'a method is no field';
      }
    }
    const defaults = Object.assign(Object.create({ privacyMode: true }) as object, { userId: 'user-1' });
    for (const context of [new OfUser(), defaults]) {
      const event = await eventOf(context);
      expectClosed(event);
      expect(event?.user_id).toBe('user-1');
    }
    expect(bench.problems).toEqual([]);
  });
});

describe('what another process has told', () => {
  const said = (): string => withLlmContext({ userId: 'user-1', privacyMode: true }, serializeLlmContext);

  it.each<[string, () => string]>([
    ['cut', () => said().slice(0, -5)],
    ['made JSON twice', () => JSON.stringify(said())],
    ['null', () => 'null'],
    ['a list', () => '[]'],
    ['empty', () => ''],
  ])('is closed where it is %s', async (_how, make) => {
    const event = await eventIn(make());
    expectClosed(event);
    expect(event).not.toHaveProperty('user_id');
    expect(bench.problems).toEqual([expect.stringMatching(/a context (that is a string )?must be/)]);
  });

  it('holds for observed functions, too, and is read once', async () => {
    const [event] = await eventsOf(() => observe(() => ask(), { context: said() })());
    expectClosed(event);
    expect(event?.user_id).toBe('user-1');
    const broken = observe(() => ask(), { context: said().slice(0, -5) });
    for (const each of await eventsOf(async () => [await broken(), await broken()])) expectClosed(each);
    expect(bench.problems).toHaveLength(1);
  });
});

describe('options of observe', () => {
  it('that throw cost only themselves', async () => {
    const options = {
      context: { privacyMode: true },
      get name() {
        return fail();
      },
    };
    const [event] = await eventsOf(() => observe(() => ask(), options)());
    expectClosed(event);
    expect(bench.problems).toEqual([expect.stringMatching(/name could not be read/)]);
  });
});

describe('beside an OpenTelemetry that throws', () => {
  const apiKey = Symbol.for('opentelemetry.js.api.1');
  const holder = globalThis as { [apiKey]?: unknown };
  afterEach(() => void delete holder[apiKey]);

  it('a context holds', async () => {
    holder[apiKey] = { context: { active: fail } };
    const event = await eventIn({ userId: 'user-1', privacyMode: true });
    expectClosed(event);
    expect(event?.user_id).toBe('user-1');
  });
});
