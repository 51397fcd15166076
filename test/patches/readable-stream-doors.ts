import { Readable } from 'node:stream';
import type { Door, Subject } from './describe-patch';
import { attempt } from './attempt';
import { pipeDoors, pullDoors, type Events, type Open, type WithFetch } from './readable-pipe-doors';
import { readAll } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- streams of any SDK */

/** The ways to read an answer that is a `ReadableStream`, besides a loop. */
export function readableStreamDoors(subject: Subject, withFetch: WithFetch): Door[] {
  const open: Open = ({ connect }, prompt = 'hello', faults = '', options = {}) =>
    subject.openStream?.(connect(faults, options), prompt, {}, {});
  const streamed = { ...subject.asked, ...subject.streamed };
  const partial = { ...subject.asked, ...subject.partial };
  const events = {
    streamed,
    cancelled: { ...partial, outcome: 'cancelled' },
    failed: { ...partial, outcome: 'error' },
  };
  return [
    ...readerDoors(open, events),
    ...iteratorDoors(open, events),
    ...teeDoors(open, events),
    ...pipeDoors(open, events),
    ...pullDoors(open, withFetch),
  ];
}

function readerDoors(open: Open, { streamed, cancelled, failed }: Events): Door[] {
  return [
    {
      title: 'a reader gets every chunk, and the end',
      async run(lab) {
        const stream = await open(lab);
        const reader = stream.getReader();
        const looks = { locked: stream.locked, constructor: reader.constructor, keys: Object.keys(reader as object) };
        const chunks = await readWith(reader);
        await reader.closed;
        const after = await reader.read();
        reader.releaseLock();
        return { looks, chunks, after, locked: stream.locked, isOne: stream instanceof ReadableStream };
      },
      events: [streamed],
      check: ({ value }) => expect(value).toMatchObject({ locked: false, isOne: true, after: { done: true } }),
    },
    {
      title: 'a reader that is cancelled is a cancelled event with what was read',
      async run(lab) {
        const stream = await open(lab, 'long', '/slow-5');
        const reader = stream.getReader();
        const chunks = [await reader.read(), await reader.read(), await reader.read(), await reader.read()];
        return { chunks, end: await reader.cancel('enough'), after: await reader.read(), locked: stream.locked };
      },
      events: [cancelled],
      check: (_run, [event]) => expect(event?.['output']).toMatch(/^lorem ipsum /),
    },
    {
      title: 'a stream that is cancelled unread is a cancelled event',
      run: async (lab) => (await open(lab, 'long', '/slow-5')).cancel('unread'),
      events: [{ ...cancelled, output: undefined, response_model: undefined }],
    },
    {
      title: 'cancel() of a stream that somebody reads fails as it did, and changes nothing',
      async run(lab) {
        const stream = await open(lab);
        const reader = stream.getReader();
        const first = await reader.read();
        const refused = await stream.cancel().catch((error: unknown) => ({ error }));
        return { first, refused, rest: await readWith(reader) };
      },
      events: [streamed],
      check: ({ value }) => expect(value.refused.error.name).toBe('TypeError'),
    },
    {
      title: 'readers that follow one another read one answer',
      async run(lab) {
        const stream = await open(lab);
        const first = stream.getReader();
        const begun = [await first.read(), await first.read()];
        first.releaseLock();
        const refused = await first.read().catch((error: unknown) => ({ error }));
        return { begun, refused, rest: await readWith(stream.getReader()) };
      },
      events: [streamed],
    },
    {
      title: 'what a reader that lets go has asked for fails as it did, and is no failure of the answer',
      async run(lab) {
        const stream = await open(lab, 'hello', '/slow-20');
        const first = stream.getReader();
        await first.read();
        const asked = first.read().catch((error: unknown) => ({ error }));
        first.releaseLock();
        return { asked: await asked, rest: (await readAll(stream)).length > 0 };
      },
      events: [{ outcome: 'ok', finish_reason: 'stop' }],
      check: ({ value }) => expect(value.asked.error.name).toBe('TypeError'),
    },
    {
      title: 'a second reader, tee() and pipes of a locked stream fail as they did',
      async run(lab) {
        const stream = await open(lab);
        const reader = stream.getReader();
        const attempts = ['getReader', 'tee', 'pipeTo', 'pipeThrough', 'values'].map((name) =>
          attempt(() => stream[name](name === 'pipeTo' ? new WritableStream() : new TransformStream())),
        );
        return { attempts: await Promise.all(attempts), chunks: await readWith(reader) };
      },
      events: [streamed],
      check: ({ value }) => expect(value.attempts.every(({ error }: any) => error?.name === 'TypeError')).toBe(true),
    },
    {
      title: 'a reader for bytes is refused as it was',
      async run(lab) {
        const stream = await open(lab);
        return [await attempt(() => stream.getReader({ mode: 'byob' })), await readAll(stream)];
      },
      events: [streamed],
    },
    {
      title: 'a connection that breaks rejects the reader as it did',
      async run(lab) {
        const reader = (await open(lab, 'long', '/slow-5/cut-5')).getReader();
        const chunks: unknown[] = [];
        const error: unknown = await readWith(reader, chunks).catch((reason: unknown) => reason);
        return { chunks, error, closed: await attempt(() => reader.closed) };
      },
      events: [failed],
      check: ({ value }, [event]) => expect(event?.['error_type']).toBe(value.error.constructor.name),
    },
  ];
}

