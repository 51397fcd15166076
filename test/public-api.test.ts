import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { startProviderServer } from './support/start-provider';
import { disableLlmTracing, enableLlmTracing, llmTracingStatus, type LlmEvent, type LlmTracingOptions } from '../src';
import { programDeviceId } from '../src/device-id';
import { version } from '../src/version';

let server: Awaited<ReturnType<typeof startProviderServer>>;
let events: LlmEvent[];
const client = { track: (event: LlmEvent) => void events.push(event) };
const quiet = { noWarning: true, modules: { openai: OpenAI } } as const;

beforeAll(async () => {
  server = await startProviderServer();
});
afterAll(() => server.close());
beforeEach(() => {
  events = [];
});
afterEach(() => disableLlmTracing());

/** One chat call with the real SDK, and the events that became of it. */
async function call(options: LlmTracingOptions, prompt = 'Hi'): Promise<LlmEvent[]> {
  const handle = enableLlmTracing(client, { ...quiet, ...options });
  await ask(prompt);
  await handle.flush();
  return events;
}

async function ask(prompt: string): Promise<string | null | undefined> {
  const openai = new OpenAI({ apiKey: 'k', baseURL: `${server.url}/v1`, maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: prompt }];
  const answer = await openai.chat.completions.create({ model: 'gpt-5', messages });
  return answer.choices[0]?.message.content;
}

describe('enableLlmTracing', () => {
  it('gives back a handle, and no more than that', async () => {
    const handle = enableLlmTracing(client, { ...quiet });
    expect(Object.keys(handle).sort()).toEqual(['disable', 'flush', 'ready', 'status']);
    await expect(handle.ready).resolves.toBeUndefined();
    await expect(handle.flush()).resolves.toBeUndefined();
    expect(handle.status()).toEqual(llmTracingStatus());
  });

  it('makes one event of a call', async () => {
    expect(await call({})).toEqual([
      expect.objectContaining({
        event_type: 'llm_operation',
        event_properties: expect.objectContaining({ method: 'chat.completions.create', outcome: 'ok' }) as unknown,
      }),
    ]);
  });

  it.each<[unknown, unknown]>([
    [undefined, undefined],
    [{}, {}],
    [client, null],
    [client, { maxMessages: -1 }],
    [client, ['opnai']],
  ])('throws a TypeError for (%p, %p), and changes nothing', async (given, options) => {
    const create = OpenAI.Chat.Completions.prototype.create;
    expect(() => enableLlmTracing(given as typeof client, options as LlmTracingOptions)).toThrow(TypeError);
    expect(OpenAI.Chat.Completions.prototype.create).toBe(create);
    expect(llmTracingStatus().enabled).toBe(false);
    await ask('Hi');
    expect(events).toHaveLength(0);
  });

  it('leaves what was enabled as it was when it is called again with wrong options', async () => {
    enableLlmTracing(client, { ...quiet });
    expect(() => enableLlmTracing(client, { sampleRate: 2 })).toThrow(/sampleRate/);
    await ask('Hi');
    await new Promise(setImmediate);
    expect(events).toHaveLength(1);
  });

  it('called again replaces the configuration, without wrapping twice', async () => {
    const first = enableLlmTracing(client, { ...quiet, properties: { team: 'first' } });
    const create = OpenAI.Chat.Completions.prototype.create;
    const later: LlmEvent[] = [];
    const second = enableLlmTracing(
      { track: (event) => later.push(event) },
      { ...quiet, properties: { team: 'second' } },
    );
    expect(OpenAI.Chat.Completions.prototype.create).toBe(create);
    first.disable();
    expect(second.status().enabled).toBe(true);
    await ask('Hi');
    await second.flush();
    expect(events).toHaveLength(0);
    expect(later.map((event) => event.event_properties['team'])).toEqual(['second']);
  });

  it('reports a call to the configuration under which it began', async () => {
    enableLlmTracing(client, { ...quiet });
    const pending = ask('Hi');
    const later: LlmEvent[] = [];
    enableLlmTracing({ track: (event) => later.push(event) }, quiet);
    await pending;
    await new Promise(setImmediate);
    expect([events.length, later.length]).toEqual([1, 0]);
  });

  it('with a list of other providers leaves a provider alone', async () => {
    expect(await call({ providers: ['anthropic'] })).toHaveLength(0);
    expect(llmTracingStatus().sdks.filter(({ provider }) => provider === 'openai')).toEqual([]);
  });
});

describe('disableLlmTracing', () => {
  it('puts the very descriptor back, and can be called at any time', () => {
    disableLlmTracing();
    const before = Object.getOwnPropertyDescriptor(OpenAI.Chat.Completions.prototype, 'create');
    enableLlmTracing(client, { ...quiet });
    expect(Object.getOwnPropertyDescriptor(OpenAI.Chat.Completions.prototype, 'create')).not.toEqual(before);
    disableLlmTracing();
    disableLlmTracing();
    expect(Object.getOwnPropertyDescriptor(OpenAI.Chat.Completions.prototype, 'create')).toEqual(before);
  });

  it('lets calls in flight end, and they still become events', async () => {
    enableLlmTracing(client, { ...quiet });
    const pending = ask('Hi');
    disableLlmTracing();
    expect(await pending).toBe('Hello from the stand-in.');
    await ask('Hi');
    await new Promise(setImmediate);
    expect(events).toHaveLength(1);
  });
});

