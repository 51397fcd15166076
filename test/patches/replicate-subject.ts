import { join } from 'node:path';
import { versionOf, type Door, type Lab, type Subject } from './describe-patch';
import { generatorDoors, notOfGenerators } from './generator-doors';
import { plainDoors } from './plain-doors';
import { creationDoors, known, model } from './replicate-creation-doors';
import { readAll, readSome } from './stream-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of several majors */

/** `run` waits for the prediction where it is told to, and asks again where not: the majors differ in what is said when. */
const waiting = { mode: 'block', interval: 5 };

const counted = { input_tokens: 20, output_tokens: 12, total_tokens: 32 };
const answered = {
  ...known,
  operation: 'text_completion',
  outcome: 'ok',
  output: 'Hello from the stand-in.',
  // The SDK gives nothing of it, and tries again without saying so.
  request_id: undefined,
  retry_count: undefined,
};

/** One major of the Replicate SDK, as the contract wants to know it. */
export function replicateSubject(name: string, Replicate: any): Subject {
  const version = versionOf(name);
  return {
    title: `replicate ${version}`,
    provider: 'replicate',
    package: name,
    exports: Replicate,
    isPlain: true,
    calls: join(__dirname, 'replicate-calls.cjs'),
    client: (url, options, subclass = (Base) => Base) => clientOf(subclass(Replicate), url, options),
    ask: (client, prompt, extra, options) =>
      client.run(model, { input: { prompt }, wait: waiting, ...extra, ...options }),
    openStream: (client, prompt, extra, options) =>
      Promise.resolve(client.stream(model, { input: { prompt }, ...extra, ...options })),
    asked: { provider: 'local', sdk: 'replicate', method: 'run', model },
    whole: { ...answered, ...counted, streaming: false, finish_reason: 'succeeded', http_status: undefined },
    streamed: {
      ...answered,
      method: 'stream',
      response_model: undefined,
      response_id: undefined,
      streaming: true,
      finish_reason: undefined,
      input_tokens: undefined,
      output_tokens: undefined,
    },
    partial: { method: 'stream', streaming: true, finish_reason: undefined, output_tokens: undefined },
  };
}

/** The client knows no default headers: the number of the run goes through its `fetch`. */
function clientOf(Replicate: any, url: string, { defaultHeaders, fetch: send = fetch, ...options }: any = {}): any {
  const tagged = (input: unknown, init: any): unknown =>
    send(input, { ...init, headers: { ...init?.headers, ...defaultHeaders } });
  return new Replicate({ auth: 'none', baseUrl: `${url}/v1`, fetch: tagged, ...options });
}

/** Doors of others that are not there, or that open otherwise: a generator begins with its first chunk. */
const others = [
  ...notOfGenerators,
  'a connection that breaks in the middle throws what it threw, and keeps what had come',
  "the caller's signal before the answer rejects as it did",
  'a signal that was aborted long ago rejects as it did',
];

/** `waits` says what makes `run` wait in this major, `signals` whether a request obeys a signal. */
export function replicateDoors(subject: Subject, { waits, signals }: { waits: unknown; signals: boolean }): Door[] {
  const plain = plainDoors(subject, {
    refused: { operation: 'prediction', request_id: 'req_standin' },
    withFetch: (send) => ({ fetch: send }),
    withSignal: (signal) => ({ signal }),
  });
  return [
    ...plain.filter(({ title }) => !others.includes(title)),
    ...runDoors(subject, waits),
    ...creationDoors(subject, signals),
    ...generatorDoors(subject, { error_type: 'ApiError', http_status: 400 }),
    ...eventDoors(subject),
  ];
}

