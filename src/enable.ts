import { rulesIn } from './apply-context';
import type { EventRules } from './build-event';
import { deliverEvents, type Counters, type Delivery } from './deliver-events';
import { programDeviceId } from './device-id';
import { hookModules, type Found, type ModuleHook } from './hook-module';
import { countMethods, installPatch, type InstalledPatch } from './install-patch';
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
import { openPriceTable } from './price-table';
import { ignoreRejection, safely } from './safely';
import { sharedState } from './shared-state';
import type { ProviderPatch, SdkCopy } from './types';
import { version } from './version';

/**
 * One copy of an SDK that was seen.
 *
 * @experimental
 */
export interface TracedSdk {
  provider: string;
  sdk: string;
  version?: string | undefined;
  format: SdkCopy['format'];
  place: string;
  /** How many of its methods are traced. */
  methods: number;
  /** Why none is, or some are not. */
  reason?: string;
}

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
  /** Hands on every event, and resolves when the client has sent what it has. Never rejects. */
  flush(): Promise<void>;
  status(): LlmTracingStatus;
}

export interface Session {
  readonly client: AmplitudeClient;
  readonly tracer: Tracer;
  readonly delivery: Delivery;
  readonly options: ResolvedOptions;
  readonly rules: (told?: CheckedContext) => EventRules;
  readonly wanted: ReadonlySet<ProviderPatch>;
  readonly hook: ModuleHook;
}

interface SeenSdk {
  readonly sdk: TracedSdk;
  readonly patch: ProviderPatch;
  /** By the exports of the files through which the copy came to us. */
  readonly installed: Map<unknown, InstalledPatch>;
  /** Whether functions within files are traced: see `ProviderPatch.functions`. */
  readonly hasFunctions: boolean;
  /** How many methods it tells about by itself. */
  readonly told: number;
}

/** The one active session: the one piece of state in the house. */
let active: Session | undefined;
const seen = new Map<string, SeenSdk>();
const counters: Counters = { operations: 0, tracked: 0, dropped: {}, internalErrors: 0 };
let lastError: string | undefined;

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
  const delivery = deliverEvents(client, rules, options, counters);
  const tracer = makeTracer(options, delivery.report, countLeftOut);
  const wanted: ReadonlySet<ProviderPatch> = new Set([
    ...patches.filter(({ name }) => options.providers.includes(name)),
    ...options.patches,
  ]);
  // Set before anything is patched: what is loaded already can be called by the next line of the application.
  active = { client, tracer, delivery, options, rules, wanted, hook: { restore: () => undefined, ready: Promise.resolve() } };
  // Nothing is loaded between this and the new hook.
  const { wasHookOut } = shared;
  former?.hook.restore();
  shared.wasHookOut = wasHookOut;
  forget((patch) => !wanted.has(patch));
  for (const patch of wanted) installGiven(patch, options);
  const stopListening = listenToTelemetry([...wanted], tracerFor, hear);
  const modules = hookModules([...wanted], install, atStart);
  const hook = { ...modules, restore: () => [stopListening, modules.restore].forEach((restore) => restore()) };
  const session = (active = { client, tracer, delivery, options, rules, wanted, hook });
  return {
    ready: hook.ready,
    disable: () => active === session && disable(),
    flush: () => delivery.flush(),
    status,
    session,
  };
}

/** Everything is as it was. Calls that have begun end normally and still report. */
export function disable(): void {
  active?.hook.restore();
  active = undefined;
  forget(() => true);
  const shared = sharedState();
  if (shared.disable === disable) shared.disable = undefined;
}

export function status(): LlmTracingStatus {
  return {
    enabled: active !== undefined,
    version,
    sdks: [...seen.values()].map(({ sdk }) => ({ ...sdk })),
    counters: { ...counters, dropped: { ...counters.dropped } },
    ...(lastError !== undefined && { lastError }),
  };
}

/** For what is no call of an SDK but goes the same way. */
export function activeSession(): Pick<Session, 'client' | 'tracer' | 'delivery' | 'options' | 'rules'> | undefined {
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

function tracerFor(patch: ProviderPatch): Tracer | undefined {
  return active?.wanted.has(patch) ? active.tracer : undefined;
}

function install(
  patch: ProviderPatch,
  exports: unknown,
  copy: SdkCopy,
  { functionsOf, isLate = false, isHeard = false }: Found = {},
): void {
  const key = `${patch.name} ${copy.format} ${copy.place}`;
  const former = seen.get(key);
  if (former?.installed.has(exports)) return;
  const installed = new Map(former?.installed);
  installed.set(exports, installPatch(patch, exports, copy, tracerFor, functionsOf));
  const hasFunctions =
    former?.hasFunctions || (functionsOf !== undefined && countMethods([installed.get(exports)]) > 0);
  const speaks = isHeard || safely('ask an SDK', () => patch.telemetry?.isSpokenBy(exports));
  const told = speaks ? (patch.telemetry?.methods.length ?? 0) : (former?.told ?? 0);
  const methods = told + countMethods(installed.values());
  const isTooLate = isLate || (copy.format === 'given' && methods === 0);
  const reason = reasonFor(patch, methods, isTooLate && !speaks && !hasFunctions);
  const sdk = { provider: patch.name, ...copy, methods, ...(reason !== undefined && { reason }) };
  seen.set(key, { patch, sdk, installed, hasFunctions, told });
  // One line a copy, however many files it comes through.
  if (former && (former.sdk.methods > 0 || methods === 0)) return;
  note(`${methods > 0 ? 'patched' : 'left alone'} ${copy.sdk} ${copy.version ?? ''} (${copy.format}) in ${copy.place}`);
}

function reasonFor(patch: ProviderPatch, methods: number, isLate: boolean): string | undefined {
  if (isLate && patch.functions) {
    return 'its functions can not be reached: it was loaded before tracing was enabled, by requiring an ES module, or given';
  }
  return methods === 0 ? 'none of the methods that this version of the package knows was found' : undefined;
}

/** An SDK that tells about itself may have come to us as a file, too. */
function hear(patch: ProviderPatch, copy: SdkCopy): void {
  const isSeen = [...seen.values()].some(({ sdk }) => sdk.sdk === copy.sdk && sdk.version === copy.version);
  if (!isSeen) install(patch, copy, copy, { isHeard: true });
}

function installGiven(patch: ProviderPatch, options: ResolvedOptions): void {
  const exports = options.modules[patch.name];
  const given = [...seen.values()].filter(({ sdk }) => sdk.provider === patch.name && sdk.format === 'given');
  if (exports === undefined || given.some(({ installed }) => installed.has(exports))) return;
  const sdkVersion = safely('read the version of a class', () => patch.versionOf?.(exports));
  const place = `option modules (${given.length + 1})`;
  install(patch, exports, { sdk: patch.module, version: sdkVersion, format: 'given', place });
}

/** Takes the patches out again, last first. */
function forget(isUnwanted: (patch: ProviderPatch) => boolean): void {
  for (const [key, { patch, installed }] of [...seen].reverse()) {
    if (!isUnwanted(patch)) continue;
    for (const { restore } of [...installed.values()].reverse()) safely('restore a method', restore);
    seen.delete(key);
  }
}

/** How an event of a session is built, by what its context says. */
export function rulesOf(options: ResolvedOptions): (told?: CheckedContext) => EventRules {
  let programId: string | undefined;
  // Made with the first event.
  const anyDevice = (): string => (programId ??= programDeviceId());
  const pricing = { prices: options.prices, table: openPriceTable() };
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
