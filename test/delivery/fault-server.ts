import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface Upload {
  readonly path: string;
  readonly isCompressed: boolean;
  readonly apiKey: string;
  readonly ids: readonly string[];
}

/** What one request gets: a status with a body, or what becomes of the connection. */
export type Behaviour =
  | 'take'
  | 'reset'
  | 'hang'
  | {
      readonly status: number;
      readonly body?: object;
      readonly headers?: Record<string, string>;
      readonly takes?: boolean;
      /** Milliseconds before the answer. */
      readonly delay?: number;
      /** What comes in the place of JSON. */
      readonly page?: string;
    };

export interface FaultServer {
  readonly url: string;
  readonly uploads: readonly Upload[];
  /** The insert ids that were taken, each once. */
  readonly taken: ReadonlySet<string>;
  /** How often one came that was there already. */
  readonly twice: () => number;
  /** What the next requests get, one each; then `take`. */
  next(...behaviours: (Behaviour | ((upload: Upload) => Behaviour))[]): void;
  always(behaviour: Behaviour | ((upload: Upload) => Behaviour)): void;
  /** Nothing is answered before that. */
  hold(until: Promise<void>): void;
  close(): Promise<void>;
}

/** An ingestion server that does what a test wants. */
export async function startFaultServer(port = 0): Promise<FaultServer> {
  const uploads: Upload[] = [];
  const taken = new Set<string>();
  let twice = 0;
  let queue: (Behaviour | ((upload: Upload) => Behaviour))[] = [];
  let held: Promise<void> = Promise.resolve();
  let usual: Behaviour | ((upload: Upload) => Behaviour) = 'take';
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const upload = await read(request);
    uploads.push(upload);
    const chosen = queue.shift() ?? usual;
    await held;
    const behaviour = typeof chosen === 'function' ? chosen(upload) : chosen;
    if (behaviour === 'hang') return;
    if (behaviour === 'reset') return void request.socket.destroy();
    const {
      status,
      body,
      headers,
      takes,
      delay = 0,
      page,
    } = behaviour === 'take' ? { ...({ status: 200 } as Exclude<Behaviour, string>), takes: true } : behaviour;
    for (const id of takes ? upload.ids : []) {
      if (taken.has(id)) twice += 1;
      taken.add(id);
    }
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    if (page !== undefined) return void response.writeHead(status, { 'content-type': 'text/html' }).end(page);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ code: status, ...body }));
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/2/httpapi`,
    uploads,
    taken,
    twice: () => twice,
    next: (...behaviours) => void (queue = behaviours),
    always: (behaviour) => void (usual = behaviour),
    hold: (until) => void (held = until),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function read(request: IncomingMessage): Promise<Upload> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const isCompressed = request.headers['content-encoding'] === 'gzip';
  const bytes = Buffer.concat(chunks);
  const { api_key: apiKey, events } = JSON.parse((isCompressed ? gunzipSync(bytes) : bytes).toString('utf8')) as {
    api_key: string;
    events: { insert_id: string }[];
  };
  return { path: String(request.url), isCompressed, apiKey, ids: events.map(({ insert_id: id }) => id) };
}
