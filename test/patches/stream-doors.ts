import { setTimeout as sleep } from 'node:timers/promises';
import type { Door, Lab, Subject } from './describe-patch';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of many SDK majors */

/** The ways in which an application can read a stream, and leave it. */
export function streamDoors(subject: Subject): Door[] {
  const streamed = { ...subject.asked, ...subject.streamed };
  const partial = { ...subject.asked, ...subject.partial };
  const cancelled = { ...partial, outcome: 'cancelled' };
  const aborted = { ...partial, outcome: 'aborted' };
  const open = (client: any, prompt = 'hello', options = {}): any =>
    subject.ask(client, prompt, { stream: true }, options);
  return [
    {
      title: 'for await gives every chunk',
      async run({ connect }) {
        const stream = await open(connect());
        return { chunks: await readAll(stream), stream };
      },
      events: [streamed],
      check: ({ value }) => expect(value.chunks.length).toBeGreaterThan(4),
    },
    {
      // sentry-javascript#18962, openllmetry-js#43: the class was replaced, its methods were gone.
      title: 'the stream has the class and the keys that it had',
      async run({ connect }) {
        const stream = await open(connect());
        const before = {
          stream,
          keys: Object.keys(stream as object),
          all: Reflect.ownKeys(stream as object).length > 0,
        };
        await readAll(stream);
        return before;
      },
      events: [streamed],
    },
    {
      title: 'then(), withResponse() and await give the same stream',
      async run({ connect }) {
        const promise = open(connect());
        const { data, response } = await promise.withResponse();
        const same = data === (await promise);
        return { same, status: response.status, chunks: await readAll(data) };
      },
      events: [streamed],
      check: ({ value }) => expect(value.same).toBe(true),
    },
    {
      title: 'asResponse() of a stream leaves the body to the caller',
      async run({ connect }) {
        const response = await open(connect()).asResponse();
        return { text: await response.text(), response };
      },
      events: [{ ...subject.asked, outcome: 'raw', streaming: true, output: undefined }],
    },
    {
      title: 'tee() gives every chunk to both branches, and one event',
      async run({ connect }) {
        const [left, right] = (await open(connect())).tee();
        const [one, other] = await Promise.all([readAll(left), readAll(right)]);
        return { one, other, left };
      },
      events: [streamed],
      check: ({ value }) => expect(value.one).toEqual(value.other),
    },
    {
      title: 'toReadableStream() gives the lines it gave',
      run: async ({ connect }) => new Response((await open(connect())).toReadableStream()).text(),
      events: [streamed],
    },
    {
      // openlit#1454, openinference#3796: no event at all. openinference#87: a tee'd stream was never aborted.
      title: 'break ends the request, and the event is a cancelled one with what was read',
      async run({ connect }) {
        const stream = await open(connect('/slow-5'), 'long');
        return { chunks: await readSome(stream, 4), aborted: stream.controller.signal.aborted };
      },
      events: [cancelled],
      check({ value }, [event]) {
        expect(value.aborted).toBe(true);
        expect(event?.['output']).toMatch(/^lorem ipsum /);
      },
    },
    {
      title: "an error of the caller in the middle of a stream stays the caller's",
      async run({ connect }) {
        for await (const chunk of await open(connect('/slow-5'), 'long'))
          throw new RangeError(`of the caller: ${typeof chunk}`);
      },
      events: [{ ...cancelled, error: undefined, output: undefined }],
      check: ({ thrown }) => expect(thrown).toBeInstanceOf(RangeError),
    },
    {
      title: 'next() and return() by hand end like a break',
      async run({ connect }) {
        const stream = await open(connect('/slow-5'), 'long');
        const iterator = stream[Symbol.asyncIterator]();
        const steps = [await iterator.next(), await iterator.next(), await iterator.next(), await iterator.next()];
        const end = await iterator.return('done');
        return { steps, end, after: await iterator.next(), aborted: stream.controller.signal.aborted };
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
      title: 'a second iteration fails as it did, and the first is the event',
      async run({ connect }) {
        const stream = await open(connect());
        const chunks = await readAll(stream);
        const again = await readAll(stream).catch((error: unknown) => ({ error }));
        return { chunks, again };
      },
      events: [streamed],
    },
    {
      title: 'controller.abort() in the middle ends the stream as it did',
      async run({ connect }) {
        const stream = await open(connect('/slow-5'), 'long');
        return endOf(stream, 4, () => stream.controller.abort());
      },
      events: [aborted],
    },
    {
      title: "the caller's signal in the middle ends the stream as it did",
      async run({ connect }) {
        const abort = new AbortController();
        const stream = await open(connect('/slow-5'), 'long', { signal: abort.signal });
        return endOf(stream, 4, () => abort.abort());
      },
      events: [aborted],
    },
    {
      title: "the caller's signal before the answer rejects as it did",
      run({ connect }) {
        const abort = new AbortController();
        const promise = open(connect('/wait-500'), 'hello', { signal: abort.signal });
        abort.abort();
        return promise;
      },
      ignoresRequests: true,
      events: [{ ...subject.asked, outcome: 'aborted', http_status: undefined, output: undefined }],
      check: ({ thrown }) => expect(thrown.constructor.name).toBe('APIUserAbortError'),
    },
    {
      title: 'a signal that was aborted long ago rejects as it did',
      run: ({ connect }) => subject.ask(connect(), 'hello', {}, { signal: AbortSignal.abort() }),
      events: [{ ...subject.asked, outcome: 'aborted', http_status: undefined }],
    },
    {
      title: 'a connection that breaks in the middle throws what it threw, and keeps what had come',
      async run({ connect }) {
        const chunks: unknown[] = [];
        const stream = await open(connect('/cut-5'), 'long');
        const error: unknown = await readAll(stream, chunks).catch((reason: unknown) => reason);
        return { chunks, error, aborted: stream.controller.signal.aborted };
      },
      events: [{ ...partial, outcome: 'error' }],
      check({ value }, [event]) {
        expect(value.error.message).toEqual(expect.any(String));
        expect(event?.['error_type']).toBe(value.error.constructor.name);
      },
    },
    {
      title: 'a stream that is awaited late was not slow',
      async run({ connect }) {
        const promise = open(connect());
        await sleep(600);
        return readAll(await promise);
      },
      events: [streamed],
      check: (_run, [event]) => expect(event?.['latency_ms']).toBeLessThan(500),
    },
    {
      // [exp] a tee of ours would have made 51 pulls out of this one read.
      title: 'nothing is read ahead of the caller, and leaving cancels the body',
      run: (lab) => countPulls(lab, open),
      events: [{ ...cancelled, http_status: 200 }],
      check: ({ value }) => expect(value.atEnd).toBeLessThan(10),
    },
  ];
}

/** Reads one chunk of a body of the stand-in's that counts how often it is asked for more. */
async function countPulls({ connect }: Lab, open: (client: any, prompt?: string) => any): Promise<unknown> {
  const counts = { pulls: 0, cancelled: false };
  const counting = async (url: string, init: RequestInit): Promise<Response> => {
    const answer = await fetch(url, init);
    const events = (await answer.text()).split(/(?<=\n\n)/);
    return new Response(countingBody(events, counts), { headers: answer.headers });
  };
  const stream = await open(connect('', { fetch: counting }), 'long');
  await sleep(20);
  const before = counts.pulls;
  const iterator = stream[Symbol.asyncIterator]();
  const first = await iterator.next();
  await sleep(20);
  const afterOne = counts.pulls;
  await iterator.return();
  await sleep(20);
  return { before, first, afterOne, atEnd: counts.pulls, cancelled: counts.cancelled };
}

export function countingBody(events: readonly string[], counts: { pulls: number; cancelled: boolean }): ReadableStream {
  return new ReadableStream(
    {
      pull(controller) {
        const event = events[counts.pulls++];
        if (event === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(event));
      },
      cancel: () => void (counts.cancelled = true),
    },
    { highWaterMark: 0 },
  );
}

export async function readAll(stream: AsyncIterable<unknown>, chunks: unknown[] = []): Promise<unknown[]> {
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

export async function readSome(stream: AsyncIterable<unknown>, count: number): Promise<unknown[]> {
  const chunks: unknown[] = [];
  for await (const chunk of stream) {
    if (chunks.push(chunk) === count) break;
  }
  return chunks;
}

/** Reads on after `stop`, to the end that the SDK makes of it. How many chunks were in the buffer is chance. */
export async function endOf(stream: AsyncIterable<unknown>, count: number, stop: () => void): Promise<unknown> {
  let read = 0;
  try {
    for await (const chunk of stream) {
      if (chunk !== undefined) read += 1;
      if (read === count) stop();
    }
    return { thrown: undefined, isStopped: read < 100 };
  } catch (thrown) {
    return { thrown, isStopped: read < 100 };
  }
}
