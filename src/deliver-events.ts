import { applySchema } from './schemas/apply-schema';
import { askWithin } from './ask-within';
import { awaitAnswers, promiseOf, rejected, type Fate } from './await-answers';
import { buildEvent, type EventRules } from './build-event';
import { fitEvent, isSmallEvent } from './content';
import { propertyNames } from './event-properties';
import type { KeptEvents } from './keep-failed';
import { lookLast } from './last-look';
import { isSendable, mendEvent, mendOperation } from './mend-event';
import type { CheckedContext, LlmOperation } from './operation';
import type { AmplitudeClient, ResolvedOptions } from './options';
import { reportProblem } from './safely';
import { takeTurns } from './take-turns';
import type { LlmEvent } from './types';

/**
 * What became of the calls of this process.
 *
 * @experimental
 */
export interface Counters {
  /** Calls that ended. */
  operations: number;
  /** Events that were handed to the client. */
  tracked: number;
  /** Events that were not sent, by reason. */
  readonly dropped: Record<string, number>;
  /** With `spool`: how often an event was put aside because the client could not deliver it. */
  kept?: number;
  /** With `spool`: events that were put aside, now or by an earlier process, and that the client has delivered since. */
  recovered?: number;
  /** Errors inside this package. */
  internalErrors: number;
}

export interface Delivery {
  /** Takes a finished call; the event is built and tracked after the caller has got its value. */
  report(operation: LlmOperation): void;
  /**
   * Takes an event that is no call, and hands it on at once.
   *
   * @param own - names of properties that are not the user's.
   */
  hand(event: LlmEvent, own: ReadonlySet<string>): void;
  /** Hands everything that was reported to the client now. */
  drain(): void;
  /**
   * Hands on everything, and waits until the client has answered for it. Never rejects.
   *
   * @param timeout - milliseconds, for which the process is held at the most. Default: 10,000.
   */
  flush(timeout?: number): Promise<void>;
  /** Calls that have ended and events that the client has not answered yet. */
  pending(): number;
}

/** Milliseconds that are worked on events before whatever else the process has to do. */
const budget = 1;
/** Calls that wait for that at the most, which is some 50 MB of them. */
const mostWaiting = 20_000;
/**
 * Code that runs once among other work is slow, and a turn has a price of its own: events that are built one after the
 * other take 3 to 5 microseconds less (decision 0024). Calls that come less often do not wait.
 */
const gather = { turns: 16, items: 100, milliseconds: 20 };
const flushTimeout = 10_000;

/** The names of other schemas are longer than ours, and 50 messages in parts take 1.5 kB more. */
const roomForNames = 3 * 1_024;

/**
 * The way from a finished call to the client: off the caller's path, and without trust in the client.
 *
 * @param rulesIn - how an event is built, by what the context of its call says.
 * @param kept - where events go that the client could not deliver.
 */
