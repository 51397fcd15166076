import { once } from 'node:events';
import { Agent, createServer, request as requestOf, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { context as openTelemetry, ROOT_CONTEXT, trace, type ContextManager } from '@opentelemetry/api';
import {
  llmContextForHono,
  llmContextMiddleware,
  observe,
  serializeLlmContext,
  setLlmContext,
  withLlmContext,
  withLlmRequestContext,
  type LlmContext,
} from '../src';
import { currentPlace } from '../src/context/context';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${spanId}-01`;

afterEach(() => openTelemetry.disable());

describe('the context of a request', () => {
  const brokenHeaders = {
    get headers(): never {
      return fail();
    },
  };
  const run = (headers: Record<string, string>, fromRequest?: () => LlmContext): ReturnType<typeof currentPlace> => {
    let place = {};
    llmContextMiddleware(fromRequest)({ headers }, {}, () => (place = currentPlace()));
    return place;
  };

  it('is of the trace that the application names, whatever the request says', () => {
    expect(run({ traceparent }, () => ({ traceId: 'chat-1' }))).toEqual({ traceId: 'chat-1', spanId: undefined });
  });

  it('is of the trace that OpenTelemetry is in: it read the same header, or did not want to', () => {
    const active = trace.setSpan(
      ROOT_CONTEXT,
      trace.wrapSpanContext({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }),
    );
    const manager: ContextManager = {
      active: () => active,
      with: () => undefined as never,
      bind: () => undefined as never,
      enable: () => manager,
      disable: () => manager,
    };
    openTelemetry.setGlobalContextManager(manager);
    expect(run({ traceparent })).toEqual({ traceId: '1'.repeat(32), spanId: '2'.repeat(16) });
  });

  it('adds to the one of an outer middleware, and stays in its trace', () => {
    let context: unknown;
    const outer = llmContextMiddleware(() => ({ userId: 'user-1', traceId: 'chat-1' }));
    const inner = llmContextMiddleware(() => ({ llmSessionId: 'session-1' }));
    const request = { headers: { traceparent } };
    outer(request, {}, () => inner(request, {}, () => (context = JSON.parse(serializeLlmContext()))));
    expect(context).toMatchObject({ userId: 'user-1', llmSessionId: 'session-1', traceId: 'chat-1' });
  });

  it('stays in the trace of an outer middleware in later turns, too, and in requests of Fastify and Hono', async () => {
    const node = { headers: { traceparent } };
    for (const request of [node, { raw: node, headers: node.headers }, { req: { raw: node } }]) {
      const places = await new Promise((resolve) => {
        const middleware = llmContextMiddleware(undefined, { traceparent: false });
        middleware(request, {}, () => {
          const outer = currentPlace();
          setImmediate(() => llmContextMiddleware()(node, {}, () => resolve([outer, currentPlace()])));
        });
      });
      const [outer, inner] = places as unknown[];
      expect(outer).toEqual({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string, spanId: undefined });
      expect(inner).toEqual(outer);
    }
  });

  it('is of the observed function around the handler, and not of the one that the program runs in', async () => {
    const handle = withLlmRequestContext((request: Request) => [request.url, currentPlace()]);
    const request = new Request('http://127.0.0.1/', { headers: { traceparent } });
    let outer = {};
    const answer = observe((given: Request) => {
      outer = currentPlace();
      return handle(given);
    });
    expect(answer(request)).toEqual([request.url, outer]);
    const later = await observe(async () => {
      await new Promise(setImmediate);
      return handle(request);
    })();
    expect(later).toEqual([request.url, { traceId, spanId }]);
  });

  // `enterWith` in a listener of a server holds for the next request of the connection (Node 20 and 22).
  it.each(['/handler', '/middleware'])('has no part of what was set in %s of a request before', async (path) => {
    const set = (on: string, request: IncomingMessage): void => {
      if (request.url === on) setLlmContext({ userId: 'user-1' });
    };
    const middleware = llmContextMiddleware((request: IncomingMessage) => void set('/middleware', request));
    const server = createServer((request, response) => {
      middleware(request, response, () => {
        set('/handler', request);
        response.end(serializeLlmContext());
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async (url: string): Promise<string> => {
      const options = { host: '127.0.0.1', port: (server.address() as AddressInfo).port, path: url, agent };
      const [response] = (await once(requestOf(options).end(), 'response')) as [IncomingMessage];
      return text(response);
    };
    const answers = [await ask(path), await ask('/next')];
    agent.destroy();
    server.close();
    expect(answers).toEqual([expect.stringContaining('user-1'), expect.not.stringContaining('user-1')]);
  });

  it('ends with the request', () => {
    run({}, () => ({ userId: 'user-1' }));
    expect(serializeLlmContext()).toBe('{}');
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['an empty object', {}],
    ['a number', 7],
    ['one without headers', { headers: null }],
    ['one whose headers throw', brokenHeaders],
  ])('is there for a request that is %s, too', (...[, request]) => {
    const next = jest.fn();
    llmContextMiddleware()(request, undefined, next);
    expect(next.mock.calls).toEqual([[]]);
  });

  it('leaves nothing to be seen on requests and responses', () => {
    const request = Object.assign(Object.create({ emit: () => true }) as object, { headers: {} });
    const response = Object.assign(Object.create({ emit: () => true }) as object, { locals: {} });
    const next = jest.fn();
    llmContextMiddleware()(request, response, next);
    expect(next).toHaveBeenCalledTimes(1);
    expect([Object.keys(request), Reflect.ownKeys(response)]).toEqual([['headers'], ['locals']]);
  });
});

describe('what a request emits', () => {
  class Request {
    readonly headers = {};
    emit(...args: unknown[]): unknown[] {
      return [this, JSON.parse(serializeLlmContext()), ...args];
    }
  }

  it('runs in the context of the request, with the same object and arguments', () => {
    const request = new Request();
    llmContextMiddleware(() => ({ userId: 'user-1' }))(request, {}, () => undefined);
    const [self, context, ...args] = request.emit('data', 1);
    expect(self).toBe(request);
    expect(context).toMatchObject({ userId: 'user-1' });
    expect(args).toEqual(['data', 1]);
  });

  it('runs in the context further inside, where there is one', () => {
    const request = new Request();
    llmContextMiddleware(() => ({ userId: 'user-1' }))(request, {}, () => {
      const [, context] = withLlmContext({ llmSessionId: 'session-1' }, () => request.emit('end'));
      expect(context).toMatchObject({ userId: 'user-1', llmSessionId: 'session-1' });
    });
    expect.assertions(1);
  });

  it('is left alone where it can not be replaced', () => {
    const request = Object.freeze(new Request());
    const next = jest.fn();
    llmContextMiddleware()(request, {}, next);
    expect(next).toHaveBeenCalledTimes(1);
  });
});

describe('withLlmRequestContext', () => {
  it('is the same function otherwise', async () => {
    const answer = new Response('x');
    const handlers = {
      name: 'handlers',
      GET(this: { name: string }, request: Request, { id }: { id: number }): Response | string {
        return this.name === 'handlers' && request.method === 'GET' && id === 7 ? answer : 'not so';
      },
    };
    const wrapped = { ...handlers, GET: withLlmRequestContext(handlers.GET) };
    expect(wrapped.GET(new Request('http://127.0.0.1/'), { id: 7 })).toBe(answer);
    expect([wrapped.GET.name, wrapped.GET.length]).toEqual(['GET', 2]);
    const configured = Object.assign(() => 'x', { config: { runtime: 'nodejs' } });
    expect(withLlmRequestContext(configured).config).toBe(configured.config);
    await answer.text();
  });

  it('throws what the handler throws, in the same turn', () => {
    const error = new Error('broken');
    const thrower: (request: Request) => string = () => {
      throw error;
    };
    expect(() => withLlmRequestContext(thrower)(new Request('http://127.0.0.1/'))).toThrow(error);
  });

  it('gives a promise where the context is one', async () => {
    const handle = withLlmRequestContext(
      (request: Request) => `${request.method} ${serializeLlmContext()}`,
      (request) => Promise.resolve({ userId: request.url }),
    );
    const result = handle(new Request('http://127.0.0.1/'));
    expect(result).toBeInstanceOf(Promise);
    await expect(result).resolves.toMatch(/^GET .*"userId":"http:\/\/127\.0\.0\.1\/"/);
  });
});

describe('wrong arguments at start-up are TypeErrors', () => {
  it.each<[() => unknown, RegExp]>([
    [() => llmContextMiddleware({} as never), /llmContextMiddleware: fromRequest must be a function/],
    [() => llmContextForHono('x' as never), /llmContextForHono: fromRequest must be a function/],
    [() => llmContextMiddleware(undefined, { traceparent: 'no' as never }), /traceparent must be true or false/],
    [
      () => llmContextMiddleware(undefined, { traceParent: false } as never),
      /traceParent is not one of the options traceparent/,
    ],
    [() => llmContextMiddleware(undefined, null as never), /options must be an object/],
    [() => withLlmRequestContext(undefined as never), /withLlmRequestContext: handler must be a function/],
    [() => withLlmRequestContext(() => 'x', 7 as never), /withLlmRequestContext: fromRequest must be a function/],
  ])('%p', (make, message) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });
});

function fail(): never {
  throw new Error('broken');
}
