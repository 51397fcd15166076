import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { enableLlmTracing, llmTracingStatus, type LlmEvent, type LlmTracingHandle } from '../../src/index';
import { patches, type ProviderName } from '../../src/patches';
import type { ProviderPatch } from '../../src/types';
import { headersOf, snapshot } from './snapshot';

// eslint-disable-next-line @typescript-eslint/no-require-imports -- plain JavaScript without types
const { startProviderServer } = require('../../demo/stand-ins/provider-server.js') as {
  startProviderServer(): Promise<ProviderServer>;
};

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of many SDK majors */

interface ProviderServer {
  readonly url: string;
  readonly requests: { method: string; path: string; headers: Record<string, unknown>; body: any; size: number }[];
  close(): Promise<void>;
}

/** Properties that an event has to have; `undefined`: must be absent. */
export type Expected = Readonly<Record<string, unknown>>;

/** Everything the contract has to know about one SDK. */
export interface Subject {
  readonly title: string;
  readonly provider: ProviderName;
  /** The npm package, or alias, under test. */
  readonly package: string;
  /** What `require` gives, and what `modules` is given. */
  readonly exports: any;
  /** A client of the SDK for a base URL of the stand-in. */
  client(baseURL: string, options?: object, subclass?: (Base: any) => any): any;
  /** Makes the SDK's chat call: `prompt` chooses the stand-in's answer, `extra` goes into the request. */
  ask(client: any, prompt: string, extra?: object, options?: object): any;
  /** Opens the stream of `prompt`, where that is not `ask` with `{ stream: true }`: a promise of what is iterated. */
  openStream?(client: any, prompt: string, extra?: object, options?: object): any;
  /** Traces one client by itself, where not all of them are to be: events of clients that it is not given are too many. */
  traceAlone?(client: any, track: { track(event: LlmEvent): unknown }): any;
  /** Its methods return plain promises: nothing but an answer can be had from them. */
  readonly isPlain?: true;
  /** Says where an heir of the first patched class stands in exports that have nothing else in them. */
  heirs?(Heir: any): object;
  /** A file with calls for `fire-and-forget.cjs`, see `plain-calls.cjs`. */
  readonly calls?: string;
  /** Of every event of `ask`, of one that got the whole answer, and of one that got the whole stream. */
  readonly asked: Expected;
  readonly whole: Expected;
  readonly streamed: Expected;
  /** Of a stream that ended early: what may be claimed, and what may not. */
  readonly partial: Expected;
}

/** What a door has to work with. */
export interface Lab {
  readonly subject: Subject;
  /** A client for the stand-in; `faults` as its header says: '/429-1'. */
  connect(faults?: string, options?: object, subclass?: (Base: any) => any): any;
  /** A client for a port where nobody listens. */
  connectToNobody(options?: object): any;
  /** The errors that the SDK made out of answers, to be compared by identity. */
  readonly errors: unknown[];
}

/** One way in which an application can make a call. Run bare and traced, it has to look the same. */
export interface Door {
  readonly title: string;
  run(lab: Lab): unknown;
  readonly events: readonly Expected[];
  /** Its requests are not compared: it is chance whether they arrive, or they belong to another run. */
  readonly ignoresRequests?: boolean;
  /** What equality with the bare run does not say: that the door did what its title says. */
  check?(seen: Run, events: readonly Expected[]): void;
}

export interface Run {
  /** What `run` returned, alive. */
  readonly value: any;
  readonly thrown: any;
  readonly looks: unknown;
  readonly requests: unknown;
}

/** A request of an earlier run can come late: each carries the number of its run. */
const runHeader = 'x-run';
const sdkFolder = join(__dirname, '..', '..', 'node_modules');

