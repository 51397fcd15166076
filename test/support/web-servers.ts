import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { json as readJson } from 'node:stream/consumers';
import { serve } from '@hono/node-server';
import express from 'express';
import Fastify from 'fastify';
import { Hono, type Context } from 'hono';
import { streamText } from 'hono/streaming';
import {
  llmContextForHono,
  llmContextMiddleware,
  withLlmRequestContext,
  type FromRequest,
  type LlmContextMiddlewareOptions,
} from '../../src';

/** What a server answers with: it is given the text of the body. */
export interface Answers {
  whole(prompt: string): Promise<string>;
  /** Goes on after the handler has returned. */
  pieces(prompt: string): AsyncGenerator<string>;
}

/** Any request, as far as tests ask: `header` gives one of its headers. */
export interface AnyRequest {
  header(name: string): string | undefined;
}

export interface WebServer {
  readonly url: string;
  close(): Promise<void>;
}

type Start = (
  answers: Answers,
  fromRequest?: FromRequest<AnyRequest>,
  options?: LlmContextMiddlewareOptions,
) => Promise<WebServer>;

interface Body {
  prompt: string;
}

/** Servers as people write them: POST `/whole` and `/pieces` with `{ prompt }`. */
export const webServers: readonly (readonly [label: string, start: Start])[] = [
  ['Express, before the body is parsed', (answers, ...context) => startExpress(answers, context, 'before')],
  ['Express, behind the parser', (answers, ...context) => startExpress(answers, context, 'behind')],
  ['Express, with a body that is read by events', (answers, ...context) => startExpress(answers, context, 'by events')],
  ['node:http, as Connect calls it', startConnect],
  ['Fastify, hook onRequest', (answers, ...context) => startFastify(answers, context, 'onRequest')],
  ['Fastify, hook preHandler', (answers, ...context) => startFastify(answers, context, 'preHandler')],
  ['Fastify, with a body that is read by events', (answers, ...context) => startFastify(answers, context, 'by events')],
  ['Hono', startHono],
  ['a fetch handler', startFetch],
];

type Given = [fromRequest?: FromRequest<AnyRequest> | undefined, options?: LlmContextMiddlewareOptions | undefined];

function startExpress(
  answers: Answers,
  [from, options]: Given,
  order: 'before' | 'behind' | 'by events',
): Promise<WebServer> {
  const app = express();
  const middleware = llmContextMiddleware(from && ((request: express.Request) => from(ofNode(request))), options);
  if (order === 'behind') app.use(express.json(), middleware);
  else app.use(middleware);
  if (order === 'before') app.use(express.json());
  if (order === 'by events') {
    app.use((request, _response, next) => {
      let text = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => (text += chunk));
      request.on('end', () => {
        request.body = JSON.parse(text);
        next();
      });
    });
  }
  app.post(
    '/whole',
    async (request, response) => void response.send(await answers.whole((request.body as Body).prompt)),
  );
  app.post('/pieces', (request, response) => {
    Readable.from(answers.pieces((request.body as Body).prompt)).pipe(response);
  });
  return listen(app);
}

function startConnect(answers: Answers, ...[from, options]: Given): Promise<WebServer> {
  const middleware = llmContextMiddleware(from && ((request: IncomingMessage) => from(ofNode(request))), options);
  return listen((request, response) => {
    middleware(request, response, () => {
      readJson(request)
        .then(async (body) => {
          const { prompt } = body as Body;
          if (request.url === '/pieces') Readable.from(answers.pieces(prompt)).pipe(response);
          else response.end(await answers.whole(prompt));
        })
        .catch(() => {
          response.statusCode = 500;
          response.end();
        });
    });
  });
}

async function startFastify(
  answers: Answers,
  [from, options]: Given,
  hook: 'onRequest' | 'preHandler' | 'by events',
): Promise<WebServer> {
  const app = Fastify();
  const middleware = llmContextMiddleware(
    from && ((request: { raw: IncomingMessage }) => from(ofNode(request.raw))),
    options,
  );
  app.addHook(hook === 'preHandler' ? hook : 'onRequest', middleware);
  if (hook === 'by events') {
    // Fastify 4, and 5 before it kept the context of its own parsers.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    app.addHook('preHandler', (request, _reply, done) => {
      let text = '';
      request.raw.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.raw.on('end', () => {
        request.body = JSON.parse(text);
        done();
      });
    });
  }
  app.post('/whole', async (request) => answers.whole((request.body as Body).prompt));
  app.post('/pieces', (request, reply) => reply.send(Readable.from(answers.pieces((request.body as Body).prompt))));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return { url, close: () => app.close() };
}

function startHono(answers: Answers, ...[from, options]: Given): Promise<WebServer> {
  const app = new Hono();
  app.onError((_error, c) => c.text('broken', 500));
  app.use(llmContextForHono(from && ((c: Context) => from({ header: (name) => c.req.header(name) })), options));
  app.post('/whole', async (c) => c.text(await answers.whole((await c.req.json<Body>()).prompt)));
  app.post('/pieces', async (c) => {
    const { prompt } = await c.req.json<Body>();
    return streamText(c, async (stream) => {
      for await (const piece of answers.pieces(prompt)) await stream.write(piece);
    });
  });
  return serving(app.fetch);
}

function startFetch(answers: Answers, ...[from, options]: Given): Promise<WebServer> {
  const ask = from && ((request: Request) => from({ header: (name) => request.headers.get(name) ?? undefined }));
  const handler = async (request: Request): Promise<Response> => {
    const { prompt } = (await request.json()) as Body;
    if (!request.url.endsWith('/pieces')) return new Response(await answers.whole(prompt));
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const writer = body.writable.getWriter();
    const write = async (): Promise<void> => {
      for await (const piece of answers.pieces(prompt)) await writer.write(new TextEncoder().encode(piece));
      await writer.close();
    };
    void write();
    return new Response(body.readable);
  };
  // A promise or not: the overload for either.
  return serving(withLlmRequestContext(handler, ask as FromRequest<Request>, options));
}

function ofNode(request: IncomingMessage): AnyRequest {
  return { header: (name) => request.headers[name] as string | undefined };
}

async function listen(listener: RequestListener): Promise<WebServer> {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return opened(server);
}

async function serving(fetch: (request: Request) => Response | Promise<Response>): Promise<WebServer> {
  const server = serve({ fetch, port: 0, hostname: '127.0.0.1' }) as Server;
  if (!server.listening) await once(server, 'listening');
  return opened(server);
}

function opened(server: Server): WebServer {
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
