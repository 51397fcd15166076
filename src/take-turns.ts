import { clearTimeout, setImmediate, setTimeout } from 'node:timers';

/** Work that waits for its turn. */
export interface Turns<Item> {
  add(item: Item): void;
  /** Does all that waits, now. */
  finish(): void;
  /** How much of it there is. */
  waiting(): number;
}

export interface TurnSettings<Item> {
  /** Must not throw. */
  work(item: Item): void;
  /** Milliseconds that one turn may take: then whatever else the process has to do comes first. */
  readonly budget: number;
  /** What waits at the most; then the oldest goes. */
  readonly most: number;
  /** Told of each that went. */
  dropped(): void;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /**
   * Where more than so many `turns` came one upon the other, each within so many `milliseconds`, the next wait for that
   * time, or until there are so many `items`. What comes alone, or in a burst that ends, never waits.
   */
  readonly gather?: { readonly turns: number; readonly items: number; readonly milliseconds: number };
}

/** Works on what is added, later and in short turns: a burst of calls must not hold up the event loop. */
export function takeTurns<Item>({ work, budget, most, dropped, now, gather }: TurnSettings<Item>): Turns<Item> {
  let items: (Item | undefined)[] = [];
  let head = 0;
  let isScheduled = false;
  let gathering: NodeJS.Timeout | undefined;
  let endOfLast = -Infinity;
  let inARow = 0;
  return { add, finish, waiting: () => items.length - head };

  function add(item: Item): void {
    items.push(item);
    if (items.length - head > most) {
      take();
      dropped();
    }
    if (!isScheduled) schedule();
    else if (gathering && gather && items.length - head >= gather.items) scheduleNext();
  }

  // The functions of `node:timers` as this file was loaded: fake timers of a test do not hold events back.
  function schedule(): void {
    const wait = gather ? endOfLast + gather.milliseconds - now() : 0;
    inARow = wait > 0 ? inARow + 1 : 0;
    if (!gather || inARow <= gather.turns) return scheduleNext();
    isScheduled = true;
    gathering = setTimeout(turn, wait);
  }

  function scheduleNext(): void {
    clearTimeout(gathering);
    gathering = undefined;
    isScheduled = true;
    setImmediate(turn);
  }

  function turn(): void {
    isScheduled = false;
    gathering = undefined;
    const end = now() + budget;
    while (head < items.length) {
      work(take() as Item);
      if (head < items.length && now() >= end) return scheduleNext();
    }
    endOfLast = now();
  }

  function finish(): void {
    while (head < items.length) work(take() as Item);
  }

  /** The oldest. The list is shortened now and then: one `shift` of a long list copies all of it. */
  function take(): Item | undefined {
    const item = items[head];
    items[head++] = undefined;
    if (head === items.length) {
      items = [];
      head = 0;
    } else if (head >= 1_024 && head * 2 >= items.length) {
      items = items.slice(head);
      head = 0;
    }
    return item;
  }
}
