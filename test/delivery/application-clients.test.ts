import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { LlmTracingOptions } from '../../src/options';
import { benchWith as makeBench, invalid, throttled, tooLarge, versions, type Bench } from './application-bench';
import { startFaultServer, type Behaviour, type FaultServer } from './fault-server';

let server: FaultServer;
let folder: string;
const benches: Bench[] = [];

beforeEach(async () => {
  server = await startFaultServer();
  folder = mkdtempSync(join(tmpdir(), 'spool-'));
});
afterEach(async () => {
  for (const { kept } of benches.splice(0)) kept?.stop();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function benchWith(
  version: (typeof versions)[number],
  spool: LlmTracingOptions['spool'] = false,
  url = server.url,
): Promise<Bench> {
  const bench = await makeBench(version, url, spool);
  benches.push(bench);
  return bench;
}

function files(): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'));
}

async function until(isTrue: () => boolean, limit = 20_000): Promise<void> {
  const end = Date.now() + limit;
  while (!isTrue() && Date.now() < end) await wait(10);
  expect(isTrue()).toBe(true);
}

describe.each(versions)('with %s', (version) => {
  it.each<[string, Behaviour, string]>([
    ['400', invalid([0]), 'client_answered_400'],
    ['an unknown key', { status: 400, body: { error: 'Invalid API key: a-key' } }, 'client_answered_400'],
    ['413', tooLarge, 'client_answered_413'],
    ['429', throttled, 'client_answered_429'],
    ['500', { status: 500 }, 'client_answered_500'],
    ['503', { status: 503 }, 'client_answered_503'],
  ])('an event that a flush could not deliver is counted by reason: %s', async (_what, behaviour, reason) => {
    server.always(behaviour);
    const { delivery, counters, report } = await benchWith(version);
    report(1);
    await delivery.flush(5_000);
    const { dropped, tracked } = counters;
    expect(tracked).toBe(1);
    // 1.5.73 gives one code to all of 5xx.
    expect(Object.keys(dropped).join().replace('503', '500')).toBe(reason.replace('503', '500'));
    expect(delivery.pending()).toBe(0);
  });

  it('an event is counted that the client gave up by itself', async () => {
    server.always({ status: 500 });
    const { delivery, counters, report } = await benchWith(version);
    report(2);
    await until(() => delivery.pending() === 0 && counters.tracked === 2);
    expect(counters.dropped).toEqual({ client_answered_500: 2 });
  });

  it('exactly the events are counted that the server names', async () => {
    server.next(invalid([1]));
    const { delivery, counters, ids, report } = await benchWith(version);
    report(3);
    await until(() => server.taken.size === 2 && delivery.pending() === 0);
    expect(counters.dropped).toEqual({ client_answered_400: 1 });
    expect(server.taken.has(ids[1] ?? '')).toBe(false);
  });

  // The client drops these at once, without a retry: the hazard that `spool` is for.
  it('a refused connection is counted', async () => {
    const { delivery, counters, report } = await benchWith(version, false, await refusingUrl());
    report(3);
    await until(() => delivery.pending() === 0 && counters.tracked === 3);
    expect(counters.dropped).toEqual({ client_answered_0: 3 });
  });

  it('an event of a user who opted out, or that a plugin took out, is counted as that', async () => {
    const { client, delivery, counters, report } = await benchWith(version, folder);
    client.setOptOut(true);
    report(1);
    await delivery.flush(2_000);
    client.setOptOut(false);
    const takeOut = {
      name: 'no-llm',
      type: 'enrichment',
      setup: () => Promise.resolve(),
      execute: () => Promise.resolve(null),
    };
    await client.add(takeOut).promise;
    report(1);
    await delivery.flush(2_000);
    expect(counters.dropped).toEqual({ client_opted_out: 1, client_filtered: 1 });
    expect(counters.kept).toBeUndefined();
  });

  // 1.5.73 resolves the second flush at once, and the events stay where they are.
  it('a flush waits for what was tracked while another one is under way', async () => {
    const { delivery, report } = await benchWith(version);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    server.hold(held);
    report(1);
    const first = delivery.flush(10_000);
    await until(() => server.uploads.length === 1);
    report(5);
    const second = delivery.flush(10_000);
    await wait(50);
    release();
    await Promise.all([first, second]);
    expect(delivery.pending()).toBe(0);
    expect(server.taken.size).toBe(6);
  });

  it('a flush ends at its deadline where the server never answers', async () => {
    server.always('hang');
    const { delivery, report } = await benchWith(version);
    report(1);
    const start = Date.now();
    await delivery.flush(100);
    expect(Date.now() - start).toBeLessThan(5_000);
    expect(delivery.pending()).toBe(1);
  });

  describe('and a spool', () => {
    it.each<[string, Behaviour[]]>([
      ['500', [{ status: 500 }]],
      ['429', [throttled]],
      ['a connection that is reset', ['reset']],
      ['several failures', ['reset', { status: 500 }, 'reset']],
    ])(
      'nothing is lost, and nothing comes twice, after %s',
      async (_what, behaviours) => {
        const { delivery, counters, ids, report } = await benchWith(version, folder);
        server.next(...behaviours);
        report(20);
        await delivery.flush(10_000);
        await until(() => server.taken.size === 20, 60_000);
        expect([...server.taken].sort()).toEqual([...ids].sort());
        expect(server.twice()).toBe(0);
        expect(counters.dropped).toEqual({});
      },
      90_000,
    );

    it('a refused connection keeps events on disk, and they are sent when the server is back', async () => {
      const { port } = new URL(server.url);
      await server.close();
      const { delivery, counters, report } = await benchWith(version, folder);
      report(50);
      await delivery.flush(10_000);
      await until(() => files().length > 0 && delivery.pending() === 0);
      expect(counters).toMatchObject({ tracked: 50, dropped: {}, kept: 50 });
      server = await startFaultServer(Number(port));
      await until(() => server.taken.size === 50, 60_000);
      await until(() => files().length === 0);
      expect(server.twice()).toBe(0);
      await until(() => counters.recovered === 50);
    }, 90_000);

    it.each<[string, Behaviour]>([
      ['400', invalid([0, 1, 2])],
      ['an unknown key', { status: 400, body: { error: 'Invalid API key: a-key' } }],
    ])('what the server will never take is not kept: %s', async (_what, behaviour) => {
      server.always(behaviour);
      const { delivery, counters, report } = await benchWith(version, folder);
      report(3);
      await delivery.flush(5_000);
      expect(counters.dropped).toEqual({ client_answered_400: 3 });
      expect(counters.kept).toBeUndefined();
    });

    it('what has no answer when the process ends is sent by the next one', async () => {
      server.always('hang');
      const first = await benchWith(version, folder);
      first.report(30);
      first.delivery.drain();
      first.kept?.save();
      expect(files().length).toBeGreaterThan(0);
      server.always('take');
      await benchWith(version, folder);
      await until(() => server.taken.size === 30);
      expect([...server.taken].sort()).toEqual([...first.ids].sort());
      await until(() => files().length === 0);
    }, 60_000);

    it('that can not be written does without it', async () => {
      const { delivery, report } = await benchWith(version, folder);
      rmSync(folder, { recursive: true });
      server.next({ status: 500 });
      report(5);
      await delivery.flush(10_000);
      await until(() => server.taken.size === 5, 60_000);
    }, 90_000);
  });
});

/** Nobody listens there. */
async function refusingUrl(): Promise<string> {
  const listener = createServer();
  const port = await new Promise<number>((resolve) =>
    listener.listen(0, '127.0.0.1', () => resolve((listener.address() as { port: number }).port)),
  );
  await new Promise((resolve) => listener.close(resolve));
  return `http://127.0.0.1:${port}/2/httpapi`;
}
