import { rulesIn } from './context/apply-context';
import type { EventRules } from './build-event';
import { timeoutOf } from './ask-within';
import { deliverAll, deliverEvents, type Counters, type Delivery } from './deliver-events';
import { programDeviceId } from './device-id';
import { keepDropIns } from './wrappers/drop-ins';
import { endingOf, keeperFor } from './end-session';
import { findCopy } from './wrappers/find-copy';
import { flushAtExit } from './flush-at-exit';
import { hookModules, type ModuleHook } from './loading/hook-module';
import { keepLeft } from './left-deliveries';
import { listenToTelemetry } from './listen-to-telemetry';
import { makeTracer } from './make-tracer';
import { OpenCalls } from './open-calls';
import type { CheckedContext, Tracer } from './operation';
import {
  checkClient,
  resolveOptions,
  type AmplitudeClient,
  type LlmTracingOptions,
  type ResolvedOptions,
} from './options';
import { isOwnClient, statusOfOwn } from './own-clients';
import { patches, type ProviderName } from './patches';
import { openPriceTable } from './cost/price-table';
import { ignoreRejection, safely } from './safely';
import { keepSeenSdks } from './seen-sdks';
import type { ClientSdk, LlmTracingHandle, LlmTracingStatus, Session } from './session';
import { sharedState } from './shared-state';
import { isHeard, problemLine, warnOnce } from './tell-problems';
import { isSameClient } from './wrappers/same-client';
import { keepTracedClients, type ClientSettings, type OwnTracing, type Tracing } from './wrappers/traced-clients';
import type { ProviderPatch, Restore, SdkCopy } from './types';
import { version } from './version';

export type { ClientSdk, LlmTracingHandle, LlmTracingStatus } from './session';

const noHook: ModuleHook = { restore: () => undefined, ready: Promise.resolve() };

/** The one active session: the one piece of state in the house. */
let active: Session | undefined;
const counters: Counters = { operations: 0, tracked: 0, dropped: {}, internalErrors: 0 };
let lastError: string | undefined;
const left = keepLeft();
const clients = keepTracedClients(left.add);
/** Of all sessions and clients: what is open when the process ends, or an invocation, is looked for in one place. */
const open = new OpenCalls();
let forgetEndOfClients: Restore | undefined;
const dropIns = keepDropIns();
const sdks = keepSeenSdks(tracerFor, note);

/** `atStart`: nothing of the application is loaded yet, so there is nothing to look for. */
export function enable(
  client: AmplitudeClient,
  given: LlmTracingOptions | readonly ProviderName[] = {},
  atStart = false,
): LlmTracingHandle & { readonly session: Pick<Session, 'tracer' | 'delivery'> } {
  checkClient(client);
  const options = resolveOptions(given);
  const shared = sharedState();
  if (shared.disable !== disable) shared.disable?.();
  const former = active;
  shared.disable = disable;
  shared.note = note;
  shared.problem = (what, error) => noteProblem(options, what, error);
  shared.isHeard = isHeard(options);
  warnOnce(options);

  const rules = rulesOf(options);
  const kept = keeperFor(client, options, counters);
  const delivery = deliverEvents(client, rules, options, counters, kept);
  const tracer = makeTracer(options, delivery.report, countLeftOut, open);
  const everything = deliverAll(delivery, otherDeliveries);
  const isEnded = !atStart && (kept !== undefined || isOwnClient(client));
  const forgetEnd = isEnded ? flushAtExit(endingOf({ tracer, delivery: everything }, 0, kept)) : () => undefined;
  const wanted: ReadonlySet<ProviderPatch> = new Set([
    ...patches.filter(({ name }) => options.providers.includes(name)),
    ...options.patches,
  ]);
  // Set before anything is patched: what is loaded already can be called by the next line of the application.
  const begun = (active = { client, tracer, delivery, options, rules, kept, wanted, hook: noHook, forgetEnd });
  clients.renew(tracingOf);
  if (former) left.add(former.delivery);
  // Nothing is loaded between this and the new hook.
  const { wasHookOut } = shared;
  former?.hook.restore();
  former?.kept?.stop();
  former?.forgetEnd();
  shared.wasHookOut = wasHookOut;
  sdks.forget((patch) => !isWanted(patch));
  for (const patch of wanted) {
    const exports = options.modules[patch.name];
    if (exports !== undefined) sdks.installGiven(patch, exports, 'option modules');
  }
  for (const { patch, exports, copy } of dropIns.list()) sdks.install(patch, exports, copy);
  const stopListening = listenToTelemetry([...wanted], tracerFor, sdks.hear);
  const modules = wanted.size > 0 ? hookModules([...wanted], sdks.install, atStart) : noHook;
  const hook = { ...modules, restore: () => [stopListening, modules.restore].forEach((restore) => restore()) };
  const session = (active = { ...begun, hook });
  return {
    ready: hook.ready,
    disable: () => active === session && disable(),
    flush: (timeout) => everything.flush(timeoutOf(timeout)),
    status,
    session: { tracer, delivery: everything },
  };
}

/** Everything is as it was. Calls that have begun end normally and still report. */
export function disable(): void {
  active?.hook.restore();
  active?.kept?.stop();
  active?.forgetEnd();
  if (active) left.add(active.delivery);
  active = undefined;
  clients.removeAll();
  forgetEndWithClients();
  sdks.forget(() => true);
  const shared = sharedState();
  if (shared.disable === disable) shared.disable = undefined;
}

