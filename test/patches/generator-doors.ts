import { setTimeout as sleep } from 'node:timers/promises';
import type { Door, Lab, Subject } from './describe-patch';
import { readAll } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of many SDKs */

/** Doors of streams that are there before anything was sent: they are opened otherwise here. */
export const notOfGenerators: readonly string[] = [
  'a failing stream call rejects before there is a stream',
  'a stream that nobody reads is an abandoned event once it was collected',
];

/** The doors of a method that is an async generator: it begins when it is asked for its first chunk. */
export function generatorDoors(subject: Subject, failing: object): Door[] {
  const { asked, streamed, partial } = subject;
  const opened = async ({ connect }: Lab, faults = ''): Promise<{ stream: any }> => {
    // Not by itself: what a promise resolves to is looked at for a `then`.
    const holder: any[] = [];
    await subject.openStream?.(connect(faults), 'hello').then((stream: any) => holder.push(stream));
    return { stream: holder[0] };
  };
  return [
    {
      title: 'a generator has the class and the keys that it had',
      async run(lab) {
        const { stream } = await opened(lab);
        const looks = {
          keys: Object.keys(stream as object),
          text: String(stream),
          self: stream[Symbol.asyncIterator]() === stream,
        };
        return { looks, chunks: await readAll(stream as AsyncIterable<unknown>) };
      },
      events: [{ ...asked, ...streamed }],
      check: ({ value }) => expect(value.looks.self).toBe(true),
    },
    {
      title: 'a failing stream call throws with its first chunk',
      run: async (lab) => readAll((await opened(lab, '/400-99')).stream as AsyncIterable<unknown>),
      events: [{ ...asked, ...partial, outcome: 'error', output: undefined, ...failing }],
      check: ({ thrown }, [event]) =>
        expect(event?.['error_type'] ?? thrown.constructor.name).toBe(thrown.constructor.name),
    },
    {
      title: 'a stream that was never asked for a chunk has sent nothing, and is no event',
      async run(lab) {
        const end = await (await opened(lab)).stream.return('unread');
        await opened(lab);
        await sleep(20);
        return end;
      },
      events: [],
    },
    {
      title: 'a stream that is read late was not slow',
      async run(lab) {
        const { stream } = await opened(lab);
        await sleep(600);
        return readAll(stream as AsyncIterable<unknown>);
      },
      events: [{ ...asked, ...streamed }],
      check(_run, [event]) {
        expect(event?.['latency_ms'] ?? 0).toBeLessThan(500);
        expect(event?.['time_to_first_token_ms'] ?? 0).toBeLessThan(500);
      },
    },
  ];
}
