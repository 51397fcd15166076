import { toJson } from './content';
import type { LlmOperation } from './operation';
import { checks } from './option-checks';
import type { JsonValue, LlmEvent } from './types';

const deepest = 20;

/**
 * An event that every client can serialise: the very same one, which is nearly always so, or a copy in which is left out
 * what JSON can not hold. A patch of a user's, a function for prices or a context can give anything as a fact, and a
 * BigInt in one event ends the process in analytics-node 1.5.73, and costs the whole batch in 1.3.5.
 */
export function mendEvent(event: LlmEvent): LlmEvent {
  return isPlain(event, 0) ? event : mended(event);
}

function mended(event: LlmEvent): LlmEvent {
  const copy = toJson(event) as unknown as LlmEvent;
  // A number that is no number is not known; as text it would change the type of a property.
  for (const [name, value] of Object.entries(event.event_properties) as [string, unknown][]) {
    if (typeof value === 'number' && !Number.isFinite(value)) delete copy.event_properties[name];
    if (typeof value === 'bigint') copy.event_properties[name] = Number(value);
  }
  return copy;
}

/** Whether JSON holds it as it is. What throws when it is read does not. */
function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return value === null || (depth < deepest && areAllPlain(value, depth + 1));
    default:
      return false;
  }
}

function areAllPlain(value: object, depth: number): boolean {
  if (Array.isArray(value)) return areItemsPlain(value, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  // Only of this realm: another one's are copied, which is slower and no less true.
  if (prototype !== Object.prototype && prototype !== null) return false;
  try {
    for (const name in value) if (!isPlain((value as Record<string, JsonValue>)[name], depth)) return false;
    return true;
  } catch {
    return false;
  }
}

/** What is not there is null in JSON: then it is copied, to be the same wherever it is seen. */
function areItemsPlain(items: readonly unknown[], depth: number): boolean {
  for (let at = 0; at < items.length; at++) {
    if (items[at] === undefined || !isPlain(items[at], depth)) return false;
  }
  return true;
}

/** The facts of a call of which no event could be built, without what can not be reckoned with. */
export function mendOperation(operation: LlmOperation): LlmOperation {
  const { request, response, error } = operation;
  return { ...operation, request: mendFacts(request), response: mendFacts(response), error: error && mendFacts(error) };
}

function mendFacts<Facts extends object>(facts: Facts): Facts {
  return toJson(withNumbers(facts, 0)) as unknown as Facts;
}

function withNumbers(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object' || value === null || depth > 5) return value;
  if (Array.isArray(value)) return value.map((item) => withNumbers(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withNumbers(part, depth + 1)]));
}

/** The server refuses a whole batch for one event that lacks a field, or has an id that is none. */
export function isSendable(value: unknown): value is LlmEvent {
  if (typeof value !== 'object' || value === null) return false;
  const event = value as Partial<LlmEvent>;
  const { event_type: type, event_properties: properties, insert_id: insertId, session_id: session } = event;
  if (typeof type !== 'string' || type === '' || typeof insertId !== 'string' || insertId === '') return false;
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return false;
  if (!Number.isSafeInteger(event.time) || (session !== undefined && !Number.isSafeInteger(session))) return false;
  const { user_id: user, device_id: device } = event;
  return (isId(user) && (isNone(device) || isId(device))) || (isNone(user) && isId(device));
}

function isId(id: unknown): boolean {
  return checks.userId(id) === undefined;
}

function isNone(id: unknown): boolean {
  return id === undefined || id === null;
}