/** Waits for everything that is tracked, by whatever client. */
export async function flushAll(timeout?: number): Promise<void> {
  const deliveries = new Set([...(active ? [active.delivery] : []), ...otherDeliveries()]);
  await Promise.all([...deliveries].map((delivery) => delivery.flush(timeout)));
}

function otherDeliveries(): readonly Delivery[] {
  return [...new Set([...clients.deliveries(), ...left.list()])];
}

export function status(): LlmTracingStatus {
  const delivery = statusOfOwn([...(active ? [active.client] : []), ...clients.clients()]);
  return {
    enabled: active !== undefined,
    version,
    sdks: [...sdks.list(), ...(active ? [] : dropIns.idle())],
    clients: clients.count(),
    counters: { ...counters, dropped: { ...counters.dropped } },
    ...(delivery && { delivery }),
    ...(lastError !== undefined && { lastError }),
  };
}

/** For what is no call of an SDK but goes the same way. */
export function activeSession():
  Pick<Session, 'client' | 'tracer' | 'delivery' | 'options' | 'rules' | 'kept'> | undefined {
  return active;
}

/** Calls that have begun and not ended, whoever traces them. */
export function openCalls(): OpenCalls {
  return open;
}

/** What became of events that another client gets in the name of the session. */
export function countersOf(): Counters {
  return counters;
}

/** Counts an event that was not sent. */
export function countDropped(reason: string): void {
  counters.dropped[reason] = (counters.dropped[reason] ?? 0) + 1;
}

/**
 * Who traces a call: what was said of its very client holds against what was said of all.
 *
 * @param owner - the object that has the method.
 */
function tracerFor(patch: ProviderPatch, self?: unknown, owner?: object): Tracer | undefined {
  const own = clients.find(self);
  if (own) return own.tracer;
  if (!active) return undefined;
  return active.wanted.has(patch) || (owner && dropIns.owns(owner)) ? active.tracer : undefined;
}

function isWanted(patch: ProviderPatch): boolean {
  return (active && (active.wanted.has(patch) || dropIns.has(patch))) || clients.wants(patch);
}

/**
 * For `traceClient`: one client, with options of its own.
 *
 * @param client - where its events go, by these settings and the session as they are now.
 */
export function addClient(
  instance: object,
  { patch, methods, exports }: ClientSdk,
  settings: ClientSettings,
  client: AmplitudeClient,
): void {
  const shared = sharedState();
  const options = settings.optionsIn(active?.options);
  shared.disable ??= disable;
  shared.problem ??= (what, error) => noteProblem(options, what, error);
  shared.isHeard ??= isHeard(options);
  warnOnce(options);
  const own = { patch, settings, ...tracingOf({ settings, client }) };
  clients.add(instance, own);
  // Also beside a session: that one may have no end of its own, and to hand on twice what there is does no harm.
  if (isOwnClient(client)) {
    const everything = deliverAll(own.delivery, otherDeliveries);
    forgetEndOfClients ??= flushAtExit(endingOf({ tracer: own.tracer, delivery: everything }, 0));
  }
  if (sdks.covers(patch, methods)) return;
  const found = safely('find the copy of an SDK', () => findCopy(patch, methods));
  if (found) sdks.install(patch, found.exports ?? exports, found.copy);
  else sdks.installGiven(patch, exports, 'traceClient');
}

/** What was said of a client, within the session that is there now. */
function tracingOf({ settings, client: former }: Pick<OwnTracing, 'settings' | 'client'>): Tracing {
  const client = settings.client ?? active?.client ?? former;
  const options = settings.optionsIn(active?.options);
  const kept = isSameClient(client, active?.client) ? active?.kept : undefined;
  const delivery = deliverEvents(client, rulesOf(options), options, counters, kept);
  return { client, delivery, tracer: makeTracer(options, delivery.report, countLeftOut, open) };
}

/** Ends what `addClient` began, for that client and those that were made out of it. */
export function removeClient(instance: object): void {
  clients.remove(instance);
  forgetEndWithClients();
  sdks.forget((patch) => !isWanted(patch));
}

function forgetEndWithClients(): void {
  if (clients.count() > 0) return;
  forgetEndOfClients?.();
  forgetEndOfClients = undefined;
}

/** For the drop-in imports: this copy of an SDK is traced whenever anything is. */
export function addDropIn(patch: ProviderPatch, exports: unknown, copy: SdkCopy): void {
  dropIns.add({ patch, exports, copy });
  if (active) sdks.install(patch, exports, copy);
}

/** Shared by all rules, those of events by hand too: what was looked up or made once holds for the process. */
const table = openPriceTable();
let programId: string | undefined;

/** How an event is built, by what its context says. */
export function rulesOf(options: ResolvedOptions): (told?: CheckedContext) => EventRules {
  // Made with the first event.
  const anyDevice = (): string => (programId ??= programDeviceId());
  const pricing = { prices: options.prices, table };
  const rules = (told?: CheckedContext): EventRules => ({ ...rulesIn(options, anyDevice, told), pricing });
  let plain: EventRules | undefined;
  return (told) => (told ? rules(told) : (plain ??= rules()));
}

function countLeftOut(): void {
  countDropped('not_sampled');
}

function noteProblem({ onError }: ResolvedOptions, what: string, error: unknown): void {
  counters.internalErrors += 1;
  lastError = problemLine(what, error);
  note(lastError);
  ignoreRejection(onError?.(error));
}

function note(line: string): void {
  if (active?.options.debug) process.stderr.write(`[llm-trace] ${line}\n`);
}
