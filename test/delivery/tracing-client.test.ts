import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createTracingClient, type TracingClient } from '../../src/delivery/tracing-client';
import type { TracingClientOptions } from '../../src/delivery/client-options';
import type { LlmEvent } from '../../src/types';
import { startFaultServer, type FaultServer } from './fault-server';

let server: FaultServer;
let spool: string;
let count = 0;
const clients: TracingClient[] = [];

beforeEach(async () => {
  server = await startFaultServer();
  spool = mkdtempSync(join(tmpdir(), 'outbox-'));
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

function event(more: Partial<LlmEvent> = {}): LlmEvent {
  return {
    event_type: 'llm_operation',
    event_properties: { model: 'gpt-5' },
    time: Date.now(),
    insert_id: `event-${count++}`,
    device_id: 'device-1',
    ...more,
  };
}

/** Tracks so many events, and gives their ids. */
function track(client: TracingClient, many: number, more: Partial<LlmEvent> = {}): string[] {
  return Array.from({ length: many }, () => {
    const one = event(more);
    client.track(one);
    return one.insert_id;
  });
}

function files(): string[] {
  return readdirSync(spool, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'));
}

async function until(isTrue: () => boolean, limit = 8_000): Promise<void> {
  const end = Date.now() + limit;
  while (!isTrue() && Date.now() < end) await wait(5);
  expect(isTrue()).toBe(true);
}

describe('a tracing client', () => {
  it('delivers what it is given, in batches, compressed', async () => {
    const client = clientOf();
    const ids = track(client, 450);
    await client.flush();
    expect([...server.taken].sort()).toEqual([...ids].sort());
    expect(server.uploads.length).toBeLessThanOrEqual(4);
    expect(server.uploads.every(({ isCompressed, apiKey }) => isCompressed && apiKey === 'a-key')).toBe(true);
    expect(client.status()).toEqual({ delivered: 450, pending: 0, onDisk: 0, dropped: {} });
  });

  it('delivers without being asked', async () => {
    track(clientOf(), 1);
    await until(() => server.taken.size === 1);
  });

  it.each<[string, Parameters<FaultServer['next']>]>([
    ['500', [{ status: 500 }]],
    ['503 and a page', [{ status: 503, headers: { 'content-type': 'text/html' } }]],
    ['408', [{ status: 408 }]],
    ['a reset connection', ['reset']],
    ['429', [{ status: 429, headers: { 'retry-after': '0.05' } }]],
    ['several of them', [{ status: 500 }, 'reset', { status: 502 }]],
  ])('sends again after %s, and nothing twice', async (_what, behaviours) => {
    server.next(...behaviours);
    const client = clientOf();
    const ids = track(client, 30);
    await client.flush();
    await until(() => server.taken.size === ids.length);
    expect(server.twice()).toBe(0);
    expect(client.status().dropped).toEqual({});
  });

  it('waits as long as the server asks', async () => {
    server.next({ status: 429, headers: { 'retry-after': '1' } });
    const client = clientOf();
    track(client, 3);
    const start = Date.now();
    await client.flush();
    expect(Date.now() - start).toBeGreaterThan(900);
    expect(server.taken.size).toBe(3);
  });

  it('halves what is too large, and remembers nothing of it', async () => {
    server.always(({ ids }) => (ids.length > 10 ? { status: 413 } : 'take'));
    const client = clientOf();
    const ids = track(client, 35);
    await client.flush();
    expect(server.taken.size).toBe(ids.length);
    server.always('take');
    track(client, 35);
    await client.flush();
    expect(server.uploads.at(-1)?.ids).toHaveLength(35);
  });

  it('takes exactly those out that the server names, and sends the rest', async () => {
    server.next({ status: 400, body: { events_with_invalid_fields: { time: [1, 3] }, silenced_events: [4] } });
    const client = clientOf();
    const ids = track(client, 6);
    await client.flush();
    expect([...server.taken]).toEqual([0, 2, 5].map((at) => ids[at]));
    expect(client.status()).toEqual({ delivered: 3, pending: 0, onDisk: 0, dropped: { refused: 3 } });
  });

  it('finds the one that is refused where the server does not name it', async () => {
    let bad = '';
    server.always(({ ids }) => (ids.includes(bad) ? { status: 400, body: { error: 'something' } } : 'take'));
    const client = clientOf();
    const ids = track(client, 20);
    bad = ids[13] ?? '';
    await client.flush();
    expect([...server.taken].sort()).toEqual(ids.filter((id) => id !== bad).sort());
    expect(client.status().dropped).toEqual({ refused: 1 });
  });

  it('sends as it is what the server can not read compressed', async () => {
    server.always(({ isCompressed }) => (isCompressed ? { status: 400, body: { error: 'Invalid JSON' } } : 'take'));
    const client = clientOf();
    track(client, 20);
    await client.flush();
    expect(server.taken.size).toBe(20);
    track(client, 20);
    await client.flush();
    expect(server.uploads.map(({ isCompressed }) => isCompressed)).toEqual([true, false, false]);
  });

  it('stops at a key that the server does not know', async () => {
    server.always({ status: 400, body: { error: 'Invalid API key: a-key' } });
    const client = clientOf();
    track(client, 5);
    await client.flush();
    track(client, 5);
    await client.flush();
    expect(server.uploads).toHaveLength(1);
    expect(client.status()).toEqual({ delivered: 0, pending: 0, onDisk: 0, dropped: { invalid_api_key: 10 } });
  });

  it('keeps no more in memory than it may, and drops the oldest, counted', async () => {
    server.always('hang');
    const client = clientOf({ maxEvents: 100, timeout: 300, connections: 1, flushSize: 10 });
    const ids = track(client, 500);
    expect(client.status().pending).toBeLessThanOrEqual(100);
    server.always('take');
    await client.flush();
    const { delivered, dropped } = client.status();
    expect(delivered + (dropped['queue_full'] ?? 0)).toBe(500);
    expect(server.taken.has(ids.at(-1) ?? '')).toBe(true);
    expect(delivered).toBeGreaterThanOrEqual(100);
  });

  it('resolves a flush at its limit, however the server is', async () => {
    server.always('hang');
    const client = clientOf();
    track(client, 1);
    const start = Date.now();
    await client.flush(50);
    expect(Date.now() - start).toBeLessThan(5_000);
  });

  it.each<[string, unknown]>([
    ['a BigInt', 1n],
    ['a cycle', cycle()],
    ['a function', () => 1],
  ])('takes an event with %s', async (_what, value) => {
    const client = clientOf();
    client.track(event({ event_properties: { model: 'gpt-5', value: value as never } }));
    await client.flush();
    expect(server.taken.size).toBe(1);
  });

  it('drops an event that is too large for any server, and sends the others', async () => {
    const client = clientOf();
    track(client, 1, { event_properties: { text: 'x'.repeat(300_000) } });
    track(client, 1);
    await client.flush();
    expect(client.status()).toEqual({ delivered: 1, pending: 0, onDisk: 0, dropped: { too_large: 1 } });
  });
});

describe('a tracing client with a spool', () => {
  it('keeps an outage on disk, and delivers it when it is over', async () => {
    server.always({ status: 503 });
    const client = clientOf({ spool, maxEvents: 100 });
    const ids = track(client, 1_000);
    await until(() => client.status().pending === 0);
    expect(files().length).toBeGreaterThan(0);
    expect(client.status().dropped).toEqual({});
    server.always('take');
    await until(() => server.taken.size === ids.length);
    await until(() => files().length === 0);
    expect(server.twice()).toBe(0);
  });

  it('is read by nobody else', async () => {
    server.always({ status: 503 });
    const client = clientOf({ spool });
    track(client, 3);
    await until(() => files().length > 0);
    const [folder = ''] = readdirSync(spool);
    expect(statSync(join(spool, folder)).mode & 0o777).toBe(0o700);
    for (const file of files()) expect(statSync(join(spool, file)).mode & 0o777).toBe(0o600);
    expect(folder).not.toContain('a-key');
  });

  it('leaves to the next process what this one could not deliver', async () => {
    server.always('hang');
    const first = clientOf({ spool });
    const ids = track(first, 50);
    await wait(30);
    ids.push(...track(first, 5));
    first.save();
    server.always('take');
    clientOf({ spool });
    await until(() => server.taken.size === ids.length);
    await until(() => files().length === 0);
  });

  it('leaves events of another project alone', async () => {
    const first = clientOf({ spool });
    track(first, 5);
    first.save();
    clients.push(createTracingClient('another-key', { serverUrl: server.url, flushInterval: 20, spool }));
    await wait(200);
    expect(server.uploads).toHaveLength(0);
  });

  it('with durability always has each event on disk at once, and takes it away again', async () => {
    const client = clientOf({ spool, durability: 'always' });
    track(client, 5);
    expect(files()).toHaveLength(1);
    await client.flush();
    expect(server.taken.size).toBe(5);
    expect(files()).toHaveLength(0);
  });

  it('that can not be written does without it', async () => {
    const client = clientOf({ spool: join(spool, 'file', 'folder') });
    rmSync(spool, { recursive: true });
    // Not a folder any more.
    writeFileSync(spool, '');
    server.next({ status: 503 });
    track(client, 5);
    await client.flush();
    expect(server.taken.size).toBe(5);
  });
});

function cycle(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}
