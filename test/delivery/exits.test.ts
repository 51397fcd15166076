import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram, type Finished, type ProgramOptions } from '../loading/run-program';
import { startProviderServer, type ProviderServer } from '../loading/stand-ins';
import type { Workspace } from '../loading/workspace';
import { makeZeroCodeWorkspace } from '../register/zero-code';
import { startFaultServer, type FaultServer } from './fault-server';

const promptly = 8_000;

/** A client of ours, or the application's own: both keep what they can not deliver in the folder `SPOOL`. */
const clients = {
  'a client of createTracingClient': `
    const client = createTracingClient('a-key', { serverUrl, spool, flushInterval: 1000 });
    enableLlmTracing(client, { noWarning: true, spool });`,
  'a client of it that traceClient was given': `
    traceClient(openai, { client: createTracingClient('a-key', { serverUrl, spool, flushInterval: 1000 }), noWarning: true });`,
  'analytics-node': `
    const client = require('@amplitude/analytics-node').createInstance();
    client.init('a-key', { serverUrl, flushIntervalMillis: 300, logLevel: 0 });
    const handle = enableLlmTracing(client, { noWarning: true, spool });`,
} as const;

let provider: ProviderServer;
let server: FaultServer;
let workspace: Workspace;
let spool: string;

beforeAll(async () => {
  provider = await startProviderServer();
  workspace = makeZeroCodeWorkspace();
});
afterAll(async () => {
  workspace.remove();
  await provider.close();
});
beforeEach(async () => {
  server = await startFaultServer();
  spool = mkdtempSync(join(tmpdir(), 'exits-'));
});
afterEach(async () => {
  await server.close();
  rmSync(spool, { recursive: true, force: true });
});

/** The same program each time: what one run leaves behind belongs to it. */
function run(client: string, source: string, options: Partial<ProgramOptions> = {}): Promise<Finished> {
  workspace.write(
    'app.cjs',
    `const { createTracingClient, enableLlmTracing, disableLlmTracing, traceClient, untraceClient } = require('@amp/llm-trace');
     const { openai, chat } = require('./calls.cjs')(require('openai'));
     const serverUrl = process.env.SERVER;
     const spool = process.env.SPOOL;
     ${client}
     ${source}`,
  );
  const environment = { PROVIDER: provider.url, SERVER: server.url, SPOOL: spool };
  return runProgram([join(workspace.directory, 'app.cjs')], { cwd: workspace.directory, environment, ...options });
}

