import { runtimes } from '../support/runtimes';
import { makeRecordingWorkspace, record } from './record-calls';
import { startProviderServer, type ProviderServer } from './stand-ins';
import type { Workspace } from './workspace';

const enable = `enableLlmTracing(client, ['openai', 'anthropic']);`;
const requires = `const { enableLlmTracing } = require('@amp/llm-trace');
const { client, settings, anthropicSettings, chat, message, finish } = require('recorder');`;
const imports = `import { enableLlmTracing } from '@amp/llm-trace';
import recorder from 'recorder';
const { client, settings, anthropicSettings, chat, message, finish } = recorder;`;

const commonJs: Record<string, string> = {
  'a require after enabling': `${enable}
    const OpenAI = require('openai');
    const Anthropic = require('@anthropic-ai/sdk');
    run(new OpenAI(settings), new Anthropic(anthropicSettings));`,
  'a require before enabling': `const { OpenAI } = require('openai');
    const { Anthropic } = require('@anthropic-ai/sdk');
    ${enable}
    run(new OpenAI(settings), new Anthropic(anthropicSettings));`,
  'clients that were made before enabling': `const openai = new (require('openai'))(settings);
    const anthropic = new (require('@anthropic-ai/sdk'))(anthropicSettings);
    ${enable}
    run(openai, anthropic);`,
  'CommonJS that TypeScript made of an import': `var __importDefault = (module) => (module && module.__esModule ? module : { default: module });
    ${enable}
    const openai_1 = __importDefault(require('openai'));
    const sdk_1 = __importDefault(require('@anthropic-ai/sdk'));
    run(new openai_1.default(settings), new sdk_1.default(anthropicSettings));`,
  'an import() of CommonJS code after enabling': `${enable}
    import('openai').then(async ({ OpenAI }) => {
      const { Anthropic } = await import('@anthropic-ai/sdk');
      run(new OpenAI(settings), new Anthropic(anthropicSettings));
    });`,
  'an import() of CommonJS code before enabling': `import('openai').then(async ({ OpenAI }) => {
      const { Anthropic } = await import('@anthropic-ai/sdk');
      ${enable}
      run(new OpenAI(settings), new Anthropic(anthropicSettings));
    });`,
};

const esModules: Record<string, string> = {
  'a default import': `import OpenAI from 'openai';
    import Anthropic from '@anthropic-ai/sdk';
    ${enable}
    await run(new OpenAI(settings), new Anthropic(anthropicSettings));`,
  'a named import': `import { OpenAI } from 'openai';
    import { Anthropic } from '@anthropic-ai/sdk';
    ${enable}
    await run(new OpenAI(settings), new Anthropic(anthropicSettings));`,
  'a namespace import': `import * as openai from 'openai';
    import * as anthropic from '@anthropic-ai/sdk';
    ${enable}
    await run(new openai.OpenAI(settings), new anthropic.default(anthropicSettings));`,
  'a star export of a module of the application': `import { OpenAI, Anthropic } from './sdks.mjs';
    ${enable}
    await run(new OpenAI(settings), new Anthropic(anthropicSettings));`,
  'clients that were made before enabling': `import OpenAI from 'openai';
    import Anthropic from '@anthropic-ai/sdk';
    const clients = [new OpenAI(settings), new Anthropic(anthropicSettings)];
    ${enable}
    await run(...clients);`,
  'an import() after enabling': `${enable}
    const { default: OpenAI } = await import('openai');
    const { default: Anthropic } = await import('@anthropic-ai/sdk');
    await run(new OpenAI(settings), new Anthropic(anthropicSettings));`,
  'an import() before enabling': `const { default: OpenAI } = await import('openai');
    const { default: Anthropic } = await import('@anthropic-ai/sdk');
    ${enable}
    await run(new OpenAI(settings), new Anthropic(anthropicSettings));`,
  'a module that enables and is imported first': `import './tracing.mjs';
    import OpenAI from 'openai';
    import Anthropic from '@anthropic-ai/sdk';
    await run(new OpenAI(settings), new Anthropic(anthropicSettings));`,
  'createRequire in an ES module': `import { createRequire } from 'node:module';
    ${enable}
    const require = createRequire(import.meta.url);
    await run(new (require('openai'))(settings), new (require('@anthropic-ai/sdk'))(anthropicSettings));`,
};

/** Calls in the very tick of the code above. */
const run = `
async function run(openai, anthropic) {
  await Promise.all([chat(openai), message(anthropic)]);
  await finish();
}`;

describe.each(runtimes)('an SDK is traced on $label, whatever way it is loaded:', ({ node }) => {
  let workspace: Workspace;
  let provider: ProviderServer;

  beforeAll(async () => {
    workspace = makeRecordingWorkspace(['openai', '@anthropic-ai/sdk']);
    workspace.write('sdks.mjs', `export * from 'openai';\nexport { Anthropic } from '@anthropic-ai/sdk';`);
    workspace.write('tracing.mjs', `${imports}\n${enable}`);
    provider = await startProviderServer();
  });

  afterAll(async () => {
    workspace.remove();
    await provider.close();
  });

  it.each(Object.keys(commonJs))('CommonJS, %s', async (name) => {
    await expectBoth('app.cjs', `${requires}\n${commonJs[name]}\n${run}`);
  });

  it.each(Object.keys(esModules))('ES module, %s', async (name) => {
    await expectBoth('app.mjs', `${imports}\n${esModules[name]}\n${run}`);
  });

  async function expectBoth(file: string, source: string): Promise<void> {
    const { methods, status, finished } = await record(workspace, file, source, {
      node,
      environment: { PROVIDER: provider.url },
    });
    expect({ methods: methods.sort(), stderr: finished.stderr, ...status.counters }).toMatchObject({
      methods: ['chat.completions.create', 'messages.create'],
      stderr: '',
      operations: 2,
      internalErrors: 0,
    });
  }
});
