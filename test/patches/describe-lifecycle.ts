import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { disableLlmTracing, llmTracingStatus } from '../../src/index';
import type { World } from './describe-patch';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of many SDK majors */

type Descriptors = Record<PropertyKey, PropertyDescriptor>;

/** What has to hold from enabling to disabling, and after. */
export function describeLifecycle(world: World): void {
  const { subject } = world;
  const { ask } = subject;
  const owned = (): { owner: any; method: string }[] => {
    const patched = world.patch.methods(subject.exports);
    const retries = world.patch.retryPoint?.(subject.exports);
    return retries ? [...patched, retries] : [...patched];
  };
  const ownersNow = (): Descriptors[] =>
    owned().map(({ owner }): Descriptors => Object.getOwnPropertyDescriptors(owner));
  // The methods of `ask`: the owner of the first patch.
  const slot = (): { owner: any; method: string } => owned()[0] as { owner: any; method: string };

  it('after disabling, every property descriptor of every patched owner is the one from before', () => {
    const before = ownersNow();
    world.on();
    const during = ownersNow();
    world.off();
    expect(ownersNow().map((owner, at) => differences(before[at] as Descriptors, owner))).toEqual(before.map(() => []));
    const changed = during.map((owner, at) => differences(before[at] as Descriptors, owner));
    expect(changed.map((names, at) => names.includes(owned()[at]?.method as string))).toEqual(before.map(() => true));
  });

  it('a patched method looks like the one that it replaces', () => {
    const look = ({ owner, method: name }: { owner: any; method: string }): unknown => {
      const { value, ...flags } = descriptorOf(owner, name) as PropertyDescriptor;
      return {
        ...flags,
        name: value.name as string,
        length: value.length as number,
        keys: Reflect.ownKeys(value as object).filter((key) => key !== 'prototype'),
      };
    };
    const before = owned().map(look);
    world.on();
    expect(owned().map(look)).toEqual(before);
  });

  // Those of a plain SDK are patched where they live: an heir has nothing of its own that could be patched again.
  if (!subject.isPlain) {
    it('a method that is inherited from a patched class reports once, and is inherited again after disabling', async () => {
      const { Heir, exports } = heirOf(world);
      world.on();
      const events = world.on({ [subject.provider]: exports });
      expect(Object.hasOwn(Heir.prototype as object, 'create')).toBe(true);
      const heir = new Heir(world.lab().connect());
      await ask({ chat: { completions: heir }, messages: heir }, 'hello');
      await world.drain();
      expect(events).toHaveLength(1);
      world.off();
      expect(Object.hasOwn(Heir.prototype as object, 'create')).toBe(false);
      expect(await ask({ chat: { completions: heir }, messages: heir }, 'hello')).toBeDefined();
    });
  }

  it('enabling twice wraps once and reports once', async () => {
    world.on();
    const first = slot().owner[slot().method];
    const events = world.on();
    expect(slot().owner[slot().method]).toBe(first);
    await ask(world.lab().connect(), 'hello');
    await world.drain();
    expect(events).toHaveLength(1);
  });

  it('calls and streams in flight at disabling end normally and still report', async () => {
    const events = world.on();
    const lab = world.lab();
    const promise = ask(lab.connect('/wait-50'), 'hello');
    const slow = lab.connect('/slow-5');
    const stream = await (subject.openStream?.(slow, 'hello') ?? ask(slow, 'hello', { stream: true }));
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    disableLlmTracing();
    expect(await promise).toBeDefined();
    for (let step = await iterator.next(); !step.done; step = await iterator.next()) expect(step.value).toBeDefined();
    await ask(lab.connect(), 'after that');
    await world.drain();
    // A stream that the SDK itself reads to its end may end first.
    const found = events.map(({ event_properties: { outcome, streaming } }) => ({ outcome, streaming }));
    expect(found.sort((one, other) => Number(one.streaming) - Number(other.streaming))).toEqual([
      { outcome: 'ok', streaming: false },
      { outcome: 'ok', streaming: true },
    ]);
  });

  it('enabling again after disabling traces again', async () => {
    world.on();
    world.off();
    const events = world.on();
    await ask(world.lab().connect(), 'hello');
    await world.drain();
    expect(events).toHaveLength(1);
  });

  // opentelemetry-js-contrib#970, oven-sh/bun#23798: unwrapping took somebody else's function away.
  it("somebody else's function on top survives disabling; ours is inert under it, and enabling again puts one on top", async () => {
    const { owner, method: name } = slot();
    const before = Object.getOwnPropertyDescriptor(owner, name);
    let calls = 0;
    const first = world.on();
    const ours = owner[name];
    const theirs = function (this: unknown, ...args: unknown[]): unknown {
      calls += 1;
      return ours.apply(this, args);
    };
    try {
      owner[name] = theirs;
      world.off();
      expect(owner[name]).toBe(theirs);
      await ask(world.lab().connect(), 'while disabled');
      const second = world.on();
      await ask(world.lab().connect(), 'while enabled again');
      await world.drain();
      expect([first.length, second.length, calls]).toEqual([0, 1, 2]);
      world.off();
      expect(owner[name]).toBe(theirs);
    } finally {
      if (before) Object.defineProperty(owner, name, before);
      else delete owner[name];
    }
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('of the client');
      },
    ],
    ['rejects', () => Promise.reject(new Error('of the client'))],
    ['gives a rejecting promise like analytics-node', () => ({ promise: Promise.reject(new Error('of the client')) })],
    ['never resolves', () => new Promise(() => undefined)],
  ])('a client whose track() %s is invisible to the caller', async (_what, track) => {
    const rejections: unknown[] = [];
    const note = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', note);
    // Not the counters of the process: a call of another test may be collected, and counted, meanwhile.
    let tracked = 0;
    const counting = (): unknown => {
      tracked += 1;
      return track();
    };
    world.on(undefined, { track: counting });
    const run = (): Promise<unknown> =>
      world.run({ run: ({ connect }) => ask(connect(), 'hello') }).then(({ looks }) => looks);
    const traced = await run();
    await world.drain();
    expect(tracked).toBe(1);
    world.off();
    expect(traced).toEqual(await run());
    process.off('unhandledRejection', note);
    expect(rejections).toEqual([]);
  });

  // nodejs/node#62407, [exp] Sentry 11: a side branch made the application's own unhandled rejections disappear.
  // posthog-js#4074, vercel/ai#20447: a consumer of their own made new ones.
  it('failures that nobody handles surface as often as without us, and each call is an event', async () => {
    const run = async (mode: string): Promise<{ unhandled: string[]; events: string[] }> => {
      const script = join(__dirname, 'fire-and-forget.cjs');
      const { stdout } = await promisify(execFile)(process.execPath, [
        script,
        subject.package,
        mode,
        ...(subject.calls ? [subject.calls] : []),
      ]);
      return JSON.parse(stdout) as { unhandled: string[]; events: string[] };
    };
    const [bare, traced] = await Promise.all([run('bare'), run('traced')]);
    expect(traced.unhandled).toEqual(bare.unhandled);
    expect(bare.unhandled.length).toBeGreaterThan(subject.calls ? 7 : 10);
    // One of the calls is handled, and two promises were taken from one of them.
    expect(traced.events).toHaveLength(traced.unhandled.length);
    expect(traced.events.filter((event) => !event.startsWith('error '))).toEqual([]);
  });

  it('the status names the copy and its methods', () => {
    world.on();
    const [sdk] = llmTracingStatus().sdks;
    const { sdk: name, provider_sdk_version: version } = subject.asked;
    expect(sdk).toMatchObject({ provider: subject.provider, sdk: name, version, format: 'given' });
    expect(sdk?.methods).toBe(world.patch.methods(subject.exports).length);
  });
}

/** Also of a method that the patched class inherits. */
function descriptorOf(owner: any, name: string): PropertyDescriptor | undefined {
  if (owner === null || Object.hasOwn(owner as object, name)) return Object.getOwnPropertyDescriptor(owner, name);
  return descriptorOf(Object.getPrototypeOf(owner), name);
}

function differences(before: Descriptors, after: Descriptors): string[] {
  const names = new Set([...Reflect.ownKeys(before), ...Reflect.ownKeys(after)]);
  const fields = ['value', 'get', 'set', 'writable', 'enumerable', 'configurable'] as const;
  return [...names]
    .filter((name) => fields.some((field) => before[name]?.[field] !== after[name]?.[field]))
    .map(String);
}

/** Exports whose first patched class is a subclass that inherits its methods; nothing else of them can be patched. */
function heirOf({ patch, subject }: World): { Heir: any; exports: object } {
  const { owner } = patch.methods(subject.exports)[0] as { owner: any };
  class Heir extends owner.constructor {}
  if (subject.heirs) return { Heir, exports: subject.heirs(Heir) };
  const { OpenAI } = subject.exports;
  return { Heir, exports: OpenAI ? { OpenAI: { Chat: { Completions: Heir } } } : { Anthropic: { Messages: Heir } } };
}
