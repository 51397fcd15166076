import { takeTurns, type Turns, type TurnSettings } from '../../src/take-turns';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Bench {
  readonly turns: Turns<number>;
  readonly done: number[];
  readonly dropped: () => number;
}

/** Each item takes one millisecond, of a clock that only work moves. */
function benchWith({ budget = 4, most = 1_000_000, gather }: Partial<TurnSettings<number>> = {}): Bench {
  const done: number[] = [];
  let time = 0;
  let dropped = 0;
  const work = (item: number): void => {
    time += 1;
    done.push(item);
  };
  const settings = { work, budget, most, dropped: () => (dropped += 1), now: () => time };
  const turns = takeTurns<number>({ ...settings, ...(gather && { gather }) });
  return { turns, done, dropped: () => dropped };
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_none, at) => at);
}

describe('work in turns', () => {
  it('is done later, in the order in which it came', async () => {
    const { turns, done } = benchWith();
    for (const item of [1, 2, 3]) turns.add(item);
    expect([done, turns.waiting()]).toEqual([[], 3]);
    await nextTurn();
    expect([done, turns.waiting()]).toEqual([[1, 2, 3], 0]);
  });

  it('takes no longer than its budget at a time, and lets others in between', async () => {
    const { turns, done } = benchWith({ budget: 4 });
    for (const item of numbers(10)) turns.add(item);
    const seen: number[] = [];
    for (let turn = 0; turn < 4; turn++) {
      await nextTurn();
      seen.push(done.length);
    }
    expect(seen).toEqual([4, 8, 10, 10]);
  });

  it('does one item at least, however small the budget is', async () => {
    const { turns, done } = benchWith({ budget: 0 });
    for (const item of numbers(3)) turns.add(item);
    await nextTurn();
    expect(done).toEqual([0]);
    await nextTurn();
    await nextTurn();
    expect(done).toEqual([0, 1, 2]);
  });

  it('goes on with what is added while it works', async () => {
    const { turns, done } = benchWith({ budget: 2 });
    for (const item of numbers(3)) turns.add(item);
    await nextTurn();
    turns.add(3);
    await nextTurn();
    await nextTurn();
    expect(done).toEqual([0, 1, 2, 3]);
  });

  it('is done at once where the process ends, and no item twice', async () => {
    const { turns, done } = benchWith({ budget: 2 });
    for (const item of numbers(5_000)) turns.add(item);
    await nextTurn();
    turns.finish();
    expect(done).toEqual(numbers(5_000));
    await nextTurn();
    await nextTurn();
    expect(done).toHaveLength(5_000);
  });

  it('drops the oldest where too much waits', () => {
    const { turns, done, dropped } = benchWith({ most: 1_000 });
    for (const item of numbers(5_000)) turns.add(item);
    turns.finish();
    expect(done).toEqual(numbers(5_000).slice(-1_000));
    expect(dropped()).toBe(4_000);
  });

  describe('gathers what comes one upon the other', () => {
    it('but not what comes alone, or a few times', async () => {
      const { turns, done } = benchWith({ gather: { turns: 2, items: 10, milliseconds: 60_000 } });
      for (const item of [1, 2, 3]) {
        turns.add(item);
        await nextTurn();
        expect(done).toHaveLength(item);
      }
    });

    it('until its time is over', async () => {
      const { turns, done } = benchWith({ gather: { turns: 0, items: 10, milliseconds: 20 } });
      turns.add(1);
      await nextTurn();
      turns.add(2);
      await nextTurn();
      await nextTurn();
      expect(done).toEqual([1]);
      turns.add(3);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(done).toEqual([1, 2, 3]);
    });

    it('or until there is enough', async () => {
      const { turns, done } = benchWith({ gather: { turns: 0, items: 3, milliseconds: 60_000 } });
      turns.add(0);
      await nextTurn();
      for (const item of [1, 2, 3, 4]) turns.add(item);
      expect(done).toEqual([0]);
      await nextTurn();
      expect(done).toEqual([0, 1, 2, 3, 4]);
    });

    it('and does it at once where the process ends', () => {
      const { turns, done } = benchWith({ gather: { turns: 0, items: 10, milliseconds: 1_000 } });
      turns.add(1);
      turns.finish();
      turns.add(2);
      turns.finish();
      expect(done).toEqual([1, 2]);
    });
  });
});
