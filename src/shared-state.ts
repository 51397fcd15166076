import type { AsyncLocalStorage } from 'node:async_hooks';
import type { Frame } from './context/context';
import type { Endings } from './flush-at-exit';
import type { Invocation } from './open-calls';
import type { CheckedContext } from './operation';

/**
 * The one thing that copies of this package share, under one key of the global registry: an application can hold
 * two versions of us (nested dependencies, a bundle beside node_modules), and they must not trace a call twice.
 */
export interface SharedState {
  /** Ends the session that is active in whichever copy of the package enabled it. */
  disable?: (() => void) | undefined;
  /** Told by the load hook that an ES module of a provider has been evaluated. */
  loaded?: ((url: string, namespace: object) => void) | undefined;
  /** ES modules of providers that the load hook has seen, whether or not somebody listened at that time. */
  readonly seen: Map<string, object>;
  /** Called by files whose functions are replaced: see `holdFunctions`. */
  hold?: ((url: string, accessors: Accessors, module?: { exports: unknown }) => void) | undefined;
  /** The functions of those files, whether or not somebody listened when they came. */
  held?: Map<string, HeldFunctions> | undefined;
  functionsHeld?: ((url: string, held: HeldFunctions) => void) | undefined;
  /** Whether there was a time without a load hook after the first one. */
  wasHookOut?: boolean | undefined;
  /** Told what is worth a line in debug mode. */
  note?: ((line: string) => void) | undefined;
  /** Told about an error of ours. */
  problem?: ((what: string, error: unknown) => void) | undefined;
  /** Whether that is told to somebody, and not only counted. */
  isHeard?: boolean | undefined;
  /** The entry files that an asynchronous load hook looks for already: it cannot be taken out again. */
  asyncHookTargets?: readonly string[] | undefined;
  /** The context of the running code. */
  frames?: AsyncLocalStorage<Frame> | undefined;
  /** The run of a handler that the running code is part of. Not there while no handler was wrapped. */
  invocations?: AsyncLocalStorage<Invocation> | undefined;
  /** What `annotate` and `annotateClient` were told, by object. Not there while nobody has annotated anything. */
  annotatedCalls?: WeakMap<object, CheckedContext> | undefined;
  annotatedClients?: WeakMap<object, CheckedContext> | undefined;
  /** Clients that `traceClient` was given, in whichever copy of the package: by what their calls are known by. */
  tracedClients?: WeakMap<object, object> | undefined;
  /** What begins when a call is annotated for the first time. */
  whenAnnotated?: Set<() => void> | undefined;
  /** Clients, and what `withLlmTracing` made of them. */
  tracingClients?: WeakMap<object, object> | undefined;
  /** Whether it was said on standard error that an API key is wrong. */
  saidWrongKey?: boolean | undefined;
  /** What has events when the process ends. */
  endings?: Endings | undefined;
  /** Whether the process was warned that all this is experimental. */
  warned?: boolean | undefined;
}

/** Ways into the scope of a file: to read a name, and to bind it to something else. Both throw where they can not. */
export type Accessors = Readonly<Record<string, readonly [read: () => unknown, bind: (value: unknown) => void]>>;

/** What a file calls by each name: wrapped there, it is wrapped for everybody. */
export interface HeldFunctions {
  readonly format: 'commonjs' | 'module';
  readonly holder: object;
}

const key = Symbol.for('amp.llm-trace');

export function sharedState(): SharedState {
  const holder = globalThis as { [key]?: SharedState };
  holder[key] ??= { seen: new Map() };
  return holder[key];
}
