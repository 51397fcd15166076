import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sharedState } from '../../src/shared-state';
import { createTracingClient, type TracingClient } from '../../src/delivery/tracing-client';
import type { TracingClientOptions } from '../../src/delivery/client-options';
import { startFaultServer, type Behaviour, type FaultServer, type Upload } from './fault-server';

let server: FaultServer;
let spool: string;
let count = 0;
const clients: TracingClient[] = [];

beforeEach(async () => {
  server = await startFaultServer();
  spool = mkdtempSync(join(tmpdir(), 'trouble-'));
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.save();
  await server.close();
  rmSync(spool, { recursive: true, force: true });
});

function clientOf(options: TracingClientOptions = {}): TracingClient {
  const client = createTracingClient('a-key', { serverUrl: server.url, flushInterval: 20, ...options });
  clients.push(client);
  return client;
}

/** Tracks so many events, and gives their ids. */
function track(client: TracingClient, many: number, ids: readonly string[] = [], text = ''): string[] {
  return Array.from({ length: many }, (_, index) => {
    const id = ids[index] ?? `event-${count++}`;
    client.track({
      event_type: 'llm_operation',
      event_properties: { text },
      time: Date.now(),
      insert_id: id,
      device_id: 'device-1',
    });
    return id;
  });
}

async function until(isTrue: () => boolean, limit = 8_000): Promise<void> {
  const end = Date.now() + limit;
  while (!isTrue() && Date.now() < end) await wait(5);
  expect(isTrue()).toBe(true);
}

function idsOnDisk(): string[] {
  return readdirSync(spool, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('.'))
    .flatMap((name) => readFileSync(join(spool, name), 'utf8').trim().split('\n'))
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { insert_id: string }).insert_id);
}

const page: Behaviour = { status: 200, page: '<html>Please sign in to the network.</html>' };

