import { makeRecordingWorkspace, record, type Recorded } from '../loading/record-calls';
import { startProviderServer, type ProviderServer } from '../loading/stand-ins';
import type { Workspace } from '../loading/workspace';
import { runtimes } from '../support/runtimes';
import { versionOf } from './describe-patch';

/**
 * The methods of a client are its own and can not be replaced, so the functions below them are held in their files. That
 * takes a load hook, which Jest does not let us have: these are programs of their own, with the package as it is built.
 */
const run = `async function run(hf) {
  const url = process.env.PROVIDER;
  const chat = { model: 'acme/talker', messages: [{ role: 'user', content: 'Hi' }] };
  const endpointUrl = url + '/v1';
  const local = { fetch: (target, init) => fetch(target.replace(/^https:\\/\\/(router\\.)?huggingface\\.co/, url), init) };
  const client = new hf.InferenceClient('hf_none', { endpointUrl });
  const answers = [
    await client.chatCompletion(chat),
    await new hf.HfInference('hf_none', { endpointUrl }).chatCompletion(chat),
    await new hf.InferenceClient('hf_none').endpoint(endpointUrl).chatCompletion(chat),
    await hf.chatCompletion({ endpointUrl, ...chat }),
  ];
  const stream = client.chatCompletionStream(chat);
  for await (const chunk of stream) answers.push(chunk.choices[0].delta);
  const pieces = hf.textGenerationStream({ endpointUrl: url + '/endpoint', inputs: 'Hi' });
  for await (const piece of pieces) answers.push(piece);
  const routed = { provider: 'hf-inference', model: 'acme/embedder', inputs: 'Hi' };
  answers.push(await new hf.InferenceClient('hf_none').featureExtraction(routed, local));
  const { message } = await client.chatCompletion({ ...chat, endpointUrl: url + '/400-999/v1' }).catch((error) => error);
  const looks = Object.getOwnPropertyDescriptor(client, 'chatCompletion');
  const { name, length } = hf.chatCompletion;
  await finish({ answers, message, looks, kind: String(stream), named: [name, length] });
}`;

const enabling = `const { client, finish } = recorder;
if (process.env.TRACED) enableLlmTracing(client, ['huggingface']);`;

const programs: Record<string, [file: string, source: string]> = {
  'a require after enabling': [
    'app.cjs',
    `const { enableLlmTracing } = require('@amp/llm-trace');
    const recorder = require('recorder');
    ${enabling}
    ${run}
    run(require('@huggingface/inference'));`,
  ],
  'an import() after enabling': [
    'app.mjs',
    `import { enableLlmTracing } from '@amp/llm-trace';
    import recorder from 'recorder';
    ${enabling}
    ${run}
    await run(await import('@huggingface/inference'));`,
  ],
  'a module whose application enables before it imports': [
    'late.mjs',
    `import recorder from 'recorder';
    import { InferenceClient, HfInference, chatCompletion, textGenerationStream } from '@huggingface/inference';
    const { finish } = recorder;
    ${run}
    await run({ InferenceClient, HfInference, chatCompletion, textGenerationStream });`,
  ],
};

/** What enables before the application is loaded. */
const preload = `import { enableLlmTracing } from '@amp/llm-trace';
import recorder from 'recorder';
${enabling}`;

const chat = 'chatCompletion';
const methods = [chat, chat, chat, chat, 'chatCompletionStream', 'textGenerationStream', 'featureExtraction', chat];

let server: ProviderServer;
beforeAll(async () => {
  server = await startProviderServer();
});
afterAll(() => server.close());

describe.each(['@huggingface/inference', 'huggingface-v3'])('%s', (name) => {
  let workspace: Workspace;
  beforeAll(() => {
    workspace = makeRecordingWorkspace();
    workspace.copyPackage(name, 'node_modules/@huggingface/inference');
    workspace.write('preload.mjs', preload);
  });
  afterAll(() => workspace.remove());

  const play = async (node: string, file: string, source: string, isTraced: boolean): Promise<Recorded> => {
    const flags = file === 'late.mjs' ? ['--import', './preload.mjs'] : [];
    const environment = { PROVIDER: server.url, ...(isTraced && { TRACED: '1' }) };
    return record(workspace, file, source, { node, flags, environment });
  };

  describe.each(runtimes.map((runtime) => [runtime.label, runtime] as const))('on %s', (_label, { node }) => {
    it.each(Object.entries(programs))('each call is one event, and its answer the same: %s', async (_how, program) => {
      const [file, source] = program;
      const [bare, traced] = await Promise.all([play(node, file, source, false), play(node, file, source, true)]);
      expect(bare.methods).toEqual([]);
      expect(traced.methods).toEqual(methods);
      expect(traced.extra).toEqual(bare.extra);
      const outcomes = traced.events.map(({ event_properties: { outcome, output } }) => ({ outcome, output }));
      const answered = { outcome: 'ok', output: 'Hello from the stand-in.' };
      expect(outcomes.slice(0, 6)).toEqual(Array(6).fill(answered));
      expect(outcomes.slice(6)).toEqual([{ outcome: 'ok' }, { outcome: 'error' }]);
      expect(traced.events[0]?.event_properties).toMatchObject({
        sdk: '@huggingface/inference',
        provider_sdk_version: versionOf(name),
      });
      expect(traced.status.counters.internalErrors).toBe(0);
      expect(traced.status.sdks).toMatchObject([{ format: file === 'app.cjs' ? 'commonjs' : 'module', methods: 12 }]);
      expect(traced.status.sdks[0]?.reason).toBeUndefined();
    });

    it('what was loaded before enabling is not traced, works, and is in the status with the reason', async () => {
      const source = `const recorder = require('recorder');
        const hf = require('@huggingface/inference');
        const { enableLlmTracing } = require('@amp/llm-trace');
        ${enabling}
        ${run}
        run(hf);`;
      const late = await play(node, 'late.cjs', source, true);
      expect(late.methods).toEqual([]);
      expect((late.extra['answers'] as unknown[]).length).toBeGreaterThan(6);
      expect(late.status.sdks).toMatchObject([{ provider: 'huggingface', methods: 0 }]);
      expect(late.status.sdks[0]?.reason).toContain('loaded before tracing was enabled');
    });
  });
});
