import { AsyncLocalStorage } from 'node:async_hooks';
import { currentLlmTrace, observe, withLlmContext, type ObserveOptions } from '../src';
import { Bench, nextTurn, valuesOf } from './support/observing';

/* eslint-disable @typescript-eslint/require-await -- async functions are what is observed */

const bench = new Bench();
beforeEach(() => void bench.start());

const spanHere = (): string | undefined => currentLlmTrace().spanId;

describe.each<[string, ObserveOptions]>([
  ['observed', {}],
  ['observed as an event of its own', { trackAs: true }],
])('a generator, %s,', (_state, options) => {
  it('is the very generator, with its steps, what it is told, and what it returns', () => {
    let made: unknown;
    const talk = observe(function* (first: string): Generator<string, number, string> {
      const heard = yield first;
      yield heard.toUpperCase();
      return 3;
    }, options);
    const keep = observe(() => (made = talk('a')), {});
    const generator = keep();
    expect(generator).toBe(made);
    expect(Object.prototype.toString.call(generator)).toBe('[object Generator]');
    expect(generator).toBeInstanceOf(talk);
    expect(Object.keys(generator)).toEqual([]);
    expect([generator.next(), generator.next('b'), generator.next(), generator.next()]).toEqual([
      { value: 'a', done: false },
      { value: 'B', done: false },
      { value: 3, done: true },
      { value: undefined, done: true },
    ]);
  });

  it('is delegated to, spread, and left early like any other', () => {
    let closed = 0;
    const count = observe(function* () {
      try {
        yield* [1, 2, 3];
      } finally {
        closed += 1;
      }
    }, options);
    const outer = function* (): Generator<number> {
      yield* count();
    };
    expect([...outer(), ...count()]).toEqual([1, 2, 3, 1, 2, 3]);
    for (const value of count()) if (value === 2) break;
    const [one] = count();
    expect(one).toBe(1);
    expect(closed).toBe(4);
  });

  it('takes in what is thrown into it, and throws the very error', () => {
    const error = new Error('inside');
    const patient = observe(function* () {
      try {
        yield 1;
      } catch {
        yield 2;
      }
      throw error;
    }, options);
    const generator = patient();
    generator.next();
    expect(generator.throw(new Error('thrown in'))).toEqual({ value: 2, done: false });
    expect(() => generator.next()).toThrow(error);
    expect(generator.next()).toEqual({ value: undefined, done: true });
  });

  it('throws for wrong arguments where it did: at the call', () => {
    const picky = observe(function* ({ name }: { name: string }) {
      yield name;
    }, options);
    expect(() => picky(undefined as unknown as { name: string })).toThrow(TypeError);
  });

  it('has its body in its span, and leaks it to nobody', () => {
    const spans: (string | undefined)[] = [];
    const look = observe(function* () {
      spans.push(spanHere());
      yield 1;
      spans.push(spanHere());
      yield 2;
    }, options);
    const generator = look();
    const outside = withLlmContext({ traceId: 'trace-of-the-reader', parentSpanId: 'span-of-the-reader' }, () => {
      const before = spanHere();
      generator.next();
      const after = spanHere();
      generator.next();
      return [before, after, spanHere()];
    });
    expect(outside).toEqual(Array(3).fill('span-of-the-reader'));
    expect(new Set(spans).size).toBe(1);
    expect(spans[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(spanHere()).toBeUndefined();
  });

  it('does not touch the stores of the application', () => {
    const store = new AsyncLocalStorage<string>();
    const look = observe(function* () {
      yield store.getStore();
      yield store.getStore();
    }, options);
    const generator = store.run('made', look);
    const read = (name: string): unknown => store.run(name, () => generator.next().value);
    expect([read('first'), read('second')]).toEqual(['first', 'second']);
  });

  it('is asynchronous, with its steps in their order, whoever does not wait for them', async () => {
    const spans = new Set<string | undefined>();
    const count = observe(async function* () {
      for (const value of [1, 2, 3]) {
        await nextTurn();
        spans.add(spanHere());
        yield value;
      }
      return 4;
    }, options);
    const generator = count();
    expect(Object.prototype.toString.call(generator)).toBe('[object AsyncGenerator]');
    const steps = await Promise.all([generator.next(), generator.next(), generator.next(), generator.next()]);
    expect(steps.map(({ value }) => value)).toEqual([1, 2, 3, 4]);
    expect(spans.size).toBe(1);
    expect(spans.has(undefined)).toBe(false);
    expect(spanHere()).toBeUndefined();
  });

  it('is asynchronous and left early: its own end runs in its span', async () => {
    const spans: (string | undefined)[] = [];
    const count = observe(async function* () {
      try {
        spans.push(spanHere());
        yield await Promise.resolve(1);
        yield 2;
      } finally {
        await nextTurn();
        spans.push(spanHere());
      }
    }, options);
    for await (const value of count()) {
      expect(value).toBe(1);
      break;
    }
    expect(new Set(spans).size).toBe(1);
    expect(spans).toHaveLength(2);
  });

  it('rejects with the very error', async () => {
    const error = new Error('inside');
    const broken = observe(async function* () {
      yield await Promise.resolve(1);
      throw error;
    }, options);
    const generator = broken();
    await generator.next();
    expect(await generator.next().catch((given: unknown) => given)).toBe(error);
  });
});

describe('the event of a generator', () => {
  const yielding = (...values: unknown[]): (() => AsyncGenerator<unknown>) =>
    observe(
      async function* () {
        for (const value of values) yield await Promise.resolve(value);
      },
      { name: 'yielding', trackAs: true },
    );

  it('has the pieces of a text as one text', async () => {
    await valuesOf(yielding('It is ', 'sunny.')());
    expect(await bench.properties()).toMatchObject([
      { name: 'yielding', outcome: 'ok', streaming: true, output: 'It is sunny.', output_length: 12 },
    ]);
  });

  it('has other values in lines of their own, and no more of them than it shows', async () => {
    await valuesOf(yielding({ step: 1 }, 'then', { step: 2 })());
    const many = Array.from({ length: 1_000 }, (_, step) => ({ step }));
    await valuesOf(yielding(...many)());
    const [few, lots] = await bench.properties();
    expect(few).toMatchObject({ output: '{"step":1}then\n{"step":2}' });
    expect(lots?.['output']).toHaveLength(501);
    expect(lots).not.toHaveProperty('output_length');
  });

  it('is cancelled where somebody left it early, with what it had said', async () => {
    for await (const value of yielding('one', 'two')()) if (value === 'one') break;
    expect(await bench.properties()).toMatchObject([{ outcome: 'cancelled', output: 'one' }]);
  });

  it('is ok where its end was seen, whatever comes after', () => {
    const count = observe(
      function* () {
        yield 1;
      },
      { trackAs: true },
    );
    const generator = count();
    generator.next();
    generator.next();
    generator.return(undefined);
    return expect(bench.properties()).resolves.toMatchObject([{ outcome: 'ok', output: '1' }]);
  });

  it('tells of an error in the middle', async () => {
    const broken = observe(
      function* () {
        yield 'half';
        throw new RangeError('too far');
      },
      { trackAs: true },
    );
    expect(() => [...broken()]).toThrow('too far');
    expect(await bench.properties()).toMatchObject([{ outcome: 'error', error_type: 'RangeError', output: 'half' }]);
  });

  it('has what it returns as its output, where it yields nothing', async () => {
    const silent = observe(
      // eslint-disable-next-line require-yield -- what is tested
      function* (): Generator<never, string> {
        return 'done';
      },
      { trackAs: true },
    );
    silent().next();
    expect(await bench.properties()).toMatchObject([{ outcome: 'ok', output: 'done' }]);
  });

  it('begins with the first step, and there is none where nobody asks for one', async () => {
    const generator = yielding('late')();
    yielding('never')();
    await new Promise((resolve) => setTimeout(resolve, 60));
    await valuesOf(generator);
    const found = await bench.properties();
    expect(found).toMatchObject([{ output: 'late' }]);
    expect(found[0]?.['latency_ms']).toBeLessThan(50);
  });

  it('is of wrong arguments, where they are wrong', async () => {
    const picky = observe(
      function* ({ name }: { name: string }) {
        yield name;
      },
      { trackAs: true },
    );
    expect(() => picky(undefined as unknown as { name: string })).toThrow(TypeError);
    expect(await bench.properties()).toMatchObject([{ outcome: 'error', error_type: 'TypeError' }]);
  });

  it('is there for the generator that an async function resolves to', async () => {
    const open = observe(async (word: string) => yielding(word, '!')(), { name: 'open', trackAs: true });
    await valuesOf(await open('hi'));
    const [inner, outer] = await bench.properties();
    expect([inner, outer]).toMatchObject([
      { name: 'yielding', output: 'hi!' },
      { name: 'open', output: 'hi!', outcome: 'ok' },
    ]);
    expect(inner?.['parent_span_id']).toBe(outer?.['span_id']);
  });
});
