import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram, type Finished, type ProgramOptions } from '../loading/run-program';
import { startAmplitudeServer, startProviderServer, type ProviderServer } from '../loading/stand-ins';
import { makeWorkspace, type Workspace } from '../loading/workspace';
import { newer, runtimes } from '../support/runtimes';

/** What a program finds out about what it imported, and the events of two calls, before and after it enables tracing. */
const report = `
module.exports = async function report({ imported, own, trace, options, enableBetween = true }) {
  const [OpenAI, Anthropic] = imported.map((sdk) => sdk.OpenAI ?? sdk.Anthropic);
  const events = [];
  const client = { track: (event) => void events.push(event.event_properties) };
  const chat = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] };
  const openai = new OpenAI({ apiKey: 'k', baseURL: process.env.PROVIDER + '/v1', maxRetries: 0 });
  const anthropic = new Anthropic({ apiKey: 'k', baseURL: process.env.PROVIDER, maxRetries: 0 });
  const ask = async () => [await openai.chat.completions.create(chat), await anthropic.messages.create({ ...chat, max_tokens: 9 })];
  const before = trace.llmTracingStatus();
  await ask();
  const handle = enableBetween ? trace.enableLlmTracing(client, options) : undefined;
  await handle?.ready;
  await ask();
  await handle?.flush();
  const methods = OpenAI.Chat.Completions.prototype;
  const traced = methods.create;
  const status = trace.llmTracingStatus();
  trace.disableLlmTracing();
  console.log(JSON.stringify({
    same: imported.map((sdk, at) => Object.keys(sdk).every((name) => sdk[name] === own[at][name])),
    instance: openai instanceof (own[0].OpenAI) && anthropic instanceof (own[1].Anthropic),
    before, status, events,
    restored: enableBetween ? methods.create !== traced : undefined,
    after: trace.llmTracingStatus(),
  }));
};`;

const programs: Readonly<Record<string, string>> = {
  'report.cjs': report,
  'app.cjs': `
const imported = [require('@amp/llm-trace/openai'), require('@amp/llm-trace/anthropic')];
const own = [require('openai'), require('@anthropic-ai/sdk')];
if (imported[0] !== own[0] || imported[1] !== own[1]) throw new Error('not the same module');
const trace = require('@amp/llm-trace');
require('./report.cjs')({ imported, own, trace, ...JSON.parse(process.env.SETTINGS ?? '{}') });`,
  'app.mjs': `
import OpenAI, * as openai from '@amp/llm-trace/openai';
import Anthropic, * as anthropic from '@amp/llm-trace/anthropic';
import OwnOpenAI, * as ownOpenai from 'openai';
import OwnAnthropic, * as ownAnthropic from '@anthropic-ai/sdk';
import * as trace from '@amp/llm-trace';
import report from './report.cjs';
if (OpenAI !== OwnOpenAI || Anthropic !== OwnAnthropic) throw new Error('not the same default');
if (String(Object.keys(openai)) !== String(Object.keys(ownOpenai))) throw new Error('not the same names');
const settings = JSON.parse(process.env.SETTINGS ?? '{}');
await report({ imported: [openai, anthropic], own: [ownOpenai, ownAnthropic], trace, ...settings });`,
  'only-openai.mjs': `import OpenAI from '@amp/llm-trace/openai';\nconsole.log(typeof OpenAI);`,
  'only-openai.cjs': `const OpenAI = require('@amp/llm-trace/openai');\nconsole.log(typeof OpenAI);`,
};

interface Seen {
  readonly same: boolean[];
  readonly instance: boolean;
  readonly before: Status;
  readonly status: Status;
  readonly after: Status;
  readonly events: Record<string, unknown>[];
  readonly restored: boolean;
}

interface Status {
  readonly enabled: boolean;
  readonly sdks: readonly { provider: string; version: string; format: string; methods: number; reason?: string }[];
  readonly counters: { readonly tracked: number; readonly internalErrors: number };
  readonly lastError?: string;
}

let server: ProviderServer;
let workspace: Workspace;
let recent: Workspace | undefined;

beforeAll(async () => {
  server = await startProviderServer();
  workspace = makeWorkspace(['openai', '@anthropic-ai/sdk']);
  workspace.linkPackage('@amplitude/analytics-node');
  if (newer('22').length > 0) {
    recent = makeWorkspace(['@anthropic-ai/sdk']);
    recent.copyPackage('openai-v7', 'node_modules/openai');
  }
  for (const each of [workspace, recent]) {
    for (const [file, source] of Object.entries(programs)) each?.write(file, source);
  }
});
afterAll(async () => {
  workspace.remove();
  recent?.remove();
  await server.close();
});

