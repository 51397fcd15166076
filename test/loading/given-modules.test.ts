import { buildSync } from 'esbuild';
import { runtimes } from '../support/runtimes';
import { makeRecordingWorkspace, record } from './record-calls';
import { runProgram } from './run-program';
import { startProviderServer, type ProviderServer } from './stand-ins';
import type { Workspace } from './workspace';

let workspace: Workspace;
let provider: ProviderServer;

beforeAll(async () => {
  provider = await startProviderServer();
  workspace = makeRecordingWorkspace(['openai', '@anthropic-ai/sdk']);
});

afterAll(async () => {
  workspace.remove();
  await provider.close();
});

/** The SDKs are in the bundle, minified, under other names; this package is beside it. */
function bundle(format: 'cjs' | 'esm', source: string): string {
  const entryPoint = workspace.write(`source.${format === 'cjs' ? 'cts' : 'mts'}`, source);
  const external = ['@amp/llm-trace', 'recorder'];
  const result = buildSync({
    entryPoints: [entryPoint],
    bundle: true,
    minify: true,
    platform: 'node',
    format,
    external,
    write: false,
  });
  return result.outputFiles[0]?.text ?? '';
}

const source = (modules: string): string => `
import { OpenAI } from 'openai';
import * as anthropic from '@anthropic-ai/sdk';
import { enableLlmTracing } from '@amp/llm-trace';
import recorder from 'recorder';
const { client, settings, anthropicSettings, chat, message, finish } = recorder;
enableLlmTracing(client, ${modules});
Promise.all([chat(new OpenAI(settings)), message(new anthropic.Anthropic(anthropicSettings))]).then(() => finish());
`;

describe.each(runtimes)('in a minified bundle on $label', ({ node }) => {
  it.each(['cjs', 'esm'] as const)('the option modules traces what no hook can see: %s', async (format) => {
    const text = bundle(format, source('{ modules: { openai: OpenAI, anthropic } }'));
    const { methods, status } = await record(workspace, `app.${format === 'cjs' ? 'cjs' : 'mjs'}`, text, {
      node,
      environment: { PROVIDER: provider.url },
    });
    expect(methods.sort()).toEqual(['chat.completions.create', 'messages.create']);
    expect(status.sdks.map(({ format: given, methods: count }) => [given, count > 0])).toEqual([
      ['given', true],
      ['given', true],
    ]);
    expect(status.counters.internalErrors).toBe(0);
  });

  it('without the option the bundle runs as it is, and status() shows no SDK', async () => {
    const { methods, status } = await record(workspace, 'app.cjs', bundle('cjs', source('{}')), {
      node,
      environment: { PROVIDER: provider.url },
    });
    expect(methods).toEqual([]);
    expect(status).toMatchObject({ enabled: true, sdks: [] });
  });
});

describe('inside Jest, where hooks never fire (jestjs/jest#11295, require-in-the-middle#50)', () => {
  it('the option modules traces, and at most one problem is counted', async () => {
    workspace.write(
      'inside.test.js',
      `const { enableLlmTracing, disableLlmTracing, llmTracingStatus } = require('@amp/llm-trace');
      const OpenAI = require('openai');
      const { client, events, settings, chat } = require('recorder');
      it('is traced', async () => {
        const original = OpenAI.OpenAI.Chat.Completions.prototype.create;
        await enableLlmTracing(client, { modules: { openai: OpenAI } }).ready;
        await chat(new OpenAI.OpenAI(settings));
        await new Promise((resolve) => setTimeout(resolve, 20));
        expect(events).toHaveLength(1);
        expect(llmTracingStatus().counters.internalErrors).toBeLessThanOrEqual(1);
        disableLlmTracing();
        expect(OpenAI.OpenAI.Chat.Completions.prototype.create).toBe(original);
      });
      it('is traced after resetModules', async () => {
        jest.resetModules();
        const Fresh = require('openai');
        expect(Fresh).not.toBe(OpenAI);
        enableLlmTracing(client, { modules: { openai: Fresh } });
        await chat(new Fresh.OpenAI(settings));
        await new Promise((resolve) => setTimeout(resolve, 20));
        expect(events).toHaveLength(2);
      });`,
    );
    workspace.write('jest.config.js', `module.exports = { testEnvironment: 'node', transform: {} };`);
    const jest = require.resolve('jest/bin/jest');
    const finished = await runProgram([jest, '--rootDir', workspace.directory, '--no-cache', '--watchman=false'], {
      cwd: workspace.directory,
      environment: { PROVIDER: provider.url },
    });
    expect(finished.stderr).toContain('2 passed');
    expect(finished.code).toBe(0);
  });
});
