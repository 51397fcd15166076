import { clearTimeout, setTimeout } from 'node:timers';
import type { Agent, IncomingMessage, RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { reportProblem } from '../safely';

/** What `node:http` asks of an agent of ours; the types of it know an answer without a callback only. */
interface Connecting {
  createConnection(
    options: { readonly host: string; readonly port: number; socket?: Duplex },
    done: (error: Error | null, socket?: Duplex) => void,
  ): Duplex | undefined;
}

/**
 * The agent for a URL that the environment wants to go through a proxy: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`,
 * `NO_PROXY`.
 *
 * @param timeout - milliseconds that the proxy may take to open a connection.
 */
export function proxyAgentFor(url: string, timeout: number): Agent | undefined {
  if (!/_proxy$/im.test(Object.keys(process.env).join('\n'))) return undefined;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded where the environment names a proxy only
  const { getProxyForUrl } = require('proxy-from-env') as { getProxyForUrl(url: string): string };
  if (!getProxyForUrl(url)) return undefined;
  const isSecure = url.startsWith('https:');
  const proxy = addressFor(isSecure ? 'https' : 'http');
  if (/^https?:$/.test(proxy.protocol)) return tunnelThrough(proxy, isSecure, timeout);
  reportProblem('use a proxy', new Error(`${proxy.protocol} is no HTTP proxy: events go without it`));
  return undefined;
}

/** An address without a scheme is one of HTTP, as for curl, wget and pip; `getProxyForUrl` takes that of the target. */
function addressFor(scheme: 'https' | 'http'): URL {
  const names = [`${scheme}_proxy`, `${scheme.toUpperCase()}_PROXY`, 'all_proxy', 'ALL_PROXY'];
  const address = names.map((name) => process.env[name]).find(Boolean) ?? '';
  return new URL(address.includes('://') ? address : `http://${address}`);
}

/**
 * Not a library's (hpagent 1.2): its request for the tunnel holds the process, and for ever where a proxy takes the
 * connection and never answers.
 */
function tunnelThrough(proxy: URL, isSecure: boolean, timeout: number): Agent {
  const agent = new (moduleOf(isSecure).Agent)({ keepAlive: true, scheduling: 'lifo' });
  const secure = agent as unknown as Connecting;
  const overTunnel = secure.createConnection.bind(agent);
  secure.createConnection = (options, done) => {
    openTunnel(proxy, `${bracketed(options.host)}:${options.port}`, timeout, (error, socket) => {
      if (error || !isSecure) return done(error, socket);
      const encrypted = overTunnel({ ...options, socket: socket as Duplex }, () => undefined);
      done(null, encrypted);
    });
    return undefined;
  };
  return agent;
}

function openTunnel(
  proxy: URL,
  path: string,
  timeout: number,
  done: (error: Error | null, socket?: Duplex) => void,
): void {
  const { hostname, port, protocol, username, password } = proxy;
  const authorization = `Basic ${Buffer.from([username, password].map(decoded).join(':')).toString('base64')}`;
  const isSecure = protocol === 'https:';
  const options: RequestOptions = {
    method: 'CONNECT',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port || (isSecure ? 443 : 80),
    path,
    headers: { host: path, ...((username || password) && { 'proxy-authorization': authorization }) },
    agent: false,
  };
  const request = moduleOf(isSecure).request(options);
  const timer = setTimeout(() => request.destroy(new Error('the proxy does not answer')), timeout).unref();
  request.on('socket', (socket) => socket.unref());
  request.on('error', finish);
  request.on('connect', ({ statusCode }: IncomingMessage, socket) => {
    if (statusCode === 200) return finish(null, socket);
    socket.destroy();
    finish(new Error(`the proxy answers ${statusCode}`));
  });
  // An answer with a body of its own is no tunnel, either.
  request.on('response', ({ statusCode }) => request.destroy(new Error(`the proxy answers ${statusCode}`)));
  request.end();

  function finish(error: Error | null, socket?: Duplex): void {
    clearTimeout(timer);
    done(error, socket);
  }
}

/** A password with a bare `%` stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function moduleOf(isSecure: boolean): typeof import('node:https') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded with the first upload
  return require(isSecure ? 'node:https' : 'node:http') as typeof import('node:https');
}
