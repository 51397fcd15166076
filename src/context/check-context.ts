import { toJson } from '../content';
import type { CheckedContext, LlmContext } from '../operation';
import { checks, isPlainObject } from '../option-checks';
import { isOwnName } from '../event-properties';
import type { JsonValue } from '../types';

/** An id longer than this is none: events hold it, and headers. */
const longestId = 256;

type Check = (value: unknown) => string | undefined;

const isBoolean: Check = checks.trackCost;
const isShortId: Check = (value) =>
  typeof value === 'string' && value.trim() !== '' && value.length <= longestId
    ? undefined
    : `a string of 1 to ${longestId} characters`;

/** What each field has to be. */
const fields: Readonly<Record<keyof LlmContext, Check>> = {
  userId: checks.userId,
  deviceId: checks.deviceId,
  sessionId: (value) =>
    Number.isSafeInteger(value) && (value as number) >= -1 ? undefined : 'a whole number of milliseconds, or -1',
  llmSessionId: isShortId,
  groups: checks.groups,
  traceId: isShortId,
  parentSpanId: isShortId,
  properties: (value) => (isPlainObject(value) ? undefined : 'an object'),
  privacyMode: isBoolean,
  includePrompts: isBoolean,
  includeResponses: isBoolean,
  excludeInput: isBoolean,
  excludeOutput: isBoolean,
  trackTokens: isBoolean,
  trackCost: isBoolean,
  sampleRate: checks.sampleRate,
};

/** What these become where they can not be read: less leaves, and to nobody's account. */
const closed: Readonly<Partial<Record<keyof LlmContext, boolean | null>>> = {
  userId: null,
  deviceId: null,
  privacyMode: true,
  includePrompts: false,
  includeResponses: false,
  excludeInput: true,
  excludeOutput: true,
};

const names = Object.keys(fields);

/** What holds where a context can not be read at all: nobody's, and no text. It could have said so. */
export const closedContext: CheckedContext = { privacyMode: true, userId: null, deviceId: null };

type OnProblem = (problem: TypeError) => void;

/**
 * A copy of a context that holds what can be used. What is wrong is told to `onProblem` and left out; where the field
 * says what may leave or who it was, it is closed: whoever sets one of these wanted less than the default. A field that
 * throws is a wrong one, and costs only itself. Names that are known are read wherever they come from: a class has its
 * getters on the prototype.
 *
 * @param context - undefined and null say nothing; what else is no object is closed as a whole.
 * @param others - names that are no fields of a context, and may stand beside them.
 */
export function checkContext(
  context: LlmContext | null | undefined,
  onProblem: OnProblem,
  others: readonly string[] = [],
): CheckedContext {
  if (context === undefined || context === null) return {};
  const said = namesIn(context);
  if (!said) {
    onProblem(new TypeError('a context must be an object'));
    return closedContext;
  }
  const checked: Record<string, unknown> = {};
  for (const name of said) {
    if (others.includes(name)) continue;
    const problem = check(context, name, checked, onProblem);
    if (problem === undefined) continue;
    onProblem(problem);
    if (Object.hasOwn(closed, name)) checked[name] = closed[name as keyof LlmContext];
  }
  return checked;
}

/** The same of an object, or of what `serializeLlmContext` gave. */
export function readContext(context: LlmContext | string | null | undefined, onProblem: OnProblem): CheckedContext {
  if (typeof context !== 'string') return checkContext(context, onProblem);
  let parsed: unknown;
  try {
    parsed = JSON.parse(context);
  } catch (error) {
    onProblem(new TypeError('a context that is a string must be JSON', { cause: error }));
    return closedContext;
  }
  // `null` is JSON, too. It is not what a context becomes, so something was lost.
  return checkContext(parsed ?? [], onProblem);
}

/** Undefined where it is no object with fields: an array, a date, a map, a proxy that was revoked. */
function namesIn(context: object): string[] | undefined {
  try {
    if (!isPlainObject(context)) return undefined;
    const own = Object.keys(context);
    // Most are literals, which have nothing but what is seen.
    return Object.getPrototypeOf(context) === Object.prototype ? own : [...new Set([...names, ...own])];
  } catch {
    return undefined;
  }
}

/** Puts what a field says into `checked`; gives what is wrong with it. */
function check(
  context: LlmContext,
  name: string,
  checked: Record<string, unknown>,
  onProblem: OnProblem,
): TypeError | undefined {
  try {
    const field = name as keyof LlmContext;
    const value: unknown = context[field];
    if (value === undefined) return undefined;
    if (!Object.hasOwn(fields, name)) return new TypeError(`${name} is not one of the fields ${names.join(', ')}`);
    // What `serializeLlmContext` says of an id that could not be sent.
    const valid = value === null && closed[field] === null ? undefined : fields[field](value);
    if (valid !== undefined) return new TypeError(`${field} must be ${valid}`);
    checked[field] = copyOf(field, value, onProblem);
    return undefined;
  } catch (error) {
    return new TypeError(`${name} could not be read`, { cause: error });
  }
}

/** What the application does with its objects later is not a change of context. */
function copyOf(field: keyof LlmContext, value: unknown, onProblem: OnProblem): unknown {
  if (field === 'groups') return toJson(value);
  if (field !== 'properties') return value;
  const properties = (toJson(value) ?? {}) as Record<string, JsonValue>;
  for (const name of Object.keys(properties).filter(isOwnName)) {
    onProblem(new TypeError(`properties must be an object without '${name}', which is a name of the event itself`));
    delete properties[name];
  }
  return properties;
}

/** One context inside another: what the inner one says holds, groups and properties add up, privacy is never undone. */
export function mergeContexts(outer: CheckedContext | undefined, inner: CheckedContext | undefined): CheckedContext {
  if (!outer || !inner) return outer ?? inner ?? {};
  const merged: CheckedContext = { ...outer, ...inner };
  if (outer.privacyMode) merged.privacyMode = true;
  // The inner ones first: where they are more than can be sent, the first ones stay.
  if (outer.groups && inner.groups) merged.groups = { ...inner.groups, ...outer.groups, ...inner.groups };
  if (outer.properties && inner.properties) merged.properties = { ...outer.properties, ...inner.properties };
  return merged;
}
