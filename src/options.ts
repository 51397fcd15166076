import { propertyNames } from './build-event';
import { toJson, type TextKind } from './content';
import { problemOfPatch } from './define-patch';
import { patches, type ProviderName } from './patches';
import type { JsonValue, LlmEvent, ProviderPatch } from './types';

/**
 * What events are handed to: any version of `@amplitude/analytics-node`, or an object of your own.
 *
 * @experimental
 */
export interface AmplitudeClient {
  /** Takes one event. Whatever it returns or throws never reaches the traced call. */
  track(event: LlmEvent): unknown;
  /** Sends what is queued. May return a promise, or an object with one under `promise`. */
  flush?(): unknown;
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
  /** Changes text that is already cut, before it leaves. When it throws, the text is left out. */
  redact?: (text: string, where: TextKind) => string;
  /** The share of calls that become events, 0 to 1. Default: 1. */
  sampleRate?: number;
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

export type ResolvedOptions = Required<
  Omit<LlmTracingOptions, 'redact' | 'userId' | 'deviceId' | 'groups' | 'properties' | 'beforeSend' | 'onError'>
> &
  Pick<LlmTracingOptions, 'redact' | 'userId' | 'deviceId' | 'groups' | 'beforeSend' | 'onError'> & {
    properties?: Record<string, JsonValue>;
  };

export const defaults = {
  includePrompts: true,
  includeResponses: true,
  maxPromptLength: 500,
  maxMessageLength: 200,
  maxMessages: 5,
  maxResponseLength: 500,
  privacyMode: false,
  sampleRate: 1,
  debug: false,
  noWarning: false,
} as const;

export const providerNames: readonly ProviderName[] = patches.map(({ name }) => name);

type Check = (value: unknown, options?: LlmTracingOptions) => string | undefined;

/** What each option has to be; a check says so where a value is not. */
export const checks: Readonly<Record<keyof LlmTracingOptions, Check>> = {
  providers: (value) =>
    Array.isArray(value) && value.every((name) => providerNames.includes(name as ProviderName))
      ? undefined
      : `an array of ${providerNames.map((name) => `'${name}'`).join(', ')}`,
  patches: (value) =>
    Array.isArray(value) ? wrongPatch(value) : 'an array of patches for providers that are not built in',
  modules: (value, options) =>
    isPlainObject(value) ? unknownModule(value, options) : `an object of modules or classes by provider`,
  includePrompts: isBoolean,
  includeResponses: isBoolean,
  maxPromptLength: wholeNumber(1_023),
  maxMessageLength: wholeNumber(1_023),
  maxMessages: wholeNumber(50),
  maxResponseLength: wholeNumber(1_023),
  privacyMode: isBoolean,
  redact: isFunction,
  sampleRate: (value) => (typeof value === 'number' && value >= 0 && value <= 1 ? undefined : 'a number from 0 to 1'),
  userId: isId,
  deviceId: isId,
  groups: (value) =>
    isPlainObject(value) && Object.values(value).every(isGroup) && Object.keys(value).length <= 5
      ? undefined
      : 'an object of up to 5 group types, each with a name or an array of up to 10 names of up to 1,024 characters',
  properties: (value) => (isPlainObject(value) ? takenName(value) : 'an object'),
  beforeSend: isFunction,
  onError: isFunction,
  debug: isBoolean,
  noWarning: isBoolean,
};

/**
 * The one place that validates, and throws: at start-up, naming each option that is wrong, what came, and what is
 * valid.
 *
 * @throws TypeError
 */
export function resolveOptions(given: LlmTracingOptions | readonly ProviderName[] = {}): ResolvedOptions {
  const options: LlmTracingOptions = isList(given) ? { providers: given } : given;
  if (!isPlainObject(given) && !isList(given))
    fail([`options must be an array of provider names or an object, not ${show(given)}`]);
  const problems: string[] = [];
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const check = Object.hasOwn(checks, name) ? checks[name as keyof LlmTracingOptions] : undefined;
    const valid = check ? check(value, options) : `one of the options ${Object.keys(checks).join(', ')}`;
    if (valid) problems.push(check ? `${name} must be ${valid}, not ${show(value)}` : `${name} is not ${valid}`);
  }
  fail(problems);
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
  } as ResolvedOptions;
}

