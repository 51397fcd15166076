import Replicate from 'replicate';
import type { LlmTracingOptions } from '../../src';
import { outcomeOf, traced } from '../support/traced-clients';

/* eslint-disable @typescript-eslint/no-explicit-any -- inputs with every field there is */

/** Words that stand for what the user wrote, and for what the model did. */
const asked = 'CANARY_ASKED';
const answered = 'CANARY_ANSWERED';

const options: any = {
  input: {
    prompt: asked,
    system_prompt: asked,
    text: asked,
    image: `https://example.org/${asked}.png`,
    stop_sequences: `${asked},${asked}`,
    tools: [{ name: asked }],
  },
  wait: { mode: 'poll', interval: 1 },
};
const chat: any = { ...options, input: { messages: [{ role: 'user', content: asked }] } };

const prediction = {
  id: 'p1',
  model: 'acme/writer',
  version: 'v',
  input: options.input,
  output: [answered, ' more'],
  logs: `${asked} ${answered}`,
  status: 'succeeded',
  metrics: { input_token_count: 3 },
  urls: { stream: 'https://stream.example/p1' },
};
const failed = { ...prediction, output: null, status: 'failed', error: `Bad: ${asked} ${answered}` };
const events = [
  `event: output\ndata: ${answered}\n\n`,
  `event: logs\ndata: ${asked}\n\n`,
  'event: done\ndata: {}\n\n',
].join('');

/** A client whose every request is answered with this. */
function answering(body: object, status = 200): any {
  const fetch = (url: URL | string): Promise<Response> =>
    Promise.resolve(String(url).includes('stream') ? new Response(events) : Response.json(body, { status }));
  return new Replicate({ auth: 'none', fetch: fetch as never });
}

async function everyCall(): Promise<void> {
  for (const [client, begun] of [
    [answering(prediction), options],
    [answering(prediction), chat],
    [answering(failed), options],
    [answering({ detail: `Bad: ${asked} ${answered}` }, 422), options],
  ]) {
    await outcomeOf(() => client.run('acme/writer', begun));
    await outcomeOf(() => client.predictions.create({ model: 'acme/writer', ...begun, wait: true }));
    await outcomeOf(() => client.deployments.predictions.create('acme', 'writer', { ...begun, wait: true }));
    await outcomeOf(async () => {
      for await (const event of client.stream('acme/writer', begun)) void event;
    });
  }
}

it.each<[string, LlmTracingOptions, string[]]>([
  ['by default: both', {}, [asked, answered]],
  ['in privacy mode: neither', { privacyMode: true }, []],
  ['without prompts and answers: neither', { includePrompts: false, includeResponses: false }, []],
  ['without prompts: what the model said', { includePrompts: false }, [answered]],
  ['without answers: what the user said', { includeResponses: false }, [asked]],
])(
  'what leaves of predictions with a word of the user and one of the model everywhere, %s',
  async (...[, gate, words]) => {
    const { sent } = await traced(everyCall, { ...gate, modules: { replicate: Replicate } });
    expect(sent).toHaveLength(16);
    expect([asked, answered].filter((word) => JSON.stringify(sent).includes(word))).toEqual(words);
  },
);
