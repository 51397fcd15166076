import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { TracingClientOptions } from '../../src/delivery/client-options';
import { createTracingClient, type TracingClient } from '../../src/delivery/tracing-client';
import type { LlmEvent } from '../../src/types';
import { startFaultServer, type FaultServer } from './fault-server';

/** What each test of a delivery has for itself. */
export interface Deliveries {
  server: FaultServer;
  /** A folder. */
  spool: string;
  clientOf(options?: TracingClientOptions): TracingClient;
}

/** A server, a folder, and clients that are ended, around each test of a file. */
export function aroundEach(): Deliveries {
  const clients: TracingClient[] = [];
  const deliveries = { clientOf } as Deliveries;
  beforeEach(async () => {
    deliveries.server = await startFaultServer();
    deliveries.spool = mkdtempSync(join(tmpdir(), 'deliveries-'));
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.save();
    await deliveries.server.close();
    rmSync(deliveries.spool, { recursive: true, force: true });
  });
  return deliveries;

  function clientOf(options: TracingClientOptions = {}): TracingClient {
    const client = createTracingClient('a-key', {
      serverUrl: deliveries.server.url,
      flushInterval: 20,
      ...options,
    });
    clients.push(client);
    return client;
  }
}

let count = 0;

export function eventOf(more: Partial<LlmEvent> = {}): LlmEvent {
  const insert_id = `delivery-${count++}`;
  return { event_type: 'llm_operation', event_properties: {}, time: Date.now(), insert_id, device_id: 'one', ...more };
}

/** Tracks so many events, and gives their ids. */
export function track(client: TracingClient, many: number, more: Partial<LlmEvent> = {}): string[] {
  return Array.from({ length: many }, () => {
    const event = eventOf(more);
    client.track(event);
    return event.insert_id;
  });
}

export async function until(isTrue: () => boolean, limit = 8_000): Promise<void> {
  const end = Date.now() + limit;
  while (!isTrue() && Date.now() < end) await wait(5);
  expect(isTrue()).toBe(true);
}

export function idsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(jsonl|held)$/.test(name))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
    .map((line) => (JSON.parse(line) as { insert_id: string }).insert_id);
}
