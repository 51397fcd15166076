import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import OpenAI from 'openai';
import {
  createTracingClient,
  disableLlmTracing,
  enableLlmTracing,
  llmTracingStatus,
  traceClient,
  type AmplitudeClient,
  type LlmTracingHandle,
} from '../../src';
import { startProviderServer } from '../support/start-provider';
import { startFaultServer, type FaultServer } from './fault-server';

let provider: Awaited<ReturnType<typeof startProviderServer>>;
let server: FaultServer;
let folder: string;
const quiet = { noWarning: true, modules: { openai: OpenAI } } as const;

beforeAll(async () => {
  provider = await startProviderServer();
});
afterAll(() => provider.close());
beforeEach(async () => {
  server = await startFaultServer();
  folder = mkdtempSync(join(tmpdir(), 'handle-'));
});
afterEach(async () => {
  disableLlmTracing();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(): Promise<void> {
  const openai = new OpenAI({ apiKey: 'k', baseURL: `${provider.url}/v1`, maxRetries: 0 });
  await openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: 'Hi' }] });
}

/** Never answers, and its flush never ends. */
const deaf: AmplitudeClient = { track: () => new Promise(() => undefined), flush: () => new Promise(() => undefined) };

describe('the flush of a handle', () => {
  it.each<[string, Parameters<LlmTracingHandle['flush']>]>([
    ['a number', [30]],
    ['an option', [{ timeout: 30 }]],
    ['nothing at all', [0]],
  ])('ends at its deadline, given as %s', async (_what, given) => {
    const handle = enableLlmTracing(deaf, quiet);
    await ask();
    const start = Date.now();
    await handle.flush(...given);
    expect(Date.now() - start).toBeLessThan(5_000);
  });

  it.each<[unknown]>([[-1], ['1'], [{ timeout: Number.NaN }], [{ timeout: '1' }], [null]])(
    'never rejects, and takes %p for the default',
    async (given) => {
      const client = createTracingClient('a-key', { serverUrl: server.url });
      const handle = enableLlmTracing(client, quiet);
      const { internalErrors } = llmTracingStatus().counters;
      await ask();
      await handle.flush(given as number);
      expect(server.taken.size).toBe(1);
      expect(llmTracingStatus().counters.internalErrors - internalErrors).toBe(1);
    },
  );

  it('waits for the clients that are traced by themselves, too', async () => {
    const handle = enableLlmTracing(createTracingClient('a-key', { serverUrl: server.url }), {
      ...quiet,
      providers: [],
    });
    const openai = new OpenAI({ apiKey: 'k', baseURL: `${provider.url}/v1`, maxRetries: 0 });
    traceClient(openai, { client: createTracingClient('b-key', { serverUrl: server.url }), noWarning: true });
    await openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: 'Hi' }] });
    await handle.flush();
    expect(server.uploads.map(({ apiKey }) => apiKey)).toEqual(['b-key']);
  });
});

describe('a spool', () => {
  it('is not made where the client has one of its own', async () => {
    const own = join(folder, 'own');
    server.always({ status: 503 });
    const client = createTracingClient('a-key', { serverUrl: server.url, spool: own });
    const handle = enableLlmTracing(client, { ...quiet, spool: join(folder, 'session') });
    await ask();
    await handle.flush(2_000);
    expect(readdirSync(folder)).toEqual(['own']);
    expect(
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(jsonl|held)$/.test(name)),
    ).toHaveLength(1);
  });

  it('is one for all, and not an option of one client', () => {
    const openai = new OpenAI({ apiKey: 'k' });
    const options = { client: deaf, spool: true } as object;
    expect(() => traceClient(openai, options)).toThrow(/traceClient: spool is an option of enableLlmTracing/);
  });

  it.each<[unknown]>([[1], [''], [{ directory: 1 }], [{ maxBytes: 0 }], [{ folder: 'x' }]])(
    'of %p is a TypeError that says what it can be',
    (spool) => {
      expect(() => enableLlmTracing(deaf, { ...quiet, spool: spool as string })).toThrow(
        /spool must be true, false, a folder, or \{ directory, maxBytes, maxAge \}/,
      );
    },
  );

  it('that is there shows in the status what was kept, and what the client has delivered since', async () => {
    let code = 500;
    const client = { track: () => Promise.resolve({ code }), flush: () => undefined };
    const handle = enableLlmTracing(client, { ...quiet, spool: folder });
    const before = llmTracingStatus().counters;
    await ask();
    await handle.flush(2_000);
    const during = llmTracingStatus().counters;
    expect((during.kept ?? 0) - (before.kept ?? 0)).toBe(1);
    expect(during.dropped).toEqual(before.dropped);
    code = 200;
    const end = Date.now() + 10_000;
    while (llmTracingStatus().counters.recovered === before.recovered && Date.now() < end) await wait(20);
    const { recovered = 0 } = llmTracingStatus().counters;
    expect(recovered - (before.recovered ?? 0)).toBe(1);
  });
});
