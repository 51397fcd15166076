import { toJson } from '../content';
import type { CheckedContext, LlmContext } from '../operation';
import { checks } from '../option-checks';
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
  properties: (value) => (typeof value === 'object' && value !== null ? undefined : 'an object'),
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

/**
 * A copy of a context that holds what can be used. What is wrong is told to `onProblem` and left out; where the field
 * says what may leave or who it was, it is closed: whoever sets one of these wanted less than the default.
 */
export function checkContext(context: LlmContext, onProblem: (problem: TypeError) => void): CheckedContext {
  const checked: Record<string, unknown> = {};
  for (const name in context) {
    const value: unknown = context[name as keyof LlmContext];
    if (value === undefined || !Object.hasOwn(context, name)) continue;
    if (!Object.hasOwn(fields, name)) {
      onProblem(new TypeError(`${name} is not one of the fields ${Object.keys(fields).join(', ')}`));
      continue;
    }
    const field = name as keyof LlmContext;
    // What `serializeLlmContext` says of an id that could not be sent.
    const valid = value === null && closed[field] === null ? undefined : fields[field](value);
    if (valid === undefined) checked[field] = copyOf(field, value, onProblem);
    else {
      onProblem(new TypeError(`${name} must be ${valid}`));
      if (closed[field] !== undefined) checked[field] = closed[field];
    }
  }
  return checked;
}

/** What the application does with its objects later is not a change of context. */
function copyOf(field: keyof LlmContext, value: unknown, onProblem: (problem: TypeError) => void): unknown {
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