describe('llmTracingStatus', () => {
  it('tells which copies are traced, and what became of their calls', async () => {
    const before = llmTracingStatus().counters;
    await call({ beforeSend: (event) => (event.event_properties['input_length'] === 4 ? null : event) });
    await ask('drop');
    await ask('Hi');
    await new Promise(setImmediate);
    const { enabled, version: told, sdks, counters } = llmTracingStatus();
    expect({ enabled, told }).toEqual({ enabled: true, told: version });
    expect(sdks).toContainEqual({
      provider: 'openai',
      sdk: 'openai',
      version: expect.stringMatching(/^6\.\d+\.\d+$/) as string,
      format: 'given',
      place: 'option modules (1)',
      methods: expect.any(Number) as number,
    });
    expect(counters.operations - before.operations).toBe(3);
    expect(counters.tracked - before.tracked).toBe(2);
    expect((counters.dropped['before_send'] ?? 0) - (before.dropped['before_send'] ?? 0)).toBe(1);
    // One of enabling: Jest refuses hooks on module loading.
    expect(counters.internalErrors - before.internalErrors).toBeLessThanOrEqual(1);
  });

  it('is a copy', () => {
    const status = llmTracingStatus();
    status.counters.operations = -1;
    status.counters.dropped['mine'] = 1;
    expect(llmTracingStatus().counters.operations).toBeGreaterThanOrEqual(0);
    expect(llmTracingStatus().counters.dropped).not.toHaveProperty('mine');
  });

  it('says why a module that was given is not traced', () => {
    enableLlmTracing(client, { noWarning: true, modules: { openai: class NotOpenAI {} } });
    expect(llmTracingStatus().sdks).toContainEqual(
      expect.objectContaining({ methods: 0, reason: expect.stringContaining('none of the methods') as string }),
    );
  });
});

describe('sampleRate', () => {
  it('of 0 makes no event, and counts the calls that were not drawn', async () => {
    const before = llmTracingStatus().counters.dropped['not_sampled'] ?? 0;
    expect(await call({ sampleRate: 0 })).toHaveLength(0);
    expect((llmTracingStatus().counters.dropped['not_sampled'] ?? 0) - before).toBe(1);
  });

  it('of one half draws by chance', async () => {
    const random = jest.spyOn(Math, 'random');
    const handle = enableLlmTracing(client, { ...quiet, sampleRate: 0.5 });
    for (const drawn of [0.49, 0.5, 0.99, 0]) {
      random.mockReturnValue(drawn);
      await ask('Hi');
    }
    random.mockRestore();
    await handle.flush();
    expect(events).toHaveLength(2);
  });
});

describe('beforeSend and onError', () => {
  it('beforeSend may change the event or drop it', async () => {
    const [changed] = await call({ beforeSend: (event) => ({ ...event, user_id: 'user-1' }) });
    expect(changed?.user_id).toBe('user-1');
    events = [];
    expect(await call({ beforeSend: () => null })).toHaveLength(0);
  });

  it.each<[string, unknown]>([
    ['throws', () => fail()],
    ['gives back garbage', () => 'garbage'],
    ['is asynchronous', () => Promise.reject(new Error('asynchronous'))],
  ])('beforeSend that %s drops the event, and onError is told', async (...[, beforeSend]) => {
    const errors: unknown[] = [];
    expect(await call({ beforeSend: beforeSend as () => null, onError: (error) => errors.push(error) })).toEqual([]);
    expect(errors.filter(isOfEvents)).toHaveLength(1);
    expect(errors.at(-1)).toBeInstanceOf(Error);
    expect(llmTracingStatus().lastError).toMatch(/^could not run beforeSend: /);
  });

  it.each<[string, unknown]>([
    ['throws', () => fail()],
    ['rejects', () => Promise.reject(new Error('asynchronous'))],
  ])('onError that %s does not matter', async (...[, onError]) => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const failing = { track: () => fail(), flush: () => fail() };
    const handle = enableLlmTracing(failing, { ...quiet, onError: onError as () => void });
    expect(await ask('Hi')).toBe('Hello from the stand-in.');
    await handle.flush();
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('onError is told about thrown values that can not even be described', async () => {
    const errors: unknown[] = [];
    const odd = Object.create(null) as object;
    const handle = enableLlmTracing({ track: () => fail(odd) }, { ...quiet, onError: (error) => errors.push(error) });
    await ask('Hi');
    await handle.flush();
    expect(errors.filter(isOfEvents)).toEqual([odd]);
    expect(llmTracingStatus().lastError).toBe('could not track an event: a thrown object');
  });
});

describe('who an event is about', () => {
  it('is the user, the device and the groups that were given, with properties of their own', async () => {
    const properties = { team: 'search', version: 2 };
    const [event] = await call({ userId: 'user-1', deviceId: 'device-1', groups: { company: 'acme' }, properties });
    expect(event).toMatchObject({ user_id: 'user-1', device_id: 'device-1', groups: { company: 'acme' } });
    expect(event?.event_properties).toMatchObject(properties);
  });

  it('is the user alone where only a user was given', async () => {
    const [event] = await call({ userId: 'user-1' });
    expect(event).not.toHaveProperty('device_id');
  });

  it('is this program on this host where nobody was given, the same every time', async () => {
    const [one] = await call({});
    const [, two] = await call({});
    expect([one?.device_id, two?.device_id]).toEqual([programDeviceId(), programDeviceId()]);
    expect(one).not.toHaveProperty('user_id');
    expect(one?.insert_id).not.toBe(two?.insert_id);
  });
});

describe('the version', () => {
  it('is the one of package.json', () => {
    const packageJson = readFileSync(join(__dirname, '..', 'package.json'), 'utf8');
    expect(version).toBe((JSON.parse(packageJson) as { version: string }).version);
  });
});

/** Not the one of enabling: Jest refuses hooks on module loading. */
function isOfEvents(error: unknown): boolean {
  return !(error as Partial<Error> | null)?.message?.includes('not supported in Jest');
}

function fail(error: unknown = new Error('no')): never {
  throw error;
}
