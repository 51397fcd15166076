import type { Counters, Delivery } from './deliver-events';
import { spoolOf } from './delivery/client-options';
import type { OutboxSettings } from './delivery/outbox';
import { spoolFolder } from './delivery/spool-folder';
import type { Ending } from './flush-at-exit';
import { keepFailed, type KeptEvents } from './keep-failed';
import type { Tracer } from './operation';
import type { AmplitudeClient, ResolvedOptions } from './options';
import { isOwnClient } from './own-clients';

/** Where events go that the client of the application could not deliver, with option `spool`. */
export function keeperFor(
  client: AmplitudeClient,
  options: Pick<ResolvedOptions, 'spool'>,
  counters: Counters,
): KeptEvents | undefined {
  const spool = spoolOf(options.spool);
  if (!spool || isOwnClient(client)) return undefined;
  const effects = {
    dropped: (reason: string, count: number) =>
      void (counters.dropped[reason] = (counters.dropped[reason] ?? 0) + count),
    kept: () => void (counters.kept = (counters.kept ?? 0) + 1),
    recovered: () => void (counters.recovered = (counters.recovered ?? 0) + 1),
  };
  const settings = (): OutboxSettings => ({
    ...spool,
    directory: spoolFolder(spool, programId(), ''),
    isInTemporaryFolder: spool.directory === undefined,
  });
  return keepFailed(client, settings, effects);
}

/**
 * The key of the project is not known here: events belong to the program, as it was started, and with the key that the
 * environment may have for it.
 */
function programId(): string {
  const { AMPLITUDE_API_KEY: key, NODE_ENV: mode } = process.env;
  return JSON.stringify(['program', process.argv[1] ?? process.cwd(), mode, key]);
}

/** What a session does when the process ends: calls that nobody can end any more are reported, and all is handed on. */
export function endingOf(
  { tracer, delivery }: { readonly tracer: Pick<Tracer, 'open'>; readonly delivery: Delivery },
  timeout: number,
  kept?: KeptEvents,
): Ending {
  return {
    timeout,
    report() {
      for (const call of tracer.open) call.abandon();
      delivery.drain();
    },
    drain: () => delivery.drain(),
    pending: () => delivery.pending() + (kept?.pending() ?? 0),
    flush: (limit) => delivery.flush(limit),
    ...(kept && { hold: () => kept.hold(), save: () => kept.save(), resume: () => kept.resume() }),
  };
}
