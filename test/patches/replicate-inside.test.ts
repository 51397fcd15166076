import Replicate from 'replicate';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { llmTracingStatus } from '../../src';
import { traced } from '../support/traced-clients';

/** Requests within a call, and responses that nobody reads. */

const prediction = {
  id: 'p1',
  model: 'acme/writer',
  status: 'succeeded',
  output: ['Hi'],
  urls: { stream: 'https://stream.example/p1' },
};
const options = { input: { prompt: 'Say hi' } };

function clientOf(): Replicate {
  const answer = (url: URL | string): Promise<Response> =>
    Promise.resolve(
      String(url).includes('stream') ? new Response('event: done\ndata: {}\n\n') : Response.json(prediction),
    );
  return new Replicate({ auth: 'none', fetch: answer as never });
}

async function readStream(client: Replicate): Promise<void> {
  for await (const event of client.stream('acme/writer', options)) void event;
}

const modules = { replicate: Replicate };

describe('a call that is not drawn by sampleRate', () => {
  afterEach(() => jest.restoreAllMocks());

  // Drawn again, its own request would be an event of half of the calls that should be none.
  it.each([
    ['run', (client: Replicate) => client.run('acme/writer', options)],
    ['stream', readStream],
    ['predictions.create', (client: Replicate) => client.predictions.create({ model: 'acme/writer', ...options })],
  ])('is drawn once, with all that is within: %s', async (_method, call) => {
    const before = llmTracingStatus().counters.dropped['not_sampled'] ?? 0;
    jest.spyOn(Math, 'random').mockReturnValueOnce(0.9).mockReturnValue(0.1);
    const { events } = await traced(async () => call(clientOf()), { modules, sampleRate: 0.5 });
    expect(events).toEqual([]);
    expect((llmTracingStatus().counters.dropped['not_sampled'] ?? 0) - before).toBe(1);
  });
});

describe('a request by hand', () => {
  it('whose response nobody reads is an abandoned event once it was collected', async () => {
    const { events } = await traced(
      async () => {
        await (async () => void (await clientOf().request('/predictions', { method: 'POST', data: options })))();
        await collectGarbage();
      },
      { modules },
    );
    expect(events).toMatchObject([{ method: 'predictions.create', outcome: 'abandoned', http_status: 200 }]);
  });

  it('of a client whose responses are not those of fetch is an event without an answer', async () => {
    const frozen = Object.freeze({ ok: true, status: 200, json: () => Promise.resolve(prediction) });
    const client = new Replicate({ auth: 'none', fetch: (() => Promise.resolve(frozen)) as never });
    const { events, result } = await traced(() => client.predictions.create({ model: 'acme/writer', ...options }), {
      modules,
    });
    expect(result).toEqual(prediction);
    expect(events).toMatchObject([{ method: 'predictions.create', outcome: 'ok' }]);
    expect(events[0]).not.toHaveProperty('output');
  });
});

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let times = 0; times < 20; times++) {
    await sleep(10);
    collect();
  }
}
