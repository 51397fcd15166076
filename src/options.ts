import { toJson } from './content';
import type { TracingClientOptions } from './delivery/client-options';
import { checks, isPlainObject, providerNames } from './option-checks';
import type { ProviderName } from './patches';
import { redactorOf, type Redaction, type Redactor } from './redact/redact';
import type { JsonValue, LlmEvent, Operation, ProviderPatch, Usage } from './types';

/**
 * What events are handed to: any version of `@amplitude/analytics-node`, or an object of your own.
 *
 * @experimental
 */
export interface AmplitudeClient {
  /** Takes one event. Whatever it returns or throws never reaches the traced call. */
  track(event: LlmEvent): unknown;
  /** Sends what is queued. May return a promise, or an object with one under `promise`. */
  flush?(timeout?: number): unknown;
}

/**
 * What to trace, and what may leave. Every option has a default.
 *
 * @experimental
 */
export interface LlmTracingOptions {
  /** The providers to trace. Default: all. Those of `patches` are traced in any case. */
  providers?: readonly ProviderName[];
  /** Providers that are not built in, each made with `definePatch`. Default: none. */
  patches?: readonly ProviderPatch[];
  /** Modules or classes to patch at once, by provider: for bundles, Jest, and copies that no hook can see. */
  modules?: Partial<Record<ProviderName, unknown>> & Readonly<Record<string, unknown>>;
  /** Whether prompts leave. Default: true. */
  includePrompts?: boolean;
  /** Whether answers and tool arguments leave, and earlier answers in the history of a prompt. Default: true. */
  includeResponses?: boolean;
  /** Characters of an input that is no conversation, 0 to 1,023. Default: 500. */
  maxPromptLength?: number;
  /** Characters of each message and of tool arguments, 0 to 1,023. Default: 200. */
  maxMessageLength?: number;
  /** How many messages, the last ones, 0 to 50. Default: 5. */
  maxMessages?: number;
  /** Characters of an answer or an error message, 0 to 1,023. Default: 500. */
  maxResponseLength?: number;
  /** True: no text at all leaves, only numbers, names and ids. Default: false. */
  privacyMode?: boolean;
  /** True: the same as `includePrompts: false`. Default: false. */
  excludeInput?: boolean;
  /** True: the same as `includeResponses: false`. Default: false. */
  excludeOutput?: boolean;
  /**
   * Kinds of things to take out of all text, functions that change text that is already cut before it leaves, or both.
   * Where a function throws, the text is left out. Default: none.
   */
  redact?: Redaction;
  /** Whether numbers of tokens leave. Default: true. */
  trackTokens?: boolean;
  /** Whether the cost leaves, where it is known. Default: true. */
  trackCost?: boolean;
  /** What models cost, where you know it better than the price table: USD per million tokens. */
  prices?: Prices;
  /** The share of traces that become events, 0 to 1: a trace is whole or absent. Default: 1. */
  sampleRate?: number;
  /** True: calls that fail become events, drawn or not. Default: false. */
  sampleErrors?: boolean;
  /** The events to make: ours, those of Amplitude's Agent Analytics, both, or ours with the names of OpenTelemetry. Default: 'llm_operation'. */
  schema?: EventSchema;
  /**
   * Keeps on disk what the client could not deliver, and tries it again through the same client: true, a folder, or a
   * folder with bounds, as in {@link TracingClientOptions}. One folder is for one project of Amplitude. A client of
   * `createTracingClient` has a spool of its own, and this one is not used. Default: false.
   */
  spool?: TracingClientOptions['spool'];
  /** The user of every event: 5 characters or more. */
  userId?: string;
  /** The device of every event: 5 characters or more. Default: made from host and program where no user is given. */
  deviceId?: string;
  /** Amplitude groups of every event. */
  groups?: Record<string, string | readonly string[]>;
  /** Properties of your own on every event, under names that this package does not use. */
  properties?: Record<string, unknown>;
  /** Last look at an event: return it, another one, or null to drop it. */
  beforeSend?: (event: LlmEvent) => LlmEvent | null;
  /** Told about errors inside this package. Default: they are counted. */
  onError?: (error: unknown) => void;
  /** True: says on standard error what is patched, tracked and failing. Default: false. */
  debug?: boolean;
  /** True: no `ExperimentalWarning`. Default: false. */
  noWarning?: boolean;
}

/**
 * What a model costs, in USD per million tokens, whatever tier serves it. 0 is free. What is not said costs what `input`
 * and `output` cost; tokens for which neither is said make the cost unknown.
 *
 * @experimental
 */
export interface ModelPrice {
  readonly input?: number;
  /** Reasoning included. */
  readonly output?: number;
  /** Input that came from the provider's cache. */
  readonly cachedInput?: number;
  /** Input that was written to the provider's cache. */
  readonly cacheCreation?: number;
  /** The same, to be kept for an hour. Default: `cacheCreation`. */
  readonly cacheCreation1h?: number;
  /** Default: `output`. */
  readonly reasoning?: number;
  readonly audioInput?: number;
  readonly audioOutput?: number;
}

