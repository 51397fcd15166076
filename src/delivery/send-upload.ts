import { clearTimeout, setTimeout } from 'node:timers';
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Reply } from './read-verdict';

/** Sends one body, and resolves to what came back; rejects where no whole answer came. */
export type Send = (url: string, body: string) => Promise<Reply>;

export interface SendSettings {
  /**
   * Milliseconds after which an answer is not waited for any longer, however busy the connection is. Twice as long after
   * each time that none came, up to six times.
   */
  readonly timeout: number;
  readonly gzip: boolean;
  /** How many uploads go at a time. */
  readonly connections: number;
  /** The agent that goes through a proxy, where the environment names one for this URL. */
  proxyAgentFor?(url: string): object | undefined;
}

/** A server that answers later than it may is waited for so much longer, lest it takes the same events for ever. */
const mostPatience = 6;
/** No answer of the server is longer; a page of a proxy may be. */
const longestAnswer = 256 * 1_024;
/** Less than this is not worth compressing. */
const leastToCompress = 1_024;

/**
 * Uploads over connections that stay open between them, and never keep the process alive. `node:http` is loaded with
 * the first one: it would be half of the time that loading this package takes.
 */
export function makeSender({ timeout, gzip, connections, proxyAgentFor }: SendSettings): Send {
  const agents = new Map<string, Agent>();
  let compresses = gzip;
  let patience = timeout;
  return async (url, body) => {
    if (!compresses || body.length < leastToCompress) return post(url, Buffer.from(body), {});
    const reply = await post(url, await compress(body), { 'content-encoding': 'gzip' });
    if (!isNotUnderstood(reply)) return reply;
    // A proxy or a server of one's own may not know compressed bodies: then this one and all others go as they are.
    const plain = await post(url, Buffer.from(body), {});
    if (plain.status < 300) compresses = false;
    return plain;
  };

  async function post(url: string, body: Buffer, headers: Record<string, string>): Promise<Reply> {
    try {
      return await attempt(url, body, headers);
    } catch (error) {
      // The server closed the connection while it was idle, and we had not heard of it yet.
      if ((error as { isStale?: boolean }).isStale) return attempt(url, body, headers);
      throw error;
    }
  }

  function attempt(url: string, body: Buffer, more: Record<string, string>): Promise<Reply> {
    const headers = { 'content-type': 'application/json', 'content-length': body.length, accept: '*/*', ...more };
    const { request } = moduleFor(url);
    const start = performance.now();
    const limit = patience;
    return new Promise((resolve, reject) => {
      const sent: ClientRequest = request(url, { method: 'POST', headers, agent: agentFor(url) }, (response) => {
        readBody(response).then((text) => answered(replyOf(response, text)), fail);
      });
      const giveUp = (): void => {
        patience = Math.max(patience, Math.min(limit * 2, timeout * mostPatience));
        sent.destroy(new Error(`no answer within ${limit} ms`));
      };
      // Of all of it: a server that sends a byte a second would never be idle.
      const timer = setTimeout(giveUp, limit).unref();
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        settle();
      };
      const answered = (reply: Reply): void => {
        const took = performance.now() - start;
        patience = Math.min(Math.max(timeout, took * 2), timeout * mostPatience);
        finish(() => resolve(reply));
      };
      const fail = (error: Error & { code?: string }): void => {
        const isReset = /ECONNRESET|EPIPE/.test(String(error.code));
        if (isReset && sent.reusedSocket) Object.assign(error, { isStale: true });
        finish(() => reject(error));
      };
      sent.on('socket', (socket) => socket.unref());
      sent.on('error', fail);
      sent.end(body);
    });
  }

  function agentFor(url: string): Agent {
    const { origin, protocol } = new URL(url);
    const known = agents.get(origin);
    if (known) return known;
    const { Agent: KeepAlive } = moduleFor(protocol);
    const made =
      (proxyAgentFor?.(url) as Agent | undefined) ??
      new KeepAlive({ keepAlive: true, maxSockets: connections, scheduling: 'lifo' });
    agents.set(origin, made);
    return made;
  }
}

function moduleFor(url: string): typeof import('node:https') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded with the first upload, see above
  return require(url.startsWith('https:') ? 'node:https' : 'node:http') as typeof import('node:https');
}

function compress(body: string): Promise<Buffer> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded with the first upload, see above
  const { gzip } = require('node:zlib') as typeof import('node:zlib');
  return new Promise((resolve, reject) =>
    // Level 1 takes a third of the time of level 6, for a fifth more bytes.
    gzip(body, { level: 1 }, (error, compressed) => (error ? reject(error) : resolve(compressed))),
  );
}

function readBody(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    response.on('data', (chunk: Buffer) => {
      if ((length += chunk.length) <= longestAnswer) chunks.push(chunk);
    });
    response.on('end', () =>
      response.complete ? resolve(Buffer.concat(chunks).toString('utf8')) : reject(new Error('the answer was cut')),
    );
    response.on('error', reject);
    response.on('aborted', () => reject(new Error('the answer was cut')));
  });
}

function replyOf({ statusCode = 0, headers }: IncomingMessage, text: string): Reply {
  const isPage = /^\s*</.test(text);
  return { status: statusCode, body: parsed(text), isPage, retryAfter: waitOf(headers['retry-after']) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A proxy's page, or nothing: the status line says enough.
    return undefined;
  }
}

/** Seconds, or a date. */
function waitOf(value: string | undefined): number | undefined {
  // Empty would be 0.
  if (value === undefined || value.trim() === '') return undefined;
  const seconds = Number(value);
  const wait = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - Date.now();
  return wait >= 0 ? Math.min(wait, 3_600_000) : undefined;
}

/** An answer to a compressed body that may be about nothing but its form: it names no event. */
function isNotUnderstood({ status, body }: Reply): boolean {
  if (status === 415) return true;
  const answer = body as { error?: unknown } | undefined;
  return status === 400 && (answer === undefined || /json|encoding|malformed/i.test(String(answer.error)));
}
