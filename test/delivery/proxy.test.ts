import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { certificate, key } from './certificate';

const client = join(__dirname, '..', '..', 'dist', 'index.js');
/** Well under the 30 s for which a hanging test would be killed. */
const promptly = 10_000;

let folder: string;
let ingestion: Server;
let port: number;
let taken: string[];
let proxy: Server;
/** Where tunnels were asked for, and with what authorization. */
let asked: { readonly path: string; readonly authorization: string | undefined }[];
let behaviour: 'open' | 'silent' | 'refuse' | 'page';
const sockets = new Set<Socket>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'proxy-'));
  writeFileSync(join(folder, 'certificate.pem'), certificate);
  ingestion = createServer({ key, cert: certificate }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
      const { events } = JSON.parse(text.toString('utf8')) as { events: { insert_id: string }[] };
      taken.push(...events.map(({ insert_id: id }) => id));
      response.end('{"code":200}');
    });
  });
  proxy = createHttpServer();
  proxy.on('connect', ({ url = '', headers }, socket: Socket) => {
    asked.push({ path: url, authorization: headers['proxy-authorization'] });
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (behaviour === 'silent') return;
    if (behaviour === 'refuse') return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    if (behaviour === 'page') return void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>');
    const target = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
  });
  await Promise.all(
    [ingestion, proxy].map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))),
  );
  port = (ingestion.address() as AddressInfo).port;
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of [ingestion, proxy]) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  taken = [];
  asked = [];
  behaviour = 'open';
});

interface Ended {
  readonly code: number | null;
  readonly status: { readonly delivered: number; readonly pending: number };
  /** What `onError` was told. */
  readonly problems: readonly string[];
  readonly milliseconds: number;
}

/** Tracks so many events, one upload each, over the address, and tells what became of them. */
function run(url: string, environment: Record<string, string>, uploads = 2): Promise<Ended> {
  const source = `
    const { createTracingClient, enableLlmTracing } = require(${JSON.stringify(client)});
    const problems = [];
    const onError = (error) => problems.push(String(error));
    const client = createTracingClient('a-key', { serverUrl: ${JSON.stringify(url)}, timeout: 2000 });
    enableLlmTracing(client, { providers: [], noWarning: true, onError });
    (async () => {
      for (let index = 0; index < ${uploads}; index++) {
        client.track({ event_type: 'llm_operation', event_properties: {}, time: Date.now(), insert_id: 'event-' + index, device_id: 'device-1' });
        await client.flush(1500);
      }
      console.log(JSON.stringify({ status: client.status(), problems }));
      client.save();
    })();`;
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, ['-e', source], {
      env: { PATH, HOME, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const guard = setTimeout(() => child.kill('SIGKILL'), 30_000);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(guard);
      const told = JSON.parse(output || '{}') as Pick<Ended, 'status' | 'problems'>;
      resolve({ code, ...told, milliseconds: performance.now() - start });
    });
  });
}

const proxyUrl = (name = ''): string => `http://${name}127.0.0.1:${(proxy.address() as AddressInfo).port}`;
const trusted = (): Record<string, string> => ({ NODE_EXTRA_CA_CERTS: join(folder, 'certificate.pem') });

