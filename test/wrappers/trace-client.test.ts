import * as huggingface from '@huggingface/inference';
import OpenAI from 'openai';
import OpenAI5 from 'openai-v5';
import {
  disableLlmTracing,
  enableLlmTracing,
  llmTracingStatus,
  traceClient,
  untraceClient,
  type LlmEvent,
  type TraceClientOptions,
} from '../../src';
import { patches } from '../../src/patches';
import type { ProviderPatch } from '../../src/types';
import { startProviderServer, type ProviderServer } from '../support/start-provider';
import { everySdk, readToEnd, type Sdk } from './every-sdk';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of every SDK */

let server: ProviderServer;
let events: LlmEvent[];
const client = { track: (event: LlmEvent) => void events.push(event) };
const asIs = <Given>(given: Given): Given => given;

beforeAll(async () => {
  server = await startProviderServer();
});
afterAll(() => server.close());
beforeEach(() => {
  events = [];
});
afterEach(() => disableLlmTracing());

/** Reports run in `setImmediate`. */
async function reported(): Promise<LlmEvent[]> {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  return events;
}

/** Everything that is patched of an SDK, as it is now. */
function descriptorsOf({ provider, exports }: Sdk): unknown[] {
  const patch = patches.find(({ name }) => name === provider) as ProviderPatch;
  const points = [...patch.methods(exports), patch.retryPoint?.(exports), ...(patch.copyPoints?.(exports) ?? [])];
  return points.map((point) => point && Object.getOwnPropertyDescriptors(point.owner));
}

describe.each(everySdk.map((sdk) => [sdk.title, sdk] as const))('%s', (_title, sdk) => {
  const { connect, ask, stream } = sdk;
  const trace = (options: TraceClientOptions = {}): any =>
    traceClient(connect(server.url), { client, noWarning: true, ...options });

  it('makes one event of each call of that client, and none of the calls of others', async () => {
    const traced = trace();
    const other = connect(server.url);
    await ask(traced, asIs);
    await ask(other, asIs);
    await readToEnd(await stream(traced, asIs));
    await readToEnd(await stream(other, asIs));
    const outcomes = (await reported()).map(({ event_properties: { outcome, output } }) => [outcome, output]);
    expect(outcomes).toEqual([
      ['ok', 'Hello from the stand-in.'],
      ['ok', 'Hello from the stand-in.'],
    ]);
    expect(llmTracingStatus()).toMatchObject({ enabled: false, sdks: [{ provider: sdk.provider }] });
  });

  it('gives the same answers and requests as bare, and leaves nothing to be seen on the client', async () => {
    const bare = connect(server.url);
    const look = looks(bare);
    const traced = traceClient(bare, { client, noWarning: true });
    expect(traced).toBe(bare);
    if (!sdk.title.includes('CohereClient')) expect(looks(traced)).toEqual(look);
    const sent = async (run: () => unknown): Promise<unknown[]> => {
      const before = server.requests.length;
      const answer = await run();
      return [plain(answer), server.requests.slice(before).map(({ path, body }) => ({ path, body }))];
    };
    const other = connect(server.url);
    expect(await sent(() => ask(traced, asIs))).toEqual(await sent(() => ask(other, asIs)));
    await reported();
  });

  it('with a session too, a call is one event by the options of the client, and others are by those of the session', async () => {
    const modules = { [sdk.provider]: sdk.exports as unknown };
    enableLlmTracing(client, { noWarning: true, modules, userId: 'user-of-session', properties: { a: 1, b: 1 } });
    const traced = traceClient(connect(server.url), { userId: 'user-of-client', properties: { a: 2 } });
    await ask(traced, asIs);
    await ask(connect(server.url), asIs);
    const told = (await reported()).map(({ user_id: user, event_properties: { a, b } }) => ({ user, a, b }));
    expect(told).toEqual([
      { user: 'user-of-client', a: 2, b: 1 },
      { user: 'user-of-session', a: 1, b: 1 },
    ]);
  });

  it.each(['untraceClient', 'disableLlmTracing'])('%s() takes everything back', async (how) => {
    const instance = connect(server.url);
    const own = Object.getOwnPropertyNames(instance).sort();
    const before = descriptorsOf(sdk);
    traceClient(instance, { client, noWarning: true });
    expect(descriptorsOf(sdk)).not.toEqual(before);
    if (how === 'untraceClient') untraceClient(instance);
    else disableLlmTracing();
    expect(descriptorsOf(sdk)).toEqual(before);
    if (!sdk.title.includes('CohereClient')) expect(Object.getOwnPropertyNames(instance).sort()).toEqual(own);
    await ask(instance, asIs);
    expect(await reported()).toEqual([]);
    expect(llmTracingStatus()).toMatchObject({ clients: 0, sdks: [] });
  });
});

function looks(instance: any): unknown {
  return [Object.keys(instance), Object.getPrototypeOf(instance), instance.constructor];
}

/** Ids and times differ from call to call. */
function plain(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer, (key, value: unknown) => (/id$|time|date|created/i.test(key) ? 0 : value)));
}

