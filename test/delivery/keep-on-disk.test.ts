import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addEntry, newBatch, type Batch, type Entry } from '../../src/delivery/batch';
import { makeKeeper, type Keeper } from '../../src/delivery/keep-on-disk';
import { openOutbox, staleAfter, type Outbox, type Segment } from '../../src/delivery/outbox';

let directory: string;
let time: number;
let problems: string[];
let count = 0;

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'keeper-')), 'spool');
  time = 0;
  problems = [];
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

function open(): Outbox {
  return openOutbox({ directory, maxBytes: 1e9, maxAge: 1e9 }, () => undefined);
}

function keeperOf(outbox: Outbox | undefined = open()): Keeper {
  return makeKeeper(
    outbox,
    () => time,
    (what, error) => problems.push(`${what}: ${String(error)}`),
  );
}

function entry(): Entry {
  const json = JSON.stringify({ insert_id: `event-${count++}`, user_id: 'anna', device_id: 'phone' });
  return { json, bytes: json.length };
}

function batchOf(many: number): Batch {
  const batch = newBatch();
  for (let index = 0; index < many; index++) addEntry(batch, entry());
  return batch;
}

function files(ending = ''): string[] {
  return readdirSync(directory).filter((name) => name.endsWith(ending));
}

function linesIn(name: string): number {
  return readFileSync(join(directory, name), 'utf8').split('\n').length - 1;
}

/** As if its process had slept for a while. */
function age(name: string): void {
  const then = new Date(Date.now() - staleAfter - 1_000);
  utimesSync(join(directory, name), then, then);
}

/** Grows with each event, as with durability 'always'. */
function grow(keeper: Keeper, batch: Batch): void {
  const one = entry();
  keeper.append(batch, one);
  addEntry(batch, one);
}

function everything(keeper: Keeper): string[] {
  const found: string[] = [];
  for (let batch = keeper.next(true); batch; batch = keeper.next(true)) {
    found.push(...batch.entries.map(({ json }) => json));
    keeper.remove(batch);
  }
  return found;
}

const jsonOf = (...batches: Batch[]): string[] => batches.flatMap(({ entries }) => entries.map(({ json }) => json));

describe('what is kept on disk', () => {
  it('is one file for many small batches, and comes back whole, with its ids', () => {
    const keeper = keeperOf();
    const batches = [batchOf(3), batchOf(1), batchOf(20)];
    for (const batch of batches) expect(keeper.keep(batch)).toBe(true);
    expect(files()).toHaveLength(1);
    const back = keeper.next(false);
    expect(back && jsonOf(back)).toEqual(jsonOf(...batches));
    expect(back?.entries[0]).toMatchObject({ userId: 'anna', deviceId: 'phone' });
    expect(back).toMatchObject({ isFast: true, bytes: jsonOf(...batches).join(',').length + 1 });
    if (back) keeper.remove(back);
    expect(files()).toEqual([]);
    expect(keeper.hasOwn()).toBe(false);
  });

  it('is no more in one file than an upload may have', () => {
    const keeper = keeperOf();
    for (let index = 0; index < 12; index++) keeper.keep(batchOf(200));
    const sizes = files().map(linesIn);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(2_400);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2_000);
  });

  it('does not become a file for each time that a server is tried', () => {
    const keeper = keeperOf();
    for (let attempt = 0; attempt < 50; attempt++) {
      keeper.keep(batchOf(2));
      const batch = keeper.next(false);
      if (batch) keeper.keep(batch);
    }
    expect(files().length).toBeLessThanOrEqual(2);
    expect(everything(keeper)).toHaveLength(100);
  });

  it('is ours while it is under way, and anybody’s after that', () => {
    const keeper = keeperOf();
    const batch = batchOf(5);
    keeper.hold(batch);
    keeper.hold(batch);
    expect(files('.held')).toHaveLength(1);
    expect(keeperOf().next(true)).toBeUndefined();
    expect(keeper.keep(batch)).toBe(true);
    expect(files('.jsonl')).toHaveLength(1);
    expect(everything(keeperOf())).toEqual(jsonOf(batch));
    expect(keeper.next(false)).toBeUndefined();
    expect(keeper.hasOwn()).toBe(false);
  });

  it('is replaced by its parts', () => {
    const keeper = keeperOf();
    const batch = batchOf(5);
    keeper.hold(batch);
    const parts = [batchOf(2), batchOf(1)];
    keeper.replace(batch, parts);
    expect(files().map(linesIn).sort()).toEqual([1, 2]);
    for (const part of parts) keeper.remove(part);
    expect(files()).toEqual([]);
  });

  it('grows with each event', () => {
    const keeper = keeperOf();
    const batch = newBatch();
    for (let index = 1; index <= 3; index++) {
      grow(keeper, batch);
      expect(linesIn(batch.segment ?? '')).toBe(index);
    }
    keeper.seal(batch);
    keeper.remove(batch);
    expect(files()).toEqual([]);
  });

  it('is let go at the end', () => {
    const keeper = keeperOf();
    keeper.keep(batchOf(1));
    keeper.hold(batchOf(1));
    keeper.releaseAll();
    expect(files('.jsonl')).toHaveLength(2);
  });

  it('is written again where another process took it from one that slept: it may be gone', () => {
    const keeper = keeperOf();
    keeper.keep(batchOf(2));
    age(files()[0] ?? '');
    const other = keeperOf();
    expect(everything(other)).toHaveLength(2);
    const late = batchOf(3);
    expect(keeper.keep(late)).toBe(true);
    expect(everything(keeper)).toEqual(jsonOf(late));
  });

  it('is whole where a growing file was taken from a process that slept', () => {
    const keeper = keeperOf();
    const batch = newBatch();
    grow(keeper, batch);
    age(files()[0] ?? '');
    expect(everything(keeperOf())).toHaveLength(1);
    grow(keeper, batch);
    expect(linesIn(batch.segment ?? '')).toBe(2);
  });

  it('is touched now and then, and not with every tick', () => {
    const outbox = open();
    const touch = jest.spyOn(outbox, 'touch');
    const keeper = keeperOf(outbox);
    keeper.keep(batchOf(1));
    keeper.hold(batchOf(1));
    for (; time < staleAfter; time += 100) keeper.touch();
    expect(touch.mock.calls.length).toBeGreaterThan(6);
    expect(touch.mock.calls.length).toBeLessThan(30);
    expect([...(touch.mock.calls[0]?.[0] ?? [])]).toHaveLength(2);
  });
});