describe('uploads', () => {
  it('go to a server with a certificate of one’s own, as Node is told to trust it', async () => {
    const { code, status } = await run(`https://127.0.0.1:${port}/2/httpapi`, trusted());
    expect({ code, ...status }).toMatchObject({ code: 0, delivered: 2 });
    expect(taken).toEqual(['event-0', 'event-1']);
  });

  it('do not go to a server whose certificate nobody trusts', async () => {
    const { status } = await run(`https://127.0.0.1:${port}/2/httpapi`, {}, 1);
    expect(status).toMatchObject({ delivered: 0, pending: 1 });
    expect(taken).toEqual([]);
  });

  it('go through the proxy that the environment names, over one tunnel, with its name and password', async () => {
    const environment = { ...trusted(), HTTPS_PROXY: proxyUrl('anna:s%40cret@') };
    const { code, status, milliseconds } = await run(`https://ingestion.example:${port}/2/httpapi`, environment);
    expect({ code, ...status }).toMatchObject({ code: 0, delivered: 2 });
    expect(asked).toEqual([
      {
        path: `ingestion.example:${port}`,
        authorization: `Basic ${Buffer.from('anna:s@cret').toString('base64')}`,
      },
    ]);
    // The tunnel does not hold the process.
    expect(milliseconds).toBeLessThan(promptly);
  });

  // curl, wget and pip take an address without a scheme for one of HTTP.
  it.each(['', 'anna:50%off@'])('go through a proxy that is named without a scheme: %j', async (user) => {
    const environment = { ...trusted(), HTTPS_PROXY: proxyUrl(user).slice('http://'.length) };
    const { status } = await run(`https://ingestion.example:${port}/2/httpapi`, environment);
    expect(status).toMatchObject({ delivered: 2 });
    const authorization = user && `Basic ${Buffer.from('anna:50%off').toString('base64')}`;
    expect(asked).toEqual([{ path: `ingestion.example:${port}`, ...(authorization && { authorization }) }]);
  });

  it('go without a proxy that speaks no HTTP, and one line says so', async () => {
    const environment = { ...trusted(), ALL_PROXY: 'socks5://anna:secret@127.0.0.1:1' };
    const { status, problems } = await run(`https://127.0.0.1:${port}/2/httpapi`, environment);
    expect(status).toMatchObject({ delivered: 2 });
    expect(problems).toEqual(['Error: socks5: is no HTTP proxy: events go without it']);
  });

  it('to an address of http go through a tunnel, too', async () => {
    const plain = createHttpServer((_request, response) => response.end('{"code":200}'));
    await new Promise<void>((done) => plain.listen(0, '127.0.0.1', done));
    const target = (plain.address() as AddressInfo).port;
    const secure = port;
    port = target;
    const { status } = await run(`http://ingestion.example:${target}/2/httpapi`, { HTTP_PROXY: proxyUrl() });
    port = secure;
    plain.closeAllConnections();
    plain.close();
    expect(status).toMatchObject({ delivered: 2 });
    expect(asked).toEqual([{ path: `ingestion.example:${target}`, authorization: undefined }]);
  });

  it('go past the proxy where the environment says so', async () => {
    const environment = { ...trusted(), https_proxy: proxyUrl(), NO_PROXY: 'example.com,127.0.0.1' };
    const { status } = await run(`https://127.0.0.1:${port}/2/httpapi`, environment);
    expect(status).toMatchObject({ delivered: 2 });
    expect(asked).toEqual([]);
  });

  it.each(['silent', 'refuse', 'page'] as const)('end with the process where the proxy is: %s', async (how) => {
    // With hpagent 1.2 a proxy that never answers held the process for ever.
    behaviour = how;
    const environment = { ...trusted(), HTTPS_PROXY: proxyUrl() };
    const { code, status, milliseconds } = await run(`https://ingestion.example:${port}/x`, environment, 1);
    expect({ code, ...status }).toMatchObject({ code: 0, delivered: 0, pending: 1 });
    expect(asked.length).toBeGreaterThan(0);
    expect(milliseconds).toBeLessThan(promptly);
  });

  it('are tried again where the address of the proxy is none', async () => {
    const { code, status } = await run(`https://127.0.0.1:${port}/x`, { HTTPS_PROXY: 'http://:::' }, 1);
    expect({ code, ...status }).toMatchObject({ code: 0, pending: 1 });
  });
});

describe('a program', () => {
  it('is held by a flush that it awaits, and by nothing else', async () => {
    const source = (end: string): string => `
      import { createTracingClient } from ${JSON.stringify(join(client, '..', 'index.mjs'))};
      const client = createTracingClient('a-key', { serverUrl: 'https://127.0.0.1:${port}/x', exitTimeout: 0 });
      client.track({ event_type: 'llm_operation', event_properties: {}, time: 1, insert_id: 'event', device_id: 'device-1' });
      ${end}`;
    const start = performance.now();
    const runModule = (end: string): Promise<number | null> =>
      new Promise((resolve) => {
        const options = { env: { PATH: process.env['PATH'], ...trusted() } };
        spawn(process.execPath, ['--input-type=module', '-e', source(end)], options).on('close', resolve);
      });
    expect(await runModule('')).toBe(0);
    expect(await runModule(`await client.flush(); process.exitCode = client.status().delivered + 4;`)).toBe(5);
    expect(performance.now() - start).toBeLessThan(promptly);
    expect(taken).toContain('event');
  });
});
