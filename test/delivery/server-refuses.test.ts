import { setTimeout as wait } from 'node:timers/promises';
import { sharedState } from '../../src/shared-state';
import { aroundEach, eventOf, idsIn, track, until } from './deliveries';

const deliveries = aroundEach();
const { clientOf } = deliveries;

describe('a server that asks to come back at once', () => {
  it.each<[string, number, string]>([
    ['503 and Retry-After: 0', 503, '0'],
    ['429 and Retry-After: 0', 429, '0'],
    ['429 and an empty Retry-After', 429, ''],
  ])('(%s) is not asked more often for it', async (_what, status, header) => {
    deliveries.server.always({ status, headers: { 'retry-after': header } });
    for (const options of [{}, { spool: deliveries.spool }]) {
      const before = deliveries.server.uploads.length;
      track(clientOf(options), 50);
      await wait(800);
      const uploads = deliveries.server.uploads.length - before;
      expect(uploads).toBeGreaterThan(0);
      // After a quarter of a second at the soonest, and then half of one.
      expect(uploads).toBeLessThanOrEqual(4);
    }
  });
});

describe('a server that refuses everything and names nothing', () => {
  it('is not asked twice for each event', async () => {
    const { server } = deliveries;
    server.always({ status: 400, body: { error: 'Bad request' } });
    const client = clientOf();
    track(client, 2_000);
    await client.flush(600);
    expect(server.uploads.length).toBeLessThan(100);
    expect(client.status().pending).toBeGreaterThan(1_970);
    server.always('take');
    await client.flush();
    await until(() => client.status().pending === 0);
    const { delivered, dropped } = client.status();
    expect(delivered + (dropped['refused'] ?? 0)).toBe(2_000);
    expect(dropped['refused'] ?? 0).toBeLessThan(30);
  });

  it('gets it later, from disk', async () => {
    const { server, spool } = deliveries;
    server.always({ status: 400, body: { error: 'Bad request' } });
    const client = clientOf({ spool });
    track(client, 500);
    await client.flush(2_000);
    expect(server.uploads.length).toBeLessThan(100);
    await until(() => client.status().pending === 0);
    expect(idsIn(spool).length).toBeGreaterThan(450);
    server.always('take');
    await until(() => idsIn(spool).length === 0);
    const { delivered, dropped } = client.status();
    expect(delivered + (dropped['refused'] ?? 0)).toBe(500);
    expect(server.twice()).toBe(0);
  });

  it.each<[string, number, number]>([
    ['one of forty', 40, 400],
    ['every other one', 2, 300],
  ])('is not taken for one where it takes some of them: of %s, each is found', async (_what, every, many) => {
    const { server } = deliveries;
    const bad = new Set<string>();
    server.always(({ ids }) => (ids.some((id) => bad.has(id)) ? { status: 400, body: { error: 'Bad' } } : 'take'));
    const client = clientOf({ flushSize: 1_000 });
    track(client, many).forEach((id, at) => at % every === 1 && bad.add(id));
    await client.flush();
    expect(client.status()).toMatchObject({ delivered: many - bad.size, pending: 0, dropped: { refused: bad.size } });
  });
});

describe('events that are put off', () => {
  it('are the first to go where there are too many: they are the oldest', async () => {
    const { server } = deliveries;
    const slow = { status: 429, body: { throttled_users: { anna: 9 } }, headers: { 'retry-after': '60' } };
    const client = clientOf({ maxEvents: 100, connections: 1, flushInterval: 60_000 });
    server.next(slow);
    const [first = ''] = track(client, 1);
    track(client, 40, { user_id: 'anna' });
    void client.flush(0);
    await until(() => server.taken.has(first));
    await until(() => client.status().delivered === 1);
    const ids = track(client, 80);
    expect(client.status().dropped).toEqual({ queue_full: 40 });
    await client.flush();
    expect(ids.every((id) => server.taken.has(id))).toBe(true);
    expect(client.status()).toMatchObject({ delivered: 81, pending: 0 });
  });
});

it('what is tried again is told in debug mode, with the status of its answer', async () => {
  const notes: string[] = [];
  sharedState().note = (line) => void notes.push(line);
  deliveries.server.next({ status: 404 }, { status: 307 });
  const client = clientOf();
  client.track(eventOf());
  await client.flush();
  await until(() => client.status().pending === 0);
  sharedState().note = undefined;
  expect(notes).toEqual([404, 307].map((status) => `an upload was answered with ${status}, and is tried again`));
});
