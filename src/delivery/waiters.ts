/** Those who wait for something to change. */
export interface Waiters {
  /** Resolves when the others are told, too. */
  next(): Promise<void>;
  tell(): void;
}

export function makeWaiters(): Waiters {
  let waiting: (() => void)[] = [];
  return {
    next: () => new Promise((resolve) => waiting.push(resolve)),
    tell() {
      const told = waiting;
      waiting = [];
      for (const resolve of told) resolve();
    },
  };
}
