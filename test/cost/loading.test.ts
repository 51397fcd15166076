import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { record, makeRecordingWorkspace } from '../loading/record-calls';
import { runProgram } from '../loading/run-program';
import { startProviderServer, type ProviderServer } from '../loading/stand-ins';
import type { Workspace } from '../loading/workspace';
import { runtimes } from '../support/runtimes';

const table = '@pydantic/genai-prices';

/** A client of OpenAI's whose requests arrive at the stand-in, and how often the table was loaded. */
const programOf = (first: string): string => `${first}
const { enableLlmTracing } = require(process.env.PACKAGE ?? '@amp/llm-trace');
const { client, events, finish } = require('recorder');
const OpenAI = require('openai');
const openai = new OpenAI({
  apiKey: 'k',
  fetch: (url, init) => fetch(process.env.PROVIDER + new URL(url).pathname, init),
});
const chat = (model = 'gpt-4o') =>
  openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hi' }] });
const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
const loaded = () => Object.keys(require.cache).filter((file) => file.includes('genai-prices')).length;
`;

/** What is sent over the network is seen where Node makes its connections. */
const watchConnections = `
const { Socket } = require('node:net');
const { connect } = Socket.prototype;
const hosts = new Set();
Socket.prototype.connect = function (...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  hosts.add(String(options?.host ?? options));
  return connect.apply(this, args);
};`;

let workspace: Workspace;
let bare: Workspace;
let runs = 0;
let provider: ProviderServer;

beforeAll(async () => {
  provider = await startProviderServer();
  workspace = makeRecordingWorkspace(['openai', table]);
  bare = makeRecordingWorkspace(['openai']);
});
afterAll(async () => {
  workspace.remove();
  bare.remove();
  await provider.close();
});

const costsOf = (events: { event_properties: Record<string, unknown> }[]): unknown[] =>
  events.map(({ event_properties: { cost, cost_source: source } }) => [cost, source]);
const priced = [0.00016, 'price_table'];

describe.each(runtimes)('the price table on $label', ({ node }) => {
  const run = (file: string, source: string, environment = {}): ReturnType<typeof record> =>
    record(workspace, file, programOf('') + source, { node, environment: { PROVIDER: provider.url, ...environment } });

  it('is loaded with the first event that needs it, in a later turn, and never again', async () => {
    const { events, extra } = await run(
      'when.cjs',
      `(async () => {
        const seen = [loaded()];
        enableLlmTracing(client, { trackCost: false });
        await chat(); await turn();
        seen.push(loaded());
        enableLlmTracing(client, { prices: { mine: { input: 1, output: 1 } } });
        await chat('mine'); await turn();
        seen.push(loaded());
        await chat();
        seen.push(loaded());
        await turn();
        seen.push(loaded());
        const [file] = Object.keys(require.cache).filter((each) => each.includes('genai-prices'));
        const { exports } = require.cache[file];
        enableLlmTracing(client);
        await chat(); await turn();
        await finish({ seen, isSame: require.cache[file].exports === exports });
      })();`,
    );
    expect(extra).toEqual({ seen: [0, 0, 0, 0, 1], isSame: true });
    expect(costsOf(events)).toEqual([[undefined, undefined], [0.000032, 'override'], priced, priced]);
  });

  it('is there for a program of ES modules', async () => {
    const source = `import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      ${programOf('')} enableLlmTracing(client); await chat(); await turn(); await finish();`;
    const { events } = await record(workspace, 'module.mjs', source, { node, environment: { PROVIDER: provider.url } });
    expect(costsOf(events)).toEqual([priced]);
  });

  it('reaches for no network', async () => {
    const source = `${programOf(watchConnections)}
      enableLlmTracing(client);
      (async () => { await chat(); await turn(); await finish({ hosts: [...hosts] }); })();`;
    const { events, extra } = await record(workspace, 'network.cjs', source, {
      node,
      environment: { PROVIDER: provider.url },
    });
    expect(costsOf(events)).toEqual([priced]);
    expect(extra).toEqual({ hosts: ['127.0.0.1'] });
  });

  it('is found from the application where this package is installed somewhere else', async () => {
    const { events } = await run('elsewhere.cjs', `enableLlmTracing(client); chat().then(turn).then(() => finish());`, {
      PACKAGE: join(bare.directory, 'node_modules/@amp/llm-trace'),
    });
    expect(costsOf(events)).toEqual([priced]);
  });

  it('makes it into the events of a process that ends at once', async () => {
    const file = `exit-${(runs += 1)}.jsonl`;
    const program = workspace.write(
      'exit.cjs',
      programOf('').replace(/const \{ enable.*\n.*recorder.*\n/, '') + `chat().then(() => process.exit(3));`,
    );
    const finished = await runProgram([program], {
      ...{ node, cwd: workspace.directory, flags: ['-r', '@amp/llm-trace/register'] },
      environment: { PROVIDER: provider.url, LLM_TRACE_OUTPUT: join(workspace.directory, file) },
    });
    expect(finished).toMatchObject({ code: 3, stderr: '' });
    const written = join(workspace.directory, file);
    expect(existsSync(written)).toBe(true);
    expect(
      costsOf([JSON.parse(readFileSync(written, 'utf8')) as { event_properties: Record<string, unknown> }]),
    ).toEqual([priced]);
  });
});

describe('without the price table', () => {
  it('an event has no cost, and nobody is told but in debug mode', async () => {
    const source = `${programOf('')}
      enableLlmTracing(client, { debug: process.env.DEBUG_MODE === '1' });
      (async () => { await chat(); await turn(); await chat(); await turn(); await finish(); })();`;
    const environment = { PROVIDER: provider.url };
    const quiet = await record(bare, 'bare.cjs', source, { environment });
    expect(costsOf(quiet.events)).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(quiet.events[0]?.event_properties).toMatchObject({ input_tokens: 20, outcome: 'ok' });
    expect(quiet.status.counters.internalErrors).toBe(0);
    expect(quiet.finished.stderr).toBe('');
    const loud = await record(bare, 'bare.cjs', source, { environment: { ...environment, DEBUG_MODE: '1' } });
    expect(loud.finished.stderr.match(/no prices: @pydantic\/genai-prices is not installed/g)).toHaveLength(1);
  });

  it('that is there and broken, an event has no cost, and the error is counted', async () => {
    bare.write(`node_modules/${table}/package.json`, `{ "name": "${table}", "main": "index.js" }`);
    bare.write(`node_modules/${table}/index.js`, `throw new Error('broken');`);
    const source = `${programOf('')} enableLlmTracing(client); chat().then(turn).then(chat).then(turn).then(() => finish());`;
    const { events, status } = await record(bare, 'broken.cjs', source, { environment: { PROVIDER: provider.url } });
    expect(costsOf(events)).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(status.counters.internalErrors).toBe(1);
    expect(status.lastError).toContain('broken');
  });
});
