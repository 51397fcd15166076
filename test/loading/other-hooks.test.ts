import { newer, runtimes, type Runtime } from '../support/runtimes';
import { makeRecordingWorkspace, record } from './record-calls';
import { startProviderServer, type ProviderServer } from './stand-ins';
import type { Workspace } from './workspace';

/** The two ways to install import-in-the-middle, and three widths: two SDKs, what they export, everything. */
const flavours: readonly { flavour: string; install: (include: string) => string; on: readonly Runtime[] }[] = [
  {
    flavour: 'module.register',
    install: (include) => `import { register } from 'node:module';
      register('import-in-the-middle/hook.mjs', import.meta.url, { data: ${include} });`,
    on: runtimes,
  },
  {
    flavour: 'module.registerHooks',
    install: (include) => `import { register } from 'import-in-the-middle/register-hooks.mjs';
      register(${include});`,
    on: [...newer('22'), ...newer('24')],
  },
];
const widths = [
  { width: 'openai and @anthropic-ai/sdk', include: `{ include: ['openai', '@anthropic-ai/sdk'] }` },
  { width: 'everything', include: `{}` },
];
const theirHook = `import { Hook } from 'import-in-the-middle';
  globalThis.told = [];
  new Hook(['openai', '@anthropic-ai/sdk'], (exports, name) => { told.push(name); });`;

const imports = `import recorder from 'recorder';
  const { client, settings, anthropicSettings, chat, message, finish } = recorder;`;

let workspace: Workspace;
let provider: ProviderServer;

beforeAll(async () => {
  provider = await startProviderServer();
  workspace = makeRecordingWorkspace(['openai', '@anthropic-ai/sdk']);
  workspace.linkPackage('import-in-the-middle');
  workspace.write(
    'ours.mjs',
    `import { enableLlmTracing } from '@amp/llm-trace'; import recorder from 'recorder'; enableLlmTracing(recorder.client);`,
  );
  workspace.write(
    'calls.mjs',
    `import OpenAI from 'openai'; import Anthropic from '@anthropic-ai/sdk'; ${imports}
      const calls = [chat(new OpenAI(settings)), message(new Anthropic(anthropicSettings))];
      await Promise.all(calls);
      await finish({ told });`,
  );
});

afterAll(async () => {
  workspace.remove();
  await provider.close();
});

describe.each(flavours)('beside import-in-the-middle through $flavour', ({ install, on }) => {
  describe.each(widths)('around $width', ({ include }) => {
    const cases = on.flatMap(({ label, node }) =>
      [true, false].map((first) => ({ label, order: first ? 'before us' : 'after us', node, first })),
    );

    it.each(cases)('nobody loses a call or a notification: $label, installed $order', async ({ node, first }) => {
      workspace.write('theirs.mjs', `${install(include)}\n${theirHook}`);
      const [one, two] = first ? ['theirs', 'ours'] : ['ours', 'theirs'];
      const source = `await import('./${one}.mjs'); await import('./${two}.mjs'); await import('./calls.mjs');`;
      const { methods, status, extra, finished } = await record(workspace, 'app.mjs', source, {
        node,
        environment: { PROVIDER: provider.url },
      });
      expect({ methods: methods.sort(), ...status.counters, lastError: status.lastError }).toMatchObject({
        methods: ['chat.completions.create', 'messages.create'],
        operations: 2,
        internalErrors: 0,
      });
      expect(extra['told']).toEqual(['openai', '@anthropic-ai/sdk']);
      expect(finished.stderr).not.toContain('llm-trace');
    });
  });
});
