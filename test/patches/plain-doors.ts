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

/** All the doors of an SDK whose methods return plain promises. */
export function plainDoors(subject: Subject, sdk: PlainSdk): Door[] {
  return [...plainPromiseDoors(subject), ...plainErrorDoors(subject, sdk), ...plainStreamDoors(subject, sdk)];
}

/** The ways in which an application can take one answer out of a plain promise. */
export function plainPromiseDoors(subject: Subject): Door[] {
  const { ask } = subject;
  const whole = { ...subject.asked, ...subject.whole };
  return [
    { title: 'await gives the answer', run: ({ connect }) => ask(connect(), 'hello'), events: [whole] },
    {
      title: 'the promise has the class and the keys that it had',
      async run({ connect }) {
        const promise = ask(connect(), 'hello');
        const { constructor } = promise;
        const looks = { constructor, keys: Reflect.ownKeys(promise as object), isOne: promise instanceof Promise };
        return { looks, value: await promise };
      },
      events: [whole],
    },
    {
      title: 'await twice gives the same object twice, and one event',
      async run({ connect }) {
        const promise = ask(connect(), 'hello');
        const [first, second] = [await promise, await promise];
        return { first, same: first === second };
      },
      events: [whole],
      check: ({ value }) => expect(value.same).toBe(true),
    },
    {
      title: 'then() takes the answer',
      run: ({ connect }) => ask(connect(), 'hello').then((value: any) => [value]),
      events: [whole],
    },
    {
      title: 'catch() passes the answer on',
      run: ({ connect }) => ask(connect(), 'hello').catch(() => 'caught'),
      events: [whole],
    },
    {
      title: 'finally() passes the answer on',
      async run({ connect }) {
        let calls = 0;
        const value = await ask(connect(), 'hello').finally(() => (calls += 1));
        return { value, calls };
      },
      events: [whole],
    },
    {
      title: 'an answer that nobody awaits is an event',
      async run({ connect }) {
        void ask(connect(), 'hello');
        await sleep(100);
      },
      events: [whole],
    },
    {
      title: 'calls at the same time are an event each',
      run({ connect }) {
        const client = connect();
        return Promise.all([1, 2, 3].map(() => ask(client, 'hello')));
      },
      events: [whole, whole, whole],
    },
    {
      title: 'a client of a subclass keeps its class and is traced',
      async run({ connect }) {
        let Plain: any;
        const client = connect('', {}, (Base) => {
          Plain = Base;
          return class Mine extends Base {
            mine = (): string => 'mine';
          };
        });
        const value = await ask(client, 'hello');
        return { value, mine: client.mine(), isOne: client instanceof Plain };
      },
      events: [whole],
      check: ({ value }) => expect(value).toMatchObject({ mine: 'mine', isOne: true }),
    },
    beforeDoor(subject, whole),
  ];
}

function beforeDoor({ ask }: Subject, whole: Expected): Door {
  let old: any;
  return {
    // The first run is the bare one: its client is there before tracing is enabled.
    title: 'a client that was made before is traced',
    run: ({ connect }) => ask((old ??= connect()), 'hello'),
    ignoresRequests: true,
    events: [whole],
  };
}

