import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as analytics from '@amplitude/analytics-node';
import * as analyticsBefore from 'amplitude-analytics-node-1.3';
import OpenAI from 'openai';
import {
  startAmplitudeServer,
  startProviderServer,
  type AmplitudeServer,
  type ProviderServer,
} from './loading/stand-ins';
import { disableLlmTracing, llmTracingStatus, withLlmTracing, type AmplitudeClient, type LlmEvent } from '../src';

const quiet = { noWarning: true, modules: { openai: OpenAI }, userId: 'user-1' } as const;

let provider: ProviderServer;

beforeAll(async () => {
  provider = await startProviderServer();
});
afterAll(() => provider.close());
afterEach(() => disableLlmTracing());

async function ask(): Promise<void> {
  const openai = new OpenAI({ apiKey: 'k', baseURL: `${provider.url}/v1`, maxRetries: 0 });
  await openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: 'Hi' }] });
  await new Promise(setImmediate);
}

interface Recording extends AmplitudeClient {
  readonly events: LlmEvent[];
}

function recording(): Recording {
  const events: LlmEvent[] = [];
  return { events, track: (event) => events.push(event) };
}

describe('a client with tracing', () => {
  it('is the same object, with methods that nobody sees', () => {
    const client = recording();
    const traced = withLlmTracing(client);
    expect(traced).toBe(client);
    expect(Object.keys(traced)).toEqual(['events', 'track']);
    expect({ ...traced }).not.toHaveProperty('enableLlmTracing');
  });

  it('traces into itself, from enable to disable', async () => {
    const client = withLlmTracing(recording());
    const handle = client.enableLlmTracing({ ...quiet });
    await ask();
    expect(client.events).toHaveLength(1);
    expect(Object.keys(handle).sort()).toEqual(['disable', 'flush', 'ready', 'status']);
    client.disableLlmTracing();
    await ask();
    expect(client.events).toHaveLength(1);
    expect(llmTracingStatus().enabled).toBe(false);
  });

  it('takes the names of providers, as enableLlmTracing does, and refuses the same', () => {
    const client = withLlmTracing(recording());
    client.enableLlmTracing(['anthropic']);
    expect(llmTracingStatus().enabled).toBe(true);
    expect(() => client.enableLlmTracing(['opnai'] as never)).toThrow(TypeError);
  });

  it('ends nothing that another one has enabled since', async () => {
    const [one, other] = [withLlmTracing(recording()), withLlmTracing(recording())];
    one.enableLlmTracing({ ...quiet });
    other.enableLlmTracing({ ...quiet });
    one.disableLlmTracing();
    await ask();
    expect([one.events.length, other.events.length]).toEqual([0, 1]);
    other.disableLlmTracing();
    expect(llmTracingStatus().enabled).toBe(false);
  });

  it('ends nothing where it has enabled nothing', () => {
    const [one, other] = [withLlmTracing(recording()), withLlmTracing(recording())];
    other.enableLlmTracing({ ...quiet });
    one.disableLlmTracing();
    expect(llmTracingStatus().enabled).toBe(true);
  });

  it('gets its methods once', () => {
    const client = withLlmTracing(recording());
    const { enableLlmTracing } = client;
    expect(withLlmTracing(client)).toBe(client);
    expect(client.enableLlmTracing).toBe(enableLlmTracing);
  });

  it('can be taken apart', async () => {
    const client = recording();
    const { enableLlmTracing, disableLlmTracing: end } = withLlmTracing(client);
    enableLlmTracing({ ...quiet });
    await ask();
    end();
    expect(client.events).toHaveLength(1);
    expect(llmTracingStatus().enabled).toBe(false);
  });

  it.each<unknown>([undefined, null, 7, 'client', {}, { track: 'me' }])('refuses %p with a TypeError', (client) => {
    expect(() => withLlmTracing(client as AmplitudeClient)).toThrow(TypeError);
    expect(() => withLlmTracing(client as AmplitudeClient)).toThrow(/^withLlmTracing: client must be an object with/);
  });
});

