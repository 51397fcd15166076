import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify, inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { observe, type ObserveOptions } from '../src';
import { Bench, nextTurn, valuesOf } from './support/observing';

/* eslint-disable @typescript-eslint/require-await -- async functions are what is observed */

const bench = new Bench();
beforeEach(() => void bench.start());

const states: readonly [string, ObserveOptions][] = [
  ['observed', {}],
  ['with a context for what is inside', { context: { properties: { a: 1 } } }],
  ['as an event of its own', { trackAs: true }],
];

describe.each(states)('a promise with properties of its own, %s,', (_state, options) => {
  it('has them still', async () => {
    let cancelled = 0;
    const mark = Symbol('mark');
    const search = observe((query: string) => {
      const promise = Object.assign(Promise.resolve(query), { cancel: () => (cancelled += 1), [mark]: 1 });
      return Object.defineProperty(promise, 'hidden', { get: () => 'of a getter' }) as typeof promise & {
        hidden: string;
      };
    }, options);
    const found = search('x');
    expect(found.cancel()).toBe(1);
    expect(cancelled).toBe(1);
    expect([found[mark], found.hidden, Object.keys(found)]).toEqual([1, 'of a getter', ['cancel']]);
    expect(await found).toBe('x');
  });

  it('of promisify(exec) has its process', async () => {
    const run = observe(promisify(execFile), options);
    const running = run(process.execPath, ['-p', '1 + 1']);
    expect(running.child.pid).toEqual(expect.any(Number));
    expect((await running).stdout).toBe('2\n');
  });

  it('and with a `then` of its own, is begun when somebody asks, and not before', async () => {
    let asked = 0;
    const query = observe(() => {
      const promise = Promise.resolve('row');
      const then = promise.then.bind(promise);
      return Object.assign(promise, { then: (...handlers: never[]) => ((asked += 1), then(...handlers)) });
    }, options);
    const lazy = query();
    await nextTurn();
    expect(asked).toBe(0);
    expect(await new Promise((resolve) => void lazy.then(resolve as never))).toBe('row');
    expect(asked).toBe(1);
  });

  it('shows nothing that it did not have', () => {
    const [bare, found] = [Promise.resolve(1), observe(() => Promise.resolve(1), options)()];
    const strings = (promise: object): PropertyKey[] =>
      Reflect.ownKeys(promise).filter((key) => typeof key === 'string');
    expect(strings(found)).toEqual(strings(bare));
    expect(inspect(found)).toMatch(/^Promise/);
  });
});

describe('a call whose promise never settles', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const collected = async (isDone: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 15 && !isDone(); turn++) {
      await wait(20);
      collect();
    }
  };

  // The application has this one, and may still settle it.
  const never = new Promise(() => undefined);

  it('is abandoned when nobody has the promise any more, and nothing is kept of it', async () => {
    const forget = observe(async () => new Promise(() => undefined), { name: 'forget', trackAs: true });
    const share = observe(() => never, { name: 'share', trackAs: true });
    for (const run of [forget, forget, share]) void run();
    await collected(() => bench.events.length === 2);
    expect(await bench.properties()).toMatchObject([
      { name: 'forget', outcome: 'abandoned' },
      { name: 'forget', outcome: 'abandoned' },
    ]);
  });

  it('is no such while its work goes on, whoever holds the promise', async () => {
    const work = observe(async () => wait(200), { trackAs: true });
    void work();
    await collected(() => bench.events.length > 0);
    expect(await bench.properties()).toMatchObject([{ outcome: 'ok' }]);
  });

  it.each<[string, (generator: AsyncGenerator<string>) => PromiseLike<AsyncGenerator<string>>]>([
    ['a promise', async (generator) => generator],
    ['a query', (generator) => ({ then: (done: never) => Promise.resolve(generator).then(done) }) as never],
  ])('is no such where %s has given a generator that is read later', async (_what, give) => {
    const open = observe(
      () =>
        give(
          (async function* () {
            yield 'a';
            yield 'b';
          })(),
        ),
      { trackAs: true },
    );
    const generator = await open();
    await collected(() => bench.events.length > 0);
    expect(await valuesOf(generator)).toEqual(['a', 'b']);
    expect(await bench.properties()).toMatchObject([{ outcome: 'ok', output: 'ab' }]);
  });
});

describe('a generator that ended before its first step', () => {
  const made: string[] = [];
  const count = observe(
    function* () {
      made.push('begun');
      yield 1;
    },
    { trackAs: true },
  );
  const countLater = observe(
    async function* () {
      made.push('begun');
      yield 1;
    },
    { trackAs: true },
  );

  it.each<[string, () => unknown]>([
    ['return', () => count().return()],
    ['throw', () => expect(() => count().throw(new Error('no'))).toThrow('no')],
    ['return, asynchronous', () => countLater().return()],
    ['throw, asynchronous', () => expect(countLater().throw(new Error('no'))).rejects.toThrow('no')],
  ])('has run nothing, and is no event (%s)', async (_how, end) => {
    await end();
    expect(await bench.properties()).toEqual([]);
    expect(made).toEqual([]);
  });
});
