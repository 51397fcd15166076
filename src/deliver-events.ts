import { setImmediate } from 'node:timers';
import { applySchema } from './apply-schema';
import { buildEvent, type EventRules } from './build-event';
import { fitEvent, isSmallEvent, toJson } from './content';
import { propertyNames } from './event-properties';
import type { CheckedContext, LlmOperation } from './operation';
import { checks } from './option-checks';
import type { AmplitudeClient, ResolvedOptions } from './options';
import { ignoreRejection, reportProblem } from './safely';
import type { JsonValue, LlmEvent } from './types';

/** What became of the calls of this process. */
export interface Counters {
  /** Calls that ended. */
  operations: number;
  /** Events that were handed to the client. */
  tracked: number;
  /** Events that were not sent, by reason. */
  readonly dropped: Record<string, number>;
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
   * Hands on everything, and waits until the client has sent it.
   *
   * @param timeout - milliseconds, for a client of ours, which holds the process so long.
   */
  flush(timeout?: number): Promise<void>;
  /** Events that the client has not answered yet. */
  pending(): number;
}

/** The names of other schemas are longer than ours, and 50 messages in parts take 1.5 kB more. */
const roomForNames = 3 * 1_024;

/**
 * The way from a finished call to the client: off the caller's path, and without trust in the client.
 *
 * @param rulesIn - how an event is built, by what the context of its call says.
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
): Delivery {
  let waiting: LlmOperation[] = [];
  let pending = 0;
  return { report, hand, drain, flush, pending: () => pending };

  function report(operation: LlmOperation): void {
    if (operation.context.drawn === 'if it fails' && operation.outcome !== 'error') return drop('not_sampled');
    counters.operations += 1;
    waiting.push(operation);
    // Taken from `node:timers` when this file was loaded: fake timers of a test do not hold events back.
    if (waiting.length === 1) setImmediate(drain);
  }

  function drain(): void {
    const operations = waiting;
    waiting = [];
    for (const operation of operations) {
      try {
        track(operation);
      } catch (error) {
        drop('internal_error');
        reportProblem('build an event', error);
      }
    }
  }

  function track(operation: LlmOperation): void {
    const built = buildEvent(operation, rulesIn(operation.context.told));
    const event = beforeSend ? lastLook(built, beforeSend) : built;
    if (!event) return;
    if (!fitEvent(event, propertyNames, schema === 'llm_operation' ? 0 : roomForNames)) return drop('too_large');
    for (const shaped of applySchema(event, schema, operation.request.goesOn === true)) {
      if (shaped === event || isSmallEvent(shaped)) send(shaped);
      else drop('too_large');
    }
  }

  function hand(given: LlmEvent, own: ReadonlySet<string>): void {
    try {
      const event = beforeSend ? lastLook(given, beforeSend) : given;
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
    let result: unknown;
    try {
      result = client.track(event);
    } catch (error) {
      drop('track_failed');
      return reportProblem('track an event', error);
    }
    counters.tracked += 1;
    follow(result);
  }

  /** What the user's function gives back is as unknown as any input: only JSON of the right form reaches `track`. */
  function lastLook(built: LlmEvent, look: NonNullable<ResolvedOptions['beforeSend']>): LlmEvent | undefined {
    try {
      // A copy: what it changes in place must not be in the next event, which shares groups and properties.
      const event: unknown = look(toJson(built) as unknown as LlmEvent);
      if (event === null || event === undefined) return void drop('before_send');
      ignoreRejection(event);
      const checked = toJson(event) as Record<string, JsonValue> | undefined;
      if (isEvent(checked)) return checked;
      throw new TypeError('beforeSend must return null, or an event with properties and an id that the server takes');
    } catch (error) {
      // The function may have been there to take something out: without its consent nothing is sent.
      reportProblem('run beforeSend', error);
      return void drop('before_send_failed');
    }
  }

  function follow(result: unknown): void {
    const answer = promiseOf(result);
    if (!answer) return;
    pending += 1;
    // A thenable of any make: it can throw, or call back twice.
    Promise.resolve(answer).then(
      (value) => {
        pending -= 1;
        const code = (value as { code?: unknown } | undefined)?.code;
        if (typeof code === 'number' && code !== 200) drop(`client_answered_${code}`);
      },
      (error: unknown) => {
        pending -= 1;
        drop('track_failed');
        reportProblem('track an event', error);
      },
    );
  }

  async function flush(timeout?: number): Promise<void> {
    drain();
    try {
      await promiseOf(client.flush?.(timeout));
    } catch (error) {
      reportProblem('flush the client', error);
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

/** analytics-node answers with an object that has the promise in it. */
function promiseOf(result: unknown): PromiseLike<unknown> | undefined {
  const answer = (result as { promise?: unknown } | undefined)?.promise ?? result;
  return typeof (answer as PromiseLike<unknown> | undefined)?.then === 'function'
    ? (answer as PromiseLike<unknown>)
    : undefined;
}

function isEvent(value: unknown): value is LlmEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { event_type: type, event_properties: properties, user_id: user, device_id: device } = value as LlmEvent;
  if (typeof type !== 'string' || type === '') return false;
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return false;
  // One id that the server refuses costs the whole batch, and so events of the application.
  const ids = [user, device].filter((id: unknown) => id !== undefined && id !== null);
  return ids.length > 0 && ids.every((id) => checks.userId(id) === undefined);
}
