import OpenAI from 'openai';
import { setTimeout } from 'node:timers/promises';
import {
  disableLlmTracing,
  flushLlmTracing,
  llmTracingStatus,
  traceClient,
  trackLlmOperation,
  withLlmContext,
  type LlmEvent,
} from '../src';
import { startProviderServer, type ProviderServer } from './support/start-provider';

let server: ProviderServer;
let events: LlmEvent[];
const client = { track: (event: LlmEvent) => void events.push(event) };
const byHand = (): void => trackLlmOperation(client, { provider: 'acme', model: 'acme-1' });

beforeAll(async () => {
  server = await startProviderServer();
});
afterAll(() => server.close());
beforeEach(() => {
  events = [];
});
afterEach(() => disableLlmTracing());

describe('an event by hand, without a session', () => {
  it('is drawn by the rate of its context, with the others of its trace', () => {
    const before = llmTracingStatus().counters.dropped['not_sampled'] ?? 0;
    withLlmContext({ sampleRate: 0 }, () => {
      byHand();
      withLlmContext({ sampleRate: 1 }, byHand);
    });
    expect(events).toEqual([]);
    expect(llmTracingStatus().counters.dropped['not_sampled']).toBe(before + 2);
    for (let at = 0; at < 40; at++) {
      withLlmContext({ sampleRate: 0.5, properties: { at } }, () => {
        byHand();
        withLlmContext({}, byHand);
      });
    }
    const counts = Array.from({ length: 40 }, (_, at) => events.filter((event) => event.event_properties['at'] === at));
    expect(new Set(counts.map(({ length }) => length))).toEqual(new Set([0, 2]));
  });

  it('is there or not with the call of a traced client before it', async () => {
    const openai = traceClient(new OpenAI({ apiKey: 'k', baseURL: `${server.url}/v1` }), {
      ...{ client, noWarning: true, userId: 'user-1', sampleRate: 0.5 },
    });
    for (let at = 0; at < 40; at++) {
      await withLlmContext({ properties: { at } }, async () => {
        await openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: 'hello' }] });
        byHand();
      });
    }
    await flushLlmTracing();
    await setTimeout(50);
    const counts = Array.from({ length: 40 }, (_, at) => events.filter((event) => event.event_properties['at'] === at));
    expect(new Set(counts.map(({ length }) => length))).toEqual(new Set([0, 2]));
  });

  it('is always there where nobody said a rate', () => {
    for (let at = 0; at < 20; at++) withLlmContext({}, byHand);
    expect(events).toHaveLength(20);
  });
});
