import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import OpenAI from 'openai';
import { createTracingClient, disableLlmTracing, enableLlmTracing, llmTracingStatus, traceClient } from '../../src';
import type { TracingClientOptions } from '../../src/delivery/client-options';
import type { TracingClient } from '../../src/delivery/tracing-client';
import { sharedState } from '../../src/shared-state';
import { startFaultServer, type FaultServer } from './fault-server';

let server: FaultServer;
let spool: string;
let count = 0;
let said: string[];
const clients: TracingClient[] = [];

beforeEach(async () => {
  server = await startFaultServer();
  spool = mkdtempSync(join(tmpdir(), 'told-'));
  said = [];
  Object.assign(sharedState(), { saidWrongKey: undefined, isHeard: undefined });
  jest.spyOn(process.stderr, 'write').mockImplementation((line) => said.push(String(line)) > 0);
});
afterEach(async () => {
  disableLlmTracing();
  for (const client of clients.splice(0)) client.save();
  await server.close();
  rmSync(spool, { recursive: true, force: true });
  jest.restoreAllMocks();
});

function clientOf(options: TracingClientOptions = {}, key = 'a-key'): TracingClient {
  const client = createTracingClient(key, { serverUrl: server.url, ...options });
  clients.push(client);
  return client;
}

function track(client: TracingClient, many = 1): void {
  for (let index = 0; index < many; index++) {
    const insert_id = `event-${count++}`;
    client.track({ event_type: 'x', event_properties: {}, time: Date.now(), insert_id, device_id: 'device-1' });
  }
}

describe('that a key is wrong', () => {
  const wrong = { status: 400, body: { error: 'Invalid API key: a-key' } } as const;
  const tryTwo = async (): Promise<void> => {
    server.always(wrong);
    for (const key of ['a-key', 'b-key']) {
      const client = clientOf({}, key);
      track(client);
      await client.flush();
      expect(client.status().dropped).toEqual({ invalid_api_key: 1 });
    }
  };

  it('is said once, where nobody listens', async () => {
    await tryTwo();
    expect(said).toEqual([expect.stringMatching(/^\[llm-trace\] .* API key/)]);
  });

  it('is said once where tracing is enabled, and nobody listens', async () => {
    enableLlmTracing(clientOf(), { noWarning: true, providers: [] });
    await tryTwo();
    expect(said).toHaveLength(1);
    expect(llmTracingStatus().lastError).toContain('API key');
  });

  it('is told to who listens, and not said', async () => {
    const told: string[] = [];
    const onError = (error: unknown): void => void told.push(String(error));
    enableLlmTracing(clientOf(), { noWarning: true, providers: [], onError });
    await tryTwo();
    expect(said).toEqual([]);
    expect(told).toEqual([expect.stringContaining('API key'), expect.stringContaining('API key')]);
  });
});

describe('the status of tracing', () => {
  it('says what became of the events of a client of ours', async () => {
    const client = clientOf();
    enableLlmTracing(client, { noWarning: true, providers: [] });
    expect(llmTracingStatus().delivery).toEqual({ delivered: 0, pending: 0, onDisk: 0, dropped: {} });
    track(client, 3);
    expect(llmTracingStatus().delivery).toMatchObject({ pending: 3 });
    await client.flush();
    expect(llmTracingStatus().delivery).toEqual({ delivered: 3, pending: 0, onDisk: 0, dropped: {} });
  });

  it('adds up several of them, each once', async () => {
    const [one, other] = [clientOf(), clientOf({}, 'b-key')];
    enableLlmTracing(one, { noWarning: true, providers: [] });
    for (const client of [one, other, other]) traceClient(new OpenAI({ apiKey: 'k' }), { client });
    track(one, 2);
    track(other, 3);
    await Promise.all([one.flush(), other.flush()]);
    expect(llmTracingStatus().delivery).toMatchObject({ delivered: 5 });
  });

  it('says nothing of a client of the application’s', () => {
    enableLlmTracing({ track: () => undefined }, { noWarning: true, providers: [] });
    expect(llmTracingStatus()).not.toHaveProperty('delivery');
  });

  it('says how many events lie on disk, and no more when they are delivered', async () => {
    server.always({ status: 503 });
    const client = clientOf({ spool, flushInterval: 20 });
    enableLlmTracing(client, { noWarning: true, providers: [] });
    track(client, 7);
    await client.flush(500);
    expect(llmTracingStatus().delivery).toMatchObject({ delivered: 0, onDisk: 7 });
    server.always('take');
    const end = Date.now() + 10_000;
    while (client.status().delivered < 7 && Date.now() < end) await wait(20).then(() => client.flush(500));
    expect(llmTracingStatus().delivery).toEqual({ delivered: 7, pending: 0, onDisk: 0, dropped: {} });
    expect(readdirSync(spool, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'))).toEqual([]);
  });
});
