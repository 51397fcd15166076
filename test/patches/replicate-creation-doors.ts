import type { Door, Expected, Subject } from './describe-patch';
import { readAll } from './stream-doors';

export const model = 'acme/writer';

export const known = { model, response_model: model, response_id: expect.any(String) };

/** The ways in which a prediction can be begun by itself, and what is no prediction. */
export function creationDoors({ asked, whole }: Subject, signals: boolean): Door[] {
  const created: Expected = {
    ...asked,
    ...known,
    method: 'predictions.create',
    operation: 'prediction',
    outcome: 'ok',
    finish_reason: undefined,
    output: undefined,
    http_status: 201,
    request_id: 'req_standin',
  };
  const finished = { ...created, ...whole, method: 'predictions.create', http_status: 201, request_id: 'req_standin' };
  const input = { prompt: 'hello' };
  const doors: Door[] = [
    {
      title: 'predictions.create() is the event of a prediction that was begun',
      run: ({ connect }) => connect().predictions.create({ model, input }),
      events: [created],
    },
    {
      title: 'predictions.create() that waits is the event of a prediction that has ended',
      run: ({ connect }) => connect().predictions.create({ model, input, wait: true }),
      events: [finished],
    },
    {
      title: 'predictions.create() of a version is one event',
      run: ({ connect }) => connect().predictions.create({ version: 'abc123', input, wait: 5 }),
      events: [{ ...finished, model: 'abc123' }],
    },
    {
      title: 'predictions.create() of a prediction that fails resolves as it did, and its event is a failed one',
      run: ({ connect }) => connect().predictions.create({ model, input: { prompt: 'fail' }, wait: true }),
      events: [{ ...created, outcome: 'error', finish_reason: 'failed', error: 'No luck with: fail' }],
    },
    {
      title: 'deployments.predictions.create() is one event',
      run: ({ connect }) =>
        connect().deployments.predictions.create('acme', 'writer', { input, wait: true, block: true }),
      events: [{ ...finished, method: 'deployments.predictions.create' }],
    },
    {
      title: 'asking again, waiting, cancelling, listing and everything else is no event',
      async run({ connect }) {
        const client = connect();
        const prediction = await client.predictions.create({ model, input });
        const got = await client.predictions.get(prediction.id);
        const waited = await client.wait(prediction, { interval: 5 });
        const canceled = await client.predictions.cancel(prediction.id);
        const list = await client.predictions.list().catch((error: unknown) => error);
        const training = await client.trainings.create('acme', 'writer', 'v1', {}).catch((error: unknown) => error);
        return { got, waited, canceled, list, training };
      },
      events: [created],
    },
    {
      title: 'a request by hand is an event, and its response the same',
      async run({ connect }) {
        const options = { method: 'POST', data: { input } };
        const response = await connect().request(`/models/${model}/predictions`, options);
        const looks = { keys: Object.keys(response as object), used: response.bodyUsed, status: response.status };
        const value = await response.json();
        return {
          looks,
          value,
          again: await response.json().catch((error: unknown) => error),
          after: response.bodyUsed,
        };
      },
      events: [created],
    },
    {
      title: 'calls of every kind at the same time are an event each',
      run: ({ connect }) => {
        const client = connect();
        const options = { input, wait: { mode: 'poll', interval: 5 } };
        return Promise.all([
          client.run(model, options),
          client.predictions.create({ model, input }),
          client.run(model, options),
          client.predictions.create({ model, input }),
          readAll(client.stream(model, { input }) as AsyncIterable<unknown>),
        ]);
      },
      ignoresRequests: true,
      events: [...Array<unknown>(5).keys()].map(() => ({ sdk: 'replicate', outcome: 'ok' })),
      check({ value }, events) {
        expect(value).toHaveLength(5);
        const methods = events.map(({ method }) => method as string).sort();
        if (events.length > 0)
          expect(methods).toEqual(['predictions.create', 'predictions.create', 'run', 'run', 'stream']);
      },
    },
    {
      title: 'HTTP 401 of predictions.create() rejects as it did',
      run: ({ connect }) => connect('/401-99').predictions.create({ model, input }),
      events: [{ ...created, outcome: 'error', error_type: 'ApiError', http_status: 401, ...nothingKnown }],
    },
  ];
  if (!signals) return doors;
  return [
    ...doors,
    {
      title: 'a signal ends predictions.create() as it did',
      run: ({ connect }) =>
        connect('/wait-500').predictions.create({ model, input, signal: AbortSignal.timeout(20) }) as unknown,
      ignoresRequests: true,
      events: [{ ...created, ...nothingKnown, outcome: 'aborted', http_status: undefined, request_id: undefined }],
    },
  ];
}

const nothingKnown = { response_model: undefined, response_id: undefined };
