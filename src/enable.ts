import { rulesIn } from './context/apply-context';
import type { EventRules } from './build-event';
import { timeoutOf, type FlushOptions } from './ask-within';
import { deliverAll, deliverEvents, type Counters, type Delivery } from './deliver-events';
import { programDeviceId } from './device-id';
import { keepDropIns } from './wrappers/drop-ins';
import { endingOf, isOwnClient, keeperFor } from './end-session';
import { findCopy } from './wrappers/find-copy';
import { flushAtExit } from './flush-at-exit';
import { hookModules, type ModuleHook } from './loading/hook-module';
import type { KeptEvents } from './keep-failed';
import { listenToTelemetry } from './listen-to-telemetry';
import { makeTracer } from './make-tracer';
import type { CheckedContext, Tracer } from './operation';
import {
  checkClient,
  resolveOptions,
  type AmplitudeClient,
  type LlmTracingOptions,
  type ResolvedOptions,
} from './options';
import { patches, type ProviderName } from './patches';
import { openPriceTable } from './cost/price-table';
import { ignoreRejection, safely } from './safely';
import { keepSeenSdks, type TracedSdk } from './seen-sdks';
import { sharedState } from './shared-state';
import { keepTracedClients } from './wrappers/traced-clients';
import type { MethodPatch, ProviderPatch, Restore, SdkCopy } from './types';
import { version } from './version';

/**
 * Everything that answers "why do I see no events".
 *
 * @experimental
 */
export interface LlmTracingStatus {
  enabled: boolean;
  version: string;
  /** The copies of SDKs that are loaded, traced or not. Empty: no SDK was loaded, or it is in a bundle. */
  sdks: TracedSdk[];
  /** How many clients are traced by `traceClient`. */
  clients: number;
  counters: Counters;
  /** The last error inside this package. */
  lastError?: string;
}

/**
 * What `enableLlmTracing` gives back.
 *
 * @experimental
 */
export interface LlmTracingHandle {
  /** Resolves when SDKs that were loaded before are traced too. They are at once on Node 20.19 and newer. */
  readonly ready: Promise<void>;
  /** The same as `disableLlmTracing()`. */
  disable(): void;
  /**
   * Waits for every call that has ended: until the client has answered for its event, also where a flush is under way
   * already, and with `spool` until what could not be delivered is on disk. Never rejects.
   *
   * @param options - a number of milliseconds after which it resolves in any case, or `{ timeout }`. Default: 10,000.
   */
  flush(options?: FlushOptions | number): Promise<void>;
  status(): LlmTracingStatus;
}

export interface Session {
  readonly client: AmplitudeClient;
  readonly tracer: Tracer;
  readonly delivery: Delivery;
  readonly options: ResolvedOptions;
  readonly rules: (told?: CheckedContext) => EventRules;
  /** Where events go that the client could not deliver. */
  readonly kept: KeptEvents | undefined;
  readonly wanted: ReadonlySet<ProviderPatch>;
  readonly hook: ModuleHook;
  /** The end of the process is nobody's business any more. */
  readonly forgetEnd: Restore;
}

/** The SDK of one client. */
export interface ClientSdk {
  readonly patch: ProviderPatch;
  readonly methods: readonly MethodPatch[];
  /** What the methods were found in. */
  readonly exports: unknown;
}

const noHook: ModuleHook = { restore: () => undefined, ready: Promise.resolve() };

