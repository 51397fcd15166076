import { runtimes } from '../support/runtimes';
import { makeRecordingWorkspace, record } from './record-calls';
import { startProviderServer, type ProviderServer } from './stand-ins';
import { copyThisPackage, type Workspace } from './workspace';

const imports = `import { enableLlmTracing, disableLlmTracing, llmTracingStatus } from '@amp/llm-trace';
import recorder from 'recorder';
const { client, events, settings, anthropicSettings, chat, message, finish } = recorder;
`;
const requires = `const { enableLlmTracing, disableLlmTracing, llmTracingStatus } = require('@amp/llm-trace');
const { client, events, settings, anthropicSettings, chat, message, finish } = require('recorder');
`;

let workspace: Workspace;
let provider: ProviderServer;

beforeAll(async () => {
  provider = await startProviderServer();
  workspace = makeRecordingWorkspace(['openai', '@anthropic-ai/sdk']);
  copyThisPackage(workspace, 'node_modules/agent/node_modules/@amp/llm-trace');
  workspace.write('node_modules/agent/package.json', '{ "name": "agent", "main": "index.js" }');
  workspace.write('node_modules/agent/index.js', `module.exports = require('@amp/llm-trace');`);
  // A version that nobody has seen yet.
  const strange = 'node_modules/strange/node_modules/openai';
  workspace.write(
    `${strange}/package.json`,
    `{ "name": "openai", "version": "99.0.0", "exports": { "import": "./index.mjs", "require": "./index.js" } }`,
  );
  workspace.write(`${strange}/index.js`, `exports.OpenAI = class OpenAI { chat(text) { return text; } };`);
  workspace.write(`${strange}/index.mjs`, `export class OpenAI { chat(text) { return text; } }`);
  workspace.write('node_modules/strange/index.mjs', `export * from 'openai';`);
  workspace.write('node_modules/strange/index.cjs', `module.exports = require('openai');`);
});

afterAll(async () => {
  workspace.remove();
  await provider.close();
});