function iteratorDoors(open: Open, { streamed, cancelled }: Events): Door[] {
  return [
    {
      title: 'values() gives every chunk',
      run: async (lab) => readAll((await open(lab)).values()),
      events: [streamed],
    },
    {
      title: 'a break out of values() cancels',
      async run(lab) {
        const stream = await open(lab, 'long', '/slow-5');
        for await (const chunk of stream.values()) if (chunk) break;
        return { locked: stream.locked, rest: await readAll(stream) };
      },
      events: [{ ...cancelled, output: undefined }],
      check: ({ value }) => expect(value).toEqual({ locked: false, rest: [] }),
    },
    {
      title: 'a break that keeps the stream goes on with the answer later',
      async run(lab) {
        const stream = await open(lab);
        const begun: unknown[] = [];
        for await (const chunk of stream.values({ preventCancel: true })) if (begun.push(chunk) === 2) break;
        return { begun, locked: stream.locked, rest: await readAll(stream) };
      },
      events: [streamed],
      check: ({ value }) => expect(value.rest.length).toBeGreaterThan(1),
    },
    {
      title: 'Readable.fromWeb() gives every chunk',
      run: async (lab) => readAll(Readable.fromWeb(await open(lab), { objectMode: true })),
      events: [streamed],
      check: ({ value }) => expect(value.length).toBeGreaterThan(4),
    },
  ];
}

function teeDoors(open: Open, { streamed, cancelled, failed }: Events): Door[] {
  return [
    {
      title: 'tee() gives every chunk to both branches, and one event',
      async run(lab) {
        const stream = await open(lab);
        const branches = stream.tee();
        const looks = branches.map(({ constructor, locked }: any) => ({ constructor, locked }));
        const [one, other] = await Promise.all(branches.map((branch: any) => readAll(branch)));
        return {
          looks,
          one,
          same: other.every((chunk: unknown, at: number) => chunk === one[at]),
          locked: stream.locked,
        };
      },
      events: [streamed],
      check: ({ value }) => expect(value).toMatchObject({ same: true, locked: true }),
    },
    {
      title: 'a branch of tee() that is cancelled leaves the other one to be read',
      async run(lab) {
        const [one, other] = (await open(lab)).tee();
        void one.cancel('not this one');
        return readAll(other);
      },
      events: [streamed],
    },
    {
      title: 'both branches of tee() cancelled are a cancelled event',
      async run(lab) {
        const [one, other] = (await open(lab, 'long', '/slow-5')).tee();
        const reader = one.getReader();
        const read = [await reader.read(), await reader.read()];
        return { read, ends: await Promise.all([reader.cancel('this one'), other.cancel('and that one')]) };
      },
      events: [cancelled],
    },
    {
      title: 'a connection that breaks rejects both branches of tee() as it did',
      async run(lab) {
        const branches = (await open(lab, 'long', '/slow-5/cut-5')).tee();
        return Promise.all(branches.map((branch: any) => attempt(() => readAll(branch))));
      },
      events: [failed],
      check: ({ value }) => expect(value[0].error).toBe(value[1].error),
    },
  ];
}

async function readWith(reader: any, chunks: unknown[] = []): Promise<unknown[]> {
  for (let step = await reader.read(); !step.done; step = await reader.read()) chunks.push(step.value);
  return chunks;
}
