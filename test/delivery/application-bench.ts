import { createRequire } from 'node:module';
import { deliverEvents, type Counters, type Delivery } from '../../src/deliver-events';
import { keeperFor } from '../../src/end-session';
import type { KeptEvents } from '../../src/keep-failed';
import type { AmplitudeClient, LlmTracingOptions } from '../../src/options';
import { fullOperation } from '../support/full-operation';
import { openRules } from '../support/open-rules';
import type { Behaviour } from './fault-server';

interface RealClient extends AmplitudeClient {
  init(key: string, options: object): { promise: Promise<void> };
  flush(): { promise: Promise<void> };
  setOptOut(isOut: boolean): void;
  add(plugin: object): { promise: Promise<void> };
}

const load = createRequire(__filename);

/** The installed versions of the real client. */
export const versions = ['@amplitude/analytics-node', 'amplitude-analytics-node-1.3'] as const;

export interface Bench {
  readonly client: RealClient;
  readonly delivery: Delivery;
  readonly counters: Counters;
  readonly kept: KeptEvents | undefined;
  /** The insert ids of what was handed to the client, in order. */
  readonly ids: string[];
  report(count: number): void;
}

/** The way of events through a real client, with nothing else of a session. */
export async function benchWith(
  version: (typeof versions)[number],
  url: string,
  spool: LlmTracingOptions['spool'] = false,
): Promise<Bench> {
  const client = (load(version) as { createInstance(): RealClient }).createInstance();
  await client.init('a-key', { serverUrl: url, flushIntervalMillis: 20, logLevel: 0, flushMaxRetries: 2 }).promise;
  const counters: Counters = { operations: 0, tracked: 0, dropped: {}, internalErrors: 0 };
  const ids: string[] = [];
  const watched: AmplitudeClient = {
    track(event) {
      if (!ids.includes(event.insert_id)) ids.push(event.insert_id);
      return client.track(event);
    },
    flush: () => client.flush(),
  };
  const kept = keeperFor(watched, { spool }, counters);
  const rules = { ...openRules, deviceId: 'device-1' };
  const delivery = deliverEvents(watched, () => rules, { debug: false }, counters, kept);
  const report = (count: number): void => {
    for (let call = 0; call < count; call++) delivery.report(fullOperation);
  };
  return { client, delivery, counters, kept, ids, report };
}

/** As Amplitude answers (HTTP V2 API); the client reads fields of these. */
export const invalid = (positions: number[]): Behaviour => ({
  status: 400,
  body: {
    error: 'Request has invalid or missing fields',
    events_with_invalid_fields: { time: positions },
    events_with_missing_fields: {},
    events_with_invalid_id_lengths: {},
    silenced_events: [],
  },
});
export const throttled: Behaviour = {
  status: 429,
  body: {
    error: 'Too many requests for some devices and users',
    eps_threshold: 30,
    throttled_devices: {},
    throttled_users: {},
    exceeded_daily_quota_users: {},
    exceeded_daily_quota_devices: {},
    throttled_events: [],
  },
};
export const tooLarge: Behaviour = { status: 413, body: { error: 'Payload too large' } };
