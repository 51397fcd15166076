'use strict';

// A stand-in for Amplitude's ingestion (HTTP V2 API) on 127.0.0.1 that is as strict as the documentation says the
// real one is: ids, sizes, JSON. `events` is what it took, `refused` what it did not and why.

const { createServer } = require('node:http');
const { gunzipSync } = require('node:zlib');

const reservedIds = new Set([
  ...['anonymous', 'nil', 'none', 'null', 'n/a', 'na', 'undefined', 'unknown', 'true', 'false', '[]', '{}', 'lmy47d'],
  ...['-1', '0', '00000000-0000-0000-0000-000000000000'],
]);

function isId(id, least) {
  return typeof id === 'string' && id.length >= least && !reservedIds.has(id.toLowerCase());
}

function depthOf(value) {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function longestString(value) {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Math.max(0, ...Object.values(value).map(longestString));
}

/** Why the server would refuse, or silently cut, an event; undefined where it takes it as it is. */
function problemOf(event, leastIdLength) {
  if (typeof event?.event_type !== 'string' || event.event_type === '') return 'missing event_type';
  if (event.user_id === undefined && event.device_id === undefined) return 'missing user_id and device_id';
  for (const field of ['user_id', 'device_id']) {
    if (event[field] !== undefined && !isId(event[field], leastIdLength)) return `invalid ${field}`;
  }
  if (event.time !== undefined && !Number.isInteger(event.time)) return 'time is not a whole number';
  if (depthOf(event.event_properties) > 40) return 'nested too deep';
  if (longestString(event.event_properties) > 1024) return 'a string longer than 1024 characters';
  if (Buffer.byteLength(JSON.stringify(event)) > 16 * 1024) return 'larger than 16 KiB';
  return undefined;
}

/**
 * Starts the stand-in.
 * @param {{ status?: number, delay?: number, onEvent?: (event: any) => void }} [options] - `status` answers every
 *   request with it; `delay` waits so many milliseconds before each answer (Infinity: never answers).
 */
async function startAmplitudeServer({ status = 200, delay = 0, onEvent = () => undefined } = {}) {
  const events = [];
  const refused = [];
  const requests = [];
  const seenIds = new Set();
  const sockets = new Set();

  async function answer(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const isCompressed = request.headers['content-encoding'] === 'gzip';
    const text = (isCompressed ? gunzipSync(bytes) : bytes).toString('utf8');
    if (delay === Infinity) return;
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    const reply = (code, body) => {
      response.writeHead(code, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ code, ...body }));
    };
    if (status !== 200) return reply(status, { error: `stand-in answers ${status}` });
    if (text.length > 1_000_000) return reply(413, { error: 'Payload too large' });
    let upload;
    try {
      upload = JSON.parse(text);
    } catch {
      return reply(400, { error: 'Invalid JSON' });
    }
    if (typeof upload.api_key !== 'string' || upload.api_key === '')
      return reply(400, { error: 'missing api_key', missing_field: 'api_key' });
    requests.push({ path: request.url, apiKey: upload.api_key, count: upload.events?.length });
    if (!Array.isArray(upload.events) || upload.events.length > 2000)
      return reply(400, { error: 'events', missing_field: 'events' });
    const problems = upload.events.map((event) => problemOf(event, upload.options?.min_id_length ?? 5));
    if (problems.some(Boolean)) {
      for (const [index, problem] of problems.entries())
        if (problem) refused.push({ problem, event: upload.events[index] });
      const bad = [...problems.keys()].filter((index) => problems[index]);
      return reply(400, {
        error: problems[bad[0]],
        events_with_invalid_fields: { event: bad },
        events_with_missing_fields: {},
        events_with_invalid_id_lengths: {},
        silenced_events: [],
      });
    }
    for (const event of upload.events) {
      if (seenIds.has(event.insert_id)) continue;
      seenIds.add(event.insert_id);
      events.push(event);
      onEvent(event);
    }
    reply(200, {
      events_ingested: upload.events.length,
      payload_size_bytes: text.length,
      server_upload_time: Date.now(),
    });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/2/httpapi`,
    events,
    refused,
    requests,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

module.exports = { startAmplitudeServer };
