import { buildSync } from 'esbuild';
import { runtimes } from '../support/runtimes';
import { makeRecordingWorkspace, record, type Recorded } from './record-calls';
import { runProgram } from './run-program';
import { startProviderServer, type ProviderServer } from './stand-ins';
import type { Workspace } from './workspace';

interface Major {
  readonly major: string;
  readonly sdk: string;
  readonly openai: string;
  /** The oldest Node that it runs on, and the newest. */
  readonly on: readonly string[];
}

const majors: readonly Major[] = [
  { major: '5', sdk: 'ai-v5', openai: 'ai-sdk-openai-v2', on: ['20', '24'] },
  { major: '6', sdk: 'ai-v6', openai: 'ai-sdk-openai-v3', on: ['20', '24'] },
  { major: '7', sdk: 'ai', openai: '@ai-sdk/openai', on: ['22', '24'] },
];
const cases = runtimes.flatMap(({ label, node }) =>
  majors
    .filter(({ on }) => on.some((version) => label === `node ${version}`))
    .map((major) => ({ ...major, node, title: `ai ${major.major} on ${label}` })),
);

const workspaces = new Map<string, Workspace>();
let provider: ProviderServer;

beforeAll(async () => {
  provider = await startProviderServer();
});

afterAll(async () => {
  for (const workspace of workspaces.values()) workspace.remove();
  await provider.close();
});

function workspaceOf({ major, sdk, openai }: Major): Workspace {
  const known = workspaces.get(major);
  if (known) return known;
  const workspace = makeRecordingWorkspace();
  workspace.copyPackage(sdk, 'node_modules/ai');
  workspace.copyPackage(openai, 'node_modules/@ai-sdk/openai');
  workspace.linkPackage('zod');
  workspace.write('tracing.mjs', `${imports}\n${enable}`);
  workspaces.set(major, workspace);
  return workspace;
}

const enable = `enableLlmTracing(client, { noWarning: true });`;
const requires = `const { enableLlmTracing, disableLlmTracing, llmTracingStatus } = require('@amp/llm-trace');
const { client, events, finish } = require('recorder');`;
const imports = `import { enableLlmTracing, disableLlmTracing, llmTracingStatus } from '@amp/llm-trace';
import recorder from 'recorder';
const { client, events, finish } = recorder;`;
const calls = `
async function run(ai, { createOpenAI }, prompt = 'Hi') {
  const openai = createOpenAI({ apiKey: 'sk-none', baseURL: process.env.PROVIDER + '/v1' });
  await ai.generateText({ model: openai.chat('gpt-5'), prompt });
  for await (const chunk of ai.streamText({ model: openai.chat('gpt-5'), prompt }).textStream) void chunk;
  await ai.embed({ model: (openai.embedding ?? openai.textEmbeddingModel)('e'), value: prompt });
}`;
const all = ['generateText', 'streamText', 'embed'];

const programs: Readonly<Record<string, readonly [file: string, source: string]>> = {
  'an import() after enabling': [
    'app.mjs',
    `${imports}\n${enable}\nawait run(await import('ai'), await import('@ai-sdk/openai'));\nawait finish();`,
  ],
  'named imports behind a star export of the application': [
    'app.mjs',
    `${imports}\n${enable}\nconst sdks = await import('./sdks.mjs');\nawait run(sdks, sdks);\nawait finish();`,
  ],
  'a require after enabling': [
    'app.cjs',
    `${requires}\n${enable}\nrun(require('ai'), require('@ai-sdk/openai')).then(() => finish());`,
  ],
};

describe.each(cases)('$title is traced, whatever way it is loaded:', ({ node, ...major }) => {
  it.each(Object.keys(programs))('%s', async (title) => {
    const workspace = workspaceOf(major);
    workspace.write('sdks.mjs', `export * from 'ai';\nexport { createOpenAI } from '@ai-sdk/openai';`);
    const [file, source] = programs[title] as readonly [string, string];
    const { methods, status } = await run(workspace, file, source, node);
    expect(methods).toEqual(all);
    expect(status.sdks).toMatchObject([{ provider: 'ai', version: expect.stringMatching(`^${major.major}\\.`) }]);
    expect(status.sdks[0]).not.toHaveProperty('reason');
    expect(status.counters.internalErrors).toBe(0);
  });

  it.each(['-r', '--import'])('%s, with no line of ours in the program', async (flag) => {
    const workspace = workspaceOf(major);
    const source = `import * as ai from 'ai';\nimport * as openai from '@ai-sdk/openai';\nawait run(ai, openai);\n${calls}`;
    const program = workspace.write('plain.mjs', source);
    const { code, stderr } = await runProgram([program], {
      node,
      cwd: workspace.directory,
      flags: [flag, '@amp/llm-trace/register'],
      environment: { PROVIDER: provider.url, LLM_TRACE_OUTPUT: 'console' },
    });
    expect(code).toBe(0);
    const lines = stderr.split('\n').filter((line) => line.startsWith('[llm-trace] openai'));
    expect(lines.map((line) => line.split(' ')[2])).toEqual(all);
  });
});