/** The one active session: the one piece of state in the house. */
let active: Session | undefined;
const counters: Counters = { operations: 0, tracked: 0, dropped: {}, internalErrors: 0 };
let lastError: string | undefined;
const clients = keepTracedClients();
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
  warnOnce(options);

  const rules = rulesOf(options);
  const kept = keeperFor(client, options, counters);
  const delivery = deliverEvents(client, rules, options, counters, kept);
  const tracer = makeTracer(options, delivery.report, countLeftOut);
  const everything = deliverAll(delivery, clients.deliveries);
  const isEnded = !atStart && (kept !== undefined || isOwnClient(client));
  const forgetEnd = isEnded ? flushAtExit(endingOf({ tracer, delivery: everything }, 0, kept)) : () => undefined;
  const wanted: ReadonlySet<ProviderPatch> = new Set([
    ...patches.filter(({ name }) => options.providers.includes(name)),
    ...options.patches,
  ]);
  // Set before anything is patched: what is loaded already can be called by the next line of the application.
  const begun = (active = {
    client,
    tracer,
    delivery,
    options,
    rules,
    kept,
    wanted,
    hook: noHook,
    forgetEnd,
  });
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
  active = undefined;
  clients.removeAll();
  sdks.forget(() => true);
  const shared = sharedState();
  if (shared.disable === disable) shared.disable = undefined;
}

/** Waits for everything that is tracked, by whatever client. */
export async function flushAll(timeout?: number): Promise<void> {
  const deliveries = [...new Set([...(active ? [active.delivery] : []), ...clients.deliveries()])];
  await Promise.all(deliveries.map((delivery) => delivery.flush(timeout)));
}

export function status(): LlmTracingStatus {
  return {
    enabled: active !== undefined,
    version,
    sdks: [...sdks.list(), ...(active ? [] : dropIns.idle())],
    clients: clients.count(),
    counters: { ...counters, dropped: { ...counters.dropped } },
    ...(lastError !== undefined && { lastError }),
  };
}

/** For what is no call of an SDK but goes the same way. */
export function activeSession():
  Pick<Session, 'client' | 'tracer' | 'delivery' | 'options' | 'rules' | 'kept'> | undefined {
  return active;
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

/** For `traceClient`: one client, with options of its own. */
export function addClient(
  instance: object,
  { patch, methods, exports }: ClientSdk,
  client: AmplitudeClient,
  options: ResolvedOptions,
): void {
  const shared = sharedState();
  shared.disable ??= disable;
  shared.problem ??= (what, error) => noteProblem(options, what, error);
  warnOnce(options);
  const kept = client === active?.client ? active.kept : undefined;
  const delivery = deliverEvents(client, rulesOf(options), options, counters, kept);
  const tracer = makeTracer(options, delivery.report, countLeftOut);
  // What is open when the process ends is looked for in one place.
  clients.add(instance, { patch, tracer: { ...tracer, ...(active && { open: active.tracer.open }) }, delivery });
  if (sdks.covers(patch, methods)) return;
  const found = safely('find the copy of an SDK', () => findCopy(patch, methods));
  if (found) sdks.install(patch, found.exports ?? exports, found.copy);
  else sdks.installGiven(patch, exports, 'traceClient');
}

/** Ends what `addClient` began, for that client and those that were made out of it. */
export function removeClient(instance: object): void {
  clients.remove(instance);
  sdks.forget((patch) => !isWanted(patch));
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

function warnOnce({ noWarning }: ResolvedOptions): void {
  const shared = sharedState();
  if (shared.warned || noWarning || /^(1|true|yes|on)$/i.test(process.env['LLM_TRACE_NO_WARNING'] ?? '')) return;
  shared.warned = true;
  process.emitWarning('@amp/llm-trace is experimental: its options and events may change.', 'ExperimentalWarning');
}

function noteProblem({ onError }: ResolvedOptions, what: string, error: unknown): void {
  counters.internalErrors += 1;
  lastError = `could not ${what}: ${describeError(error)}`.slice(0, 500);
  note(lastError);
  ignoreRejection(onError?.(error));
}

function describeError(error: unknown): string {
  try {
    return String(error);
  } catch {
    // An object without a prototype, or with a `toString` that throws.
    return `a thrown ${typeof error}`;
  }
}

function note(line: string): void {
  if (active?.options.debug) process.stderr.write(`[llm-trace] ${line}\n`);
}
