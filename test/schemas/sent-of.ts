import * as amplitude from '@amplitude/analytics-node';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { setImmediate } from 'node:timers/promises';
import { disableLlmTracing, enableLlmTracing, type LlmEvent, type LlmTracingOptions } from '../../src';
import {
  startAmplitudeServer,
  startProviderServer,
  type AmplitudeServer,
  type ProviderServer,
} from '../loading/stand-ins';

let provider: ProviderServer;
let server: AmplitudeServer;

/** The stand-ins, for the tests of one file. */
export function useServers(): void {
  beforeAll(async () => {
    provider = await startProviderServer();
  });

  afterAll(() => provider.close());

  beforeEach(async () => {
    server = await startAmplitudeServer();
  });

  afterEach(() => server.close());
}

/** @param fault - what the stand-in is to do wrong, as the first part of its path. */
export function openaiClient(fault = ''): OpenAI {
  return new OpenAI({ apiKey: 'k', baseURL: `${provider.url}${fault}/v1`, maxRetries: 0 });
}

export function anthropicClient(fault = ''): Anthropic {
  return new Anthropic({ apiKey: 'k', baseURL: `${provider.url}${fault}`, maxRetries: 0 });
}

export interface Sent {
  readonly events: readonly LlmEvent[];
  /** What was counted meanwhile. */
  readonly operations: number;
  readonly tracked: number;
  readonly dropped: Readonly<Record<string, number>>;
}

/** Runs calls with the real SDKs, and hands on what became of them through the real client. */
export async function sentOf(options: LlmTracingOptions, run: () => unknown): Promise<Sent> {
  const client = amplitude.createInstance();
  await client.init('a-key', { serverUrl: server.url, flushIntervalMillis: 100, logLevel: 0 }).promise;
  const modules = { openai: OpenAI, anthropic: Anthropic };
  const handle = enableLlmTracing(client, { noWarning: true, modules, userId: 'user-1', ...options });
  const before = structuredClone(handle.status().counters);
  const from = server.events.length;
  try {
    await run();
    await setImmediate();
    await handle.flush();
    // Its timeline takes one event a turn: what it has not seen yet, no flush of it can send.
    const until = Date.now() + 20_000;
    const missing = (): number => handle.status().counters.tracked - before.tracked - (server.events.length - from);
    while (missing() > 0 && server.refused.length === 0 && Date.now() < until) {
      await client.flush().promise;
      await setImmediate();
    }
  } finally {
    disableLlmTracing();
  }
  const { operations, tracked, dropped, internalErrors } = handle.status().counters;
  expect([server.refused, internalErrors - before.internalErrors]).toEqual([[], 0]);
  const news = Object.entries(dropped).filter(([reason, count]) => count !== before.dropped[reason]);
  return {
    events: server.events.slice(from) as unknown as LlmEvent[],
    operations: operations - before.operations,
    tracked: tracked - before.tracked,
    dropped: Object.fromEntries(news.map(([reason, count]) => [reason, count - (before.dropped[reason] ?? 0)])),
  };
}

export const typesOf = ({ events }: Sent): string[] => events.map((event) => event.event_type);

export function propertiesOf({ events }: Sent, type: string): LlmEvent['event_properties'][] {
  return events.filter((event) => event.event_type === type).map((event) => event.event_properties);
}

export const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: {} } }];
export const hello = { model: 'gpt-5', messages: [{ role: 'user' as const, content: 'hello' }] };

export const chat = (): PromiseLike<unknown> => openaiClient().chat.completions.create(hello);

export async function drain(stream: PromiseLike<AsyncIterable<unknown>>): Promise<void> {
  for await (const chunk of await stream) void chunk;
}
