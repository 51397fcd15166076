import { clearTimeout, setTimeout } from 'node:timers';
import { timeoutOf, type FlushOptions } from '../ask-within';
import { toJson } from '../content';
import { flushAtExit } from '../flush-at-exit';
import { reportProblem, safely } from '../safely';
import { sharedState } from '../shared-state';
import type { LlmEvent } from '../types';
import { version } from '../version';
import { checkTracingClient, type TracingClientOptions } from './client-options';
import { countOnDisk, type CountedOutbox } from './count-on-disk';
import { openOutbox } from './outbox';
import { proxyAgentFor } from './proxy-agent';
import { restSending } from './rest-sending';
import { makeSender } from './send-upload';
import { spoolFolder } from './spool-folder';
import type { Uploader } from './upload-settings';
import { makeUploader } from './uploader';

/**
 * A client that delivers events to Amplitude and nothing else: through outages, limits and exits.
 *
 * @experimental
 */
export interface TracingClient {
  /** Takes one event. Never throws, and never waits. */
  track(event: LlmEvent): void;
  /**
   * Sends what is tracked, and resolves when all of it is delivered, on disk, or dropped and counted; or after `timeout`
   * milliseconds (10,000). Never rejects. The process does not end before that.
   *
   * @param options - a number of milliseconds, or `{ timeout }`.
   */
  flush(options?: FlushOptions | number): Promise<void>;
  /**
   * Sends what lies on disk, from whatever process, as long as the server takes it, and for `timeout` milliseconds
   * (10,000) at the most. Never rejects. It happens by itself once a minute.
   *
   * @param options - a number of milliseconds, or `{ timeout }`.
   */
  sendSpooled(options?: FlushOptions | number): Promise<void>;
  status(): TracingClientStatus;
  /** Puts what is not delivered on disk, now: for the end of a process. Without `spool` it is dropped, and counted. */
  save(): void;
}

/**
 * What became of the events of one client.
 *
 * @experimental
 */
export interface TracingClientStatus {
  /** Events that the server took. */
  delivered: number;
  /** Events that are neither delivered nor dropped nor on disk. */
  pending: number;
  /**
   * Events on disk, as far as this process has put them there or looked at them. Of what is under way, some may be among
   * `pending`, too. What other processes have left is not counted before it is sent.
   */
  onDisk: number;
  /** Events that will not be delivered, by reason. */
  dropped: Record<string, number>;
}

/**
 * Makes a client for {@link enableLlmTracing} that delivers by itself: in compressed batches, again after failures and
 * limits, within bounds of memory, and with `spool` from disk after an outage or the end of a process. It needs no
 * `@amplitude/analytics-node`, and holds no process alive, but for `exitTimeout` at its end.
 *
 * @experimental
 * @param apiKey - of the Amplitude project.
 * @throws TypeError that names each wrong option, what came, and what is valid.
 * @example
 * ```ts
 * const client = createTracingClient(process.env.AMPLITUDE_API_KEY, { spool: true });
 * enableLlmTracing(client);
 * ```
 */
export function createTracingClient(apiKey: string, options: TracingClientOptions = {}): TracingClient {
  const settings = checkTracingClient(apiKey, options);
  const dropped: Record<string, number> = {};
  let delivered = 0;
  let running: Uploader | undefined;
  let outbox: CountedOutbox | undefined;
  let isEndingKnown = false;
  if (settings.spool) lookForLeftovers();
  const { gzip, connections, timeout } = settings;
  const sender = restSending(
    makeSender({ timeout, gzip, connections, proxyAgentFor: (url) => proxyAgentFor(url, timeout) }),
  );
  const flush: TracingClient['flush'] = (limit) => within(limit, () => atWork().flush());
  const sendSpooled: TracingClient['sendSpooled'] = (limit) => within(limit, () => atWork().sendOutbox());
  return { track, flush, sendSpooled, save: () => running?.save(), status };

  /** With the first event, or when there is time: to open an outbox takes a third of what it takes to load all of us. */
  function uploader(): Uploader {
    running ??= makeUploader(settings, {
      send: sender.send,
      outbox: (outbox = openSpool()),
      now: () => performance.now(),
      random: Math.random,
      dropped: countDropped,
      delivered: (count) => (delivered += count),
      problem: reportProblem,
      note: (line) => sharedState().note?.(line),
    });
    return running;
  }

  /** Somebody has something to send: the end of the process was none. */
  function atWork(): Uploader {
    sender.goOn();
    return uploader();
  }

  function track(event: LlmEvent): void {
    safely('queue an event', () => {
      // A client that is never used is nobody's business.
      if (!isEndingKnown) listenForEnd();
      const json = jsonOf({ library: `llm-trace/${version}`, ...event });
      const bytes = json === undefined ? 0 : Buffer.byteLength(json);
      // It would be refused, and take others with it.
      if (json === undefined || bytes > settings.maxEventBytes) return countDropped('too_large', 1);
      atWork().add({ json, bytes, userId: event.user_id, deviceId: event.device_id });
    });
  }

  function listenForEnd(): void {
    isEndingKnown = true;
    const { hold, save, resume, pending } = uploader();
    const { rest } = sender;
    flushAtExit({ timeout: settings.exitTimeout, pending, flush, sendSpooled, rest, hold, save, resume });
  }

  function status(): TracingClientStatus {
    return {
      delivered,
      pending: running?.pending() ?? 0,
      onDisk: outbox?.events() ?? 0,
      dropped: { ...dropped },
    };
  }

  function countDropped(reason: string, count: number): void {
    if (reason === 'invalid_api_key') sayWrongKey();
    else if (dropped[reason] === undefined) {
      reportProblem('deliver events', new Error(`events are dropped: ${reason}`));
    }
    dropped[reason] = (dropped[reason] ?? 0) + count;
  }

  function openSpool(): CountedOutbox | undefined {
    const { spool, apiKey: key, url } = settings;
    if (!spool) return undefined;
    return safely('open the outbox', () => {
      const directory = spoolFolder(spool, key, url);
      const isInTemporaryFolder = spool.directory === undefined;
      return countOnDisk(openOutbox({ ...spool, directory, isInTemporaryFolder }, countDropped));
    });
  }

  /** What other processes left, when this one has started, and once a minute. */
  function lookForLeftovers(): void {
    const look = (): void => {
      safely('look for events on disk', () => void uploader().sendOutbox());
      setTimeout(look, 60_000).unref();
    };
    setTimeout(look, settings.flushInterval).unref();
  }
}

/**
 * Nothing works with a wrong key, and it is a mistake that somebody can mend. The uploader has reported it; where nobody
 * listens to that, it is one line, however many clients there are.
 */
function sayWrongKey(): void {
  const shared = sharedState();
  if (shared.isHeard || shared.saidWrongKey) return;
  shared.saidWrongKey = true;
  process.stderr.write('[llm-trace] the server does not know the API key: no event is sent\n');
}

/** Holds the process: no socket and no timer of an uploader does. */
async function within(limit: FlushOptions | number | undefined, work: () => Promise<void>): Promise<void> {
  let stopWaiting: () => void = () => undefined;
  const late = new Promise<void>((resolve) => (stopWaiting = resolve));
  const timer = setTimeout(stopWaiting, timeoutOf(limit) ?? 10_000);
  await Promise.race([work().catch((error: unknown) => reportProblem('deliver events', error)), late]);
  clearTimeout(timer);
}

/** Whatever it is, JSON: a BigInt or a cycle costs itself and not the event. */
function jsonOf(event: object): string | undefined {
  try {
    return JSON.stringify(event);
  } catch {
    return JSON.stringify(toJson(event));
  }
}
