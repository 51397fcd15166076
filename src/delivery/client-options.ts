import type { OutboxSettings } from './outbox';
import type { UploadSettings } from './upload-settings';

/**
 * How {@link createTracingClient} delivers. Every option has a default.
 *
 * @experimental
 */
export interface TracingClientOptions {
  /** Where Amplitude keeps the project. Default: 'US'. */
  serverZone?: 'US' | 'EU';
  /** An address of your own in place of Amplitude's HTTP V2 API. The batch API is not used then. */
  serverUrl?: string;
  /** Milliseconds that an event waits for others at the most, 10 to 60,000. Default: 1,000. */
  flushInterval?: number;
  /** So many events go at once, 1 to 1,000; half of `maxEvents` on all connections together at the most. Default: 200. */
  flushSize?: number;
  /** Events in memory at the most, 100 to 1,000,000. Then the oldest go: to disk, or dropped and counted. Default: 20,000. */
  maxEvents?: number;
  /** Bytes of events in memory at the most, 1 MB or more. Default: 32 MB. */
  maxBytes?: number;
  /** Milliseconds that an answer is waited for, 100 to 300,000; after timeouts up to six times longer. Default: 10,000. */
  timeout?: number;
  /** Uploads at a time, 1 to 32. Default: 4. */
  connections?: number;
  /** Whether uploads are compressed. Default: true. */
  gzip?: boolean;
  /**
   * Keeps what could not be delivered on disk, for this process or the next one: true, a folder, or a folder with
   * bounds. `maxBytes` (64 MB) and `maxAge` (seven days, in milliseconds) bound it: the oldest go first, counted.
   * Default: false; in zero-code mode true.
   */
  spool?: boolean | string | { directory?: string; maxBytes?: number; maxAge?: number };
  /**
   * 'always': each event is on disk before `track` returns. 'batch': after half of `flushInterval`. Default: 'batch'; in a
   * worker thread with `spool` 'always', since nothing tells a worker that the main thread ends the process.
   */
  durability?: 'batch' | 'always';
  /**
   * Milliseconds that the end of the process waits for what is not delivered yet, 0 to 60,000: its natural end, and
   * SIGTERM and SIGINT where the application has no listener of its own. Default: 2,000.
   */
  exitTimeout?: number;
}

/** Options with their defaults, in the words of those who use them. */
export interface TracingClientSettings extends UploadSettings {
  readonly timeout: number;
  readonly gzip: boolean;
  readonly maxEventBytes: number;
  readonly exitTimeout: number;
  readonly spool: (Omit<OutboxSettings, 'directory'> & { readonly directory?: string | undefined }) | undefined;
}

/** Amplitude's addresses (HTTP V2 API, Batch Event Upload API). */
const servers = {
  US: { url: 'https://api2.amplitude.com/2/httpapi', batchUrl: 'https://api2.amplitude.com/batch' },
  EU: { url: 'https://api.eu.amplitude.com/2/httpapi', batchUrl: 'https://api.eu.amplitude.com/batch' },
} as const;

const megabyte = 1_000_000;
const day = 86_400_000;

type Check = (value: unknown) => string | undefined;

const checks: Readonly<Record<keyof TracingClientOptions, Check>> = {
  serverZone: oneOf('US', 'EU'),
  serverUrl: (value) => (isUrl(value) ? undefined : 'an http or https URL'),
  flushInterval: wholeNumber(10, 60_000),
  flushSize: wholeNumber(1, 1_000),
  maxEvents: wholeNumber(100, megabyte),
  maxBytes: wholeNumber(megabyte, 4_096 * megabyte),
  timeout: wholeNumber(100, 300_000),
  connections: wholeNumber(1, 32),
  gzip: (value) => (typeof value === 'boolean' ? undefined : 'true or false'),
  spool: spoolCheck,
  durability: oneOf('batch', 'always'),
  exitTimeout: wholeNumber(0, 60_000),
};

/** @throws TypeError that names each wrong option, what came, and what is valid. */
export function checkTracingClient(apiKey: string, options: TracingClientOptions): TracingClientSettings {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`createTracingClient: the options must be an object, not ${shown(options)}`);
  }
  const problems = Object.entries(options).flatMap(([name, value]: [string, unknown]) => {
    if (value === undefined) return [];
    if (!Object.hasOwn(checks, name)) return [`${name} is not one of the options ${Object.keys(checks).join(', ')}`];
    const valid = checks[name as keyof TracingClientOptions](value);
    return valid === undefined ? [] : [`${name} must be ${valid}, not ${shown(value)}`];
  });
  if (typeof apiKey !== 'string' || apiKey.trim() === '') problems.unshift('apiKey must be the API key of a project');
  if (options.durability === 'always' && !options.spool) problems.push(`durability 'always' needs spool`);
  if (problems.length > 0) throw new TypeError(`createTracingClient: ${problems.join('; ')}`);
  const server = servers[options.serverZone ?? 'US'];
  const { serverUrl } = options;
  const { maxEvents = 20_000, connections = 4 } = options;
  const { durability = options.spool && isWorker() ? 'always' : 'batch' } = options;
  // What is under way can not go when there are too many: that must not be all there is.
  const mostAtOnce = Math.max(1, Math.floor(maxEvents / connections / 2));
  return {
    apiKey: apiKey.trim(),
    url: serverUrl ?? server.url,
    batchUrl: serverUrl ?? server.batchUrl,
    flushInterval: options.flushInterval ?? 1_000,
    flushSize: Math.min(options.flushSize ?? 200, mostAtOnce),
    maxEvents,
    maxBytes: options.maxBytes ?? 32 * megabyte,
    maxEventBytes: 256_000,
    timeout: options.timeout ?? 10_000,
    connections,
    gzip: options.gzip ?? true,
    isDurable: durability === 'always',
    exitTimeout: options.exitTimeout ?? 2_000,
    spool: spoolOf(options.spool),
  };
}

/** Says what is valid where a value is not. */
export function spoolCheck(value: unknown): string | undefined {
  return isSpool(value) ? undefined : 'true, false, a folder, or { directory, maxBytes, maxAge }';
}

/** A spool with its defaults; undefined where there is none. */
export function spoolOf(spool: TracingClientOptions['spool']): TracingClientSettings['spool'] {
  if (!spool) return undefined;
  const given = typeof spool === 'string' ? { directory: spool } : typeof spool === 'object' ? spool : {};
  return { maxBytes: 64 * megabyte, maxAge: 7 * day, ...given };
}

function isWorker(): boolean {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded where there is an outbox only
  return !(require('node:worker_threads') as typeof import('node:worker_threads')).isMainThread;
}

function isSpool(value: unknown): boolean {
  if (typeof value === 'boolean') return true;
  if (typeof value === 'string') return value.trim() !== '';
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([name, part]: [string, unknown]) =>
    name === 'directory'
      ? typeof part === 'string' && part.trim() !== ''
      : ['maxBytes', 'maxAge'].includes(name) && typeof part === 'number' && part > 0,
  );
}

function isUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value);
}

function oneOf(...valid: readonly string[]): Check {
  return (value) => (valid.includes(value as string) ? undefined : valid.map((each) => `'${each}'`).join(' or '));
}

function wholeNumber(least: number, most: number): Check {
  return (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? undefined
      : `a whole number from ${least} to ${most}`;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