export function deliverEvents(
  client: AmplitudeClient,
  rulesIn: (told?: CheckedContext) => EventRules,
  {
    beforeSend,
    debug,
    schema = 'llm_operation',
  }: Pick<ResolvedOptions, 'beforeSend' | 'debug'> & Partial<Pick<ResolvedOptions, 'schema'>>,
  counters: Counters,
  kept?: KeptEvents,
): Delivery {
  const turns = takeTurns<LlmOperation>({
    ...{ work: deliver, budget, most: mostWaiting, gather, now: () => performance.now() },
    dropped: () => drop('queue_full'),
  });
  const answers = awaitAnswers((event) => kept?.answered(event), undelivered);
  return { report, hand, drain: turns.finish, flush, pending: () => turns.waiting() + answers.pending() };

  function report(operation: LlmOperation): void {
    if (operation.context.drawn === 'if it fails' && operation.outcome !== 'error') return drop('not_sampled');
    counters.operations += 1;
    turns.add(operation);
  }

  function deliver(operation: LlmOperation): void {
    try {
      track(operation);
    } catch (error) {
      drop('internal_error');
      reportProblem('build an event', error);
    }
  }

  function track(operation: LlmOperation): void {
    const built = mendEvent(build(operation));
    const event = beforeSend ? lastLook(built, beforeSend) : built;
    if (!event) return;
    if (!fitEvent(event, propertyNames, schema === 'llm_operation' ? 0 : roomForNames)) return drop('too_large');
    for (const shaped of applySchema(event, schema, operation.request.goesOn === true)) {
      if (shaped === event || isSmallEvent(shaped)) send(shaped);
      else drop('too_large');
    }
  }

  /** Facts of a patch of a user's can be anything: one of them must not cost the event. */
  function build(operation: LlmOperation): LlmEvent {
    const rules = rulesIn(operation.context.told);
    try {
      return buildEvent(operation, rules);
    } catch (error) {
      reportProblem('build an event', error);
      return buildEvent(mendOperation(operation), rules);
    }
  }

  function hand(given: LlmEvent, own: ReadonlySet<string>): void {
    try {
      const mended = mendEvent(given);
      const event = beforeSend ? lastLook(mended, beforeSend) : mended;
      if (!event) return;
      if (fitEvent(event, own)) send(event);
      else drop('too_large');
    } catch (error) {
      drop('internal_error');
      reportProblem('send an event', error);
    }
  }

  function send(event: LlmEvent): void {
    if (debug) process.stderr.write(`[llm-trace] event ${JSON.stringify(event)}\n`);
    // Whatever went wrong before: one id that the server refuses costs the whole batch, and so events of others.
    if (!isSendable(event)) return drop('invalid_event');
    let result: unknown;
    try {
      result = client.track(event);
    } catch (error) {
      reportProblem('track an event', error);
      return undelivered(event, rejected);
    }
    counters.tracked += 1;
    kept?.handed(event);
    answers.follow(result, event);
  }

  function lastLook(built: LlmEvent, look: NonNullable<ResolvedOptions['beforeSend']>): LlmEvent | undefined {
    try {
      return lookLast(built, look) ?? void drop('before_send');
    } catch (error) {
      reportProblem('run beforeSend', error);
      return void drop('before_send_failed');
    }
  }

  function undelivered(event: LlmEvent, { reason, isWorthRetry }: Fate): void {
    if (kept && isWorthRetry) kept.keep(event);
    else drop(reason);
  }

  /** While a flush is under way another one sends nothing (analytics-node 1.5.73): it is asked until all is answered. */
  async function flush(timeout = flushTimeout): Promise<void> {
    turns.finish();
    const isAnswered = answers.untilNow();
    let canFlush = true;
    let isTrying = false;
    let isKept = false;
    await askWithin(timeout, async (left) => {
      if (canFlush) await flushClient(left);
      if (isAnswered()) tryKept();
      return isKept;
    });

    /**
     * Once, when all is known that the client could not deliver: others may track meanwhile. Not awaited: what is tried
     * again goes through the client, which has to be flushed for it.
     */
    function tryKept(): void {
      if (isTrying) return;
      isTrying = true;
      isKept = !kept?.pending();
      if (isKept) return;
      kept
        ?.flush()
        .catch((error: unknown) => reportProblem('deliver events again', error))
        .finally(() => (isKept = true));
    }

    async function flushClient(left: number): Promise<void> {
      try {
        await promiseOf(client.flush?.(left));
      } catch (error) {
        canFlush = false;
        reportProblem('flush the client', error);
      }
    }
  }

  function drop(reason: string): void {
    counters.dropped[reason] = (counters.dropped[reason] ?? 0) + 1;
  }
}

/** Several deliveries as one, so that the end of the process waits for all of them. */
export function deliverAll(first: Delivery, others: () => readonly Delivery[]): Delivery {
  const all = (): Delivery[] => [first, ...others()];
  return {
    ...first,
    drain: () => all().forEach((each) => each.drain()),
    async flush(timeout) {
      await Promise.all(all().map((each) => each.flush(timeout)));
    },
    pending: () => all().reduce((sum, each) => sum + each.pending(), 0),
  };
}
