import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimes } from '../support/runtimes';
import type { Finished } from '../loading/run-program';
import { startAmplitudeServer, startProviderServer, type ProviderServer } from '../loading/stand-ins';
import type { Workspace } from '../loading/workspace';
import { makeZeroCodeWorkspace, ours, preimport, runTraced, variablesOf } from './zero-code';

interface Line {
  user_id?: string;
  device_id?: string;
  event_properties: Record<string, unknown>;
}

let provider: ProviderServer;
let workspace: Workspace;
let files = 0;

beforeAll(async () => {
  provider = await startProviderServer();
  workspace = makeZeroCodeWorkspace();
  workspace.write(
    'long.cjs',
    `
    const { openai, chat } = require('./calls.cjs')(require('openai'));
    chat(openai, 'long '.repeat(1000)).then(() => console.log('done'));`,
  );
  workspace.write(
    'patched.cjs',
    `
    const { OpenAI } = require('openai');
    console.log(String(OpenAI.Chat.Completions.prototype.create).length, process.listenerCount('SIGTERM'));
    process.exitCode = 5;`,
  );
  workspace.write(
    'refuse-hooks.cjs',
    `
    const refuse = () => { throw new Error('hooks are refused here'); };
    Object.assign(require('node:module'), { register: refuse, registerHooks: refuse });`,
  );
});

afterAll(async () => {
  workspace.remove();
  await provider.close();
});

const run = (file: string, environment: Record<string, string>, node?: string, flags?: string[]): Promise<Finished> =>
  runTraced(workspace, file, {
    environment: { PROVIDER: provider.url, ...environment },
    ...(node !== undefined && { node }),
    ...(flags !== undefined && { flags }),
  });

