import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runtimes } from '../support/runtimes';
import { makeRecordingWorkspace, record, type Recorded } from './record-calls';
import { startProviderServer, type ProviderServer } from './stand-ins';
import type { Workspace } from './workspace';

const requires = `const { enableLlmTracing } = require('@amp/llm-trace');
const { client, settings, anthropicSettings, chat, message, finish } = require('recorder');
enableLlmTracing(client);
`;
const imports = `import { enableLlmTracing } from '@amp/llm-trace';
import recorder from 'recorder';
const { client, settings, anthropicSettings, chat, message, finish } = recorder;
enableLlmTracing(client);
`;

const workspaces = new Map<string, Workspace>();

/** Made once, for all runtimes. */
function workspaceOf(name: string, make: (workspace: Workspace) => void): Workspace {
  const workspace = workspaces.get(name) ?? makeRecordingWorkspace();
  if (!workspaces.has(name)) make(workspace);
  workspaces.set(name, workspace);
  return workspace;
}

afterAll(() => {
  for (const workspace of workspaces.values()) workspace.remove();
});

function link(workspace: Workspace, from: string, to: string): void {
  mkdirSync(dirname(join(workspace.directory, from)), { recursive: true });
  symlinkSync(join(workspace.directory, to), join(workspace.directory, from), 'junction');
}

