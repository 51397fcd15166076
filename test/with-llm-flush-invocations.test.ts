import OpenAI from 'openai';
import { disableLlmTracing, enableLlmTracing, traceClient, withLlmFlush, type LlmEvent } from '../src';
import { startProviderServer } from './support/start-provider';

let provider: Awaited<ReturnType<typeof startProviderServer>>;
let openai: OpenAI;
let sent: LlmEvent[];
let tracked: LlmEvent[];

const client = {
  track: (event: LlmEvent) => void tracked.push(event),
  flush: () => Promise.resolve(void sent.push(...tracked.splice(0))),
};

beforeAll(async () => {
  provider = await startProviderServer();
});
afterAll(() => provider.close());
beforeEach(() => {
  [sent, tracked] = [[], []];
  openai = new OpenAI({ apiKey: 'k', baseURL: `${provider.url}/v1`, maxRetries: 0 });
});
afterEach(() => disableLlmTracing());

/** A stream that is open until somebody reads it. */
async function open(): Promise<{ toReadableStream(): ReadableStream; controller: AbortController }> {
  const messages = [{ role: 'user' as const, content: 'Hi' }];
  return openai.chat.completions.create({ model: 'gpt-5', messages, stream: true });
}

async function until(isTrue: () => boolean): Promise<void> {
  const end = Date.now() + 5_000;
  while (!isTrue() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isTrue()).toBe(true);
}

const ask = (): Promise<unknown> =>
  openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: 'Hi' }] });

describe('of several invocations at a time (Vercel Fluid, Cloud Run), one', () => {
  beforeEach(() => {
    enableLlmTracing(client, { noWarning: true, modules: { openai: OpenAI } });
  });

  it.each(['an answer', 'a Response'])('waits for its own calls only, with %s', async (what) => {
    const work: Promise<unknown>[] = [];
    const options = what === 'an answer' ? {} : { waitUntil: (promise: Promise<unknown>) => work.push(promise) };
    let other: Awaited<ReturnType<typeof open>> | undefined;
    const slow = withLlmFlush(async () => {
      other = await open();
      return new Response(other.toReadableStream());
    });
    const quick = withLlmFlush(async () => {
      await ask();
      return Response.json({});
    }, options);
    // The other one begins while this one goes on.
    const answered = quick();
    const response = await slow();
    await answered;
    await Promise.all(work);
    expect(sent).toHaveLength(1);
    await response.text();
    await until(() => sent.length === 2);
  });

  it('waits for a stream that a handler within it has begun', async () => {
    const inner = withLlmFlush(async () => new Response((await open()).toReadableStream()));
    const work: Promise<unknown>[] = [];
    const outer = withLlmFlush(() => inner(), { waitUntil: (promise) => work.push(promise) });
    const response = await outer();
    let isFree = false;
    void Promise.all(work).then(() => (isFree = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([isFree, sent.length]).toEqual([false, 0]);
    await response.text();
    await Promise.all(work);
    expect(sent).toHaveLength(1);
  });
});

it('a client that is traced by itself is waited for like any other', async () => {
  traceClient(openai, { client, noWarning: true });
  const work: Promise<unknown>[] = [];
  const handle = withLlmFlush(async () => new Response((await open()).toReadableStream()), {
    waitUntil: (promise) => work.push(promise),
  });
  const response = await handle();
  const reading = response.text();
  await Promise.all(work);
  expect(sent).toHaveLength(1);
  await reading;
});