describe('a tracing client in trouble', () => {
  it('does not take the page of a portal for a delivery, whatever its status says', async () => {
    server.next(page, { ...page, status: 400 }, { ...page, status: 403 });
    const client = clientOf();
    track(client, 5);
    await client.flush();
    expect(server.taken.size).toBe(5);
    expect(client.status()).toEqual({ delivered: 5, pending: 0, onDisk: 0, dropped: {} });
  });

  it('does not send the same again and again because of positions that there are not', async () => {
    server.always({ status: 400, body: { events_with_invalid_fields: { time: [99] } } });
    const client = clientOf();
    track(client, 4);
    await client.flush(1_000);
    expect(server.uploads.length).toBeLessThan(10);
    expect(client.status()).toEqual({ delivered: 0, pending: 0, onDisk: 0, dropped: { refused: 4 } });
  });

  it('waits longer for a server that takes everything and answers late', async () => {
    server.always({ status: 200, takes: true, delay: 350 });
    const client = clientOf({ timeout: 200 });
    track(client, 10);
    await client.flush();
    track(client, 10);
    await client.flush();
    expect(client.status()).toEqual({ delivered: 20, pending: 0, onDisk: 0, dropped: {} });
    // The second time it knew.
    expect(server.uploads).toHaveLength(3);
  });

  it('sends the others where one never gets through (a firewall that does not like its text)', async () => {
    server.always(({ ids }) => (ids.includes('poison') ? { status: 403 } : 'take'));
    const client = clientOf();
    track(client, 1, ['poison']);
    await until(() => server.uploads.length > 0);
    track(client, 5);
    await until(() => client.status().delivered === 5);
    expect(server.taken.size).toBe(5);
    expect(client.status()).toMatchObject({ delivered: 5, pending: 1, dropped: {} });
  });

  it('waits with all of its connections where the server asks on one of them', async () => {
    const limited: Behaviour = { status: 429, headers: { 'retry-after': '1' } };
    server.next(limited, { status: 200, takes: true, delay: 100 }, { status: 200, takes: true, delay: 200 });
    const client = clientOf({ flushSize: 10 });
    track(client, 30);
    await until(() => server.uploads.length === 3);
    await wait(300);
    track(client, 10);
    await wait(300);
    expect(server.uploads).toHaveLength(3);
    await client.flush();
    expect(server.taken.size).toBe(40);
  });

  it('comes back soon after connections that were cut all at once', async () => {
    server.next('reset', 'reset', 'reset', 'reset');
    const client = clientOf({ flushSize: 10 });
    track(client, 40);
    const start = Date.now();
    await until(() => server.taken.size === 40);
    // Four failures in a row would be a wait of 2 to 4 s.
    expect(Date.now() - start).toBeLessThan(1_900);
  });

  it('says once that a key is wrong, and has nothing pending after that', async () => {
    const problems: string[] = [];
    sharedState().problem = (_what, error) => problems.push(String(error));
    let isOpen = false;
    server.always(() =>
      isOpen ? { status: 500 } : { status: 400, body: { error: 'Invalid API key: a-key' }, delay: 100 },
    );
    const client = clientOf({ flushSize: 10 });
    track(client, 100);
    await until(() => server.uploads.length === 4);
    isOpen = true;
    await client.flush();
    await until(() => client.status().pending === 0);
    sharedState().problem = undefined;
    expect(client.status()).toEqual({ delivered: 0, pending: 0, onDisk: 0, dropped: { invalid_api_key: 100 } });
    expect(problems.filter((problem) => problem.includes('API key'))).toHaveLength(1);
  });

  it('counts right through every kind of answer', async () => {
    const answers: (Behaviour | ((upload: Upload) => Behaviour))[] = [
      { status: 413 },
      { status: 429, body: { throttled_devices: { 'device-1': 40 } }, headers: { 'retry-after': '0.05' } },
      { status: 400, body: { silenced_events: [0, 2] } },
      'reset',
      { status: 429, body: { throttled_events: [0, 1] }, headers: { 'retry-after': '0.05' } },
      { status: 400, body: { error: 'something' } },
    ];
    server.next(...answers, ...answers);
    for (const options of [{}, { spool }, { spool, durability: 'always' }] as const) {
      const client = clientOf({ ...options, flushSize: 20 });
      track(client, 100);
      await client.flush();
      await until(() => client.status().pending === 0 && idsOnDisk().length === 0);
      const { delivered, dropped } = client.status();
      expect(Object.values(dropped).reduce((sum, count) => sum + count, delivered)).toBe(100);
      client.save();
      expect(client.status().pending).toBe(0);
    }
  });

  it('puts on disk what waits for a connection, not only what is under way (kill -9)', async () => {
    server.always('hang');
    const client = clientOf({ spool, flushSize: 10, connections: 1 });
    const ids = track(client, 50);
    await until(() => idsOnDisk().length === ids.length);
    expect(client.status().pending).toBe(50);
  });

  it('blocks nobody while it writes a megabyte to disk', async () => {
    server.always('hang');
    const client = clientOf({ spool, flushInterval: 60_000 });
    track(client, 900, [], 'x'.repeat(1_000));
    const start = performance.now();
    client.save();
    expect(performance.now() - start).toBeLessThan(500);
    expect(idsOnDisk()).toHaveLength(900);
    await wait(1);
  });

  it('is not used up by an outage, by whatever comes and goes', async () => {
    server.always({ status: 500 });
    const client = clientOf({ maxEvents: 1_000 });
    for (let index = 0; index < 10; index++) {
      track(client, 1_000);
      await wait(5);
    }
    const { pending, dropped, delivered } = client.status();
    expect(pending).toBeLessThanOrEqual(1_000);
    expect(pending + (dropped['queue_full'] ?? 0) + delivered).toBe(10_000);
  });

  it('keeps the last of what it may keep, however little that is', async () => {
    server.always({ status: 500 });
    const client = clientOf({ maxEvents: 200, flushInterval: 60_000 });
    const ids = track(client, 1_000);
    expect(client.status().pending).toBeGreaterThan(100);
    server.always('take');
    await client.flush();
    expect(ids.slice(-100).every((id) => server.taken.has(id))).toBe(true);
  });

  it('can be ended twice, and keeps what comes after it', () => {
    const client = clientOf({ spool });
    const ids = track(client, 3);
    client.save();
    client.save();
    ids.push(...track(client, 2));
    expect(idsOnDisk().sort()).toEqual([...ids].sort());
    expect(client.status()).toEqual({ delivered: 0, pending: 0, onDisk: ids.length, dropped: {} });
  });
});
