import { setTimeout as sleep } from 'node:timers/promises';
import type { Door, Expected, Subject } from './describe-patch';
import { openerOf, plainStreamDoors, type PlainSdk } from './plain-stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of many SDKs */

export { plainStreamDoors, type PlainSdk };

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

/** An event holds 500 characters of an error's message, and an ellipsis. */
function cut(message: string): string {
  return message.length > 500 ? `${message.slice(0, 500)}…` : message;
}
