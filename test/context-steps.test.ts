import { setTimeout as wait } from 'node:timers/promises';
import { observe, serializeLlmContext, setLlmContext, withLlmContext, type ObserveOptions } from '../src';
import { startContextBench } from './support/context-bench';
import { fail, valuesOf } from './support/observing';

/* eslint-disable @typescript-eslint/require-await -- async functions that make generators */

const bench = startContextBench();
const { ask, eventsOf } = bench;

const closed = { userId: 'user-1', privacyMode: true };

/** What a call would say here: whose it is, and whether text leaves. */
const here = (): string => {
  const { userId, privacyMode } = JSON.parse(serializeLlmContext()) as { userId?: string; privacyMode?: boolean };
  return `${userId ?? 'nobody'}${privacyMode ? ', closed' : ''}`;
};

const around: readonly [string, <Fn extends () => unknown>(fn: Fn) => ReturnType<Fn>][] = [
  ['observe', (fn) => observe(fn)() as never],
  ['observe with trackAs', (fn) => observe(fn, { trackAs: true })() as never],
  ['withLlmContext', (fn) => withLlmContext({}, fn) as never],
];

describe.each(around)('setLlmContext in a generator, around it %s,', (_way, make) => {
  it('holds for all that follows in it, and for nothing of its reader', async () => {
    const generator = make(async function* () {
      setLlmContext(closed);
      yield here();
      await wait(1);
      yield here();
      setLlmContext({ userId: 'user-2' });
      yield here();
      yield here();
    });
    const seen: string[] = [];
    for await (const step of generator) seen.push(`${step} (${here()})`);
    expect(seen).toEqual([
      ...Array<string>(2).fill('user-1, closed (nobody)'),
      ...Array<string>(2).fill('user-2, closed (nobody)'),
    ]);
  });

  it('holds where the first await came before it', async () => {
    const generator = make(async function* () {
      await wait(1);
      setLlmContext(closed);
      yield here();
      yield here();
    });
    expect(await valuesOf(generator)).toEqual(Array(2).fill('user-1, closed'));
  });

  it('holds in one that is synchronous, and in its end', () => {
    const ends: string[] = [];
    const generator = make(function* () {
      try {
        setLlmContext(closed);
        yield here();
        yield here();
      } finally {
        ends.push(here());
      }
    });
    for (const step of generator) {
      ends.push(step, here());
      break;
    }
    expect(ends).toEqual(['user-1, closed', 'nobody', 'user-1, closed']);
  });

  it('holds where it was called before the generator was made', () => {
    const generator = make(() => {
      setLlmContext(closed);
      return (function* () {
        yield here();
      })();
    });
    withLlmContext({ userId: 'reader' }, () => expect([...generator]).toEqual(['user-1, closed']));
  });

  it('holds to the end of a withLlmContext in there, and no longer', () => {
    const generator = make(function* () {
      withLlmContext({}, () => setLlmContext(closed));
      yield here();
      yield here();
    });
    expect([...generator]).toEqual(['nobody', 'nobody']);
  });
});

describe('a context around a generator', () => {
  const given: readonly [string, (fn: () => AsyncGenerator<string>) => AsyncGenerator<string>][] = [
    ['withLlmContext', (fn) => withLlmContext(closed, fn)],
    ['observe', (fn) => observe(fn, { context: closed })()],
    ['observe with trackAs', (fn) => observe(fn, { context: closed, trackAs: true })()],
  ];

  it.each(given)('with %s holds for the calls in its body, whoever reads it', async (_way, make) => {
    const generator = make(async function* () {
      yield here();
      await ask();
      yield here();
    });
    const [event] = await eventsOf(() => withLlmContext({ userId: 'reader' }, () => valuesOf(generator)));
    expect(event?.user_id).toBe('user-1');
    expect(JSON.stringify(event)).not.toContain('private');
  });

  it('of two is the inner one', () => {
    const generator = withLlmContext(closed, () =>
      withLlmContext({ userId: 'user-2' }, function* () {
        yield here();
      }),
    );
    expect([...generator]).toEqual(['user-2, closed']);
  });

  it.each<[string, ObserveOptions]>([
    ['is no event', { context: closed }],
    ['is one', { context: closed, trackAs: true }],
  ])('holds for one that an observed async function gives, where that %s', async (_state, options) => {
    const open = observe(async () => {
      await wait(1);
      return (async function* () {
        yield here();
        yield here();
      })();
    }, options);
    expect(await valuesOf(await open())).toEqual(Array(2).fill('user-1, closed'));
  });

  it('leaves the errors of an observed async function what they are', async () => {
    const error = new Error('mine');
    const broken = observe(async () => fail(error), { context: closed });
    await expect(broken()).rejects.toBe(error);
    const value = {};
    expect(await observe(async () => value, { context: closed })()).toBe(value);
  });

  it('leaves the promise of an observed function without a context the very one', () => {
    const promise = Promise.resolve(1);
    expect(observe(() => promise)()).toBe(promise);
  });
});

describe('setLlmContext in an async function', () => {
  const users = ['user-1', 'user-2', undefined];

  it('holds before the first await for its caller, too, and for what that starts next', async () => {
    const seen: string[] = [];
    await withLlmContext({}, () =>
      Promise.all(
        users.map(async (userId) => {
          setLlmContext({ userId, groups: userId === 'user-1' ? { company: 'acme' } : undefined });
          await wait(1);
          seen.push(serializeLlmContext());
        }),
      ),
    );
    expect(seen.map((each) => (JSON.parse(each) as { userId?: string }).userId)).toEqual([
      'user-1',
      'user-2',
      'user-2',
    ]);
    for (const each of seen) expect(each).toContain('acme');
  });

  it('after it holds for itself alone', async () => {
    const seen: string[] = [];
    await withLlmContext({}, () =>
      Promise.all(
        users.map(async (userId) => {
          await wait(1);
          setLlmContext({ userId });
          await wait(1);
          seen.push(here());
        }),
      ),
    );
    expect(seen.toSorted()).toEqual(['nobody', 'user-1', 'user-2']);
  });

  it('is not needed in a map: withLlmContext ends with its function', async () => {
    const seen = await Promise.all(
      users.map((userId) =>
        withLlmContext({ userId }, async () => {
          await wait(1);
          return here();
        }),
      ),
    );
    expect(seen).toEqual(['user-1', 'user-2', 'nobody']);
  });
});
