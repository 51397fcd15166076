import {
  addEntry,
  bodyOf,
  countByIds,
  isFull,
  largestBatch,
  newBatch,
  partOf,
  type Entry,
} from '../../src/delivery/batch';

function entry(json: string, more: Partial<Entry> = {}): Entry {
  return { json, bytes: Buffer.byteLength(json), ...more };
}

describe('a batch', () => {
  it('is a body that the server can read, whatever the key is', () => {
    const batch = newBatch();
    addEntry(batch, entry('{"a":1}'));
    addEntry(batch, entry('{"ä":"“"}'));
    expect(JSON.parse(bodyOf(batch, 'k"ey'))).toEqual({ api_key: 'k"ey', events: [{ a: 1 }, { ä: '“' }] });
    expect(batch.bytes).toBe(Buffer.byteLength('{"a":1},{"ä":"“"},'));
  });

  it('takes one event of any size, and no more than the server takes', () => {
    const large = entry('x', { bytes: largestBatch.bytes + 1 });
    const batch = newBatch();
    expect(isFull(batch, large)).toBe(false);
    addEntry(batch, large);
    expect(isFull(batch, entry('{}'))).toBe(true);
  });

  it('takes as many small events as the server takes', () => {
    const batch = newBatch();
    let count = 0;
    for (; !isFull(batch, entry('{}')); count++) addEntry(batch, entry('{}'));
    expect(count).toBe(largestBatch.events);
  });

  it('is divided without a loss', () => {
    const batch = newBatch();
    for (const json of ['1', '22', '333', '4444']) addEntry(batch, entry(json));
    const [even, odd] = [0, 1].map((rest) => partOf(batch, (at) => at % 2 === rest));
    expect(even?.entries.map(({ json }) => json)).toEqual(['1', '333']);
    expect((even?.bytes ?? 0) + (odd?.bytes ?? 0)).toBe(batch.bytes);
  });
});

describe('the count of a second', () => {
  it('tells when a user or a device sends more than thirty', () => {
    const isTooFast = countByIds();
    const answers = Array.from({ length: 32 }, () => isTooFast({ deviceId: 'one' }, 5_000));
    expect(answers.indexOf(true)).toBe(30);
    expect(isTooFast({ userId: 'anna', deviceId: 'two' }, 5_500)).toBe(false);
    expect(isTooFast({ userId: 'anna', deviceId: 'one' }, 5_500)).toBe(true);
    expect(isTooFast({ deviceId: 'one' }, 6_000)).toBe(false);
    expect(isTooFast({}, 6_000)).toBe(false);
  });
});
