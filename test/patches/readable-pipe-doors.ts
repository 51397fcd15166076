import { setTimeout as sleep } from 'node:timers/promises';
import { attempt } from './attempt';
import type { Door, Expected, Lab } from './describe-patch';
import { countingBody, readAll } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- streams of any SDK */

export type Open = (lab: Lab, prompt?: string, faults?: string, options?: object) => any;
export type WithFetch = (send: typeof fetch) => object;
export type Events = Readonly<Record<'streamed' | 'cancelled' | 'failed', Expected>>;

/** The ways in which the platform reads a `ReadableStream` by itself. */
export function pipeDoors(open: Open, { streamed, cancelled, failed }: Events): Door[] {
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
export function pullDoors(open: Open, withFetch: WithFetch): Door[] {
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
      const stream = await open(lab, 'long', '', withFetch(counting));
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