describe('a disk that is full', () => {
  /** Takes so many lines in all. */
  function outboxWith(room: () => number): Outbox {
    const outbox = open();
    const begin = (): Segment => {
      const segment = outbox.begin();
      return {
        ...segment,
        append(lines) {
          if (room() < lines.length) throw new Error('ENOSPC: no space left on device');
          return segment.append(lines);
        },
        close() {
          segment.close();
          throw new Error('EDQUOT: disk quota exceeded');
        },
      };
    };
    return { ...outbox, begin };
  }

  it('keeps nothing, says so, and is not asked again for a while', () => {
    let room = 0;
    const keeper = keeperOf(outboxWith(() => room));
    expect(keeper.keep(batchOf(1))).toBe(false);
    expect(keeper.keep(batchOf(1))).toBe(false);
    expect(problems).toEqual(['write to the outbox: Error: ENOSPC: no space left on device']);
    room = 10;
    time += 20_000;
    const batch = batchOf(1);
    expect(keeper.keep(batch)).toBe(true);
    expect(everything(keeper)).toEqual(jsonOf(batch));
  });

  it('gives what it has while it takes nothing: that makes room', () => {
    let room = 10;
    const keeper = keeperOf(outboxWith(() => room));
    const batch = batchOf(2);
    keeper.keep(batch);
    room = 0;
    expect(keeper.keep(batchOf(1))).toBe(false);
    expect(everything(keeper)).toEqual(jsonOf(batch));
  });

  it('has all of a batch or nothing of it', () => {
    let room = 1;
    const keeper = keeperOf(outboxWith(() => room));
    const batch = newBatch();
    grow(keeper, batch);
    room = 0;
    grow(keeper, batch);
    expect(files()).toEqual([]);
    expect(batch.segment).toBeUndefined();
    keeper.hold(batch);
    expect(files()).toEqual([]);
  });

  it('that can not even close a file costs nobody anything', () => {
    const keeper = keeperOf(outboxWith(() => 10));
    const batch = newBatch();
    grow(keeper, batch);
    expect(() => keeper.seal(batch)).not.toThrow();
    expect(keeper.keep(batch)).toBe(true);
    expect(() => keeper.releaseAll()).not.toThrow();
    expect(problems[0]).toContain('EDQUOT');
  });
});

it('without a disk nothing is kept', () => {
  const keeper = makeKeeper(
    undefined,
    () => 0,
    () => undefined,
  );
  const batch = batchOf(1);
  keeper.append(newBatch(), entry());
  keeper.hold(batch);
  keeper.touch();
  expect(keeper.keep(batch)).toBe(false);
  expect(keeper.next(true)).toBeUndefined();
  keeper.remove(batch);
  keeper.releaseAll();
  expect(existsSync(directory)).toBe(false);
});