describe('a client that can not be extended', () => {
  it.each<[string, <Value extends object>(value: Value) => Value]>([
    ['frozen', (value) => Object.freeze(value)],
    ['sealed', (value) => Object.seal(value)],
    ['not extensible', (value) => Object.preventExtensions(value)],
    ['a proxy that refuses', (value) => new Proxy(value, { defineProperty: () => false })],
  ])('is inherited from where it is %s', async (...[, close]) => {
    const client = close(recording());
    const before = Reflect.ownKeys(client);
    const traced = withLlmTracing(client);
    expect(traced).not.toBe(client);
    expect(Reflect.ownKeys(client)).toEqual(before);
    expect(traced.track).toBe(client.track);
    expect([withLlmTracing(client), withLlmTracing(traced)]).toEqual([traced, traced]);
    traced.enableLlmTracing({ ...quiet });
    await ask();
    traced.disableLlmTracing();
    expect(client.events).toHaveLength(1);
  });

  it('keeps methods that need their private fields', () => {
    class Client {
      readonly #events: LlmEvent[] = [];
      track(event: LlmEvent): number {
        return this.#events.push(event);
      }
      get count(): number {
        return this.#events.length;
      }
      set count(count: number) {
        this.#events.length = count;
      }
    }
    class Named extends Client {
      name = 'named';
      override track(event: LlmEvent): number {
        return super.track({ ...event, client: this.name });
      }
    }
    const client = Object.freeze(new Named());
    const traced = withLlmTracing(client);
    expect(traced.track({} as LlmEvent)).toBe(1);
    expect([traced.count, client.count, traced.name, traced instanceof Named]).toEqual([1, 1, 'named', true]);
    (traced as { count: number }).count = 0;
    expect(client.count).toBe(0);
  });
});

describe.each([
  ['@amplitude/analytics-node', analytics],
  ['amplitude-analytics-node-1.3', analyticsBefore as unknown as typeof analytics],
])('with %s', (name, module) => {
  let amplitude: AmplitudeServer;

  beforeEach(async () => {
    amplitude = await startAmplitudeServer();
  });
  afterEach(() => amplitude.close());

  it('an instance delivers what it traces', async () => {
    const client = withLlmTracing(module.createInstance());
    await client.init('a-key', { serverUrl: amplitude.url, logLevel: 0, flushIntervalMillis: 10 }).promise;
    const handle = client.enableLlmTracing({ ...quiet });
    await ask();
    await handle.flush();
    expect(amplitude.events).toMatchObject([{ user_id: 'user-1', event_type: 'llm_operation' }]);
  });

  it('the namespace that an ES module imports has the methods, and all that it had', async () => {
    const program = `
      import * as amplitude from '${name}';
      import OpenAI from 'openai';
      import { withLlmTracing } from './dist/index.mjs';
      const client = withLlmTracing(amplitude);
      const isSame = [client === amplitude, client.track === amplitude.track, client.Identify === amplitude.Identify];
      await client.init('a-key', { serverUrl: '${amplitude.url}', logLevel: 0, flushIntervalMillis: 10 }).promise;
      const handle = client.enableLlmTracing({ modules: { openai: OpenAI }, noWarning: true, userId: 'user-1' });
      await handle.ready;
      const openai = new OpenAI({ apiKey: 'k', baseURL: '${provider.url}/v1' });
      await openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: 'Hi' }] });
      await handle.flush();
      client.disableLlmTracing();
      console.log(JSON.stringify([...isSame, handle.status().enabled, new client.Identify() instanceof amplitude.Identify]));
    `;
    const node = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      cwd: join(__dirname, '..'),
    });
    await expect(node).resolves.toEqual({ stdout: '[false,true,true,false,true]\n', stderr: '' });
    expect(amplitude.events).toHaveLength(1);
  });
});
