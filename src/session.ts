import type { FlushOptions } from './ask-within';
import type { EventRules } from './build-event';
import type { Counters, Delivery } from './deliver-events';
import type { TracingClientStatus } from './delivery/tracing-client';
import type { KeptEvents } from './keep-failed';
import type { ModuleHook } from './loading/hook-module';
import type { CheckedContext, Tracer } from './operation';
import type { AmplitudeClient, ResolvedOptions } from './options';
import type { TracedSdk } from './seen-sdks';
import type { MethodPatch, ProviderPatch, Restore } from './types';

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
  /** What became of the events that clients of `createTracingClient` were given here. Absent where there is none. */
  delivery?: TracingClientStatus;
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
