import { tracingChannel } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers';
import { enclosures, type Enclosure } from './enclosing-call';
import { observeValue } from './observe-result';
import { safely } from './safely';
import { keepToldCalls } from './told-calls';
import { watchCall } from './trace-call';
import type { WatchedCall } from './observer';
import type { CallContext, Tracer } from './operation';
import type { MethodReader, ProviderPatch, Restore, SdkCopy, Telemetry, TelemetryNote } from './types';

/** What the SDK publishes of one span; the same object from its start to its end. */
interface Message {
  readonly event: object;
  readonly result?: unknown;
  readonly error?: unknown;
}

interface Span {
  readonly call: WatchedCall;
  readonly group: unknown;
}

/**
 * Listens to the SDKs that tell about their calls by themselves. Nothing has to be loaded for that; it may be loaded
 * already, or be in a bundle.
 *
 * @param tracerFor - asked at each call; undefined: it is not watched.
 * @param onHeard - told about an SDK with its first call.
 */
export function listenToTelemetry(
  patches: readonly ProviderPatch[],
  tracerFor: (patch: ProviderPatch) => Tracer | undefined,
  onHeard: (patch: ProviderPatch, copy: SdkCopy) => void,
): Restore {
  const restores = patches.map((patch) => {
    const { telemetry } = patch;
    if (!telemetry) return undefined;
    const listen = (): Restore =>
      listenTo(
        patch,
        telemetry,
        () => tracerFor(patch),
        (copy) => onHeard(patch, copy),
      );
    return safely('listen to an SDK', listen);
  });
  return () => {
    for (const restore of restores) restore?.();
  };
}

/**
 * On its diagnostics channel an SDK tells each attempt with its error, and hands out the streams; what is not told there
 * its global listeners are told.
 */
function listenTo(
  patch: ProviderPatch,
  telemetry: Telemetry,
  tracerOf: () => Tracer | undefined,
  onHeard: (copy: SdkCopy) => void,
): Restore {
  const copies = new Map<string | undefined, SdkCopy>();
  const spans = new WeakMap<object, Span>();
  /** Spans of whole operations: where the calls in one are told, it is no event itself. */
  const wholes = new WeakMap<Enclosure, WatchedCall>();
  let openSpans = 0;
  let isLive = true;
  const told = keepToldCalls((reader, request, enclosure) => {
    if (enclosure) wholes.get(enclosure)?.forget();
    return begin(reader, request, enclosure, tracerOf()?.context(undefined, [request], enclosure?.drawn));
  });

  const channel = tracingChannel(telemetry.channel);
  const onEnd = (message: unknown): void => void safely('read what an SDK tells', () => leave(message as Message));
  channel.start.bindStore(enclosures, (message) => {
    const outer = enclosures.getStore();
    return safely('read what an SDK tells', () => enter(message as Message, outer)) ?? outer ?? {};
  });
  channel.asyncEnd.subscribe(onEnd);
  const leaveList = safely('join the listeners of an SDK', () => joinList(telemetry, (note) => told.hear(note)));

  return function restore() {
    if (!isLive) return;
    isLive = false;
    channel.start.unbindStore(enclosures);
    leaveList?.();
    stopListening();
  };

  /** Calls that have begun end normally and still report. */
  function stopListening(): void {
    if (!isLive && openSpans === 0) channel.asyncEnd.unsubscribe(onEnd);
  }

  function enter(message: Message, outer: Enclosure | undefined): Enclosure {
    const { method, reader, isWhole, group } = telemetry.spanOf(message, outer?.method);
    if (!reader) return { ...outer, method };
    const calls: Enclosure['calls'] = [];
    const context = tracerOf()?.context(undefined, [message.event], outer?.drawn);
    const drawn = context?.drawn;
    const framework = patch.frameworkOf?.(message.event, [message.event]);
    const enclosure: Enclosure = { method, drawn, framework, calls };
    const call = begin(reader, message.event, enclosure, context);
    if (!call) return enclosure;
    openSpans += 1;
    spans.set(message, { call, group });
    if (isWhole) wholes.set(enclosure, call);
    return enclosure;
  }

  function leave(message: Message): void {
    const span = spans.get(message);
    if (!span) {
      const { group } = telemetry.spanOf(message, undefined);
      // The listener may still be told how it ended.
      if (group !== undefined) setImmediate(() => told.leave(group));
      return;
    }
    const { call, group } = span;
    spans.delete(message);
    openSpans -= 1;
    stopListening();
    if ('error' in message) call.failed(message.error);
    else if (message.result !== undefined) {
      observeValue(message.result, call);
      told.keepStream(group, call);
    }
    // The user does not want answers recorded. What else there is to know of this one, the listener is told.
    else told.keep(group, { call, group, leave: () => call.ended() });
  }

  function begin(
    reader: MethodReader,
    request: object,
    enclosure: Enclosure | undefined,
    context: CallContext | undefined,
  ): WatchedCall | undefined {
    const tracer = isLive ? tracerOf() : undefined;
    if (!tracer || !context?.drawn) return undefined;
    return watchCall(tracer, { patch, copy: copyOf(request), reader, enclosure }, context, request);
  }

  function copyOf(event: object): SdkCopy {
    const version = telemetry.versionOf(event);
    const known = copies.get(version);
    if (known) return known;
    const copy: SdkCopy = { sdk: patch.module, version, format: 'given', place: 'its own telemetry' };
    copies.set(version, copy);
    onHeard(copy);
    return copy;
  }
}

/** One more in the global list of listeners, which is made where it is not there, and then taken away again. */
function joinList({ list: property, listener }: Telemetry, onNote: (note: TelemetryNote) => void): Restore {
  const holder = globalThis as unknown as Record<string, unknown>;
  const isMade = holder[property] === undefined;
  const list = isMade ? (holder[property] = []) : holder[property];
  if (!Array.isArray(list)) return () => undefined;
  const methods = Object.entries(listener).map(([name, read]) => [
    name,
    (event: unknown): void => {
      const note = safely('read what an SDK tells', () => read(event));
      if (note) safely('follow what an SDK tells', () => onNote(note));
    },
  ]);
  const ours = Object.fromEntries(methods) as object;
  list.push(ours);
  return function restore() {
    const at = list.indexOf(ours);
    if (at >= 0) list.splice(at, 1);
    if (isMade && list.length === 0 && holder[property] === list) delete holder[property];
  };
}
