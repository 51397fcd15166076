import { once } from 'node:events';
import { createServer, request as requestOf, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import OpenAI from 'openai';
import { startProviderServer, type ProviderServer } from './support/start-provider';
import { traced } from './support/traced-clients';
import { extractLlmContext, injectLlmContext, serializeLlmContext, withLlmContext } from '../src';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const header = `00-${traceId}-b7ad6b7169203331-01`;

describe('a trace over HTTP', () => {
  let provider: ProviderServer;
  let servers: Server[] = [];

  beforeAll(async () => {
    provider = await startProviderServer();
  });
  afterAll(() => provider.close());
  afterEach(() => {
    servers.forEach((server) => server.close());
    servers = [];
  });

  async function serve(answer: (request: IncomingMessage) => Promise<string>): Promise<string> {
    const server = createServer((request, response) => {
      answer(request).then(
        (body) => response.end(body),
        () => response.destroy(),
      );
    });
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  async function ask(): Promise<string> {
    const openai = new OpenAI({ apiKey: 'k', baseURL: `${provider.url}/v1`, maxRetries: 0 });
    const { choices } = await openai.chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    return choices[0]?.message.content ?? '';
  }

  it.each<[string, (url: string) => Promise<string>]>([
    ['fetch', async (url) => (await fetch(url, { headers: injectLlmContext({}) })).text()],
    ['a Request', async (url) => {
      const request = new Request(url);
      injectLlmContext(request.headers);
      return (await fetch(request)).text();
    }], // prettier-ignore
    ['a request of node:http', async (url) => {
      const request = injectLlmContext(requestOf(url));
      request.end();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      return text(response);
    }], // prettier-ignore
  ])('calls of two services are one trace, by %s', async (...[, send]) => {
    const { events } = await traced(async () => {
      const inner = await serve((request) => withLlmContext(extractLlmContext(request.headers), ask));
      const outer = await serve((request) =>
        withLlmContext(extractLlmContext(request.headers), async () => (await ask()) + (await send(inner))),
      );
      await withLlmContext({ traceId, userId: 'user-1' }, () => send(outer));
    });
    expect(events.map((event) => event['trace_id'])).toEqual([traceId, traceId]);
    expect(events.map((event) => event['parent_span_id'])).toEqual([
      expect.stringMatching(/^[0-9a-f]{16}$/),
      expect.stringMatching(/^[0-9a-f]{16}$/),
    ]);
  });

  it('nobody outside says who the user is, nor lifts what is private', async () => {
    const { sent } = await traced(
      async () => {
        const url = await serve((request) => withLlmContext(extractLlmContext(request.headers), ask));
        const said = { userId: 'somebody-else', privacyMode: false, includePrompts: true };
        const headers = { traceparent: header, 'x-llm-context': serializedWith(said), baggage: 'userId=somebody-else' };
        await (await fetch(url, { headers })).text();
      },
      { privacyMode: true, userId: 'user-of-options' },
    );
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ user_id: 'user-of-options', event_properties: { trace_id: traceId } });
    expect(JSON.stringify(sent)).not.toMatch(/somebody-else|Hi|stand-in/);
  });
});

function serializedWith(told: object): string {
  return withLlmContext(told, serializeLlmContext);
}
