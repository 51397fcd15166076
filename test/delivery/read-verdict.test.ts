import { readVerdict, throttledWait, type Named, type Reply, type Verdict } from '../../src/delivery/read-verdict';

const events: readonly Named[] = [
  { userId: 'anna', deviceId: 'phone' },
  { userId: 'bert', deviceId: 'laptop' },
  { userId: 'anna', deviceId: 'laptop' },
  { deviceId: 'phone' },
];
const sorted = (bad: number[], late: number[], reason: string, wait = 0): Verdict => ({
  kind: 'sort',
  reason,
  bad: new Set(bad),
  late: new Set(late),
  wait,
});
const quota = 'exceeded_daily_quota';

describe('an answer', () => {
  it.each<[string, Reply, Verdict]>([
    ['200', { status: 200, body: { code: 200, events_ingested: 4 } }, { kind: 'delivered' }],
    ['200 of another server, without a body', { status: 200 }, { kind: 'delivered' }],
    ['204', { status: 204 }, { kind: 'delivered' }],
    ['200 that says 500 inside', { status: 200, body: { code: 500 } }, { kind: 'retry' }],
    ['500 that says 200 inside', { status: 500, body: { code: 200 } }, { kind: 'retry' }],
    ['408', { status: 408 }, { kind: 'retry' }],
    ['503 with Retry-After', { status: 503, retryAfter: 700 }, { kind: 'retry', wait: 700 }],
    ['a redirect', { status: 302 }, { kind: 'retry' }],
    ['403 of a firewall', { status: 403, isPage: true }, { kind: 'retry' }],
    ['400 in words that are not the server’s', { status: 400 }, { kind: 'retry' }],
    ['413', { status: 413, body: { code: 413 } }, { kind: 'halve', reason: 'too_large' }],
    ['413 of a proxy', { status: 413, isPage: true }, { kind: 'halve', reason: 'too_large' }],
    ['400 that names none', { status: 400, body: { error: 'x' } }, { kind: 'halve', reason: 'refused' }],
    ['400 that names none but those it was not sent', badTime([7, -1, 1.5]), { kind: 'halve', reason: 'refused' }],
    ['400 that names some', badTime([2, 9]), sorted([2], [], 'refused')],
    [
      '400 that names some in every way it has',
      {
        status: 400,
        body: {
          events_with_invalid_fields: { time: [0] },
          events_with_missing_fields: { event_type: [1] },
          events_with_invalid_id_lengths: { user_id: [2] },
          silenced_events: [3],
        },
      },
      sorted([0, 1, 2, 3], [], 'refused'),
    ],
    [
      'an invalid key',
      { status: 400, body: { error: 'Invalid API key: x' } },
      { kind: 'stop', reason: 'invalid_api_key' },
    ],
    ['a missing key', { status: 400, body: { missing_field: 'api_key' } }, { kind: 'stop', reason: 'invalid_api_key' }],
    ['429', { status: 429, body: { code: 429 } }, { kind: 'retry', wait: throttledWait }],
    ['429 of a proxy, with Retry-After', { status: 429, isPage: true, retryAfter: 50 }, { kind: 'retry', wait: 50 }],
    [
      '429 about one user',
      { status: 429, body: { throttled_users: { anna: 40 } }, retryAfter: 50 },
      sorted([], [0, 2], quota, 50),
    ],
    [
      '429 about one device, as a list',
      { status: 429, body: { throttled_devices: ['laptop'] } },
      sorted([], [1, 2], quota, throttledWait),
    ],
    [
      '429 about all of them',
      { status: 429, body: { throttled_devices: { phone: 40, laptop: 40 } } },
      { kind: 'retry', wait: throttledWait },
    ],
    [
      '429 about positions that there are not: to send the rest at once would be for ever',
      { status: 429, body: { throttled_events: [17] } },
      { kind: 'retry', wait: throttledWait },
    ],
    [
      '429 about a user who is over for today, and one who is too fast',
      { status: 429, body: { exceeded_daily_quota_users: { anna: 500_001 }, throttled_users: { anna: 31, bert: 31 } } },
      sorted([0, 2], [1], quota, throttledWait),
    ],
  ])('%s', (_what, reply, verdict) => {
    expect(readVerdict(reply, events)).toEqual(verdict);
  });

  it('is not taken for a delivery where it is the page of a portal, with 200', () => {
    expect(readVerdict({ status: 200, isPage: true }, events)).toEqual({ kind: 'retry', wait: undefined });
  });

  it.each([null, 'text', 5, [], { code: '400' }, { throttled_users: 7, throttled_events: 'all', silenced_events: {} }])(
    'of any form is read: %j',
    (body) => {
      for (const status of [200, 400, 413, 429, 500, 0])
        expect(readVerdict({ status, body }, events).kind).toBeDefined();
    },
  );
});

function badTime(positions: number[]): Reply {
  return { status: 400, body: { events_with_invalid_fields: { time: positions } } };
}