/** The ways in which a call can fail: the very error of the SDK reaches the caller. */
export function plainErrorDoors(subject: Subject, sdk: PlainSdk): Door[] {
  const { ask } = subject;
  const open = openerOf(subject);
  const failed: Expected = { ...subject.asked, outcome: 'error', output: undefined, input_tokens: undefined };
  const refused = (status: number): Expected => ({ ...failed, http_status: status, ...sdk.refused });
  const { statuses = [400, 401, 429, 500] } = sdk;
  const doors: Door[] = [
    ...statuses.map((status): Door => ({
      title: `HTTP ${status} rejects with the SDK's own error`,
      run: ({ connect }) => ask(connect(`/${status}-99`), 'hello'),
      events: [refused(status)],
      check({ thrown }, [event]) {
        expect(event?.['error_type']).toBe(thrown.constructor.name);
        expect(event?.['error']).toBe(cut(thrown.message as string));
      },
    })),
    {
      title: 'catch() and finally() see the very same error',
      async run({ connect }) {
        const calls: unknown[] = [];
        const promise = ask(connect('/400-99'), 'hello');
        await promise.catch((error: unknown) => calls.push(error));
        await promise.finally(() => undefined).catch((error: unknown) => calls.push(error));
        return { calls, same: calls[0] === calls[1] };
      },
      events: [refused(400)],
      check: ({ value }) => expect([value.same, value.calls.length]).toEqual([true, 2]),
    },
    {
      title: 'a failing stream call rejects before there is a stream',
      run: ({ connect }) => open(connect('/500-99'), 'hello'),
      events: [{ ...refused(500), streaming: true }],
      check: ({ thrown }) => expect(thrown).toBeInstanceOf(Error),
    },
    {
      // posthog and others reported HTTP 500 here.
      title: 'a refused connection is an error without a status',
      run: ({ connectToNobody }) => ask(connectToNobody(), 'hello'),
      events: [{ ...failed, http_status: undefined, request_id: undefined }],
      check: ({ thrown }, [event]) => expect(event?.['error_type']).toBe(thrown.constructor.name),
    },
    {
      title: 'an answer that breaks off in its body rejects as it did',
      run: ({ connect }) => ask(connect('/cut-1'), 'hello'),
      events: [failed],
      check: ({ thrown }) => expect(thrown.message).toEqual(expect.any(String)),
    },
  ];
  const { withFetch, withSignal } = sdk;
  if (withFetch) doors.push(identityDoor(subject, withFetch, failed));
  if (withSignal) doors.push(...signalDoors(subject, withSignal));
  return doors;
}

function identityDoor({ ask }: Subject, withFetch: (send: typeof fetch) => object, failed: Expected): Door {
  return {
    title: 'the caller gets the very error that was thrown below the SDK',
    async run({ connect }) {
      const error = new RangeError('of the network');
      const client = connect(
        '',
        withFetch(() => Promise.reject(error)),
      );
      const caught: unknown = await ask(client, 'hello').catch((reason: unknown) => reason);
      return { same: caught === error || (caught as Error).cause === error, caught };
    },
    events: [{ ...failed, http_status: undefined }],
    check: ({ value }) => expect(value.same).toBe(true),
  };
}

function signalDoors({ ask, asked }: Subject, withSignal: (signal: AbortSignal) => object): Door[] {
  const aborted = { ...asked, outcome: 'aborted', http_status: undefined, output: undefined };
  return [
    {
      title: "the caller's signal before the answer rejects as it did",
      run({ connect }) {
        const abort = new AbortController();
        const promise = ask(connect('/wait-500'), 'hello', {}, withSignal(abort.signal));
        setTimeout(() => abort.abort(), 20);
        return promise;
      },
      ignoresRequests: true,
      events: [aborted],
      check: ({ thrown }) => expect(thrown).toBeDefined(),
    },
    {
      title: 'a signal that was aborted long ago rejects as it did',
      run: ({ connect }) => ask(connect(), 'hello', {}, withSignal(AbortSignal.abort())),
      ignoresRequests: true,
      events: [aborted],
      check: ({ thrown }) => expect(thrown).toBeDefined(),
    },
  ];
}

type Open = (client: any, prompt?: string, options?: object) => any;

function openerOf({ ask, openStream }: Subject): Open {
  return (client, prompt = 'hello', options = {}) =>
    openStream ? openStream(client, prompt, {}, options) : ask(client, prompt, { stream: true }, options);
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

/** An event holds 500 characters of an error's message, and an ellipsis. */
function cut(message: string): string {
  return message.length > 500 ? `${message.slice(0, 500)}…` : message;
}

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let times = 0; times < 20; times++) {
    await sleep(10);
    collect();
  }
}
