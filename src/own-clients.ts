import type { TracingClient, TracingClientStatus } from './delivery/tracing-client';
import type { AmplitudeClient } from './options';
import { safely } from './safely';

/** Whether a client is one of `createTracingClient`: it looks after its events itself, whatever happens. */
export function isOwnClient(client: AmplitudeClient): client is TracingClient {
  const { save, sendSpooled } = client as Partial<TracingClient>;
  return typeof save === 'function' && typeof sendSpooled === 'function';
}

/** What those of ours say together; undefined where none is. */
export function statusOfOwn(clients: readonly AmplitudeClient[]): TracingClientStatus | undefined {
  const own = [...new Set(clients)].filter(isOwnClient);
  const all = own.flatMap((client) => safely('read the status of a client', () => client.status()) ?? []);
  return all.length > 0 ? all.reduce(together) : undefined;
}

function together(one: TracingClientStatus, other: TracingClientStatus): TracingClientStatus {
  const dropped = { ...one.dropped };
  for (const [reason, count] of Object.entries(other.dropped)) dropped[reason] = (dropped[reason] ?? 0) + count;
  return {
    delivered: one.delivered + other.delivered,
    pending: one.pending + other.pending,
    onDisk: one.onDisk + other.onDisk,
    dropped,
  };
}
