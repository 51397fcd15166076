// CPU for one event, all of it counted (queue, JSON, compression, HTTP): our client, analytics-core's Destination by itself,
// and analytics-node. Events of 1.2 KB, RATE a second (1,000) for each client; the server is another process. The first line
// is what making the events takes.
//   npm run build && node bench/clients.mjs [RATE]
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Destination } from '@amplitude/analytics-core';
import { createInstance } from '@amplitude/analytics-node';
import { Http } from '@amplitude/analytics-node/lib/cjs/transports/http.js';
import { createTracingClient } from '../dist/index.mjs';

const self = fileURLToPath(import.meta.url);
const seconds = 5;
const [, , role = '1000', url, given] = process.argv;
const isParent = Number(role) > 0;
const rate = Number(isParent ? role : given);

if (role === 'serve') serve();
else if (isParent) await all();
else await measure(role, url);

async function all() {
  const server = fork(self, ['serve']);
  const address = await new Promise((resolve) => server.once('message', resolve));
  for (const kind of ['none', 'ours', 'ours, without gzip', 'Destination', 'analytics-node']) {
    const client = fork(self, [kind, address, String(rate)]);
    await new Promise((resolve) => client.once('exit', resolve));
  }
  server.kill();
}

async function measure(kind, serverUrl) {
  const client = await clientOf(kind, serverUrl);
  await send(client, 500);
  const start = process.cpuUsage();
  for (let second = 0; second < seconds; second++) await send(client, rate);
  await client.flush();
  const { user, system } = process.cpuUsage(start);
  console.log(kind.padEnd(20), ((user + system) / (seconds * rate)).toFixed(0).padStart(4), 'microseconds an event');
  process.exit();
}

/** In a hundred portions, over a second. */
async function send(client, count) {
  const start = performance.now();
  for (let sent = 0; sent < count;) {
    const due = Math.min(count, ((performance.now() - start) / 1_000) * count);
    for (; sent < due; sent++) client.track(event(sent));
    await new Promise((resolve) => setTimeout(resolve, 9));
  }
}

function event(at) {
  const text = 'The quick brown fox jumps over the lazy dog. '.repeat(22);
  return {
    event_type: 'llm_operation',
    event_properties: { model: 'gpt-5', provider: 'openai', messages: [{ role: 'user', content: text }], at },
    time: Date.now(),
    insert_id: randomUUID(),
    device_id: `device-${at % 100}`,
  };
}

async function clientOf(kind, serverUrl) {
  if (kind === 'none') return { track: () => undefined, flush: () => undefined };
  if (kind.startsWith('ours')) return createTracingClient('a-key', { serverUrl, gzip: kind === 'ours' });
  const settings = { flushIntervalMillis: 1_000, flushQueueSize: 200, flushMaxRetries: 12 };
  if (kind === 'analytics-node') {
    const client = createInstance();
    await client.init('a-key', { serverUrl, logLevel: 0, ...settings }).promise;
    return { track: (given) => client.track(given), flush: () => client.flush().promise };
  }
  const destination = new Destination();
  const none = () => undefined;
  const loggerProvider = { log: none, warn: none, error: none, debug: none };
  await destination.setup({ apiKey: 'a-key', serverUrl, transportProvider: new Http(), loggerProvider, ...settings });
  return { track: (given) => void destination.execute(given), flush: () => destination.flush() };
}

function serve() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{"code":200}'));
  });
  server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}/2/httpapi`));
}