function run(program: string, options: Partial<ProgramOptions> & { settings?: object } = {}): Promise<Finished> {
  const { settings = {}, cwd = workspace.directory, environment, ...more } = options;
  const given = { PROVIDER: server.url, SETTINGS: JSON.stringify(settings), ...environment };
  return runProgram([join(cwd, program)], { ...more, cwd, environment: given });
}

function seenIn({ stdout, stderr }: Finished): Seen {
  const line = stdout.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) throw new Error(`${stdout}\n${stderr}`);
  return JSON.parse(line) as Seen;
}

const formats = ['cjs', 'mjs'];
const cases = runtimes.flatMap((runtime) => formats.map((format) => [runtime.label, format, runtime.node] as const));
const providersOf = (events: Seen['events']): unknown[] => events.map(({ sdk }) => sdk);

describe('the imports in the place of an SDK', () => {
  it.each(cases)('are that SDK, and are traced whatever the session wants (%s, %s)', async (_label, format, node) => {
    const options = { providers: ['cohere'], noWarning: true };
    const seen = seenIn(await run(`app.${format}`, { node, settings: { options } }));
    expect([seen.same, seen.instance, seen.restored]).toEqual([[true, true], true, true]);
    // The calls before tracing was enabled are nobody's.
    expect(providersOf(seen.events)).toEqual(['openai', '@anthropic-ai/sdk']);
    expect(seen.before.enabled).toBe(false);
    const ofFormat = format === 'mjs' ? 'module' : 'commonjs';
    for (const { sdks } of [seen.before, seen.after]) {
      expect(sdks).toMatchObject([
        { provider: 'openai', format: ofFormat, methods: 0, reason: 'tracing is not enabled' },
        { provider: 'anthropic', format: ofFormat, methods: 0 },
      ]);
    }
    expect(seen.status.sdks.map(({ provider, format: of, methods }) => [provider, of, methods > 3])).toEqual([
      ['openai', ofFormat, true],
      ['anthropic', ofFormat, true],
    ]);
    expect(seen.status.counters.internalErrors).toBe(0);
  });

  it.each(formats)('are one event a call where the session traces that SDK as well (%s)', async (format) => {
    const seen = seenIn(await run(`app.${format}`, { settings: { options: { noWarning: true } } }));
    expect(providersOf(seen.events)).toEqual(['openai', '@anthropic-ai/sdk']);
    const copies = seen.status.sdks.map(({ provider, format: of }) => `${provider} ${of}`);
    expect(copies).toEqual([...new Set(copies)]);
  });

  it.each(formats)('work with openai 7 on a newer Node (%s)', async (format) => {
    const [runtime] = newer('22');
    if (!recent || !runtime) return;
    const seen = seenIn(await run(`app.${format}`, { node: runtime.node, cwd: recent.directory }));
    expect(seen.same).toEqual([true, true]);
    expect(seen.status.sdks[0]?.version).toMatch(/^7\./);
    expect(providersOf(seen.events)).toEqual(['openai', '@anthropic-ai/sdk']);
  });

  it.each(formats)(
    'begin a session where the environment says where to send, for what they import (%s)',
    async (format) => {
      const amplitude = await startAmplitudeServer();
      const environment = { AMPLITUDE_API_KEY: 'key', AMPLITUDE_SERVER_URL: `${amplitude.url}/2/httpapi` };
      const finished = await run(`app.${format}`, { environment, settings: { enableBetween: false } });
      await amplitude.close();
      expect(seenIn(finished).before.enabled).toBe(true);
      expect(finished).toMatchObject({ code: 0, stderr: '' });
      const sdks = amplitude.events.map(({ event_properties: { sdk } }) => sdk);
      expect(sdks.sort()).toEqual(['@anthropic-ai/sdk', '@anthropic-ai/sdk', 'openai', 'openai']);
    },
  );

  it('write to standard output where the environment says so, and say nothing where it says nothing', async () => {
    const silent = await run('app.cjs', { settings: { enableBetween: false } });
    expect([silent.stderr, seenIn(silent).status.counters.tracked]).toEqual(['', 0]);
    const off = { LLM_TRACE_OUTPUT: 'console', LLM_TRACE_ENABLED: 'false' };
    expect(seenIn(await run('app.cjs', { environment: off, settings: { enableBetween: false } })).before.enabled).toBe(
      false,
    );
    const on = await run('app.cjs', {
      environment: { LLM_TRACE_OUTPUT: 'console' },
      settings: { enableBetween: false },
    });
    expect(on.code).toBe(0);
    expect(on.stdout + on.stderr).toMatch(/\[llm-trace\] local chat\.completions\.create/);
  });

  it('join the session of zero-code mode', async () => {
    const finished = await run('app.cjs', {
      flags: ['-r', '@amp/llm-trace/register'],
      environment: { LLM_TRACE_OUTPUT: join(workspace.directory, 'events.jsonl'), LLM_TRACE_PROVIDERS: 'cohere' },
      settings: { enableBetween: false },
    });
    expect(seenIn(finished).status.counters.tracked).toBeGreaterThan(0);
  });

  // Where nothing is installed, as in a container that has the bundle and nothing else: resolving the SDK fails there.
  it.each(formats)('hold when a bundler has put everything into one file (%s)', async (format) => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- only this test bundles
    const { build } = require('esbuild') as typeof import('esbuild');
    const empty = realpathSync(mkdtempSync(join(tmpdir(), 'llm-trace-bundle-')));
    // What ES modules have not; without it no bundle of CommonJS that requires parts of Node begins at all.
    const requires = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
    await build({
      entryPoints: [join(workspace.directory, `app.${format}`)],
      outfile: join(empty, `app.${format}`),
      format: format === 'mjs' ? 'esm' : 'cjs',
      banner: { js: format === 'mjs' ? requires : '' },
      bundle: true,
      platform: 'node',
      external: ['@amplitude/*'],
      logLevel: 'error',
    });
    const finished = await run(`app.${format}`, { cwd: empty });
    rmSync(empty, { recursive: true });
    expect(providersOf(seenIn(finished).events)).toEqual(['openai', '@anthropic-ai/sdk']);
    expect(seenIn(finished).status.counters.internalErrors).toBe(0);
  });

  it.each([
    ['cjs', 'MODULE_NOT_FOUND', "Cannot find module 'openai'"],
    ['mjs', 'ERR_MODULE_NOT_FOUND', "Cannot find package 'openai'"],
  ])("without the SDK, fail with the SDK's own error (%s)", async (format, code, message) => {
    const bare = makeWorkspace();
    for (const [file, source] of Object.entries(programs)) bare.write(file, source);
    const finished = await run(`only-openai.${format}`, { cwd: bare.directory });
    bare.remove();
    expect(finished.code).toBe(1);
    expect(finished.stderr).toContain(`code: '${code}'`);
    expect(finished.stderr).toContain(message);
  });
});