describe.each(cases.filter(({ major }) => major === '7'))('$title, which tells of its calls by itself,', (each) => {
  it.each(['esm', 'cjs'] as const)('is traced in a minified bundle without an option: %s', async (format) => {
    const source = `import * as ai from 'ai';\nimport * as openai from '@ai-sdk/openai';
      ${imports}\n${enable}\nrun(ai, openai).then(() => finish());\n${calls}`;
    const { methods, status } = await runBundle(workspaceOf(each), format, source, each.node);
    expect(methods).toEqual(all);
    expect(status.sdks).toMatchObject([{ sdk: 'ai', version: expect.stringMatching(/^7\./), format: 'given' }]);
  });

  it('is traced when it was loaded before enabling', async () => {
    const source = `import * as ai from 'ai';\nimport * as openai from '@ai-sdk/openai';\n${imports}
      await run(ai, openai);\n${enable}\nawait run(ai, openai);\nawait finish();`;
    const { methods, status } = await run(workspaceOf(each), 'app.mjs', source, each.node);
    expect(methods).toEqual(all);
    expect(status.sdks).toHaveLength(1);
  });

  it('is traced by a module that enables and is imported first', async () => {
    const source = `import './tracing.mjs';\nimport recorder from 'recorder';\nimport * as ai from 'ai';
      import * as openai from '@ai-sdk/openai';\nawait run(ai, openai);\nawait recorder.finish();`;
    const { methods } = await run(workspaceOf(each), 'app.mjs', source, each.node);
    expect(methods).toEqual(all);
  });

  it('ends a call in the middle of which tracing was disabled, and then hears nothing more', async () => {
    const source = `${imports}\nimport dc from 'node:diagnostics_channel';\nimport * as ai from 'ai';
      import { createOpenAI } from '@ai-sdk/openai';
      const channel = dc.tracingChannel('ai:telemetry');
      const openai = createOpenAI({ apiKey: 'k', baseURL: process.env.PROVIDER + '/wait-100/v1' });
      const make = () => ai.generateText({ model: openai.chat('gpt-5'), prompt: 'Hi' });
      ${enable}
      const call = make();
      await new Promise((resolve) => setTimeout(resolve, 50));
      disableLlmTracing();
      const during = [channel.hasSubscribers, typeof globalThis.AI_SDK_TELEMETRY_INTEGRATIONS];
      await call;
      await make();
      await finish({ during, after: channel.hasSubscribers });`;
    const { methods, extra } = await run(workspaceOf(each), 'app.mjs', source, each.node);
    expect(methods).toEqual(['generateText']);
    expect(extra).toEqual({ during: [true, 'undefined'], after: false });
  });

  it('shares its list and its channel with other listeners, and leaves them as they are', async () => {
    const source = `${imports}\nimport dc from 'node:diagnostics_channel';\nimport * as ai from 'ai';
      import * as openai from '@ai-sdk/openai';
      const heard = [];
      const theirs = { onEnd: () => void heard.push('end') };
      ai.registerTelemetry(theirs);
      const list = globalThis.AI_SDK_TELEMETRY_INTEGRATIONS;
      const channel = dc.tracingChannel('ai:telemetry');
      channel.asyncEnd.subscribe(({ type }) => type === 'languageModelCall' && heard.push(type));
      ${enable}
      ${enable}
      const length = list.length;
      await run(ai, openai);
      disableLlmTracing();
      const isSame = globalThis.AI_SDK_TELEMETRY_INTEGRATIONS === list && list.length === 1 && list[0] === theirs;
      await finish({ length, isSame, heard, stays: channel.hasSubscribers });`;
    const { methods, extra } = await run(workspaceOf(each), 'app.mjs', source, each.node);
    expect(methods).toEqual(all);
    expect(extra).toEqual({
      length: 2,
      isSame: true,
      heard: ['languageModelCall', 'end', 'languageModelCall', 'end', 'end'],
      stays: true,
    });
  });

  it('is not listened to where it is not among the providers', async () => {
    const source = `${imports}\nimport dc from 'node:diagnostics_channel';
      enableLlmTracing(client, { providers: ['openai'], noWarning: true });
      const isHeard = dc.tracingChannel('ai:telemetry').hasSubscribers;
      await run(await import('ai'), await import('@ai-sdk/openai'));
      await finish({ isHeard, list: typeof globalThis.AI_SDK_TELEMETRY_INTEGRATIONS });`;
    const { methods, extra } = await run(workspaceOf(each), 'app.mjs', source, each.node);
    expect({ methods, extra }).toEqual({ methods: [], extra: { isHeard: false, list: 'undefined' } });
  });
});

