import { buildEvent } from '../../src/build-event';
import { deliverEvents, type Counters } from '../../src/deliver-events';
import { isSendable, mendEvent } from '../../src/mend-event';
import type { LlmOperation } from '../../src/operation';
import type { EventSchema } from '../../src/options';
import type { JsonValue, LlmEvent } from '../../src/types';
import { fullOperation } from '../support/full-operation';
import { openRules } from '../support/open-rules';

const rules = { ...openRules, deviceId: 'device-1' };

/** What a patch of a user's, a function for prices or a careless plugin may give in the place of a fact. */
const odd: readonly (readonly [string, () => unknown])[] = [
  ['a BigInt', () => 10n],
  ['a large BigInt', () => 2n ** 80n],
  ['not a number', () => Number.NaN],
  ['infinity', () => -Infinity],
  ['a function', () => () => 1],
  ['a symbol', () => Symbol('no')],
  ['a date', () => new Date(0)],
  ['a wrong date', () => new Date(Number.NaN)],
  ['a map', () => new Map([[1, 10n]])],
  ['bytes', () => new Uint8Array(100_000)],
  ['a cycle', cycle],
  ['a list with a BigInt', () => [1, [10n]]],
  ['a list with a hole', () => Array(3)],
  ['a deep object', deep],
  ['a getter that throws', () => Object.defineProperty({}, 'get', { enumerable: true, get: () => fail() })],
  ['a toJSON that throws', () => ({ toJSON: () => fail() })],
  ['a toJSON with a BigInt', () => ({ toJSON: () => 10n })],
  ['a revoked proxy', revoked],
  ['an object without a prototype', () => Object.assign(Object.create(null) as object, { big: 10n })],
  ['null', () => null],
  ['a promise', () => Promise.resolve(1)],
  ['a String', () => new String('text')],
];

/** Every place of an operation that holds a value, as a path. */
const places = pathsOf(fullOperation).filter((path) => !['context', 'outcome', 'operation'].includes(path[0] ?? ''));

interface Sent {
  readonly events: readonly LlmEvent[];
  readonly counters: Counters;
}

function send(operation: LlmOperation, schema: EventSchema, beforeSend?: (event: LlmEvent) => LlmEvent | null): Sent {
  const events: LlmEvent[] = [];
  const counters: Counters = { operations: 0, tracked: 0, dropped: {}, internalErrors: 0 };
  const client = { track: (event: LlmEvent) => void events.push(event) };
  const delivery = deliverEvents(
    client,
    () => rules,
    { debug: false, schema, ...(beforeSend && { beforeSend }) },
    counters,
  );
  delivery.report(operation);
  delivery.drain();
  return { events, counters };
}

/** What the client and the server need: plain JSON, the same when it is read again, an id, a time. */
function expectSafe({ events, counters }: Sent): void {
  for (const event of events) {
    const json = JSON.stringify(event);
    expect(JSON.parse(json)).toEqual(withoutUndefined(event));
    expect(json.length).toBeLessThan(16 * 1_024);
    expect(isSendable(event)).toBe(true);
  }
  const dropped = Object.values(counters.dropped).reduce((sum, count) => sum + count, 0);
  expect(events.length > 0 || dropped > 0).toBe(true);
}

describe('what reaches the client', () => {
  // A BigInt ends the process in analytics-node 1.5.73, and a batch is lost in 1.3.5.
  it.each(odd)('is JSON with an id where any one fact is %s', (_what, make) => {
    for (const schema of ['llm_operation', 'both', 'otel'] as const) {
      for (const path of places) expectSafe(send(withValue(fullOperation, path, make()), schema));
    }
  });

  it.each(odd)('is JSON with an id where a property of a context is %s', (_what, make) => {
    const properties = { mine: make() } as Record<string, JsonValue>;
    const event = mendEvent({ ...buildEvent(fullOperation, { ...rules, properties }) });
    expect(JSON.parse(JSON.stringify(event))).toEqual(withoutUndefined(event));
  });

  it.each(odd)('is JSON with an id, or nothing, where beforeSend puts %s anywhere', (_what, make) => {
    const fields = ['event_type', 'event_properties', 'time', 'insert_id', 'user_id', 'device_id', 'session_id', 'x'];
    for (const field of fields) {
      expectSafe(send(fullOperation, 'llm_operation', (event) => ({ ...event, [field]: make() })));
    }
    expectSafe(send(fullOperation, 'both', (event) => ((event.event_properties['messages'] = make() as never), event)));
  });

  it('is the very event that was built where nothing is wrong with it', () => {
    const event = buildEvent(fullOperation, rules);
    expect(mendEvent(event)).toBe(event);
  });

  it('has a number that came as a BigInt as a number, and no number that is none', () => {
    const usage = { inputTokens: 12n, outputTokens: Number.NaN } as unknown as { inputTokens: number };
    const [event] = send({ ...fullOperation, response: { usage } }, 'llm_operation').events;
    expect(event?.event_properties['input_tokens']).toBe(12);
    expect(event?.event_properties).not.toHaveProperty('output_tokens');
  });

  it.each<[string, Partial<LlmEvent>]>([
    ['no id', { device_id: undefined }],
    ['a short id', { user_id: 'me' }],
    ['a reserved id', { device_id: 'unknown' }],
    ['no type', { event_type: '' }],
    ['no insert id', { insert_id: '' }],
    ['a time that is none', { time: Number.NaN }],
  ] as never)('is no event with %s', (_what, wrong) => {
    const events: LlmEvent[] = [];
    const counters: Counters = { operations: 0, tracked: 0, dropped: {}, internalErrors: 0 };
    const client = { track: (event: LlmEvent) => void events.push(event) };
    const delivery = deliverEvents(client, () => rules, { debug: false }, counters);
    delivery.hand({ ...buildEvent(fullOperation, rules), ...wrong }, new Set());
    expect(events).toEqual([]);
    expect(counters.dropped).toEqual({ invalid_event: 1 });
  });
});

function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([name, part]) => pathsOf(part, [...path, name]))].filter(
    ({ length }) => length > 0,
  );
}

function withValue<Value>(whole: Value, [name, ...rest]: readonly string[], value: unknown): Value {
  if (name === undefined) return value as Value;
  const part = (whole as Record<string, unknown>)[name];
  const changed = withValue(part, rest, value);
  if (Array.isArray(whole)) return whole.map((each: unknown, at) => (String(at) === name ? changed : each)) as Value;
  return { ...whole, [name]: changed };
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([name, part]) => [name, withoutUndefined(part)]),
  );
}

function cycle(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}

function deep(): object {
  let value: object = { big: 10n };
  for (let level = 0; level < 1_000; level++) value = { value };
  return value;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function fail(): never {
  throw new Error('no');
}