describe('the types of the imports', () => {
  it.each(['openai', 'openai-v7'])('are those of %s, in both formats', async (sdk) => {
    const project = makeWorkspace();
    project.linkPackage(sdk, 'node_modules/openai');
    project.linkPackage('@anthropic-ai/sdk');
    project.linkPackage('@types/node');
    const body = `
const openai: Own = new OpenAI({ apiKey: 'k' });
const azure = new AzureOpenAI({ apiKey: 'k', apiVersion: '1', endpoint: 'https://example.org' });
const request: OpenAI.Chat.ChatCompletionCreateParamsNonStreaming = { model: 'm', messages: [] };
export async function ask(): Promise<OpenAI.Chat.ChatCompletion> {
  const { data } = await openai.chat.completions.create(request).withResponse();
  const anthropic: OwnAnthropic = new Anthropic({ apiKey: 'k' });
  const message: Anthropic.Message = await anthropic.messages.create({ model: 'm', max_tokens: 1, messages: [] });
  const error: APIError | undefined = undefined;
  return message.id === '' && azure && error ? data : data;
}
// @ts-expect-error -- it is not any
openai.nothing();
`;
    const imports = `
import OpenAI, { AzureOpenAI } from '@amp/llm-trace/openai';
import Anthropic, { type APIError } from '@amp/llm-trace/anthropic';
import Own from 'openai';
import OwnAnthropic from '@anthropic-ai/sdk';
`;
    const required = `
import trace = require('@amp/llm-trace/openai');
const same: typeof import('openai') = trace;
export const client = new trace.OpenAI({ apiKey: same.OpenAI.name });
export const params: trace.OpenAI.Chat.ChatCompletionCreateParams = { model: 'm', messages: [] };
`;
    project.write('app.mts', imports + body);
    project.write('app.cts', imports + body);
    project.write('required.cts', required);
    const compilerOptions = {
      ...{ target: 'ES2022', lib: ['ES2023', 'DOM'], module: 'nodenext', strict: true, noEmit: true },
      ...{ types: ['node'], skipLibCheck: true, esModuleInterop: true },
    };
    project.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.mts', '*.cts'] }));
    const compiled = await runProgram([require.resolve('typescript/bin/tsc'), '-p', project.directory], {
      cwd: project.directory,
    });
    project.remove();
    expect(compiled).toMatchObject({ stdout: '', code: 0 });
  });
});
