import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32, gunzipSync } from 'node:zlib';

/** What a provider answers: JSON, or a stream in one of the four formats that there are. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** Server-sent events. */
  readonly events?: readonly unknown[];
  /** `[DONE]` at the end of the events. */
  readonly isMarked?: boolean;
  /** Server-sent events whose data are texts. */
  readonly texts?: readonly (readonly [event: string, text: string])[];
  /** JSON in lines. */
  readonly lines?: readonly unknown[];
  /** Frames of AWS: the name of the event and its JSON; an exception, where the name says so. */
  readonly frames?: readonly (readonly [name: string, json: unknown])[];
  /** Frames of AWS that hold what a model said, in base64. */
  readonly chunks?: readonly unknown[];
}

export interface AnswerServer {
  /** A base URL at which every request is answered alike. */
  at(answer: Answer): string;
  close(): Promise<void>;
}

/** A provider of any kind: what it answers depends on the address alone. */
export async function startAnswerServer(): Promise<AnswerServer> {
  const answers: Answer[] = [];
  const { url, close } = await listen((request, response) => {
    const answer = answers[Number(/^\/(\d+)/.exec(request.url ?? '')?.[1])];
    if (!answer) return void response.writeHead(404).end();
    const [type, body] = encode(answer);
    response.writeHead(answer.status ?? 200, { 'content-type': type, ...answer.headers });
    response.end(body);
  });
  return { at: (answer) => `${url}/${answers.push(answer) - 1}`, close };
}

export interface Ingestion {
  readonly url: string;
  /** Everything that arrived, as text: packed bodies unpacked, and headers. */
  received(): string;
  /** The events among it. */
  events(): { event_type: string; event_properties: Record<string, unknown> }[];
  close(): Promise<void>;
}

/** Takes whatever is uploaded, and keeps the bytes. */
export async function startIngestion(): Promise<Ingestion> {
  const bodies: string[] = [];
  const heads: string[] = [];
  const { url, close } = await listen((request, response, body) => {
    heads.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
    bodies.push((request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ code: 200, events_ingested: 1, payload_size_bytes: 1, server_upload_time: 1 }));
  });
  return {
    url: `${url}/2/httpapi`,
    received: () => [...heads, ...bodies].join('\n'),
    events: () => bodies.flatMap((body) => (JSON.parse(body) as { events: ReturnType<Ingestion['events']> }).events),
    close,
  };
}

type Handle = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

async function listen(handle: Handle): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => handle(request, response, Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function encode({
  json,
  events,
  isMarked,
  texts,
  lines,
  frames,
  chunks,
}: Answer): [type: string, body: string | Buffer] {
  if (frames) return ['application/vnd.amazon.eventstream', Buffer.concat(frames.map(frameOf))];
  if (chunks) {
    const bytes = chunks.map((chunk) => Buffer.from(JSON.stringify(chunk)).toString('base64'));
    return encode({ frames: bytes.map((each) => ['chunk', { bytes: each }] as const) });
  }
  if (lines) return ['application/x-ndjson', lines.map((line) => `${JSON.stringify(line)}\n`).join('')];
  if (texts) return ['text/event-stream', texts.map(([event, text]) => `event: ${event}\ndata: ${text}\n\n`).join('')];
  if (!events) return ['application/json', JSON.stringify(json)];
  const written = events.map((event) => `${nameOf(event)}data: ${JSON.stringify(event)}\n\n`);
  return ['text/event-stream', [...written, isMarked ? 'data: [DONE]\n\n' : ''].join('')];
}

function nameOf(event: unknown): string {
  const { type } = event as { type?: unknown };
  return typeof type === 'string' ? `event: ${type}\n` : '';
}

/** Lengths and their checksum, headers, the JSON, the checksum of all. */
function frameOf([name, json]: readonly [name: string, json: unknown]): Buffer {
  const isException = name.endsWith('Exception');
  const kind = isException ? 'exception' : 'event';
  const fields = { ':message-type': kind, [`:${kind}-type`]: name, ':content-type': 'application/json' };
  const head = Buffer.concat(
    Object.entries(fields).map(([field, value]) =>
      Buffer.concat([
        Buffer.from([field.length]),
        Buffer.from(field),
        Buffer.from([7, 0, value.length]),
        Buffer.from(value),
      ]),
    ),
  );
  const payload = Buffer.from(JSON.stringify(json));
  const lengths = Buffer.concat([uint32(head.length + payload.length + 16), uint32(head.length)]);
  const whole = Buffer.concat([lengths, uint32(crc32(lengths)), head, payload]);
  return Buffer.concat([whole, uint32(crc32(whole))]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