/**
 * Prices of your own: by model, as requests or answers name it, or a function that is asked about each call. It returns
 * USD, a `ModelPrice`, or undefined to leave it to the price table; where it throws, the event has no cost.
 *
 * @example
 * const prices: Prices = { 'my-model': { input: 0.5, output: 1.5, cachedInput: 0.05 } };
 *
 * @experimental
 */
export type Prices = Readonly<Record<string, ModelPrice>> | ((call: PricedCall) => number | ModelPrice | undefined);

/**
 * What a function of `prices` is told.
 *
 * @experimental
 */
export interface PricedCall {
  /** Who served it: property `provider` of the event. */
  readonly provider: string | undefined;
  /** The model that answered, else the one that was asked for. */
  readonly model: string | undefined;
  /** The model that was asked for: at Azure, the deployment. */
  readonly requestModel: string | undefined;
  readonly operation: Operation;
  /** A copy. Empty where the provider said nothing. */
  readonly usage: Usage;
  /** As the provider calls the tier that served it. */
  readonly serviceTier: string | undefined;
}

/**
 * By which names calls are sent: ours, those of Amplitude's Agent Analytics in their place (`agent`) or beside them
 * (`both`), or ours with the names of OpenTelemetry's conventions where it has any (`otel`).
 *
 * @experimental
 */
export type EventSchema = 'llm_operation' | 'agent' | 'both' | 'otel';

type Optional = 'userId' | 'deviceId' | 'groups' | 'prices' | 'beforeSend' | 'onError';

export type ResolvedOptions = Required<Omit<LlmTracingOptions, 'redact' | 'properties' | 'spool' | Optional>> &
  Pick<LlmTracingOptions, Optional> & {
    redact?: Redactor;
    properties?: Record<string, JsonValue>;
    spool: NonNullable<TracingClientOptions['spool']>;
  };

export const defaults = {
  includePrompts: true,
  includeResponses: true,
  maxPromptLength: 500,
  maxMessageLength: 200,
  maxMessages: 5,
  maxResponseLength: 500,
  privacyMode: false,
  excludeInput: false,
  excludeOutput: false,
  trackTokens: true,
  trackCost: true,
  sampleRate: 1,
  sampleErrors: false,
  schema: 'llm_operation',
  spool: false,
  debug: false,
  noWarning: false,
} as const;

/**
 * The one place that validates, and throws: at start-up, naming each option that is wrong, what came, and what is
 * valid.
 *
 * @throws TypeError
 */
export function resolveOptions(
  given: LlmTracingOptions | readonly ProviderName[] = {},
  caller = 'enableLlmTracing',
): ResolvedOptions {
  const options: LlmTracingOptions = isList(given) ? { providers: given } : given;
  if (!isPlainObject(given) && !isList(given))
    fail([`options must be an array of provider names or an object, not ${show(given)}`], caller);
  const problems: string[] = [];
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const check = Object.hasOwn(checks, name) ? checks[name as keyof LlmTracingOptions] : undefined;
    const valid = check ? check(value, options) : `one of the options ${Object.keys(checks).join(', ')}`;
    if (valid) problems.push(check ? `${name} must be ${valid}, not ${show(value)}` : `${name} is not ${valid}`);
  }
  fail(problems, caller);
  const known = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  // Copies: what the application does with its objects later is not a change of configuration.
  const copied = { properties: toJson(options.properties), groups: toJson(options.groups) };
  return {
    modules: {},
    ...defaults,
    ...known,
    providers: [...(options.providers ?? providerNames)],
    patches: [...(options.patches ?? [])],
    ...(copied.properties !== undefined && { properties: copied.properties }),
    ...(copied.groups !== undefined && { groups: copied.groups }),
    ...(options.redact !== undefined && { redact: redactorOf(options.redact) }),
    ...(typeof options.prices === 'object' && { prices: copyOf(options.prices) }),
  } as ResolvedOptions;
}

function copyOf(prices: Exclude<Prices, (...args: never) => unknown>): Prices {
  return Object.fromEntries(Object.entries(prices).map(([model, price]) => [model, { ...price }]));
}

function isList(given: unknown): given is readonly ProviderName[] {
  return Array.isArray(given);
}

/** @throws TypeError where the client can not track. */
export function checkClient(client: unknown, caller = 'enableLlmTracing'): asserts client is AmplitudeClient {
  if (typeof (client as AmplitudeClient | undefined)?.track === 'function') return;
  fail(
    [`client must be an object with a track(event) method, like @amplitude/analytics-node, not ${show(client)}`],
    caller,
  );
}

function fail(problems: readonly string[], caller: string): void {
  if (problems.length > 0) throw new TypeError(`${caller}: ${problems.join('; ')}`);
}

/** What came, without what is in it: an object put in the wrong place can be a client with an API key. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.slice(0, 10).map(showInside).join(', ')}]`;
  return `{ ${Object.entries(value)
    .slice(0, 10)
    .map(([key, item]) => `${key}: ${typeof item}`)
    .join(', ')} }`;
}

function showInside(value: unknown): string {
  return typeof value === 'object' ? 'an object' : show(value);
}
