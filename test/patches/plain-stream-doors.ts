import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Door, Expected, Subject } from './describe-patch';
import { endOf, readAll, readSome } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of many SDKs */

/** What the doors of an SDK whose methods return plain promises have to know besides its subject. */
export interface PlainSdk {
  /** Options with which a call obeys a signal, where there are such. */
  withSignal?(signal: AbortSignal): object;
  /** The ways to stop a stream in the middle without a signal. */
  readonly aborts?: Readonly<Record<string, (stream: any, client: any) => void>>;
  /** Options with which the client sends through this function, where it can be given one. */
  withFetch?(send: typeof fetch): object;
  /** Statuses of errors to be tried; each has to fail at once, without a retry. */
  readonly statuses?: readonly number[];
  /** Of the events of errors: what else is known of a failed answer. */
  readonly refused?: Expected;
  /** What a stream's event says where the connection broke in the middle. */
  readonly cut?: Expected;
}

/** The ways in which an application can read a stream, and leave it. */
export function plainStreamDoors(subject: Subject, sdk: PlainSdk): Door[] {
  const open = openerOf(subject);
  const streamed = { ...subject.asked, ...subject.streamed };
  const partial = { ...subject.asked, ...subject.partial };
  const cancelled = { ...partial, outcome: 'cancelled' };
  return [
    {
      title: 'for await gives every chunk',
      run: async ({ connect }) => readAll(await open(connect())),
      events: [streamed],
      check: ({ value }) => expect(value.length).toBeGreaterThan(3),
    },
    {
      // sentry-javascript#18962, openllmetry-js#43: the class was replaced, its methods were gone.
      title: 'the stream has the class and the keys that it had',
      async run({ connect }) {
        const stream = await open(connect());
        const looks = { constructor: stream.constructor, keys: Object.keys(stream as object), text: String(stream) };
        await readAll(stream);
        return looks;
      },
      events: [streamed],
    },
    {
      // openlit#1454, openinference#3796: no event at all.
      title: 'break ends the loop, and the event is a cancelled one with what was read',
      run: async ({ connect }) => readSome(await open(connect('/slow-5'), 'long'), 4),
      events: [cancelled],
      check({ value }, [event]) {
        expect(value).toHaveLength(4);
        expect(event?.['output']).toMatch(/^lorem ipsum /);
      },
    },
    {
      title: "an error of the caller in the middle of a stream stays the caller's",
      async run({ connect }) {
        for await (const chunk of await open(connect('/slow-5'), 'long'))
          throw new RangeError(`of the caller: ${typeof chunk}`);
      },
      events: [{ ...cancelled, error: undefined }],
      check: ({ thrown }) => expect(thrown).toBeInstanceOf(RangeError),
    },
    {
      title: 'next() and return() by hand end like a break',
      async run({ connect }) {
        const iterator = (await open(connect('/slow-5'), 'long'))[Symbol.asyncIterator]();
        const steps = [await iterator.next(), await iterator.next(), await iterator.next(), await iterator.next()];
        const end = await iterator.return('done');
        return { steps, end, after: await iterator.next() };
      },
      events: [cancelled],
    },
    {
      title: 'next() after the end goes on saying so',
      async run({ connect }) {
        const iterator = (await open(connect()))[Symbol.asyncIterator]();
        const steps = [];
        for (let step = await iterator.next(); !step.done; step = await iterator.next()) steps.push(step);
        return { steps, after: [await iterator.next(), await iterator.return?.()] };
      },
      events: [streamed],
    },
    {
      title: 'a second iteration does what it did, and the first is the event',
      async run({ connect }) {
        const stream = await open(connect());
        const chunks = await readAll(stream);
        const again = await readAll(stream).catch((error: unknown) => ({ error }));
        return { chunks, again };
      },
      events: [streamed],
    },
    {
      title: 'a connection that breaks in the middle throws what it threw, and keeps what had come',
      async run({ connect }) {
        const chunks: unknown[] = [];
        const stream = await open(connect('/slow-5/cut-5'), 'long');
        const error: unknown = await readAll(stream, chunks).catch((reason: unknown) => reason);
        return { chunks, error };
      },
      events: [{ ...partial, outcome: 'error', ...sdk.cut }],
      check({ value }, [event]) {
        // Not `instanceof`: errors of Node itself are of another realm than Jest.
        expect(event?.['error_type']).toBe(value.error.constructor.name);
        expect(event?.['output']).toMatch(/^lorem ipsum /);
      },
    },
    {
      title: 'a stream that nobody reads is an abandoned event once it was collected',
      async run({ connect }) {
        await (async () => void (await open(connect())))();
        await collectGarbage();
      },
      events: [{ ...partial, outcome: 'abandoned', output: undefined, response_model: undefined }],
    },
    ...abortDoors(subject, sdk),
  ];
}

function abortDoors(subject: Subject, { aborts = {}, withSignal }: PlainSdk): Door[] {
  const open = openerOf(subject);
  const aborted = { ...subject.asked, ...subject.partial, outcome: 'aborted' };
  const doors = Object.entries(aborts).map(([title, abort]): Door => ({
    title: `${title} in the middle ends the stream as it did`,
    async run({ connect }) {
      const client = connect('/slow-5');
      const stream = await open(client, 'long');
      return endOf(stream, 4, () => abort(stream, client));
    },
    events: [aborted],
    check: ({ value }) => expect(value.isStopped).toBe(true),
  }));
  if (!withSignal) return doors;
  return [
    ...doors,
    {
      title: "the caller's signal in the middle ends the stream as it did",
      async run({ connect }) {
        const controller = new AbortController();
        const stream = await open(connect('/slow-5'), 'long', withSignal(controller.signal));
        return endOf(stream, 4, () => controller.abort());
      },
      events: [aborted],
      check: ({ value }) => expect(value.isStopped).toBe(true),
    },
  ];
}

type Open = (client: any, prompt?: string, options?: object) => any;

export function openerOf({ ask, openStream }: Subject): Open {
  return (client, prompt = 'hello', options = {}) =>
    openStream ? openStream(client, prompt, {}, options) : ask(client, prompt, { stream: true }, options);
}

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let times = 0; times < 20; times++) {
    await sleep(10);
    collect();
  }
}