function eventsOnDisk(): string[] {
  return readdirSync(spool, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl') || name.endsWith('.held'))
    .flatMap((name) => readFileSync(join(spool, name), 'utf8').trim().split('\n'));
}

const kill = (signal: NodeJS.Signals): Partial<ProgramOptions> => ({
  when: ['ready', (child) => void child.kill(signal)],
});

describe.each(Object.entries(clients))('with a spool, %s', (_what, client) => {
  it('delivers all of it at a natural end, and keeps the exit code', async () => {
    const finished = await run(client, `process.exitCode = 3; Promise.all([1, 2, 3].map(() => chat(openai)));`);
    expect(finished).toMatchObject({ code: 3, signal: null, stderr: '' });
    expect(finished.milliseconds).toBeLessThan(promptly);
    expect(server.taken.size).toBe(3);
    expect(eventsOnDisk()).toEqual([]);
  });

  it.each<[string, string, Partial<ProgramOptions>, Partial<Finished>]>([
    ['process.exit()', `chat(openai).then(() => process.exit(4));`, {}, { code: 4 }],
    [
      'an uncaught exception',
      `chat(openai).then(() => setImmediate(() => { throw new Error('of the application'); }));`,
      {},
      { code: 1 },
    ],
    [
      'SIGTERM',
      `setInterval(() => 0, 1000); chat(openai).then(() => setImmediate(() => console.log('ready')));`,
      kill('SIGTERM'),
      { code: null, signal: 'SIGTERM' },
    ],
    [
      'SIGINT while a call is open',
      `setInterval(() => 0, 1000); chat(openai); chat(openai).then(() => console.log('ready'));`,
      kill('SIGINT'),
      { code: null, signal: 'SIGINT' },
    ],
    ['process.exit() while a call is open', `chat(openai); setImmediate(() => process.exit(0));`, {}, { code: 0 }],
  ])('has every event on disk, once, or delivered, after %s', async (_end, source, options, ended) => {
    server.always('hang');
    const finished = await run(client, source, options);
    expect(finished).toMatchObject(ended);
    expect(finished.milliseconds).toBeLessThan(promptly);
    const calls = source.split('chat(openai)').length - 1;
    expect(eventsOnDisk()).toHaveLength(calls);
    server.always('take');
    await run(client, `setTimeout(() => 0, 3000);`);
    expect(server.taken.size).toBe(calls);
    expect(server.twice()).toBe(0);
    expect(eventsOnDisk()).toEqual([]);
  });

  it('saves in a worker, too', async () => {
    server.always('hang');
    const source = `chat(openai).then(() => process.exit(0));`;
    const workers = `const { Worker, isMainThread } = require('node:worker_threads');
      if (isMainThread) new Worker(__filename).on('exit', (code) => console.log('worker', code));`;
    const finished = await run(`${workers} else { ${client} ${source} }`, '');
    expect(finished).toMatchObject({ code: 0, stdout: 'worker 0\n', stderr: '' });
    expect(eventsOnDisk()).toHaveLength(1);
  });

  it('takes no call for abandoned that goes on in the first process of a container, which SIGTERM does not end', async () => {
    const source = `Object.defineProperty(process, 'pid', { value: 1 });
      process.kill = () => true;
      openai.baseURL = process.env.PROVIDER + '/wait-600/v1';
      chat(openai).then(() => setTimeout(() => process.exit(0), 100));
      setTimeout(() => console.log('ready'), 100);`;
    server.always('hang');
    expect(await run(client, source, kill('SIGTERM'))).toMatchObject({ code: 0, stderr: '' });
    expect(eventsOnDisk().map((line) => JSON.parse(line) as { event_properties: object })).toMatchObject([
      { event_properties: { outcome: 'ok' } },
    ]);
  });

  it('leaves a signal to the listener of the application', async () => {
    const source = `const timer = setInterval(() => 0, 1000);
      process.on('SIGTERM', () => {
        console.log('listeners', process.listenerCount('SIGTERM'));
        process.exitCode = 7;
        clearInterval(timer);
      });
      chat(openai).then(() => console.log('ready'));`;
    const finished = await run(client, source, kill('SIGTERM'));
    expect(finished).toMatchObject({ code: 7, signal: null, stdout: 'ready\nlisteners 1\n' });
    expect(server.taken.size).toBe(1);
  });
});

describe('listeners of the process', () => {
  const count = `const count = () => ['exit', 'beforeExit', 'SIGTERM', 'SIGINT'].map((name) => process.listenerCount(name));`;

  it('are gone when tracing ends', async () => {
    const source = `console.log(String(count())); disableLlmTracing(); console.log(String(count()));`;
    const { stdout } = await run(`${count} ${clients['analytics-node']}`, source);
    expect(stdout).toBe('1,1,1,1\n0,0,0,0\n');
  });

  it('are gone when no client is traced any more', async () => {
    const both = `const traced = [openai, new (require('openai'))({ apiKey: 'k' })];
      const client = createTracingClient('a-key', { serverUrl });
      for (const each of traced) traceClient(each, { client, noWarning: true });`;
    const source = `for (const each of traced) { console.log(String(count())); untraceClient(each); } console.log(String(count()));`;
    const { stdout } = await run(`${count} ${both}`, source);
    expect(stdout).toBe('1,1,1,1\n1,1,1,1\n0,0,0,0\n');
  });

  it('are none where there is no disk to go to', async () => {
    const plain = clients['analytics-node'].replace(', spool', '');
    const { stdout } = await run(`${count} ${plain}`, `console.log(String(count()));`);
    expect(stdout).toBe('0,0,0,0\n');
  });

  it('are one each, however many clients there are, and all of them are flushed', async () => {
    const two = `const all = ['a-key', 'b-key'].map((key) => createTracingClient(key, { serverUrl }));
      const event = (insert_id) => ({ event_type: 'x', event_properties: {}, time: 1, insert_id, device_id: 'device-1' });
      all.forEach((client, at) => client.track(event('event-' + at)));
      setInterval(() => 0, 1000);`;
    const finished = await run(`${count} ${two}`, `console.log('ready', String(count()));`, kill('SIGTERM'));
    expect(finished).toMatchObject({ signal: 'SIGTERM', stdout: 'ready 1,1,1,1\n' });
    expect([...server.taken].sort()).toEqual(['event-0', 'event-1']);
  });
});