describe.each(runtimes)('on $label', ({ node }) => {
  let provider: ProviderServer;

  beforeAll(async () => {
    provider = await startProviderServer();
  });

  afterAll(async () => {
    await provider.close();
  });

  const runIn = (workspace: Workspace, file: string, source: string, cwd?: string): ReturnType<typeof record> =>
    record(workspace, file, source, {
      node,
      environment: { PROVIDER: provider.url },
      ...(cwd !== undefined && { cwd }),
    });

  function copiesOf({ status }: Recorded, directory: string): string[] {
    return status.sdks
      .filter(({ methods }) => methods > 0)
      .map(({ version, format, place }) => `${version} ${format} ${place.replace(directory, '').replaceAll('\\', '/')}`)
      .sort();
  }

  describe('sub-paths of an SDK', () => {
    const workspace = workspaceOf('sub-paths', (made) => {
      made.copyPackage('openai');
      made.copyPackage('@anthropic-ai/sdk');
      made.copyPackage('@anthropic-ai/bedrock-sdk');
    });
    const azure = `new AzureOpenAI({ apiKey: 'k', endpoint: process.env.PROVIDER, apiVersion: '2024-10-21', deployment: 'd' })`;
    const bedrock = `new AnthropicBedrock({ awsAccessKey: 'k', awsSecretKey: 's', awsRegion: 'us-east-1', maxRetries: 0,
      baseURL: process.env.PROVIDER })`;
    const programs: [string, string, string][] = [
      ['openai/azure', 'AzureOpenAI', `await chat(${azure}); await finish();`],
      ['openai/client', 'OpenAI', `await chat(new OpenAI(settings)); await finish();`],
      ['@anthropic-ai/sdk/client', 'Anthropic', `await message(new Anthropic(anthropicSettings)); await finish();`],
      // It loads `client` and `resources/index` of @anthropic-ai/sdk, never its main entry; the stand-in has no route.
      ['@anthropic-ai/bedrock-sdk', 'AnthropicBedrock', `await message(${bedrock}).catch(() => 0); await finish();`],
    ];

    it.each(programs)('%s is traced as CommonJS', async (specifier, name, calls) => {
      const source = `${requires}const { ${name} } = require('${specifier}');\n(async () => { ${calls} })();`;
      const { methods, status } = await runIn(workspace, 'sub.cjs', source);
      expect(methods).toHaveLength(1);
      expect(status.counters).toMatchObject({ operations: 1, internalErrors: 0 });
    });

    it.each(programs)('%s is traced as an ES module', async (specifier, name, calls) => {
      const source = `import { ${name} } from '${specifier}';\n${imports}${calls}`;
      const { methods, status } = await runIn(workspace, 'sub.mjs', source);
      expect(methods).toHaveLength(1);
      expect(status.counters).toMatchObject({ operations: 1, internalErrors: 0 });
    });

    it.each(programs)('%s is traced when it is imported later', async (specifier, name, calls) => {
      const source = `${imports}const { ${name} } = await import('${specifier}');\n${calls}`;
      const { methods, status } = await runIn(workspace, 'sub-late.mjs', source);
      expect(methods).toHaveLength(1);
      expect(status.counters).toMatchObject({ operations: 1, internalErrors: 0 });
    });
  });

  it('traces a CommonJS and an ES module copy of one SDK in one process, each call once', async () => {
    const workspace = workspaceOf('both', (made) => made.copyPackage('openai'));
    const { directory } = workspace;
    const source = `import OpenAI from 'openai';
      import { createRequire } from 'node:module';
      ${imports}
      const Required = createRequire(import.meta.url)('openai');
      if (Required === OpenAI) throw new Error('one copy');
      await chat(new OpenAI(settings));
      await chat(new Required(settings));
      await finish();`;
    const recorded = await runIn(workspace, 'both.mjs', source);
    expect(recorded.methods).toEqual(['chat.completions.create', 'chat.completions.create']);
    expect(copiesOf(recorded, directory)).toEqual([
      expect.stringMatching(/^6\..* commonjs \/node_modules\/openai$/),
      expect.stringMatching(/^6\..* module \/node_modules\/openai$/),
    ]);
  });

  describe('a second version below another package', () => {
    const workspace = workspaceOf('nested', (made) => {
      made.copyPackage('openai');
      made.copyPackage('openai-v5', 'node_modules/agent/node_modules/openai');
      made.write(
        'node_modules/agent/package.json',
        '{ "name": "agent", "dependencies": { "openai": "^5" }, "exports": { "import": "./a.mjs", "require": "./a.cjs" } }',
      );
      made.write('node_modules/agent/a.mjs', `export { default } from 'openai';`);
      made.write('node_modules/agent/a.cjs', `module.exports = require('openai');`);
    });

    it.each([
      {
        title: 'CommonJS',
        file: 'app.cjs',
        source: `${requires}(async () => {
        await chat(new (require('openai'))(settings));
        await chat(new (require('agent'))(settings));
        await finish();
      })();`,
      },
      {
        title: 'ES modules, loaded before',
        file: 'app.mjs',
        source: `import OpenAI from 'openai'; import Nested from 'agent'; ${imports}
        await chat(new OpenAI(settings));
        await chat(new Nested(settings));
        await finish();`,
      },
      {
        title: 'ES modules, loaded later',
        file: 'late.mjs',
        source: `${imports}
        await chat(new (await import('openai')).default(settings));
        await chat(new (await import('agent')).default(settings));
        await finish();`,
      },
    ])('is traced beside the first: $title', async ({ file, source }) => {
      const recorded = await runIn(workspace, file, source);
      expect(recorded.events.map(({ event_properties }) => event_properties['provider_sdk_version'])).toEqual([
        expect.stringMatching(/^6\./),
        expect.stringMatching(/^5\./),
      ]);
      expect(recorded.status.sdks).toHaveLength(2);
    });
  });

  describe('an SDK whose folder has not its name (DataDog and Braintrust read package.json for it)', () => {
    const workspace = workspaceOf('folders', (made) => {
      made.copyPackage('openai-v5', 'node_modules/openai-v5');
      // pnpm: a folder with the version in it, and a link to that.
      made.copyPackage('openai', 'node_modules/.pnpm/openai@6.49.0_zod@3/node_modules/openai');
      link(made, 'node_modules/openai', 'node_modules/.pnpm/openai@6.49.0_zod@3/node_modules/openai');
      // A workspace of a monorepo.
      made.copyPackage('@anthropic-ai/sdk', 'packages/anthropic-fork');
      link(made, 'node_modules/@anthropic-ai/sdk', 'packages/anthropic-fork');
      made.write('elsewhere/empty', '');
    });
    const names = [
      { title: 'an npm alias', name: 'openai-v5', call: 'chat', settings: 'settings' },
      { title: 'the folders of pnpm', name: 'openai', call: 'chat', settings: 'settings' },
      { title: 'a linked workspace', name: '@anthropic-ai/sdk', call: 'message', settings: 'anthropicSettings' },
    ];

    it.each(names)('$title is traced as CommonJS, from any working directory', async ({ name, call, settings }) => {
      const source = `${requires}${call}(new (require('${name}').default)(${settings})).then(() => finish());`;
      const { methods } = await runIn(workspace, 'app.cjs', source, join(workspace.directory, 'elsewhere'));
      expect(methods).toHaveLength(1);
    });

    it.each(names)('$title is traced as an ES module, loaded before', async ({ name, call, settings }) => {
      const source = `import Sdk from '${name}'; ${imports}await ${call}(new Sdk(${settings})); await finish();`;
      expect((await runIn(workspace, 'app.mjs', source)).methods).toHaveLength(1);
    });

    it.each(names)('$title is traced as an ES module, loaded later', async ({ name, call, settings }) => {
      const source = `${imports}const { default: Sdk } = await import('${name}');
        await ${call}(new Sdk(${settings})); await finish();`;
      expect((await runIn(workspace, 'late.mjs', source)).methods).toHaveLength(1);
    });
  });

  it.each(['web', 'node'])('keeps openai/shims/%s before openai 4, whose program ends otherwise', async (runtime) => {
    const workspace = workspaceOf('openai 4', (made) => made.copyPackage('openai-v4', 'node_modules/openai'));
    workspace.write('tracing.mjs', imports);
    const source = `import './tracing.mjs';
      import 'openai/shims/${runtime}';
      import OpenAI from 'openai';
      import recorder from 'recorder';
      await recorder.chat(new OpenAI(recorder.settings));
      await recorder.finish();`;
    expect((await runIn(workspace, 'app.mjs', source)).methods).toEqual(['chat.completions.create']);
  });
});
