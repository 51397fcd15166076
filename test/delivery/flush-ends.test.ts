import { setTimeout as wait } from 'node:timers/promises';
import OpenAI from 'openai';
import { disableLlmTracing, enableLlmTracing } from '../../src';
import type { LlmEvent } from '../../src/types';
import { startProviderServer } from '../support/start-provider';
import { aroundEach, idsIn, track, until } from './deliveries';

const deliveries = aroundEach();
const { clientOf } = deliveries;
const quiet = { modules: { openai: OpenAI }, noWarning: true } as const;
let provider: Awaited<ReturnType<typeof startProviderServer>>;
let others: NodeJS.Timeout | undefined;

beforeAll(async () => {
  provider = await startProviderServer();
});
afterAll(() => provider.close());
afterEach(() => {
  clearInterval(others);
  disableLlmTracing();
});

function meanwhile(work: () => unknown): void {
  others = setInterval(work, 5);
}

async function ask(): Promise<void> {
  const openai = new OpenAI({ apiKey: 'k', baseURL: `${provider.url}/v1`, maxRetries: 0 });
  await openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: 'Hi' }] });
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

describe('a flush', () => {
  it('ends while others go on tracking, when all is delivered that was there', async () => {
    deliveries.server.always({ status: 200, takes: true, delay: 50 });
    const client = clientOf();
    const handle = enableLlmTracing(client, quiet);
    meanwhile(() => track(client, 5));
    await wait(100);
    for (const flush of [client.flush, handle.flush]) {
      const [mine = ''] = track(client, 1);
      expect(await timeOf(() => flush(8_000))).toBeLessThan(4_000);
      expect(deliveries.server.taken.has(mine)).toBe(true);
    }
  });

  it('is one upload for all who wait while no connection is free', async () => {
    let release: () => void = () => undefined;
    deliveries.server.hold(new Promise((resolve) => (release = resolve)));
    const client = clientOf({ connections: 1, flushInterval: 60_000 });
    const flushes = Array.from({ length: 50 }, () => {
      track(client, 1);
      return client.flush();
    });
    await until(() => deliveries.server.uploads.length === 1);
    release();
    await Promise.all(flushes);
    expect(deliveries.server.taken.size).toBe(50);
    expect(deliveries.server.uploads).toHaveLength(2);
  });

  it('does not wait for what has lain on disk for longer', async () => {
    const { server, spool } = deliveries;
    server.always({ status: 503 });
    const client = clientOf({ spool });
    const old = new Set(track(client, 300));
    await until(() => client.status().pending === 0);
    server.always(({ ids }) => (ids.some((id) => old.has(id)) ? 'hang' : 'take'));
    // The first ends the backoff, and what lies on disk goes on another connection.
    track(client, 1);
    expect(await timeOf(() => client.flush())).toBeLessThan(5_000);
    await until(() => server.uploads.filter(({ ids }) => ids.some((id) => old.has(id))).length > 1);
    track(client, 1);
    expect(await timeOf(() => client.flush())).toBeLessThan(5_000);
    expect(client.status().delivered).toBe(2);
    expect(idsIn(spool)).toHaveLength(300);
  });

  it('of what is on disk ends while others go on tracking', async () => {
    const { server, spool } = deliveries;
    const left = clientOf({ spool });
    const ids = track(left, 50);
    left.save();
    server.always({ status: 200, takes: true, delay: 30 });
    const client = clientOf({ spool });
    meanwhile(() => track(client, 5));
    expect(await timeOf(() => client.sendSpooled(8_000))).toBeLessThan(5_000);
    expect(ids.every((id) => server.taken.has(id))).toBe(true);
  });

  it('ends when everything was put on disk meanwhile', async () => {
    const { server, spool } = deliveries;
    server.always('hang');
    const client = clientOf({ spool });
    const ids = track(client, 3);
    const flush = client.flush();
    await until(() => server.uploads.length === 1);
    client.save();
    expect(await timeOf(() => flush)).toBeLessThan(5_000);
    expect(idsIn(spool).sort()).toEqual([...ids].sort());
  });

  it('waits for the answer to what is on disk for safety only', async () => {
    const { server, spool } = deliveries;
    server.always({ status: 200, takes: true, delay: 300 });
    const client = clientOf({ spool, durability: 'always' });
    track(client, 3);
    const flush = client.flush();
    await until(() => server.uploads.length === 1);
    await wait(100);
    expect(idsIn(spool)).toHaveLength(3);
    await flush;
    expect(client.status()).toMatchObject({ delivered: 3, pending: 0 });
    await until(() => idsIn(spool).length === 0);
  });
});

describe('the flush of a handle with a spool', () => {
  it('ends while the client of the application fails, and others go on', async () => {
    const client = {
      track: () => wait(20).then(() => ({ code: 500 })),
      flush: () => undefined,
    };
    const handle = enableLlmTracing(client, { ...quiet, spool: deliveries.spool });
    meanwhile(ask);
    await wait(200);
    await ask();
    expect(await timeOf(() => handle.flush(8_000))).toBeLessThan(4_000);
    expect(idsIn(deliveries.spool).length).toBeGreaterThan(0);
  });

  it('ends when those that failed twice are on disk, where others of them did not', async () => {
    const known = new Set<string>();
    let again = 0;
    const client = {
      track(event: unknown) {
        const { insert_id: id } = event as LlmEvent;
        const fails = !known.has(id) || again++ % 2 === 0;
        known.add(id);
        return Promise.resolve({ code: fails ? 500 : 200 });
      },
      flush: () => undefined,
    };
    const handle = enableLlmTracing(client, { ...quiet, spool: deliveries.spool });
    await Promise.all(Array.from({ length: 10 }, ask));
    await handle.flush();
    expect(idsIn(deliveries.spool)).toHaveLength(5);
  });
});
