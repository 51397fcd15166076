import { setTimeout as sleep } from 'node:timers/promises';
import type { Door, Subject } from './describe-patch';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of many SDK majors */

export const ofLateAwait = 'an answer that is awaited late was not slow';

/** The ways in which an application can take one answer out of the promise that an SDK gives. */
export function promiseDoors(subject: Subject): Door[] {
  const { ask } = subject;
  const whole = { ...subject.asked, ...subject.whole };
  const raw = {
    ...subject.asked,
    outcome: 'raw',
    request_id: 'req_standin',
    http_status: 200,
    input_tokens: undefined,
    output: undefined,
  };
  return [
    { title: 'await gives the answer', run: ({ connect }) => ask(connect(), 'hello'), events: [whole] },
    {
      title: 'the promise has the class and the keys that it had',
      run({ connect }) {
        const promise = ask(connect(), 'hello');
        const before = Object.keys(promise as object);
        return promise.then(() => [
          {
            constructor: promise.constructor,
            before,
            keys: Object.keys(promise as object),
            ofPromise: promise instanceof Promise,
          },
          Object.getPrototypeOf(promise) === promise.constructor.prototype,
        ]);
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
      // opentelemetry-js-contrib#3286, braintrust-sdk-javascript#1591, sentry-javascript#19073
      title: 'withResponse() is still there, and gives data and response',
      run: ({ connect }) => ask(connect(), 'hello').withResponse(),
      events: [whole],
      check: ({ value }) => expect(value.response.status).toBe(200),
    },
    {
      title: 'withResponse() and await of one promise are one event',
      async run({ connect }) {
        const promise = ask(connect(), 'hello');
        const [{ data }, value] = await Promise.all([promise.withResponse(), promise]);
        return { data, same: data === value };
      },
      events: [whole],
    },
    {
      // openinference#3429, [exp] OpenTelemetry: the body had been read already.
      title: 'asResponse() gives a response whose body nobody has read, and an event without tokens',
      async run({ connect }) {
        const response = await ask(connect(), 'hello').asResponse();
        return { response, used: response.bodyUsed, text: await response.text() };
      },
      events: [raw],
      check: ({ value }) => expect(value.text).toContain('Hello from the stand-in.'),
    },
    {
      title: 'asResponse() and then await give response and answer, and one event',
      async run({ connect }) {
        const promise = ask(connect(), 'hello');
        const response = await promise.asResponse();
        return { response, value: await promise };
      },
      events: [raw],
    },
    {
      title: 'asResponse() of a promise that is being awaited does not take its tokens away',
      async run({ connect }) {
        const promise = ask(connect(), 'hello');
        const [value, response] = await Promise.all([promise, promise.asResponse()]);
        return { value, status: response.status };
      },
      events: [whole],
    },
    {
      title: ofLateAwait,
      async run({ connect }) {
        const promise = ask(connect(), 'hello');
        await sleep(600);
        return promise;
      },
      events: [whole],
      check: (_run, [event]) => expect(event?.['latency_ms']).toBeLessThan(500),
    },
    {
      title: 'calls at the same time are an event each',
      run: ({ connect }) => {
        const client = connect();
        return Promise.all([1, 2, 3].map(() => ask(client, 'hello')));
      },
      events: [whole, whole, whole],
    },
    {
      // traceloop and Sentry wrote into the caller's arguments: "object is not extensible".
      title: 'frozen arguments are fine, and stay what they were',
      run({ connect }) {
        const [extra, options] = [Object.freeze({ metadata: Object.freeze({}) }), Object.freeze({ timeout: 30_000 })];
        return ask(connect(), 'hello', extra, options);
      },
      events: [whole],
    },
  ];
}

const ofSubclass = 'a client of a subclass keeps its class and is traced';

/** The clients through which a call can go: all of them share the patched prototypes. */
export function clientDoors(subject: Subject, hasWithOptions: boolean): Door[] {
  const { ask } = subject;
  const whole = { ...subject.asked, ...subject.whole };
  let old: any;
  const doors: Door[] = [
    {
      // The first run is the bare one: its client is there before tracing is enabled.
      title: 'a client that was made before is traced',
      run: ({ connect }) => ask((old ??= connect()), 'hello'),
      ignoresRequests: true,
      events: [whole],
    },
    {
      // sentry-javascript up to 10 and traceloop replaced constructors: methods of a subclass were lost.
      title: ofSubclass,
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
  ];
  if (!hasWithOptions) return doors;
  return [
    ...doors,
    {
      title: 'a client from withOptions() is traced',
      run: ({ connect }) => ask(connect().withOptions({ timeout: 30_000 }), 'hello'),
      events: [whole],
    },
  ];
}
