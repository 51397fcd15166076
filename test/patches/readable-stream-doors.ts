import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Door, Expected, Lab, Subject } from './describe-patch';
import { countingBody, readAll } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- streams of any SDK */

type Open = (lab: Lab, prompt?: string, faults?: string, options?: object) => any;
type WithFetch = (send: typeof fetch) => object;

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

type Events = Readonly<Record<'streamed' | 'cancelled' | 'failed', Expected>>;

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

function pipeDoors(open: Open, { streamed, cancelled, failed }: Events): Door[] {
  const collector = (chunks: unknown[], most = Infinity): WritableStream =>
    new WritableStream({
      write(chunk) {
        if (chunks.push(chunk) >= most) throw new RangeError('of the destination');
      },
    });
  return [
    {
      title: 'pipeTo() writes every chunk, and lets go of the stream',
      async run(lab) {
        const stream = await open(lab);
        const chunks: unknown[] = [];
        const piped = stream.pipeTo(collector(chunks));
        const during = stream.locked;
        return { during, end: await piped, chunks, after: stream.locked };
      },
      events: [streamed],
      check: ({ value }) => expect(value).toMatchObject({ during: true, after: false }),
    },
    {
      title: 'pipeThrough() gives every chunk',
      async run(lab) {
        const stream = await open(lab);
        const chunks = await readAll(stream.pipeThrough(new TransformStream()));
        return { chunks, after: stream.locked };
      },
      events: [streamed],
      check: ({ value }) => expect(value.after).toBe(false),
    },
    {
      title: 'a break at the end of pipeThrough() cancels',
      async run(lab) {
        const piped = (await open(lab, 'long', '/slow-5')).pipeThrough(new TransformStream());
        for await (const chunk of piped) if (chunk) break;
        await sleep(50);
      },
      events: [{ outcome: 'cancelled', streaming: true, finish_reason: undefined }],
    },
    {
      title: 'a destination that fails rejects pipeTo() as it did, and cancels',
      async run(lab) {
        const stream = await open(lab, 'long', '/slow-5');
        const chunks: unknown[] = [];
        const refused = await attempt(() => stream.pipeTo(collector(chunks, 3)));
        return { refused, chunks, after: stream.locked };
      },
      events: [cancelled],
      check: ({ value }) => expect(value.refused.error).toBeInstanceOf(RangeError),
    },
    ...['pipeTo', 'pipeThrough'].map((name): Door => ({
      title: `a destination of ${name}() that fails leaves a stream that must not be cancelled to be read on`,
      async run(lab) {
        const stream = await open(lab, 'hello', '/slow-5');
        const writable = collector([], 3);
        if (name === 'pipeThrough')
          stream.pipeThrough({ writable, readable: new ReadableStream() }, { preventCancel: true });
        else await attempt(() => stream.pipeTo(writable, { preventCancel: true }));
        for (let turn = 0; stream.locked && turn < 100; turn++) await sleep(10);
        return { locked: stream.locked, rest: (await readAll(stream)).length > 0 };
      },
      events: [{ outcome: name === 'pipeTo' ? 'ok' : 'raw' }],
      check: ({ value }) => expect(value).toEqual({ locked: false, rest: true }),
    })),
    {
      title: 'a signal stops pipeTo() as it did',
      async run(lab) {
        const stream = await open(lab, 'long', '/slow-5');
        const abort = new AbortController();
        const chunks: unknown[] = [];
        const write = (chunk: unknown): void => void (chunks.push(chunk) === 3 && abort.abort());
        const refused = await attempt(() => stream.pipeTo(new WritableStream({ write }), { signal: abort.signal }));
        return { refused, chunks, after: stream.locked };
      },
      events: [{ ...cancelled, outcome: 'aborted' }],
      check: ({ value }) => expect(value.refused.error.name).toBe('AbortError'),
    },
    {
      title: 'a connection that breaks rejects pipeTo() as it did, and aborts the destination',
      async run(lab) {
        const stream = await open(lab, 'long', '/slow-5/cut-5');
        const seen: unknown[] = [];
        const destination = new WritableStream({ abort: (reason) => void seen.push(reason) });
        const refused = await attempt(() => stream.pipeTo(destination));
        return { refused, same: (refused as any).error === seen[0], after: stream.locked };
      },
      events: [failed],
      check: ({ value }) => expect(value).toMatchObject({ same: true, after: false }),
    },
    {
      title: 'what is no destination is refused as it was, and the stream can be read',
      async run(lab) {
        const stream = await open(lab);
        const refused = await Promise.all([
          attempt(() => stream.pipeTo({})),
          attempt(() => stream.pipeThrough({})),
          attempt(() => stream.pipeThrough()),
        ]);
        return { refused, locked: stream.locked, chunks: await readAll(stream) };
      },
      events: [streamed],
    },
  ];
}

/** [exp] a tee of ours would have made 51 pulls out of one read. */
function pullDoors(open: Open, withFetch: WithFetch): Door[] {
  const ways: readonly (readonly [string, (stream: any) => unknown])[] = [
    ['nobody', () => undefined],
    ['a reader', (stream) => stream.getReader().read()],
    ['a loop', (stream) => stream[Symbol.asyncIterator]().next()],
    ['a branch of tee()', (stream) => stream.tee()[0].getReader().read()],
    [
      'a slow destination',
      (stream) => void stream.pipeTo(new WritableStream({ write: () => sleep(60_000, undefined, { ref: false }) })),
    ],
    ['pipeThrough()', (stream) => stream.pipeThrough(new TransformStream()).getReader().read()],
  ];
  // A stream that was collected would be an event.
  const kept: unknown[] = [];
  return ways.map(([title, read]) => ({
    title: `${title} makes as many pulls from the body as without us`,
    async run(lab) {
      const counts = { pulls: 0, cancelled: false };
      const counting = async (...request: Parameters<typeof fetch>): Promise<Response> => {
        const answer = await fetch(...request);
        const parts = (await answer.text()).split(/(?<=\n\n)/);
        return new Response(countingBody(parts, counts), { headers: answer.headers });
      };
      const stream = await open(lab, 'long', '', withFetch(counting as typeof fetch));
      kept.push(stream);
      await sleep(20);
      const before = counts.pulls;
      await read(stream);
      await sleep(20);
      return { before, after: counts.pulls, locked: stream.locked };
    },
    events: [],
    check: ({ value }) => expect(value.after).toBeLessThan(10),
  }));
}

async function readWith(reader: any, chunks: unknown[] = []): Promise<unknown[]> {
  for (let step = await reader.read(); !step.done; step = await reader.read()) chunks.push(step.value);
  return chunks;
}

/** What comes of it: a value, or what it throws now or later. */
async function attempt(run: () => unknown): Promise<unknown> {
  try {
    return { value: await run() };
  } catch (error) {
    return { error };
  }
}
