import { createRequire } from 'node:module';
import { join } from 'node:path';
import { unrefTransport, type BuildResponse } from './amplitude-transport';
import type { Output } from './environment';
import type { AmplitudeClient } from './options';
import { safely } from './safely';

type AnalyticsNode = typeof import('@amplitude/analytics-node');
type AmplitudeSettings = Extract<Output, { kind: 'amplitude' }>;

/**
 * The client of zero-code mode. analytics-node is loaded with the first event, so that a process without LLM calls
 * does not pay for it; but looked for at once, so that its absence is said at start-up.
 *
 * @throws Error where `@amplitude/analytics-node` is not installed.
 */
export function amplitudeOutput(settings: AmplitudeSettings, debug: boolean): AmplitudeClient {
  const { file, requireFrom } = findAnalyticsNode();
  let running: RunningClient | undefined;
  return {
    track(event) {
      running ??= startClient(requireFrom(file) as AnalyticsNode, settings, debug);
      return running.client.track(event);
    },
    async flush() {
      // A flush before the client has its destination drops what is queued (1.5.73): the first call of a short script.
      await running?.ready;
      await running?.client.flush().promise;
    },
  };
}

interface RunningClient {
  readonly client: ReturnType<AnalyticsNode['createInstance']>;
  readonly ready: Promise<unknown>;
}

/** Beside us where the package manager hoists, else where the application has it. */
function findAnalyticsNode(): { file: string; requireFrom: NodeJS.Require } {
  const places = [__filename, join(process.cwd(), 'package.json'), process.argv[1]];
  for (const place of places) {
    try {
      const requireFrom = createRequire(place as string);
      return { file: requireFrom.resolve('@amplitude/analytics-node'), requireFrom };
    } catch {
      // Not there; the next place.
    }
  }
  throw new Error('@amplitude/analytics-node is not installed (npm install @amplitude/analytics-node)');
}

function startClient(
  analytics: AnalyticsNode,
  { apiKey, serverUrl, serverZone }: AmplitudeSettings,
  debug: boolean,
): RunningClient {
  const client = analytics.createInstance();
  const { promise: ready } = client.init(apiKey, {
    // Its log goes to standard output, which is the application's.
    logLevel: debug ? analytics.Types.LogLevel.Warn : analytics.Types.LogLevel.None,
    ...(serverUrl !== undefined && { serverUrl }),
    ...(serverZone !== undefined && { serverZone }),
  });
  client.add(noWaiting());
  return { client, ready };
}

interface Internal {
  timeline?: { plugins?: Destination[] };
}

/**
 * analytics-node waits up to 10 s with a timer that keeps the process alive (measured on 1.3.5 and 1.5.73), and so do
 * its sockets. A script must end when its own work is done; what is queued then is flushed by `flushAtExit`.
 */
function noWaiting(): Parameters<ReturnType<AnalyticsNode['createInstance']>['add']>[0] {
  let internal: Internal | undefined;
  return {
    name: 'llm-trace-no-waiting',
    type: 'enrichment',
    setup(config: object, client: unknown) {
      internal = client as Internal;
      safely('use a transport that lets the process end', () => unrefSockets(config));
      return Promise.resolve();
    },
    execute(event) {
      // The destination is added after the plugins; the first event comes through here before it gets there.
      if (internal) safely('let the process end', () => unrefTimers(internal?.timeline?.plugins ?? []));
      internal = undefined;
      return Promise.resolve(event);
    },
  };
}

interface Destination {
  type?: string;
  schedule?(...args: unknown[]): unknown;
  scheduleId?: unknown;
  scheduled?: unknown;
}

function unrefSockets(config: object): void {
  const holder = config as { transportProvider?: { buildResponse?: BuildResponse } };
  const original = holder.transportProvider;
  if (typeof original?.buildResponse !== 'function') return;
  holder.transportProvider = unrefTransport((json) => original.buildResponse?.(json)) as typeof original;
}

function unrefTimers(plugins: readonly Destination[]): void {
  for (const destination of plugins.filter(({ type }) => type === 'destination')) {
    const schedule = destination.schedule;
    if (typeof schedule !== 'function') continue;
    destination.schedule = function scheduleWithoutHolding(...args) {
      const result = schedule.apply(this, args);
      // `scheduled` in older versions.
      const timer = (destination.scheduleId ?? destination.scheduled) as NodeJS.Timeout | null;
      timer?.unref?.();
      return result;
    };
  }
}
