// An ingestion server of its own process, forked by `run-scenario.cjs` and told by messages what to do:
//   { set: behaviour }   how requests are answered from now on: a kind, and the share of requests that it is for
//   { ids: file }        writes the insert ids that it took, one a line; answers with the counts
// What it takes it keeps in a set, as the real one does: what comes twice is removed by its insert_id.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

const taken = new Set();
const counts = { uploads: 0, compressed: 0, batch: 0, twice: 0, largest: 0, broken: [] };
let behaviour = { kind: 'take' };
let seed = 1;
let port = 0;

const server = createServer((request, response) => void answer(request, response));

process.on('message', ({ set, ids }) => {
  if (set) {
    behaviour = set;
    server.keepAliveTimeout = set.kind === 'hang up' ? 1 : 5_000;
    if (set.kind === 'down') {
      server.close();
      server.closeAllConnections();
      process.send({ done: true });
    } else if (server.listening) process.send({ done: true });
    else server.listen(port, '127.0.0.1', () => process.send({ done: true }));
  }
  if (ids) {
    writeFileSync(ids, [...taken].join('\n'));
    process.send(counts);
  }
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  ({ port } = server.address());
  process.send({ url: `http://127.0.0.1:${port}/2/httpapi` });
});

/** The same numbers in each run. */
function random() {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
}

async function answer(request, response) {
  const { share = 1, ...chosen } = behaviour;
  const { kind, wait, delay = 0, most = 10 } = random() < share ? chosen : { kind: 'take' };
  if (kind === 'reset the request') return void request.once('data', () => request.socket.destroy());
  const upload = await read(request).catch(() => undefined);
  if (!upload) return;
  if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
  const reply = (status, body, headers) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ code: status, ...body }));
  };
  const { events } = upload;
  const limited = wait === undefined ? {} : { 'retry-after': String(wait) };
  if (upload.bytes > 1_000_000 || events.length > 2_000) {
    counts.broken.push(`an upload of ${events.length} events and ${upload.bytes} bytes`);
    return reply(413);
  }
  switch (kind) {
    case 'hang':
      return undefined;
    case 'fail':
      return reply(500);
    case 'throttle':
      return reply(429, {}, limited);
    case 'throttle devices': {
      const device = events[0].device_id;
      const isOther = events.some(({ device_id: other }) => other !== device);
      return isOther ? reply(429, { throttled_devices: { [device]: 31 } }, limited) : take(reply, events);
    }
    case 'too large':
      return events.length > most ? reply(413) : take(reply, events);
    case 'page':
      response.writeHead(200, { 'content-type': 'text/html' });
      return response.end('<!doctype html><title>Sign in</title>');
    case 'reset the answer':
      keep(events);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 12 });
      response.write('{"code"');
      return setTimeout(() => request.socket.destroy(), 5);
    case 'trickle':
      keep(events);
      return trickle(response);
    default: {
      const bad = events.flatMap(({ insert_id: id }, at) => (id.endsWith('-bad') ? [at] : []));
      return bad.length > 0 ? reply(400, { events_with_invalid_fields: { time: bad } }) : take(reply, events);
    }
  }
}

function take(reply, events) {
  keep(events);
  reply(200, { events_ingested: events.length });
}

function keep(events) {
  for (const { insert_id: id } of events) {
    if (taken.has(id)) counts.twice += 1;
    taken.add(id);
  }
}

function trickle(response) {
  const text = '{"code":200}';
  response.writeHead(200, { 'content-type': 'application/json' });
  let at = 0;
  const timer = setInterval(() => {
    response.write(text[at++]);
    if (at < text.length) return;
    clearInterval(timer);
    response.end();
  }, 15);
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const isCompressed = request.headers['content-encoding'] === 'gzip';
  const bytes = Buffer.concat(chunks);
  const text = isCompressed ? gunzipSync(bytes) : bytes;
  const { events } = JSON.parse(text.toString('utf8'));
  counts.uploads += 1;
  counts.largest = Math.max(counts.largest, events.length);
  if (isCompressed) counts.compressed += 1;
  return { events, bytes: text.length };
}