function runDoors({ asked, whole, ask }: Subject, waits: unknown): Door[] {
  const run = (lab: Lab, prompt: string, extra: object = {}, progress?: unknown): any =>
    lab.connect().run(model, { input: { prompt }, wait: waits, ...extra }, progress);
  const failed = { ...asked, ...known, outcome: 'error', finish_reason: 'failed', error_type: 'Error' };
  return [
    {
      title: 'run() that waits is one event, and its request is none',
      run: (lab) => run(lab, 'hello'),
      events: [{ ...asked, ...whole }],
    },
    {
      title: 'run() that asks again and again is one event',
      run: (lab) => run(lab, 'hello', { wait: { mode: 'poll', interval: 5 } }),
      events: [{ ...asked, ...whole }],
    },
    {
      title: 'run() that has waited in vain and asks again is one event',
      run: (lab) => run(lab, 'later'),
      events: [{ ...asked, ...whole }],
    },
    {
      title: 'progress() is told what it was told, and is called as it was',
      async run(lab) {
        const told: unknown[] = [];
        function progress(this: unknown, ...args: unknown[]): void {
          told.push([this, ...args.map((arg) => structuredClone(arg))]);
        }
        return { output: await run(lab, 'hello', {}, progress), told };
      },
      events: [{ ...asked, ...whole }],
      check: ({ value }) => expect(value.told.length).toBeGreaterThan(1),
    },
    {
      title: 'an error of progress() rejects as it did',
      run: (lab) =>
        run(lab, 'hello', {}, () => {
          throw new RangeError('of the caller');
        }),
      events: [{ ...asked, outcome: 'error', error_type: 'RangeError' }],
      check: ({ thrown }) => expect(thrown).toBeInstanceOf(RangeError),
    },
    {
      // A call that is made while another one is told of is a call of its own.
      title: 'a prediction that progress() begins is an event of its own',
      async run(lab) {
        const client = lab.connect();
        const begun: unknown[] = [];
        const options = { input: { prompt: 'hello' }, wait: waits };
        const value = await client.run(model, options, (prediction: any) => {
          if (begun.length === 0) begun.push(client.predictions.create({ model, input: { prompt: prediction.id } }));
        });
        return { value, begun: await Promise.all(begun) };
      },
      ignoresRequests: true,
      events: [
        { ...asked, ...whole },
        { ...asked, method: 'predictions.create', outcome: 'ok' },
      ],
    },
    {
      title: 'a failed prediction rejects as it did, and its event is a failed one',
      run: (lab) => run(lab, 'fail'),
      events: [{ ...failed, error: 'Prediction failed: No luck with: fail' }],
      check: ({ thrown }) => expect(thrown.message).toContain('No luck'),
    },
    {
      title: 'a signal that stops run() is obeyed as it was, and the event is an aborted one',
      run: (lab) => run(lab, 'later', { signal: AbortSignal.abort() }),
      events: [{ ...asked, ...known, outcome: 'aborted', finish_reason: 'canceled', output: undefined }],
    },
    {
      title: 'an option that is no option fails as it did',
      run: (lab) => lab.connect().run(model),
      events: [{ ...asked, outcome: 'error', error_type: 'TypeError' }],
      check: ({ thrown }) => expect(thrown).toBeInstanceOf(TypeError),
    },
    {
      title: 'frozen, inherited and computed options are what they were',
      run({ connect }) {
        let reads = 0;
        const options = Object.freeze(
          Object.create(
            { wait: waits },
            { input: { enumerable: true, get: () => ({ prompt: 'hello', reads: (reads += 1) > 0 }) } },
          ),
        );
        return connect().run(model, options);
      },
      events: [{ ...asked, ...whole }],
    },
    {
      title: 'a version is asked for by its number',
      run: ({ connect }) => connect().run(`${model}:abc123`, { input: { prompt: 'hello' }, wait: waits }),
      events: [{ ...asked, ...whole, model: `${model}:abc123` }],
    },
    {
      title: 'a picture is an image_generation without tokens',
      run: async (lab) => (await run(lab, 'picture')).length,
      events: [{ ...asked, operation: 'image_generation', output: '[image/png 70 B]', output_tokens: undefined }],
    },
    {
      title: 'messages are a chat_completion',
      run: ({ connect }) =>
        ask(connect(), '', { input: { messages: [{ role: 'user', content: 'hello' }], max_tokens: 9 }, wait: waits }),
      events: [{ ...asked, ...whole, operation: 'chat_completion', message_count: 1, max_tokens: 9 }],
    },
  ];
}

function eventDoors(subject: Subject): Door[] {
  const { asked, partial } = subject;
  const open = ({ connect }: Lab, prompt: string, faults = ''): any =>
    connect(faults).stream(model, { input: { prompt } });
  const failed = { ...asked, ...partial, outcome: 'error', output: undefined };
  return [
    {
      title: 'options that change before the first chunk are looked at then',
      async run({ connect }) {
        const options = { input: { prompt: 'hello' } };
        const stream = connect().stream(model, options);
        options.input = { prompt: 'long' };
        return readSome(stream as AsyncIterable<unknown>, 2);
      },
      events: [{ ...asked, ...partial, outcome: 'cancelled', output: 'lorem ipsum lore' }],
    },
    {
      title: 'an error event throws as it did',
      run: async (lab) => readAll(open(lab, 'fail') as AsyncIterable<unknown>),
      events: [{ ...failed, error: 'No luck with: fail' }],
      check: ({ thrown }) => expect(thrown.message).toContain('No luck'),
    },
    {
      title: 'a connection that breaks in the middle throws what it threw, and keeps what had come',
      async run(lab) {
        const chunks: unknown[] = [];
        const error: unknown = await readAll(open(lab, 'long cut') as AsyncIterable<unknown>, chunks).catch(
          (reason: unknown) => reason,
        );
        return { chunks, error };
      },
      events: [{ ...asked, ...partial, outcome: 'error' }],
      check({ value }, [event]) {
        expect(value.chunks).toHaveLength(5);
        if (event) expect(event['output']).toMatch(/^lorem ipsum /);
      },
    },
    {
      title: 'a model that can not be streamed throws as it did',
      run: async (lab) => readAll(open(lab, 'picture') as AsyncIterable<unknown>),
      events: [{ ...failed, error: 'Prediction does not support streaming' }],
    },
  ];
}
