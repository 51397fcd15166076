import { observe, type ObserveOptions } from '../src';
import { Bench, nextTurn, thrownBy } from './support/observing';

/* eslint-disable @typescript-eslint/require-await -- async functions are what is observed */

const bench = new Bench();

/** Each way to be observed: with tracing off, with it on, and as an event of its own. */
const states: readonly [string, ObserveOptions, boolean][] = [
  ['while tracing is off', {}, false],
  ['while tracing is off, as an event', { trackAs: true }, false],
  ['while tracing is on', {}, true],
  ['with a context for what is inside', { context: { properties: { a: 1 } } }, true],
  ['as an event of its own', { trackAs: true }, true],
];

describe.each(states)('an observed function, %s,', (_state, options, isOn) => {
  beforeEach(() => void (isOn && bench.start()));

  it('keeps this, arguments, name, length and own properties', () => {
    function greet(this: { greeting: string }, name: string, mark?: string): string {
      return `${this.greeting}, ${name}${mark ?? ''}`;
    }
    greet.version = 2;
    const observed = observe(greet, options);
    expect(observed.call({ greeting: 'Hello' }, 'Ada')).toBe('Hello, Ada');
    expect([observed.name, observed.length, observed.version]).toEqual(['greet', 2, 2]);
    expect(Reflect.ownKeys(observed).sort()).toEqual(
      Reflect.ownKeys(greet)
        .filter((key) => key !== 'arguments' && key !== 'caller')
        .sort(),
    );
  });

  it.each<[string, (...args: never[]) => unknown]>([
    ['Function', () => 1],
    ['AsyncFunction', async () => 1],
    [
      'GeneratorFunction',
      function* () {
        yield 1;
      },
    ],
    [
      'AsyncGeneratorFunction',
      async function* () {
        yield 1;
      },
    ],
  ])('is a %s to whoever looks at its constructor, its tag or its prototype', (kind, fn) => {
    const observed = observe(fn, options);
    expect((observed.constructor as { name: string }).name).toBe(kind);
    expect(Object.prototype.toString.call(observed)).toBe(Object.prototype.toString.call(fn));
    expect(Object.getPrototypeOf(observed)).toBe(Object.getPrototypeOf(fn));
    expect(observed.prototype).toBe(fn.prototype);
    expect('prototype' in observed).toBe('prototype' in fn);
  });

  it('throws the very error', () => {
    const error = new Error('no');
    const observed = observe(() => {
      throw error;
    }, options);
    expect(thrownBy(observed)).toBe(error);
  });

  it('rejects with the very error', async () => {
    const error = new Error('no');
    const observed = observe(() => Promise.reject(error), options);
    expect(await observed().catch((given: unknown) => given)).toBe(error);
  });

  it('resolves to the very value', async () => {
    const value = { deep: {} };
    expect(await observe(async () => value, options)()).toBe(value);
    expect(observe(() => value, options)()).toBe(value);
  });

  it('gives one promise back as one promise, again and again', async () => {
    const shared = Promise.resolve({ ready: true });
    const observed = observe(() => shared, options);
    expect(observed()).toBe(observed());
    expect(await observed()).toBe(await shared);
  });

  it('still makes instances with new, of the same class and of one that extends it', () => {
    function Point(this: { x: number }, x: number): void {
      this.x = x;
    }
    const Observed = observe(Point, options) as unknown as new (x: number) => { x: number };
    class Sub extends Observed {}
    const made = new Observed(3);
    expect(made).toBeInstanceOf(Observed);
    expect(made).toBeInstanceOf(Point);
    expect(made.x).toBe(3);
    expect(new Sub(4)).toBeInstanceOf(Sub);
    expect((made as unknown as { constructor: unknown }).constructor).toBe(Point);
  });

  it('is no constructor where it was none', () => {
    const observed = observe(async () => 1, options) as unknown as new () => unknown;
    expect(() => new observed()).toThrow(TypeError);
  });

  it('can be wrapped again, and still calls once', () => {
    const calls: number[] = [];
    const observed = observe(
      observe((value: number) => calls.push(value), options),
      options,
    );
    observed(7);
    expect(calls).toEqual([7]);
  });

  it('leaves a thenable alone until somebody asks for its result', async () => {
    let asked = 0;
    // A query builder (Knex, Prisma): it runs when `then` is called, each time.
    const query = {
      then(resolve: (rows: string[]) => unknown) {
        asked += 1;
        return Promise.resolve(['row']).then(resolve);
      },
    };
    const observed = observe(() => query, options);
    const result = observed();
    expect(result).toBe(query);
    await nextTurn();
    expect(asked).toBe(0);
    expect(await result).toEqual(['row']);
    expect(asked).toBe(1);
  });

  it('gives the very promise of a class of its own back', async () => {
    class Job extends Promise<number> {
      id = 'job-1';
    }
    const job = new Job((resolve) => setImmediate(() => resolve(5)));
    const result = observe(() => job, options)();
    expect(result).toBe(job);
    expect(await result).toBe(5);
    expect(await result.then((value) => value + 1)).toBe(6);
  });

  it('works on what can not be changed', async () => {
    const frozen = Object.freeze({ then: (resolve: (value: number) => void) => resolve(3) });
    expect(observe(() => frozen, options)()).toBe(frozen);
    const frozenSteps = Object.freeze(
      (function* () {
        yield 1;
      })(),
    );
    expect([...observe(() => frozenSteps, options)()]).toEqual([1]);
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error('hostile');
        },
      },
    );
    expect(observe((value: object) => value, options)(hostile)).toBe(hostile);
  });
});

describe('observe', () => {
  it('leaves a class alone, as it leaves what is no function', () => {
    bench.start();
    class Model {}
    expect(observe(Model as unknown as () => void)).toBe(Model);
    for (const value of [undefined, null, 5, 'text'])
      expect(typeof observe(value as unknown as () => void)).toBeTruthy();
    expect(observe(5 as unknown as () => void)).toBe(5);
    expect(bench.problems).toContain('TypeError: a class is left alone: observe its methods');
    expect(bench.problems).toContain('TypeError: number is no function');
  });

  it('leaves wrong options out, and says which', async () => {
    bench.start();
    const options = { kind: 'robot', name: '', trackAs: true, colour: 'red' } as unknown as ObserveOptions;
    observe(function named() {}, options)();
    expect(await bench.properties()).toMatchObject([{ operation: 'function', name: 'named' }]);
    expect(bench.problems).toEqual([
      'TypeError: kind must be function, tool, agent, retrieval',
      'TypeError: name must be a string of 1 to 256 characters',
      'TypeError: colour is not one of the options name, kind, trackAs, context',
    ]);
  });

  it('does not change the time at which a promise settles, unless it is an event', async () => {
    bench.start();
    const order: string[] = [];
    const observed = observe(async () => 1);
    const first = observed().then(() => order.push('observed'));
    const second = (async () => 1)().then(() => order.push('bare'));
    await Promise.all([first, second]);
    expect(order).toEqual(['observed', 'bare']);
  });
});