function isList(given: unknown): given is readonly ProviderName[] {
  return Array.isArray(given);
}

/** @throws TypeError where the client can not track. */
export function checkClient(client: unknown): asserts client is AmplitudeClient {
  if (typeof (client as AmplitudeClient | undefined)?.track === 'function') return;
  fail([`client must be an object with a track(event) method, like @amplitude/analytics-node, not ${show(client)}`]);
}

function fail(problems: readonly string[]): void {
  if (problems.length > 0) throw new TypeError(`enableLlmTracing: ${problems.join('; ')}`);
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

/** A literal, or the namespace of a module. A date, a map or a promise has nothing to be read as options. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  return ['[object Object]', '[object Module]'].includes(Object.prototype.toString.call(value));
}

function isBoolean(value: unknown): string | undefined {
  return typeof value === 'boolean' ? undefined : 'true or false';
}

function isFunction(value: unknown): string | undefined {
  return typeof value === 'function' ? undefined : 'a function';
}

function wholeNumber(most: number): Check {
  return (value) =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most
      ? undefined
      : `a whole number from 0 to ${most}`;
}

/** Ids that the server refuses, in any case (Amplitude, HTTP V2 API). */
const refusedIds: ReadonlySet<string> = new Set([
  ...['anonymous', 'nil', 'none', 'null', 'n/a', 'na', 'undefined', 'unknown', 'true', 'false', '[]', '{}', 'lmy47d'],
  ...['-1', '0', '00000000-0000-0000-0000-000000000000'],
]);

function isId(value: unknown): string | undefined {
  const isTaken = typeof value === 'string' && value.trim().length >= 5 && value.length <= 512;
  return isTaken && !refusedIds.has(value.trim().toLowerCase())
    ? undefined
    : 'a string of 5 characters or more that is not a reserved word';
}

/** Amplitude takes 5 group types and 10 groups; longer names make each event too large. */
function isGroup(value: unknown): boolean {
  const isName = (name: unknown): boolean => typeof name === 'string' && name.length <= 1_024;
  return isName(value) || (Array.isArray(value) && value.length <= 10 && value.every(isName));
}

function unknownModule(modules: Record<string, unknown>, { patches: own }: LlmTracingOptions = {}): string | undefined {
  const names = [...providerNames, ...namesOf(own)];
  const isUsable = ([name, value]: [string, unknown]): boolean =>
    names.includes(name) && (typeof value === 'function' || (typeof value === 'object' && value !== null));
  return Object.entries(modules).every(isUsable)
    ? undefined
    : `an object of modules or classes by provider (${names.join(', ')})`;
}

/** Of a list that may be anything still. */
function namesOf(own: unknown): string[] {
  return Array.isArray(own) ? own.map((patch: Partial<ProviderPatch> | null) => String(patch?.name)) : [];
}

function wrongPatch(own: readonly unknown[]): string | undefined {
  const problem = own.map(problemOfPatch).find((found) => found !== undefined);
  if (problem !== undefined) return `an array of patches (${problem})`;
  const names = namesOf(own);
  const taken = names.find((name, at) => [...providerNames, ...names.slice(0, at)].includes(name));
  return taken === undefined ? undefined : `an array of patches with names of their own ('${taken}' is taken)`;
}

function takenName(properties: Record<string, unknown>): string | undefined {
  const taken = Object.keys(properties).find((name) => propertyNames.has(name));
  return taken === undefined ? undefined : `an object without '${taken}', which is a name of the event itself`;
}
