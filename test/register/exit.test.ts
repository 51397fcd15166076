import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { runtimes } from '../support/runtimes';
import {
  startAmplitudeServer,
  startProviderServer,
  type AmplitudeServer,
  type ProviderServer,
} from '../loading/stand-ins';
import type { Workspace } from '../loading/workspace';
import { makeZeroCodeWorkspace, methodsOf, runTraced, variablesOf } from './zero-code';

/** Well under the 10 s for which analytics-node keeps a process alive, on a slow machine. */
const promptly = 5_000;
const start = `const { openai, chat } = require('./calls.cjs')(require('openai'));`;

let provider: ProviderServer;
let amplitude: AmplitudeServer;
let workspace: Workspace;
let runs = 0;
let outbox: string;
let outboxes = 0;

beforeAll(async () => {
  provider = await startProviderServer();
  workspace = makeZeroCodeWorkspace();
});

afterAll(async () => {
  workspace.remove();
  await provider.close();
});

beforeEach(async () => {
  // A server of a later test may listen on the port of an earlier one.
  outbox = join(workspace.directory, `outbox-${(outboxes += 1)}`);
  amplitude = await startAmplitudeServer();
});

afterEach(() => amplitude.close());

describe.each(runtimes)('at the end of a process on $label', ({ node }) => {
  type Options = Parameters<typeof runTraced>[2];
  const run = (source: string, options: Options = {}): ReturnType<typeof runTraced> => {
    const file = `exit-${(runs += 1)}.cjs`;
    workspace.write(file, `${start}\n${source}`);
    const spool = { LLM_TRACE_SPOOL: 'true', LLM_TRACE_SPOOL_DIR: outbox };
    const environment = { ...variablesOf(provider, amplitude), ...spool, ...options.environment };
    return runTraced(workspace, file, { node, ...options, environment });
  };
  const kill = (signal: NodeJS.Signals): Options => ({ when: ['ready', (child) => void child.kill(signal)] });

  it('sends what is queued at a natural end, promptly, and keeps the exit code', async () => {
    const finished = await run(`process.exitCode = 3; Promise.all([1, 2, 3].map(() => chat(openai)));`);
    expect(finished).toMatchObject({ code: 3, signal: null, stderr: '' });
    expect(finished.milliseconds).toBeLessThan(promptly);
    expect(amplitude.events).toHaveLength(3);
  });

  it('makes an event of a call that nobody awaits and of a stream that nobody reads', async () => {
    const finished = await run(`chat(openai); chat(openai, 'Hi', { stream: true });`);
    expect(finished).toMatchObject({ code: 0, stderr: '' });
    expect(finished.milliseconds).toBeLessThan(promptly);
    const outcomes = amplitude.events.map(({ event_properties: { streaming, outcome } }) => [streaming, outcome]);
    expect(outcomes).toHaveLength(2);
    expect(outcomes).toContainEqual([true, 'abandoned']);
  });

  it('sends what the application does in its own listener of beforeExit', async () => {
    await run(`chat(openai); process.once('beforeExit', () => void chat(openai).then(() => 0));`);
    expect(amplitude.events).toHaveLength(2);
    await run(`chat(openai).then(() => 0);
      let turns = 0;
      process.on('beforeExit', () => { if ((turns += 1) <= 3) chat(openai).then(() => 0); });`);
    expect(amplitude.events).toHaveLength(6);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('sends what is queued at %s, and dies by that signal', async (signal) => {
    const source = `setInterval(() => 0, 1000); chat(openai).then(() => console.log('ready'));`;
    const finished = await run(source, kill(signal));
    expect(finished).toMatchObject({ code: null, signal, stderr: '' });
    expect(finished.milliseconds).toBeLessThan(promptly);
    expect(methodsOf(amplitude)).toEqual(['chat.completions.create']);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('leaves %s to the listener of the application', async (signal) => {
    const source = `const timer = setInterval(() => 0, 1000);
      process.on('${signal}', (name, number) => {
        console.log(name, number, 'listeners', process.listenerCount('${signal}'));
        process.exitCode = 7;
        clearInterval(timer);
      });
      chat(openai).then(() => console.log('ready'));`;
    const traced = await run(source, kill(signal));
    const bare = await run(source, { ...kill(signal), flags: [] });
    expect([traced.code, traced.signal, traced.stdout]).toEqual([bare.code, bare.signal, bare.stdout]);
    expect(traced).toMatchObject({ code: 7, stdout: expect.stringContaining('listeners 1') as string });
    expect(amplitude.events).toHaveLength(1);
  });

  it('is there again for the signal after one that the application has handled', async () => {
    const source = `setInterval(() => 0, 1000);
      process.once('SIGTERM', () => setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50));
      chat(openai).then(() => console.log('ready'));`;
    expect(await run(source, kill('SIGTERM'))).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(amplitude.events).toHaveLength(1);
  });

  it('lets libraries end the process that count the listeners of a signal (signal-exit)', async () => {
    // What signal-exit does: it ends the process where its own listener is the only one.
    const source = `const listener = () => {
        if (process.listeners('SIGTERM').length !== 1) return;
        console.log('unloaded');
        process.removeListener('SIGTERM', listener);
        process.kill(process.pid, 'SIGTERM');
      };
      process.on('SIGTERM', listener);
      setInterval(() => 0, 1000);
      chat(openai).then(() => console.log('ready'));`;
    const finished = await run(source, kill('SIGTERM'));
    expect(finished).toMatchObject({ code: null, signal: 'SIGTERM', stdout: 'ready\nunloaded\n' });
    expect(finished.milliseconds).toBeLessThan(promptly);
  });

  describe('where ingestion', () => {
    it.each([
      { end: 'natural end', signal: undefined },
      { end: 'SIGTERM', signal: 'SIGTERM' as const },
    ])('never answers, the process ends within the deadline: $end', async ({ signal }) => {
      const silent = await startAmplitudeServer({ delay: Infinity });
      const environment = { AMPLITUDE_SERVER_URL: silent.url, LLM_TRACE_FLUSH_TIMEOUT: '500' };
      const source = `${signal ? 'setInterval(() => 0, 1000);' : ''} chat(openai).then(() => console.log('ready'));`;
      const finished = await run(source, { ...(signal && kill(signal)), environment });
      await silent.close();
      expect(finished).toMatchObject({ code: signal ? null : 0, signal: signal ?? null, stderr: '' });
      expect(finished.milliseconds).toBeGreaterThan(500);
      expect(finished.milliseconds).toBeLessThan(promptly);
    });

    it('refuses connections, the process ends promptly', async () => {
      const environment = { AMPLITUDE_SERVER_URL: `http://127.0.0.1:${await freePort()}/2/httpapi` };
      const finished = await run(`chat(openai);`, { environment });
      expect(finished).toMatchObject({ code: 0, stderr: '' });
      expect(finished.milliseconds).toBeLessThan(promptly);
    });

    it.each([429, 500])('answers %d, the process ends within the deadline', async (status) => {
      const failing = await startAmplitudeServer({ status });
      const finished = await run(`chat(openai);`, { environment: { AMPLITUDE_SERVER_URL: failing.url } });
      await failing.close();
      expect(finished).toMatchObject({ code: 0, stdout: '', stderr: '' });
      expect(finished.milliseconds).toBeLessThan(promptly);
    });

    it('refuses an event, there is one line about it', async () => {
      const failing = await startAmplitudeServer({ status: 400 });
      const finished = await run(`chat(openai);`, { environment: { AMPLITUDE_SERVER_URL: failing.url } });
      await failing.close();
      expect(finished).toMatchObject({ code: 0, stdout: '' });
      expect(finished.stderr.trim().split('\n')).toEqual([expect.stringContaining('events are dropped: refused')]);
    });
  });

  it('loses no line of a file at process.exit(), not even of open calls', async () => {
    const LLM_TRACE_OUTPUT = join(workspace.directory, `exit-${runs}-${node.length}.jsonl`);
    const source = `(async () => {
      await chat(openai);
      const stream = await chat(openai, 'Hi', { stream: true });
      for await (const chunk of stream) process.exit(4);
    })();`;
    expect(await run(source, { environment: { LLM_TRACE_OUTPUT } })).toMatchObject({ code: 4, stdout: '', stderr: '' });
    const lines = readFileSync(LLM_TRACE_OUTPUT, 'utf8').trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as Line).event_properties.outcome)).toEqual(['ok', 'abandoned']);
  });

  it.each<[string, string]>([
    ['process.exit()', `chat(openai).then(() => process.exit(4));`],
    [
      'an uncaught exception',
      `chat(openai).then(() => setImmediate(() => { throw new Error('of the application'); }));`,
    ],
  ])('after %s the next process sends what this one had', async (_what, source) => {
    const silent = await startAmplitudeServer();
    const environment = { AMPLITUDE_SERVER_URL: silent.url };
    await run(source, { environment });
    expect(silent.events).toHaveLength(0);
    await run(`chat(openai);`, { environment });
    expect(silent.events).toHaveLength(2);
    await silent.close();
  });

  it('keeps an uncaught exception what it is', async () => {
    const source = `chat(openai).then(() => setImmediate(() => { throw new TypeError('of the application'); }));`;
    const [traced, bare] = [await run(source), await run(source, { flags: [] })];
    const withoutPaths = (text: string): string => text.replace(/exit-\d+/g, 'exit');
    expect(withoutPaths(traced.stderr)).toBe(withoutPaths(bare.stderr));
    expect([traced.code, traced.stdout]).toEqual([bare.code, bare.stdout]);
    expect(traced.stderr).toContain('TypeError: of the application');
  });

  it('keeps an unhandled rejection of a call what it is', async () => {
    const source = `chat(require('./calls.cjs')(class extends require('openai') {
        constructor(settings) { super({ ...settings, baseURL: settings.baseURL.replace('/v1', '/400-9/v1') }); }
      }).openai);`;
    const [traced, bare] = [await run(source), await run(source, { flags: [] })];
    expect([traced.code, traced.stdout]).toEqual([1, bare.stdout]);
    expect(traced.stderr).toContain('BadRequestError');
  });
});

interface Line {
  event_properties: { outcome: string };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
