import type { EventRules } from '../src/build-event';
import { deliverEvents, type Counters, type Delivery } from '../src/deliver-events';
import type { AmplitudeClient, LlmTracingOptions } from '../src/options';
import type { LlmOperation } from '../src/operation';
import type { LlmEvent } from '../src/types';
import { fullOperation } from './support/full-operation';
import { openRules } from './support/open-rules';

const rules: EventRules = {
  ...openRules,
  deviceId: 'device-1',
  groups: { company: ['acme'] },
  properties: { tags: ['a'] },
};

type BeforeSend = NonNullable<LlmTracingOptions['beforeSend']>;

interface Bench {
  readonly delivery: Delivery;
  readonly counters: Counters;
  readonly events: LlmEvent[];
}

function benchWith({ client, beforeSend }: { client?: AmplitudeClient; beforeSend?: unknown } = {}): Bench {
  const counters: Counters = { operations: 0, tracked: 0, dropped: {}, internalErrors: 0 };
  const events: LlmEvent[] = [];
  const options = { debug: false, ...(beforeSend !== undefined && { beforeSend: beforeSend as BeforeSend }) };
  const keeping = { track: (event: LlmEvent) => events.push(event) };
  return { delivery: deliverEvents(client ?? keeping, () => rules, options, counters), counters, events };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** A call that can not be made an event: a bug of ours somewhere before. */
const broken = new Proxy(fullOperation, {
  get(target, name) {
    if (name === 'response') throw new Error('broken');
    return Reflect.get(target, name) as unknown;
  },
}) as LlmOperation;

describe('the way to the client', () => {
  it('is off the path of the caller', async () => {
    const { delivery, events } = benchWith();
    delivery.report(fullOperation);
    delivery.report(fullOperation);
    expect(events).toHaveLength(0);
    await nextTurn();
    expect(events).toHaveLength(2);
    delivery.report(fullOperation);
    await nextTurn();
    expect(events).toHaveLength(3);
  });

  it('is not held back by the fake timers of a test', async () => {
    jest.useFakeTimers();
    const { delivery, events } = benchWith();
    delivery.report(fullOperation);
    jest.useRealTimers();
    await nextTurn();
    expect(events).toHaveLength(1);
  });

  it('can be gone at once, when the process ends', () => {
    const { delivery, events } = benchWith();
    delivery.report(fullOperation);
    delivery.drain();
    delivery.drain();
    expect(events).toHaveLength(1);
  });

  it('loses one event to a bug, and not the others', () => {
    const { delivery, counters, events } = benchWith();
    for (const operation of [fullOperation, broken, fullOperation]) delivery.report(operation);
    delivery.drain();
    expect(events).toHaveLength(2);
    expect(counters).toMatchObject({ operations: 3, tracked: 2, dropped: { internal_error: 1 } });
  });
});

describe('a client', () => {
  it.each<[string, AmplitudeClient['track'], Partial<Counters>, number]>([
    ['returns nothing', () => undefined, { tracked: 1, dropped: {} }, 0],
    [
      'answers as analytics-node does',
      () => ({ promise: Promise.resolve({ code: 200 }) }),
      { tracked: 1, dropped: {} },
      0,
    ],
    [
      'answers that the server refused',
      () => Promise.resolve({ code: 400 }),
      { tracked: 1, dropped: { client_answered_400: 1 } },
      0,
    ],
    ['never answers', () => new Promise(() => undefined), { tracked: 1, dropped: {} }, 1],
    ['rejects', () => Promise.reject(new Error('no')), { tracked: 1, dropped: { track_failed: 1 } }, 0],
    [
      'rejects inside of an object',
      () => ({ promise: Promise.reject(new Error('no')) }),
      { tracked: 1, dropped: { track_failed: 1 } },
      0,
    ],
    ['throws', () => fail(), { tracked: 0, dropped: { track_failed: 1 } }, 0],
    ['throws nothing', () => fail(null), { tracked: 0, dropped: { track_failed: 1 } }, 0],
    [
      'answers with a thenable that throws',
      () => ({ then: () => fail() }),
      { tracked: 1, dropped: { track_failed: 1 } },
      0,
    ],
    [
      'answers twice',
      () => ({ then: (answer: (value: unknown) => void) => (answer({ code: 200 }), answer({ code: 500 })) }),
      { tracked: 1, dropped: {} },
      0,
    ],
  ])('that %s does not matter to anybody', async (...[, track, counted, pending]) => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const { delivery, counters } = benchWith({ client: { track } });
    delivery.report(fullOperation);
    await nextTurn();
    process.off('unhandledRejection', unhandled);
    expect(counters).toMatchObject(counted);
    expect(counters.dropped).toEqual(counted.dropped);
    expect(delivery.pending()).toBe(pending);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it.each<[string, AmplitudeClient['flush']]>([
    ['no flush', undefined],
    ['a flush that returns nothing', () => undefined],
    ['a flush that throws', () => fail()],
    ['a flush that rejects', () => Promise.reject(new Error('no'))],
    ['a flush that rejects inside of an object', () => ({ promise: Promise.reject(new Error('no')) })],
  ])('with %s never rejects a flush', async (...[, flush]) => {
    const track = jest.fn();
    const { delivery } = benchWith({ client: { track, ...(flush && { flush }) } });
    delivery.report(fullOperation);
    await expect(delivery.flush()).resolves.toBeUndefined();
    expect(track).toHaveBeenCalledTimes(1);
  });

  it('is waited for by a flush', async () => {
    let sent = false;
    const flush = (): object => ({ promise: nextTurn().then(() => (sent = true)) });
    const { delivery } = benchWith({ client: { track: () => undefined, flush } });
    await delivery.flush();
    expect(sent).toBe(true);
  });
});

describe('beforeSend', () => {
  it.each<[string, (event: LlmEvent) => unknown, string]>([
    ['null', () => null, 'before_send'],
    ['nothing', () => undefined, 'before_send'],
    ['a string', () => 'event', 'before_send_failed'],
    ['a number', () => 1, 'before_send_failed'],
    ['a list', (event) => [event], 'before_send_failed'],
    ['an empty object', () => ({}), 'before_send_failed'],
    ['a promise', (event) => Promise.resolve(event), 'before_send_failed'],
    ['a promise that rejects', () => Promise.reject(new Error('no')), 'before_send_failed'],
    ['an event without a type', (event) => ({ ...event, event_type: '' }), 'before_send_failed'],
    ['an event without properties', (event) => ({ ...event, event_properties: undefined }), 'before_send_failed'],
    ['an event with a list of properties', (event) => ({ ...event, event_properties: [] }), 'before_send_failed'],
    ['an event without an id', (event) => ({ ...event, device_id: undefined }), 'before_send_failed'],
    // The server refuses the whole batch for one of these, and the application loses events of its own.
    ['an event with an id that is too short', (event) => ({ ...event, user_id: 'me' }), 'before_send_failed'],
    ['an event with a reserved id', (event) => ({ ...event, user_id: 'anonymous' }), 'before_send_failed'],
    ['an event with an id that is a number', (event) => ({ ...event, user_id: 12345678 }), 'before_send_failed'],
    ['an error', () => fail(), 'before_send_failed'],
    ['an event that is too large', (event) => ({ ...event, more: Array(100).fill('x'.repeat(1_000)) }), 'too_large'],
  ])('that gives back %s drops the event', async (...[, beforeSend, reason]) => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const { delivery, counters, events } = benchWith({ beforeSend });
    delivery.report(fullOperation);
    await nextTurn();
    process.off('unhandledRejection', unhandled);
    expect(events).toHaveLength(0);
    expect(counters).toMatchObject({ operations: 1, tracked: 0, dropped: { [reason]: 1 } });
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('changes the event, in place or by another one', () => {
    const inPlace = (event: LlmEvent): LlmEvent => {
      delete event.event_properties['output'];
      event.user_id = 'user-1';
      return event;
    };
    const another = (event: LlmEvent): LlmEvent => ({ ...inPlace(event), event_properties: { mine: 1 } });
    for (const beforeSend of [inPlace, another]) {
      const { delivery, events } = benchWith({ beforeSend });
      delivery.report(fullOperation);
      delivery.drain();
      expect(events[0]).toMatchObject({ user_id: 'user-1', device_id: 'device-1' });
      expect(events[0]?.event_properties).not.toHaveProperty('output');
    }
  });

  it('can not change the next event through groups and properties that all of them have', () => {
    const beforeSend = (event: LlmEvent): LlmEvent => {
      (event.event_properties['tags'] as string[]).push('changed');
      ((event.groups as Record<string, string[]>)['company'] as string[]).push('changed');
      return event;
    };
    const { delivery, events } = benchWith({ beforeSend });
    for (let call = 0; call < 3; call++) delivery.report(fullOperation);
    delivery.drain();
    for (const event of events) {
      expect(event.event_properties['tags']).toEqual(['a', 'changed']);
      expect(event.groups).toEqual({ company: ['acme', 'changed'] });
    }
    expect(rules).toMatchObject({ groups: { company: ['acme'] }, properties: { tags: ['a'] } });
  });

  // A BigInt ends the process in analytics-node 1.5.73, a cycle loses the batch.
  it('can not hand on what is no JSON', () => {
    const beforeSend = (event: LlmEvent): LlmEvent => {
      const odd: Record<string, unknown> = { big: 10n, not: Number.NaN, run: () => 1, when: new Date(0) };
      odd['self'] = odd;
      return { ...event, event_properties: { odd } as unknown as LlmEvent['event_properties'] };
    };
    const { delivery, events } = benchWith({ beforeSend });
    delivery.report(fullOperation);
    delivery.drain();
    expect(events[0]?.event_properties).toEqual({ odd: { big: '10', not: 'NaN', when: '1970-01-01T00:00:00.000Z' } });
  });
});

function fail(error: unknown = new Error('no')): never {
  throw error;
}
