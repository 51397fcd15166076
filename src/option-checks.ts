import { problemOfPatch } from './define-patch';
import { spoolCheck } from './delivery/client-options';
import { propertyNames } from './event-properties';
import type { EventSchema, LlmTracingOptions, ModelPrice } from './options';
import { patches, type ProviderName } from './patches';
import { redactKinds, type RedactKind } from './redact/redact';
import type { ProviderPatch } from './types';

export const providerNames: readonly ProviderName[] = patches.map(({ name }) => name);

const eventSchemas: readonly EventSchema[] = ['llm_operation', 'agent', 'both', 'otel'];

const kindsOfText = `an array of ${redactKinds.map((kind) => `'${kind}'`).join(', ')} and functions`;

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
  excludeInput: isBoolean,
  excludeOutput: isBoolean,
  redact: (value) => (Array.isArray(value) ? wrongKind(value) : isFunction(value) && `a function, or ${kindsOfText}`),
  trackTokens: isBoolean,
  trackCost: isBoolean,
  prices: (value) => (typeof value === 'function' ? undefined : wrongPrices(value)),
  sampleRate: (value) => (typeof value === 'number' && value >= 0 && value <= 1 ? undefined : 'a number from 0 to 1'),
  sampleErrors: isBoolean,
  schema: (value) =>
    eventSchemas.includes(value as EventSchema) ? undefined : eventSchemas.map((name) => `'${name}'`).join(' or '),
  spool: spoolCheck,
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

/** A literal, or the namespace of a module. A date, a map or a promise has nothing to be read as options. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
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

function wrongKind(kinds: readonly unknown[]): string | undefined {
  const isKnown = (kind: unknown): boolean => typeof kind === 'function' || redactKinds.includes(kind as RedactKind);
  return kinds.every(isKnown) ? undefined : kindsOfText;
}

const priceNames: readonly (keyof ModelPrice)[] = [
  ...(['input', 'output', 'cachedInput', 'cacheCreation', 'cacheCreation1h', 'reasoning'] as const),
  ...(['audioInput', 'audioOutput'] as const),
];

function wrongPrices(value: unknown): string | undefined {
  const isPrice = (price: unknown): boolean =>
    isPlainObject(price) &&
    Object.entries(price).every(
      ([name, usd]) =>
        priceNames.includes(name as keyof ModelPrice) && typeof usd === 'number' && usd >= 0 && Number.isFinite(usd),
    );
  return isPlainObject(value) && Object.values(value).every(isPrice)
    ? undefined
    : `a function, or an object of prices by model, each with ${priceNames.join(', ')} in USD per million tokens`;
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