describe.each(cases.filter(({ major }) => major !== '7'))(
  '$title, whose functions have to be reached first,',
  (each) => {
    it('is untouched and says why, when it was loaded before enabling', async () => {
      const source = `import * as ai from 'ai';\nimport * as openai from '@ai-sdk/openai';\n${imports}
      await enableLlmTracing(client, { noWarning: true }).ready;\nawait run(ai, openai);\nawait finish();`;
      const { methods, status } = await run(workspaceOf(each), 'app.mjs', source, each.node);
      expect(methods).toEqual([]);
      expect(status.sdks).toMatchObject([{ sdk: 'ai', methods: 0, reason: expect.stringContaining('before tracing') }]);
    });

    it('is traced late, and in bundles, by the models that the option modules is given', async () => {
      const source = `import * as ai from 'ai';\nimport * as openai from '@ai-sdk/openai';\n${imports}
      const provider = openai.createOpenAI({ apiKey: 'k' });
      const modules = { ai: [provider.chat('any'), (provider.embedding ?? provider.textEmbeddingModel)('any')] };
      enableLlmTracing(client, { modules, noWarning: true });
      run(ai, openai).then(() => finish());\n${calls}`;
      const { methods } = await runBundle(workspaceOf(each), 'esm', source, each.node);
      // Which function of \`ai\` made the call is not to be seen there.
      expect(methods).toEqual(['doGenerate', 'doStream', 'doEmbed']);
    });
  },
);

it.each(cases.filter(({ major }) => major === '7'))(
  '$title and another major beside it are told apart',
  async (each) => {
    const workspace = workspaceOf(each);
    workspace.copyPackage('ai-v6', 'node_modules/old/node_modules/ai');
    workspace.copyPackage('ai-sdk-openai-v3', 'node_modules/old/node_modules/@ai-sdk/openai');
    workspace.write('node_modules/old/package.json', '{ "name": "old", "type": "module", "exports": "./index.js" }');
    workspace.write(
      'node_modules/old/index.js',
      `export * as ai from 'ai';\nexport * as openai from '@ai-sdk/openai';`,
    );
    const source = `${imports}\n${enable}\nconst old = await import('old');
    await run(old.ai, old.openai);\nawait run(await import('ai'), await import('@ai-sdk/openai'));\nawait finish();`;
    const { events } = await run(workspace, 'app.mjs', source, each.node);
    const versions = events.map(({ event_properties: { method, provider_sdk_version: version } }) => [
      method,
      String(version).split('.')[0],
    ]);
    expect(versions).toEqual([...all.map((method) => [method, '6']), ...all.map((method) => [method, '7'])]);
  },
);

function run(workspace: Workspace, file: string, source: string, node: string): Promise<Recorded> {
  return record(workspace, file, `${source}\n${source.includes(calls) ? '' : calls}`, {
    node,
    environment: { PROVIDER: provider.url, NODE_NO_WARNINGS: '1' },
  });
}

function runBundle(workspace: Workspace, format: 'cjs' | 'esm', source: string, node: string): Promise<Recorded> {
  const { outputFiles } = buildSync({
    stdin: { contents: source, resolveDir: workspace.directory },
    bundle: true,
    minify: true,
    platform: 'node',
    format,
    external: ['@amp/llm-trace', 'recorder'],
    banner:
      format === 'esm'
        ? { js: `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);` }
        : {},
    write: false,
  });
  return record(workspace, `bundle.${format === 'cjs' ? 'cjs' : 'mjs'}`, outputFiles[0]?.text ?? '', {
    node,
    environment: { PROVIDER: provider.url, NODE_NO_WARNINGS: '1' },
  });
}