describe('traceClient', () => {
  const connect = (options = {}): OpenAI => new OpenAI({ apiKey: 'k', baseURL: `${server.url}/v1`, ...options });
  const ask = (openai: Pick<OpenAI, 'chat'>): Promise<unknown> =>
    openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: 'hello' }] });

  // Comparable wrappers lose the copies that `withOptions` makes without a word.
  it('traces the copies that withOptions() makes, and copies of those', async () => {
    const traced = traceClient(connect(), { client, noWarning: true, userId: 'user-of-client' });
    const copy = traced.withOptions({ timeout: 5_000 }).withOptions({ maxRetries: 0 });
    expect(copy).toBeInstanceOf(OpenAI);
    expect(copy.timeout).toBe(5_000);
    await ask(copy);
    await ask(connect().withOptions({ timeout: 5_000 }));
    expect((await reported()).map(({ user_id: user }) => user)).toEqual(['user-of-client']);
  });

  it('has private fields, subclasses and detached resources as they were', async () => {
    class Mine extends OpenAI {
      #secret = 'kept';
      reveal(): string {
        return this.#secret;
      }
    }
    const mine = traceClient(new Mine({ apiKey: 'k', baseURL: `${server.url}/v1` }), { client, noWarning: true });
    expect([mine.reveal(), mine instanceof Mine, mine instanceof OpenAI]).toEqual(['kept', true, true]);
    const { completions } = mine.chat;
    await completions.create({ model: 'gpt-5', messages: [] });
    expect(await reported()).toHaveLength(1);
  });

  it('tells the majors of one SDK apart', async () => {
    const five = new OpenAI5({ apiKey: 'k', baseURL: `${server.url}/v1` });
    const six = connect();
    traceClient(five, { client, noWarning: true, userId: 'user-of-five' });
    traceClient(six, { client, noWarning: true, userId: 'user-of-six' });
    await ask(six);
    await ask(five as unknown as OpenAI);
    const found = (await reported()).map(({ user_id: user, event_properties: { provider_sdk_version: version } }) => [
      user,
      (version as string).split('.')[0],
    ]);
    expect(found).toEqual([
      ['user-of-six', '6'],
      ['user-of-five', '5'],
    ]);
  });

  it('traces a client that the session does not want, and no other of its class', async () => {
    enableLlmTracing(client, { providers: ['anthropic'], noWarning: true });
    await ask(traceClient(connect()));
    await ask(connect());
    expect(await reported()).toHaveLength(1);
  });

  it('survives that the session is enabled anew, and ends with disableLlmTracing()', async () => {
    const traced = traceClient(connect(), { client, noWarning: true, userId: 'user-of-client' });
    enableLlmTracing({ track: () => undefined }, { providers: ['anthropic'], noWarning: true });
    enableLlmTracing({ track: () => undefined }, { modules: { openai: OpenAI }, noWarning: true });
    await ask(traced);
    expect((await reported()).map(({ user_id: user }) => user)).toEqual(['user-of-client']);
    disableLlmTracing();
    await ask(traced);
    expect(await reported()).toHaveLength(1);
  });

  it('called again replaces the options', async () => {
    const traced = traceClient(connect(), { client, noWarning: true, userId: 'user-one' });
    traceClient(traced, { client, userId: 'user-two' });
    await ask(traced);
    expect((await reported()).map(({ user_id: user }) => user)).toEqual(['user-two']);
    expect(llmTracingStatus().clients).toBe(1);
  });

  it('lets nothing leave that the session keeps back', async () => {
    enableLlmTracing(client, { privacyMode: true, noWarning: true });
    const traced = traceClient(connect(), { privacyMode: false });
    await ask(traced);
    const [event] = await reported();
    expect(event?.event_properties['output']).toBeUndefined();
    expect(event?.event_properties['output_tokens']).toBe(12);
  });

  it('untraceClient() ends the copies with the client, and other clients go on', async () => {
    const traced = traceClient(connect(), { client, noWarning: true });
    const copy = traced.withOptions({ timeout: 5_000 });
    const other = traceClient(connect(), { client });
    expect(untraceClient(traced)).toBe(traced);
    for (const each of [traced, copy, other]) await ask(each);
    expect(await reported()).toHaveLength(1);
    expect(Object.getOwnPropertyNames(traced)).not.toContain('withOptions');
  });

  it('flush() of the session hands on what the client reported', async () => {
    const handle = enableLlmTracing({ track: () => undefined }, { noWarning: true });
    await ask(traceClient(connect(), { client }));
    await handle.flush();
    expect(events).toHaveLength(1);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['no Amplitude client', () => traceClient(connect()), /^traceClient: client must be an object with a track/],
    ['a wrong option', () => traceClient(connect(), { client, sampleRate: 2 }), /^traceClient: sampleRate must be/],
    [
      'an option of the session',
      () => traceClient(connect(), { client, providers: ['openai'] } as object),
      /providers/,
    ],
    ['an unknown provider', () => traceClient(connect(), { client, provider: 'opnai' as 'openai' }), /'openai', '/],
    ['options that are none', () => traceClient(connect(), null as unknown as object), /options must be an object/],
    ['something else', () => traceClient({}, { client }), /is no client of any SDK.*'openai'.*enableLlmTracing/],
    ['no object', () => traceClient(undefined as unknown as object, { client }), /is no client of any SDK/],
    ['a class', () => traceClient(OpenAI, { client }), /is no client of any SDK/],
    [
      'a client whose methods are its own',
      () => traceClient(new huggingface.InferenceClient('k'), { client }),
      /is no client of any SDK that can be traced by itself/,
    ],
  ])('throws a TypeError for %s, and changes nothing', (_what, run, message) => {
    const { create } = OpenAI.Chat.Completions.prototype;
    expect(run).toThrow(TypeError);
    expect(run).toThrow(message);
    expect(OpenAI.Chat.Completions.prototype.create).toBe(create);
    expect(llmTracingStatus()).toMatchObject({ clients: 0, sdks: [] });
  });
});
