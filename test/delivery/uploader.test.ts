import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { Entry } from '../../src/delivery/batch';
import { openOutbox, type Outbox } from '../../src/delivery/outbox';
import { makeSender } from '../../src/delivery/send-upload';
import type { Uploader, UploadSettings } from '../../src/delivery/upload-settings';
import { makeUploader } from '../../src/delivery/uploader';
import { aroundEach, eventOf, idsIn, until } from './deliveries';

const deliveries = aroundEach();
const uploaders: Uploader[] = [];
let dropped: Record<string, number>;

beforeEach(() => {
  dropped = {};
});
afterEach(() => {
  for (const uploader of uploaders.splice(0)) uploader.save();
});

function outboxOf(): Outbox {
  const directory = join(deliveries.spool, 'project');
  return openOutbox({ directory, maxBytes: 1e9, maxAge: 1e9 }, countDropped);
}

function countDropped(reason: string, count: number): void {
  dropped[reason] = (dropped[reason] ?? 0) + count;
}

function uploaderOf(outbox: Outbox | undefined, settings: Partial<UploadSettings> = {}): Uploader {
  const { url } = deliveries.server;
  const uploader = makeUploader(
    {
      ...{ apiKey: 'a-key', url, batchUrl: url, flushInterval: 60_000, flushSize: 10, connections: 2 },
      ...{ maxEvents: 20_000, maxBytes: 1e9, isDurable: false },
      ...settings,
    },
    {
      send: makeSender({ timeout: 10_000, gzip: true, connections: 2 }),
      outbox,
      now: () => performance.now(),
      random: Math.random,
      dropped: countDropped,
      delivered: () => undefined,
      problem: () => undefined,
      note: () => undefined,
    },
  );
  uploaders.push(uploader);
  return uploader;
}

function add(uploader: Uploader, many: number): string[] {
  return Array.from({ length: many }, () => {
    const event = eventOf();
    const json = JSON.stringify(event);
    const entry: Entry = { json, bytes: json.length, deviceId: 'one' };
    uploader.add(entry);
    return event.insert_id;
  });
}

function onDisk(): string[] {
  return idsIn(deliveries.spool).sort();
}

describe('what is held (a signal came, and the process may be killed before all is sent)', () => {
  it('is on disk, stays ours, and is sent as before', async () => {
    const { server, spool } = deliveries;
    let release: () => void = () => undefined;
    server.hold(new Promise((resolve) => (release = resolve)));
    const uploader = uploaderOf(outboxOf());
    // Under way, waiting for a connection, and not yet a batch.
    const ids = add(uploader, 55);
    await until(() => server.uploads.length === 2);
    uploader.hold();
    uploader.hold();
    expect(onDisk()).toEqual([...ids].sort());
    expect(outboxOf().claim()).toBeUndefined();
    expect(uploader.pending()).toBe(55);
    release();
    await uploader.flush();
    expect([...server.taken].sort()).toEqual([...ids].sort());
    expect(server.twice()).toBe(0);
    expect(readdirSync(join(spool, 'project'))).toEqual([]);
  });

  it('is on disk where it was put off, too', async () => {
    const { server } = deliveries;
    server.next({ status: 429, body: { throttled_events: [0] }, headers: { 'retry-after': '60' } });
    const uploader = uploaderOf(outboxOf());
    const [late = ''] = add(uploader, 10);
    await until(() => server.taken.size === 9);
    await until(() => uploader.pending() === 1);
    uploader.hold();
    expect(onDisk()).toEqual([late]);
  });

  it('is nowhere without an outbox, and is sent as before', async () => {
    const uploader = uploaderOf(undefined);
    add(uploader, 15);
    uploader.hold();
    await uploader.flush();
    expect(deliveries.server.taken.size).toBe(15);
    expect(dropped).toEqual({});
  });
});

describe('a process that did not end after all (a signal that the system ignores)', () => {
  it('sends what comes, and what it had put on disk', async () => {
    const { server } = deliveries;
    const uploader = uploaderOf(outboxOf(), { flushInterval: 20 });
    const ids = add(uploader, 5);
    uploader.save();
    ids.push(...add(uploader, 5));
    expect(onDisk()).toHaveLength(10);
    uploader.resume();
    ids.push(...add(uploader, 15));
    await uploader.flush();
    await until(() => server.taken.size === 25);
    expect([...server.taken].sort()).toEqual([...ids].sort());
    await until(() => onDisk().length === 0);
    expect(uploader.pending()).toBe(0);
  });

  it('can end again', () => {
    const uploader = uploaderOf(outboxOf());
    uploader.save();
    uploader.resume();
    const ids = add(uploader, 3);
    expect(uploader.pending()).toBe(3);
    uploader.save();
    expect(onDisk()).toEqual(ids.sort());
  });
});

it('what lies on disk is read a file at a time: whatever else the process does comes between', async () => {
  const { server } = deliveries;
  const outbox = outboxOf();
  for (let file = 0; file < 12; file++) {
    const segment = outbox.begin();
    segment.append([JSON.stringify(eventOf())]);
    segment.close();
    outbox.release(segment.name);
  }
  let turns = 0;
  let isOver = false;
  const counting = (async () => {
    for (; !isOver; turns++) await turn();
  })();
  const readIn: number[] = [];
  const watched: Outbox = {
    ...outbox,
    claim(name) {
      readIn.push(turns);
      return outbox.claim(name);
    },
  };
  await uploaderOf(watched).sendOutbox();
  isOver = true;
  await counting;
  expect(server.taken.size).toBe(12);
  expect(readIn.length).toBeGreaterThanOrEqual(12);
  expect(new Set(readIn).size).toBe(readIn.length);
  await wait(1);
});