describe.each(runtimes)('on $label', ({ node }) => {
  const run = (file: string, source: string, environment = {}): ReturnType<typeof record> =>
    record(workspace, file, source, { node, environment: { PROVIDER: provider.url, ...environment } });

  it('loads no SDK that is installed and not used', async () => {
    const source = `${requires}
      enableLlmTracing(client);
      setTimeout(() => finish({ loaded: Object.keys(require.cache).filter((file) => /openai|anthropic-ai/.test(file)) }), 50);`;
    const { status, extra } = await run('unused.cjs', source);
    expect((extra['loaded'] as string[]).filter((file) => !file.includes('llm-trace'))).toEqual([]);
    expect(status.sdks).toEqual([]);
  });

  // After `Debugger.enable` the promises of a process stay 10 % slower (docs/decisions/0004).
  it('does not ask the inspector for what the program imports statically, also when it is enabled twice', async () => {
    const source = `import OpenAI from 'openai'; ${imports}
      enableLlmTracing(client, ['openai']);
      enableLlmTracing(client);
      await chat(new OpenAI(settings));
      await finish({ isAsked: process.moduleLoadList.includes('NativeModule inspector') });`;
    const { events, extra } = await run('asked.mjs', source);
    expect(events).toHaveLength(1);
    expect(extra['isAsked']).toBe(false);
  });

  it.each([
    {
      title: 'CommonJS',
      file: 'strange.cjs',
      source: `${requires}enableLlmTracing(client);
      const { OpenAI } = require('./node_modules/strange/index.cjs');
      finish({ answer: new OpenAI().chat('as before') });`,
    },
    {
      title: 'an ES module that is loaded before',
      file: 'strange.mjs',
      source: `import { OpenAI } from './node_modules/strange/index.mjs'; ${imports}
      enableLlmTracing(client);
      await finish({ answer: new OpenAI().chat('as before') });`,
    },
    {
      title: 'an ES module that is loaded later',
      file: 'strange-late.mjs',
      source: `${imports}enableLlmTracing(client);
      const { OpenAI } = await import('./node_modules/strange/index.mjs');
      await finish({ answer: new OpenAI().chat('as before') });`,
    },
  ])('leaves a version of unknown shape alone, and says so: $title', async ({ file, source }) => {
    const { status, extra } = await run(file, source);
    expect(extra).toEqual({ answer: 'as before' });
    expect(status.sdks).toEqual([
      expect.objectContaining({
        sdk: 'openai',
        version: '99.0.0',
        methods: 0,
        reason: expect.stringContaining('none'),
      }),
    ]);
    expect(status.counters.internalErrors).toBe(0);
  });

  it('leaves alone what is imported after disabling', async () => {
    const source = `${imports}
      enableLlmTracing(client);
      disableLlmTracing();
      const { default: OpenAI } = await import('openai');
      const before = Object.getOwnPropertyDescriptor(OpenAI.Chat.Completions.prototype, 'create').value.toString();
      await chat(new OpenAI(settings));
      const { createRequire } = await import('node:module');
      const Anthropic = createRequire(import.meta.url)('@anthropic-ai/sdk');
      await message(new Anthropic(anthropicSettings));
      await finish({ isOriginal: before.startsWith('create('), enabled: llmTracingStatus().enabled });`;
    const { methods, extra, status } = await run('disabled.mjs', source);
    expect(methods).toEqual([]);
    expect(extra).toEqual({ isOriginal: true, enabled: false });
    expect(status.sdks).toEqual([]);
  });

  it('catches up, when it is enabled again, with what was loaded in between', async () => {
    const source = `${imports}
      enableLlmTracing(client);
      disableLlmTracing();
      const { default: OpenAI } = await import('openai');
      const { createRequire } = await import('node:module');
      const Anthropic = createRequire(import.meta.url)('@anthropic-ai/sdk');
      enableLlmTracing(client);
      await chat(new OpenAI(settings));
      await message(new Anthropic(anthropicSettings));
      disableLlmTracing();
      await chat(new OpenAI(settings));
      enableLlmTracing(client);
      await chat(new OpenAI(settings));
      await finish();`;
    const { methods } = await run('again.mjs', source);
    expect(methods).toEqual(['chat.completions.create', 'messages.create', 'chat.completions.create']);
  });

  it('traces a provider that only a later enabling asks for', async () => {
    const source = `${imports}
      enableLlmTracing(client, ['openai']);
      enableLlmTracing(client, ['openai', 'anthropic']);
      const { default: OpenAI } = await import('openai');
      const { default: Anthropic } = await import('@anthropic-ai/sdk');
      await chat(new OpenAI(settings));
      await message(new Anthropic(anthropicSettings));
      await finish();`;
    expect((await run('wider.mjs', source)).methods).toEqual(['chat.completions.create', 'messages.create']);
  });

  it('tells each file once where several load hooks are installed', async () => {
    const source = `${imports}
      enableLlmTracing(client, ['openai']);
      enableLlmTracing(client, ['openai', 'anthropic']);
      let told = 0;
      const { seen } = globalThis[Symbol.for('amp.llm-trace')];
      const set = seen.set;
      seen.set = (...entry) => ((told += 1), set.apply(seen, entry));
      await import('openai/client');
      await finish({ told });`;
    expect((await run('hooks.mjs', source)).extra).toEqual({ told: 1 });
  });

  it.each([
    {
      title: 'CommonJS',
      file: 'copies.cjs',
      source: `${requires}
      const second = require('agent');
      const OpenAI = require('openai');
      (async () => {
        enableLlmTracing(client);
        second.enableLlmTracing({ track: (event) => events.push({ ...event, from: 'second' }) });
        const first = llmTracingStatus().enabled;
        await chat(new OpenAI(settings));
        const Anthropic = require('@anthropic-ai/sdk');
        await message(new Anthropic(anthropicSettings));
        await new Promise((resolve) => setTimeout(resolve, 20));
        await finish({ first, second: second.llmTracingStatus().enabled, from: events.map(({ from }) => from) });
      })();`,
    },
    {
      title: 'ES modules',
      file: 'copies.mjs',
      source: `${imports}
      import second from 'agent';
      enableLlmTracing(client);
      second.enableLlmTracing({ track: (event) => events.push({ ...event, from: 'second' }) });
      const first = llmTracingStatus().enabled;
      const { default: OpenAI } = await import('openai');
      await chat(new OpenAI(settings));
      const { default: Anthropic } = await import('@anthropic-ai/sdk');
      await message(new Anthropic(anthropicSettings));
      await new Promise((resolve) => setTimeout(resolve, 20));
      await finish({ first, second: second.llmTracingStatus().enabled, from: events.map(({ from }) => from) });`,
    },
  ])(
    'ends the session of another copy of this package, so that a call is one event: $title',
    async ({ file, source }) => {
      const { extra, methods } = await run(file, source);
      expect(methods).toEqual(['chat.completions.create', 'messages.create']);
      expect(extra).toEqual({ first: false, second: true, from: ['second', 'second'] });
    },
  );

  it('traces in a worker thread that enables for itself, beside the main thread', async () => {
    workspace.write(
      'worker.mjs',
      `import OpenAI from 'openai'; ${imports}
      import { parentPort } from 'node:worker_threads';
      enableLlmTracing(client);
      await chat(new OpenAI(settings));
      await message(new (await import('@anthropic-ai/sdk')).default(anthropicSettings));
      await new Promise((resolve) => setTimeout(resolve, 20));
      parentPort.postMessage(events.map((event) => event.event_properties.method));`,
    );
    const source = `${imports}
      import { Worker } from 'node:worker_threads';
      import { once } from 'node:events';
      enableLlmTracing(client);
      const [worker] = await once(new Worker(new URL('worker.mjs', import.meta.url)), 'message');
      await chat(new (await import('openai')).default(settings));
      await finish({ worker });`;
    const { methods, extra } = await run('threads.mjs', source);
    expect(methods).toEqual(['chat.completions.create']);
    expect(extra['worker']).toEqual(['chat.completions.create', 'messages.create']);
  });

  it('traces in a CommonJS worker thread', async () => {
    workspace.write(
      'worker.cjs',
      `${requires}
      const OpenAI = require('openai');
      enableLlmTracing(client);
      chat(new OpenAI(settings)).then(() => setTimeout(() => {
        require('node:worker_threads').parentPort.postMessage(events.length);
      }, 20));`,
    );
    const source = `${requires}
      const { Worker } = require('node:worker_threads');
      new Worker('./worker.cjs').on('message', (worker) => finish({ worker }));`;
    expect((await run('threads.cjs', source)).extra).toEqual({ worker: 1 });
  });
});
