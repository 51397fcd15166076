import { runtimes } from '../support/runtimes';
import {
  startAmplitudeServer,
  startProviderServer,
  type AmplitudeServer,
  type ProviderServer,
} from '../loading/stand-ins';
import type { Workspace } from '../loading/workspace';
import { makeZeroCodeWorkspace, methodsOf, ours, preimport, preload, runTraced, variablesOf } from './zero-code';

const both = ['chat.completions.create', 'messages.create'];

let provider: ProviderServer;
let amplitude: AmplitudeServer;

beforeAll(async () => {
  provider = await startProviderServer();
});

afterAll(() => provider.close());

beforeEach(async () => {
  amplitude = await startAmplitudeServer();
});

afterEach(() => amplitude.close());

describe.each([
  { title: 'analytics-node 1.5', analyticsNode: '@amplitude/analytics-node' },
  { title: 'analytics-node 1.3', analyticsNode: 'amplitude-analytics-node-1.3' },
])('with $title', ({ analyticsNode }) => {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = makeZeroCodeWorkspace(analyticsNode);
    workspace.write(
      'short.cjs',
      `const { openai, chat } = require('./calls.cjs')(require('openai'));
       chat(openai);`,
    );
  });

  afterAll(() => workspace.remove());

  describe.each(runtimes)('on $label', ({ node }) => {
    it.each([
      { file: 'app.cjs', flags: preload },
      { file: 'app.mjs', flags: preload },
      { file: 'app.cjs', flags: preimport },
      { file: 'app.mjs', flags: preimport },
    ])('$flags.0 delivers each call of $file once, and says nothing', async ({ file, flags }) => {
      const finished = await runTraced(workspace, file, { node, flags, environment: variablesOf(provider, amplitude) });
      expect(finished).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
      expect(methodsOf(amplitude)).toEqual(both);
      expect(amplitude.refused).toEqual([]);
      expect(amplitude.requests[0]).toMatchObject({ apiKey: 'a-key' });
    });

    it('the first event of all can be one that the end of the process makes', async () => {
      // 1.5.73 drops what is queued when it is flushed before it has started.
      const finished = await runTraced(workspace, 'short.cjs', { node, environment: variablesOf(provider, amplitude) });
      expect(finished).toMatchObject({ code: 0, stdout: '', stderr: '' });
      expect(methodsOf(amplitude)).toEqual(['chat.completions.create']);
    });
  });
});

describe.each(runtimes)('on $label', ({ node }) => {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = makeZeroCodeWorkspace();
    workspace.write(
      'parent.cjs',
      `const child = require('node:child_process').fork(process.argv[2] ?? './app.mjs');
       child.on('exit', (code) => console.log('child', code));`,
    );
    workspace.write(
      'threads.mjs',
      `import { Worker } from 'node:worker_threads';
       for (const file of ['app.cjs', 'app.mjs']) {
         const worker = new Worker(new URL(file, import.meta.url), { stdout: true });
         await new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
       }
       console.log('threads done');`,
    );
  });

  afterAll(() => workspace.remove());

  it.each(['-r', '--import'])('NODE_OPTIONS with %s reaches the process and those it forks', async (option) => {
    const NODE_OPTIONS = `${option} @amp/llm-trace/register`;
    const environment = { ...variablesOf(provider, amplitude), NODE_OPTIONS };
    const finished = await runTraced(workspace, 'parent.cjs', { node, flags: [], environment });
    expect(finished).toMatchObject({ code: 0, stdout: 'done\nchild 0\n', stderr: '' });
    expect(methodsOf(amplitude)).toEqual(both);
  });

  it('a forked process inherits -r', async () => {
    const finished = await runTraced(workspace, 'parent.cjs', { node, environment: variablesOf(provider, amplitude) });
    expect(finished).toMatchObject({ code: 0, stdout: 'done\nchild 0\n', stderr: '' });
    expect(methodsOf(amplitude)).toEqual(both);
  });

  it.each([{ flags: preload }, { flags: preimport }])(
    'worker threads inherit $flags.0 and send what they have at their natural end',
    async ({ flags }) => {
      const environment = variablesOf(provider, amplitude);
      const finished = await runTraced(workspace, 'threads.mjs', { node, flags, environment });
      expect(finished).toMatchObject({ code: 0, stdout: 'threads done\n', stderr: '' });
      expect(methodsOf(amplitude)).toEqual([...both, ...both].sort());
    },
  );

  it('one line a thread: Node 20 runs -r in the thread of its module hooks too (DataDog, Sentry)', async () => {
    const environment = { PROVIDER: provider.url, LLM_TRACE_SAMPLE_RATE: '7', LLM_TRACE_OUTPUT: 'console' };
    const finished = await runTraced(workspace, 'app.mjs', { node, environment });
    const lines = ours(finished).filter((line) => line.includes('LLM_TRACE_SAMPLE_RATE'));
    expect(lines).toHaveLength(1);
    expect(ours(finished)).toHaveLength(3);
  });
});