/** Runs with a file as the output, and reads it. */
async function lines(environment: Record<string, string>, file = 'app.cjs'): Promise<Line[]> {
  const output = join(workspace.directory, `events-${(files += 1)}.jsonl`);
  const finished = await run(file, { LLM_TRACE_OUTPUT: output, ...environment });
  expect(finished).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
  if (!existsSync(output)) return [];
  return readFileSync(output, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

describe.each(runtimes)('on $label', ({ node }) => {
  it.each(['app.cjs', 'app.mjs'])(
    'LLM_TRACE_OUTPUT=console is one readable line a call on standard error: %s',
    async (file) => {
      const finished = await run(file, { LLM_TRACE_OUTPUT: 'console' }, node, preimport);
      expect(finished).toMatchObject({ code: 0, stdout: 'done\n' });
      expect(finished.stderr.trim().split('\n')).toEqual([
        expect.stringMatching(
          /^\[llm-trace\] .* chat\.completions\.create gpt-4o-mini.* ok .* 20 tokens in 12 tokens out/,
        ),
        expect.stringMatching(/^\[llm-trace\] .* messages\.create claude ok .* 20 tokens in 12 tokens out/),
      ]);
    },
  );

  it('with neither key nor output there is one line, nothing is patched, and the application is as without us', async () => {
    const [traced, bare] = [await run('patched.cjs', {}, node), await run('patched.cjs', {}, node, [])];
    expect([traced.code, traced.stdout]).toEqual([bare.code, bare.stdout]);
    expect(ours(traced)).toEqual([expect.stringContaining('not tracing: set AMPLITUDE_API_KEY')]);
    expect(traced.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('hooks that can not be installed are one line, and the application runs', async () => {
    const flags = ['-r', './refuse-hooks.cjs', '-r', '@amp/llm-trace/register'];
    const finished = await run('app.mjs', { LLM_TRACE_OUTPUT: 'console' }, node, flags);
    expect(finished).toMatchObject({ code: 0, stdout: 'done\n' });
    expect(ours(finished)).toEqual([expect.stringContaining('hooks are refused here')]);
    // What does not need them is traced.
    expect(ours(await run('app.cjs', { LLM_TRACE_OUTPUT: 'console' }, node, flags))).toHaveLength(3);
  });
});

it('LLM_TRACE_OUTPUT is a file of one event a line', async () => {
  const events = await lines({});
  expect(events.map(({ event_properties: { method } }) => method)).toEqual([
    'chat.completions.create',
    'messages.create',
  ]);
});

it('a file that can not be written is one line, and the application runs', async () => {
  const finished = await run('app.cjs', { LLM_TRACE_OUTPUT: join(workspace.directory, 'nowhere', 'events.jsonl') });
  expect(finished).toMatchObject({ code: 0, stdout: 'done\n' });
  expect(ours(finished)).toEqual([expect.stringContaining('ENOENT')]);
});

it('LLM_TRACE_ENABLED=false patches nothing and says nothing', async () => {
  const environment = { LLM_TRACE_ENABLED: 'false', LLM_TRACE_OUTPUT: 'console', LLM_TRACE_SAMPLE_RATE: 'bad' };
  const [traced, bare] = [await run('patched.cjs', environment), await run('patched.cjs', environment, undefined, [])];
  expect([traced.code, traced.stdout, traced.stderr]).toEqual([bare.code, bare.stdout, '']);
});

it('LLM_TRACE_PROVIDERS chooses the SDKs', async () => {
  const events = await lines({ LLM_TRACE_PROVIDERS: ' anthropic ' });
  expect(events.map(({ event_properties: { sdk } }) => sdk)).toEqual(['@anthropic-ai/sdk']);
});

it.each([
  ['LLM_TRACE_INCLUDE_PROMPTS', 'false', 'messages', 'output'],
  ['LLM_TRACE_INCLUDE_RESPONSES', 'no', 'output', 'messages'],
])('%s=%s leaves out %s', async (variable, value, absent, present) => {
  const [event] = await lines({ [variable]: value });
  expect(event?.event_properties).not.toHaveProperty(absent);
  expect(event?.event_properties).toHaveProperty(present);
});

it('LLM_TRACE_PRIVACY_MODE leaves out all text', async () => {
  const [event] = await lines({ LLM_TRACE_PRIVACY_MODE: '1' });
  expect(event?.event_properties).not.toHaveProperty('messages');
  expect(event?.event_properties).not.toHaveProperty('output');
  expect(event?.event_properties).toMatchObject({ input_tokens: 20, output_length: 24 });
});

it('LLM_TRACE_MAX_RESPONSE_LENGTH cuts the answer', async () => {
  const [event] = await lines({ LLM_TRACE_MAX_RESPONSE_LENGTH: '12' }, 'long.cjs');
  expect((event?.event_properties['output'] as string).length).toBeLessThanOrEqual(15);
});

it('LLM_TRACE_MAX_PROMPT_LENGTH cuts input that is one string', async () => {
  workspace.write(
    'embed.cjs',
    `
    const { openai } = require('./calls.cjs')(require('openai'));
    openai.embeddings.create({ model: 'e', input: 'long '.repeat(100) }).then(() => console.log('done'));`,
  );
  const [event] = await lines({ LLM_TRACE_MAX_PROMPT_LENGTH: '12' }, 'embed.cjs');
  expect((event?.event_properties['input'] as string).length).toBeLessThanOrEqual(15);
});

it('LLM_TRACE_SAMPLE_RATE=0 makes no event', async () => {
  expect(await lines({ LLM_TRACE_SAMPLE_RATE: '0' })).toEqual([]);
});

it('LLM_TRACE_USER_ID and LLM_TRACE_DEVICE_ID are on the event', async () => {
  const [event] = await lines({ LLM_TRACE_USER_ID: 'user-12345', LLM_TRACE_DEVICE_ID: 'device-12345' });
  expect(event).toMatchObject({ user_id: 'user-12345', device_id: 'device-12345' });
});

it('LLM_TRACE_DEBUG tells on standard error what is patched and what is sent', async () => {
  const amplitude = await startAmplitudeServer({ status: 500 });
  const environment = { ...variablesOf(provider, amplitude), LLM_TRACE_DEBUG: 'true' };
  const finished = await run('app.cjs', environment);
  await amplitude.close();
  expect(finished).toMatchObject({ code: 0, stdout: 'done\n' });
  expect(finished.stderr).toMatch(/\[llm-trace\] patched openai 6\./);
  expect(finished.stderr).toMatch(/\[llm-trace\] event \{/);
});

it('without LLM_TRACE_NO_WARNING there is one warning that all this is experimental', async () => {
  const environment = { LLM_TRACE_OUTPUT: join(workspace.directory, 'warning.jsonl') };
  const finished = await run('app.cjs', { ...environment, LLM_TRACE_NO_WARNING: '' });
  expect(finished.stderr.match(/ExperimentalWarning: @amp\/llm-trace/g)).toHaveLength(1);
  expect((await run('app.cjs', { ...environment, LLM_TRACE_NO_WARNING: 'yes' })).stderr).toBe('');
});

it.each([
  ['LLM_TRACE_ENABLED', 'perhaps'],
  ['LLM_TRACE_PROVIDERS', 'openai,nobody'],
  ['LLM_TRACE_INCLUDE_PROMPTS', 'perhaps'],
  ['LLM_TRACE_INCLUDE_RESPONSES', 'perhaps'],
  ['LLM_TRACE_PRIVACY_MODE', 'perhaps'],
  ['LLM_TRACE_MAX_PROMPT_LENGTH', '-1'],
  ['LLM_TRACE_MAX_RESPONSE_LENGTH', 'many'],
  ['LLM_TRACE_SAMPLE_RATE', '2'],
  ['LLM_TRACE_USER_ID', 'null'],
  ['LLM_TRACE_DEVICE_ID', 'x'],
  ['LLM_TRACE_DEBUG', 'perhaps'],
  ['LLM_TRACE_NO_WARNING', 'perhaps'],
  ['LLM_TRACE_FLUSH_TIMEOUT', 'soon'],
  ['AMPLITUDE_SERVER_URL', 'not a url'],
  ['AMPLITUDE_SERVER_ZONE', 'MARS'],
])('a bad value of %s is one line, its default holds, and the application runs', async (variable, value) => {
  const output = join(workspace.directory, `bad-${variable}.jsonl`);
  const finished = await run('app.cjs', { LLM_TRACE_OUTPUT: output, [variable]: value });
  expect(finished).toMatchObject({ code: 0, stdout: 'done\n' });
  expect(ours(finished)).toEqual([expect.stringContaining(`${variable} must be`)]);
  expect(finished.stderr).toContain(JSON.stringify(value));
  expect(readFileSync(output, 'utf8').trim().split('\n')).toHaveLength(2);
});

it('a bad LLM_TRACE_OUTPUT without a key is a line about it, and nothing is traced', async () => {
  const finished = await run('app.cjs', { LLM_TRACE_OUTPUT: 'events.txt' });
  expect(finished).toMatchObject({ code: 0, stdout: 'done\n' });
  expect(ours(finished)).toEqual([
    expect.stringContaining('LLM_TRACE_OUTPUT must be'),
    expect.stringContaining('not tracing'),
  ]);
});

it('needs no analytics-node', async () => {
  const amplitude = await startAmplitudeServer();
  const bare = makeZeroCodeWorkspace(null);
  // Hides one that a folder above the workspace may have.
  bare.write('node_modules/@amplitude/analytics-node/package.json', '{ "exports": {} }');
  const finished = await runTraced(bare, 'app.mjs', { environment: variablesOf(provider, amplitude) });
  bare.remove();
  await amplitude.close();
  expect(finished).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
  expect(amplitude.events).toHaveLength(2);
});