/** The contract that every provider passes: bare and traced runs are equal, and each call is exactly one event. */
export function describePatch(
  subject: Subject,
  doors: readonly Door[],
  ...more: readonly ((world: World) => void)[]
): void {
  describe(subject.title, () => {
    const world = worldOf(subject);
    beforeAll(() => world.open());
    afterEach(() => world.off());
    afterAll(() => world.close());

    it.each(doors.map((door) => [door.title, door] as const))('%s', async (_title, door) => {
      const bare = await world.run(door);
      expect(llmTracingStatus().enabled).toBe(false);

      const events = world.on();
      const problems = llmTracingStatus().counters.internalErrors;
      const traced = await world.run(door);
      await world.drain();

      expect(traced.looks).toEqual(bare.looks);
      if (!door.ignoresRequests) expect(traced.requests).toEqual(bare.requests);
      const found = events.map(({ event_properties: properties }) => properties);
      expect(found.map((properties, at) => select(properties, door.events[at] ?? {}))).toEqual(door.events);
      const { lastError, counters } = llmTracingStatus();
      expect(counters.internalErrors > problems ? lastError : 'no error of ours').toBe('no error of ours');
      door.check?.(bare, found);
      door.check?.(traced, found);
    });

    for (const describeMore of more) describeMore(world);
  });
}

export interface World {
  readonly subject: Subject;
  readonly patch: ProviderPatch;
  lab(): Lab;
  run(door: Pick<Door, 'run'>): Promise<Run>;
  /** Enables, and returns the list into which events come. */
  on(modules?: Record<string, unknown>, client?: { track(event: LlmEvent): unknown }): LlmEvent[];
  off(): void;
  drain(): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
}

function worldOf(subject: Subject): World {
  let server: ProviderServer;
  let nobody: string;
  let handle: LlmTracingHandle | undefined;
  let alone: ((client: any) => any) | undefined;
  let runs = 0;
  const patch = patches.find(({ name }) => name === subject.provider) as ProviderPatch;
  return {
    subject,
    patch,
    lab,
    async run(door) {
      runs += 1;
      let value: any;
      let thrown: any;
      try {
        value = await door.run(lab());
      } catch (error) {
        thrown = error;
      }
      const sent = server.requests
        .filter(({ headers }) => headers[runHeader] === String(runs))
        .map(({ headers, ...rest }) => ({
          ...rest,
          headers: headersOf(Object.entries({ ...headers, [runHeader]: '' })),
        }));
      server.requests.length = 0;
      return { value, thrown, looks: { value: snapshot(value), thrown: snapshot(thrown) }, requests: sent };
    },
    on(modules = { [subject.provider]: subject.exports }, client) {
      const events: LlmEvent[] = [];
      const output = client ?? { track: (event: LlmEvent) => events.push(event) };
      if (subject.traceAlone) {
        handle = enableLlmTracing({ track: () => undefined }, { providers: [], noWarning: true });
        alone = (each) => subject.traceAlone?.(each, output);
      } else handle = enableLlmTracing(output, { modules, noWarning: true });
      return events;
    },
    off() {
      alone = undefined;
      handle?.disable();
    },
    drain: async () => handle?.flush(),
    async open() {
      server = await startProviderServer();
      nobody = await closedPort();
    },
    close: () => server.close(),
  };

  function lab(): Lab {
    const errors: unknown[] = [];
    const connect = (baseURL: string, options?: object, subclass?: (Base: any) => any): any => {
      const client = subject.client(
        baseURL,
        { maxRetries: 0, defaultHeaders: { [runHeader]: String(runs) }, ...options },
        subclass,
      );
      alone?.(client);
      if (typeof client.makeStatusError !== 'function') return client;
      const { makeStatusError } = client;
      client.makeStatusError = (...args: unknown[]): unknown =>
        errors[errors.push(makeStatusError.apply(client, args)) - 1];
      return client;
    };
    return {
      subject,
      errors,
      connect: (faults = '', options, subclass) => connect(server.url + faults, options, subclass),
      connectToNobody: (options) => connect(nobody, options),
    };
  }
}

/** The part of an event that is expected; what must be absent is `undefined` in both. */
export function select(properties: Expected, expected: Expected): Expected {
  return Object.fromEntries(Object.keys(expected).map((name) => [name, properties[name]]));
}

/** The version of an installed package; its own package.json is not among its exports. */
export function versionOf(name: string): string {
  return (JSON.parse(readFileSync(join(sdkFolder, name, 'package.json'), 'utf8')) as { version: string }).version;
}

async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
