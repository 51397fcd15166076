import OpenAI from 'openai';
import { startProviderServer, type ProviderServer } from './support/start-provider';
import { traced } from './support/traced-clients';
import { webServers, type AnyRequest, type Answers, type WebServer } from './support/web-servers';
import { llmTracingStatus, observe, serializeLlmContext, withLlmContext, type LlmContext, type LlmEvent } from '../src';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${spanId}-01`;

let provider: ProviderServer;
let running: WebServer | undefined;

beforeAll(async () => {
  provider = await startProviderServer();
});
afterAll(() => provider.close());
afterEach(async () => {
  await running?.close();
  running = undefined;
});

const answers: Answers = {
  whole: async (prompt) => {
    if (prompt === 'broken') throw new Error('broken');
    const openai = new OpenAI({ apiKey: 'k', baseURL: `${provider.url}/v1`, maxRetries: 0 });
    const { choices } = await openai.chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: prompt }],
    });
    return choices[0]?.message.content ?? '';
  },
  async *pieces(prompt) {
    for (const part of ['first', 'second', 'third']) {
      yield await this.whole(`${prompt} ${part}`);
      // More than a socket takes at once: what follows begins with its `drain`.
      yield 'x'.repeat(200_000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  },
};

async function send(path: string, prompt: string, headers: Record<string, string> = {}): Promise<Response> {
  const body = JSON.stringify({ prompt });
  const response = await fetch(`${running?.url ?? ''}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  await response.text();
  return response;
}

const userOf = (request: AnyRequest): LlmContext => ({ userId: request.header('x-user') });

/** Who made the call, and what was asked. */
function told({ user_id: user, event_properties: { messages } }: LlmEvent): string {
  return `${user}: ${(messages as { content: string }[])[0]?.content ?? ''}`;
}

describe.each(webServers)('%s', (...[, start]) => {
  it('200 requests at once are of 200 users, and each is a trace of its own', async () => {
    running = await start(answers, userOf);
    const users = Array.from({ length: 200 }, (...[, at]) => `user-${at}`);
    const { sent } = await traced(() =>
      Promise.all(users.map((user) => send('/whole', `from ${user}`, { 'x-user': user }))),
    );
    expect(sent.map(told).sort()).toEqual(users.map((user) => `${user}: from ${user}`).sort());
    expect(new Set(sent.map((event) => event.event_properties['trace_id'])).size).toBe(200);
  });

  it('who it is may be found out later', async () => {
    running = await start(answers, async (request) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return userOf(request);
    });
    const users = Array.from({ length: 20 }, (...[, at]) => `user-${at}`);
    const { sent } = await traced(() =>
      Promise.all(users.map((user) => send('/whole', `from ${user}`, { 'x-user': user }))),
    );
    expect(sent.map(told).sort()).toEqual(users.map((user) => `${user}: from ${user}`).sort());
  });

  it('an answer that goes on after the handler has returned keeps its context', async () => {
    running = await start(answers, userOf);
    const users = ['user-1', 'user-2', 'user-3'];
    const { sent } = await traced(() =>
      Promise.all(users.map((user) => send('/pieces', `from ${user}`, { 'x-user': user }))),
    );
    const parts = ['first', 'second', 'third'];
    expect(sent.map(told).sort()).toEqual(
      users.flatMap((user) => parts.map((part) => `${user}: from ${user} ${part}`)).sort(),
    );
    expect(new Set(sent.map((event) => event.event_properties['trace_id'])).size).toBe(3);
  });

  it('the trace goes on that the request comes from', async () => {
    running = await start(answers);
    const { events } = await traced(() => send('/whole', 'Hi', { traceparent }));
    expect(events).toMatchObject([{ trace_id: traceId, parent_span_id: spanId }]);
  });

  it('the trace is another one where requests may not say it', async () => {
    running = await start(answers, userOf, { traceparent: false });
    const { events } = await traced(() => send('/whole', 'Hi', { traceparent }));
    expect(events).toHaveLength(1);
    expect(events[0]?.['trace_id']).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify(events)).not.toMatch(new RegExp(`${traceId}|${spanId}`));
  });

  it.each<[string, (request: AnyRequest) => unknown, number, boolean]>([
    ['throws', () => fail(), 1, false],
    ['rejects', () => Promise.reject(new Error('broken')), 1, false],
    ['gives a string, which may be of the request', (request) => request.header('x-llm-context'), 1, false],
    ['gives a promise of a string', (request) => Promise.resolve(request.header('x-llm-context')), 1, false],
    ['gives a number', () => 7, 1, false],
    ['gives a list', () => ['user-1'], 1, false],
    ['gives an id that can not be one', () => ({ userId: 'me' }), 1, true],
    ['gives nothing', () => undefined, 0, true],
    ['gives null', () => null, 0, true],
  ])('a request goes on where the function %s', async (...[, fromRequest, reported, isOpen]) => {
    running = await start(answers, fromRequest as never);
    const said = withLlmContext({ userId: 'somebody-else', includePrompts: true }, serializeLlmContext);
    const before = llmTracingStatus().counters.internalErrors;
    const { result, sent } = await traced(() => send('/whole', 'Hi', { traceparent, 'x-llm-context': said }));
    expect(result.status).toBe(200);
    expect(sent).toHaveLength(1);
    expect(sent[0]).not.toHaveProperty('user_id');
    expect(sent[0]?.event_properties['trace_id']).toBe(traceId);
    // Who the user is may be what closes it: where nobody can say, no text leaves.
    expect('messages' in (sent[0]?.event_properties ?? {})).toBe(isOpen);
    expect(llmTracingStatus().counters.internalErrors - before).toBe(reported);
  });

  // A program that begins with `observe(main)()`: all requests of all users were one trace, drawn once.
  it.each<[string, (work: () => Promise<WebServer>) => Promise<WebServer>]>([
    ['a context', (work) => withLlmContext({ llmSessionId: 'service', traceId: 'of-the-start' }, work)],
    ['an observed function', (work) => observe(work)()],
  ])('a server that was started inside of %s has a trace for each request', async (where, around) => {
    running = await around(() => start(answers, userOf));
    const users = ['user-1', 'user-2', 'user-3'];
    const { sent, events } = await traced(async () => {
      for (const user of users) await send('/whole', 'Hi', { 'x-user': user });
      await send('/whole', 'Hi', { 'x-user': 'user-4', traceparent });
    });
    expect(sent.map((event) => event.user_id)).toEqual([...users, 'user-4']);
    const ids = events.map((event) => event['trace_id']);
    expect(new Set(ids).size).toBe(4);
    expect(ids).not.toContain('of-the-start');
    expect(events.map((event) => event['parent_span_id'])).toEqual([undefined, undefined, undefined, spanId]);
    expect(ids[3]).toBe(traceId);
    for (const event of events) expect(event['llm_session_id']).toBe(where === 'a context' ? 'service' : undefined);
  });

  it('an error of a handler is the same error to the framework', async () => {
    running = await start(answers, userOf);
    const { result } = await traced(() => send('/whole', 'broken', { 'x-user': 'user-1' }));
    expect(result.status).toBe(500);
  });

  it('nothing is in the way while tracing is off', async () => {
    running = await start(answers, userOf);
    expect((await send('/whole', 'Hi', { 'x-user': 'user-1' })).status).toBe(200);
  });
});

function fail(): never {
  throw new Error('broken');
}
