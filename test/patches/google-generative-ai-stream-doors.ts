import { setTimeout as sleep } from 'node:timers/promises';
import type { Door, Subject } from './describe-patch';
import { modelOf } from './google-generative-ai-subject';
import { readAll, readSome } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- results of several methods */

/** The result of a stream is `{ stream, response }`: the SDK reads the body once for each of them. */
export function streamDoors({ asked, streamed, partial }: Subject): Door[] {
  const event = { ...asked, ...streamed };
  const open = (client: any, prompt = 'hello', options?: object): any =>
    modelOf(client).generateContentStream(prompt, options);
  return [
    {
      title: 'stream and response are read',
      async run({ connect }) {
        const { stream, response } = await open(connect());
        return { chunks: await readAll(stream), response: await response };
      },
      events: [event],
      check: ({ value }) => expect(value.chunks.length).toBeGreaterThan(4),
    },
    {
      title: 'only the response is read',
      run: async ({ connect }) => (await open(connect())).response,
      events: [event],
      check: ({ value }) => expect(value.text()).toContain('Hello'),
    },
    {
      title: 'only the stream is read',
      run: async ({ connect }) => readAll((await open(connect())).stream),
      events: [event],
    },
    {
      title: 'neither is read: the SDK has read it all the same',
      async run({ connect }) {
        await open(connect());
        await sleep(100);
      },
      events: [event],
    },
    {
      title: 'the result, its stream and its promise look as they did',
      async run({ connect }) {
        const result = await open(connect());
        const { stream, response } = result;
        const looks = [
          Object.keys(result),
          Object.keys(stream),
          Reflect.ownKeys(stream).map(String),
          response.constructor,
        ];
        return { looks, isOwn: stream[Symbol.asyncIterator]() === stream, response: await response };
      },
      events: [event],
      check: ({ value }) => expect(value.isOwn).toBe(true),
    },
    {
      title: 'a stream that is read late, step by step, and beyond its end',
      async run({ connect }) {
        const { stream, response } = await open(connect());
        await response;
        await sleep(20);
        const steps = [];
        for (let step = await stream.next(); !step.done; step = await stream.next()) steps.push(step);
        return { steps, after: [await stream.next(), await stream.return('end'), await readAll(stream)] };
      },
      events: [event],
    },
    {
      title: 'steps that are asked for at the same time come in their order',
      async run({ connect }) {
        const { stream } = await open(connect('/slow-5'));
        const first = await Promise.all([stream.next(), stream.next(), stream.next()]);
        return { first, rest: await readAll(stream) };
      },
      events: [event],
    },
    {
      title: 'a stream that is slow to be read was not slow',
      async run({ connect }) {
        const { stream } = await open(connect());
        for await (const chunk of stream) await sleep(chunk ? 150 : 0);
      },
      events: [event],
      check: (_run, [found]) => expect(found?.['latency_ms']).toBeLessThan(500),
    },
    {
      title: 'a connection that breaks in the middle throws what it threw, and keeps what had come',
      async run({ connect }) {
        const { stream, response } = await open(connect('/slow-5/cut-5'), 'long');
        const chunks: unknown[] = [];
        const failure = response.catch((reason: unknown) => reason);
        const error: unknown = await readAll(stream, chunks).catch((reason: unknown) => reason);
        return { chunks, error, same: error === (await failure), after: await stream.next() };
      },
      events: [{ ...asked, ...partial, outcome: 'error', error_type: 'GoogleGenerativeAIError', input_tokens: 20 }],
      check: ({ value }, [found]) => {
        expect(value.error.constructor.name).toBe('GoogleGenerativeAIError');
        expect(found?.['output']).toMatch(/^lorem ipsum /);
      },
    },
    {
      title: "the caller's signal in the middle ends the stream as it did",
      async run({ connect }) {
        const abort = new AbortController();
        const { stream, response } = await open(connect('/slow-5'), 'long', { signal: abort.signal });
        const failure = response.catch((reason: unknown) => reason);
        await readSome(stream, 3);
        abort.abort();
        return { failure: await failure };
      },
      events: [{ ...asked, ...partial, outcome: 'aborted' }],
      check: ({ value }) => expect(value.failure.constructor.name).toMatch(/^GoogleGenerativeAI(Abort)?Error$/),
    },
    {
      title: 'a timeout rejects as it did, and is no abort',
      run: ({ connect }) => modelOf(connect('/wait-500')).generateContent('hello', { timeout: 30 }),
      ignoresRequests: true,
      events: [{ ...asked, outcome: 'error', error_type: 'GoogleGenerativeAIAbortError', http_status: undefined }],
    },
  ];
}

/** Leaving the stream ends nothing: the SDK goes on to read the other branch, and the provider to write. */
export function leavingDoors({ asked, streamed }: Subject): Door[] {
  const event = { ...asked, ...streamed };
  const open = (client: any, prompt = 'hello', options?: object): any =>
    modelOf(client).generateContentStream(prompt, options);
  return [
    {
      title: 'break leaves the loop, and the call goes on to its end',
      async run({ connect }) {
        const { stream, response } = await open(connect('/slow-5'));
        return { chunks: await readSome(stream, 2), after: await stream.next(), response: await response };
      },
      events: [event],
      check: ({ value }) => expect(value.chunks).toHaveLength(2),
    },
    {
      title: 'break does not wait for what has not come yet',
      async run({ connect }) {
        const abort = new AbortController();
        const { stream, response } = await open(connect('/stall-3'), 'long', { signal: abort.signal });
        const failure = response.catch((reason: unknown) => reason);
        const started = performance.now();
        const chunks = await readSome(stream, 3);
        const isQuick = performance.now() - started < 5_000;
        abort.abort();
        return { chunks, isQuick, failure: await failure };
      },
      events: [{ ...asked, method: 'generateContentStream', outcome: 'aborted', output: 'lorem ipsum ' }],
      check: ({ value }) => expect(value.isQuick).toBe(true),
    },
    {
      title: 'return() by hand gives what it is given',
      async run({ connect }) {
        const { stream, response } = await open(connect());
        const steps = [await stream.next(), await stream.return('done'), await stream.next()];
        return { steps, response: await response };
      },
      events: [event],
      check: ({ value }) => expect(value.steps[1]).toEqual({ value: 'done', done: true }),
    },
    {
      title: 'throw() by hand throws what it is given',
      async run({ connect }) {
        const { stream, response } = await open(connect());
        const first = await stream.next();
        const error = new RangeError('of the caller');
        const thrown: unknown = await stream.throw(error).catch((reason: unknown) => reason);
        return { first, same: thrown === error, after: await stream.next(), response: await response };
      },
      events: [event],
      check: ({ value }) => expect(value.same).toBe(true),
    },
    {
      title: "an error of the caller in the middle of a stream stays the caller's",
      async run({ connect }) {
        const { stream, response } = await open(connect());
        try {
          for await (const chunk of stream) throw new RangeError(`of the caller: ${typeof chunk}`);
        } finally {
          await response;
        }
      },
      events: [{ ...event, error: undefined }],
      check: ({ thrown }) => expect(thrown).toBeInstanceOf(RangeError),
    },
  ];
}
