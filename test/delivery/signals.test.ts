import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram, type Finished, type ProgramOptions } from '../loading/run-program';
import { startFaultServer, type FaultServer } from './fault-server';

const root = join(__dirname, '..', '..');
/** Well under the `exitTimeout` of the clients here. */
const promptly = 10_000;

let server: FaultServer;
let spool: string;

beforeEach(async () => {
  server = await startFaultServer();
  spool = mkdtempSync(join(tmpdir(), 'signals-'));
});
afterEach(async () => {
  await server.close();
  rmSync(spool, { recursive: true, force: true });
});

/** Ten events are tracked, and then `source` runs; `say('ready')` calls for `when`. */
const clients = {
  'a client of createTracingClient': `
    const client = createTracingClient('a-key', { serverUrl, spool, exitTimeout: 30000 });
    for (let index = 0; index < 10; index++) client.track(event('event-' + index));`,
  'analytics-node': `
    const client = require('@amplitude/analytics-node').createInstance();
    client.init('a-key', { serverUrl, flushIntervalMillis: 300, logLevel: 0 });
    enableLlmTracing(client, { noWarning: true, spool });
    for (let index = 0; index < 10; index++) trackLlmOperation(undefined, { model: 'm', provider: 'p' });`,
} as const;

function run(client: string, source: string, options: Partial<ProgramOptions> = {}): Promise<Finished> {
  const program = `
    const { createTracingClient, enableLlmTracing, trackLlmOperation } = require(${JSON.stringify(join(root, 'dist', 'index.js'))});
    const { SERVER: serverUrl, SPOOL: spool } = process.env;
    const event = (insert_id) => ({ event_type: 'x', event_properties: {}, time: Date.now(), insert_id, device_id: 'device-1' });
    ${client}
    setInterval(() => 0, 1000);
    ${source}
    setTimeout(() => console.log('ready'), 50);`;
  const environment = { SERVER: server.url, SPOOL: spool };
  return runProgram(['-e', program], { cwd: root, environment, ...options });
}

/** So many milliseconds one after the other. */
const send = (...signals: (NodeJS.Signals | number)[]): Partial<ProgramOptions> => ({
  when: [
    'ready',
    (child) => {
      let after = 0;
      for (const each of signals) {
        if (typeof each === 'number') after += each;
        else setTimeout(() => child.kill(each), after);
      }
    },
  ],
});

function eventsOnDisk(): string[] {
  return readdirSync(spool, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl') || name.endsWith('.held'))
    .flatMap((name) => readFileSync(join(spool, name), 'utf8').trim().split('\n'));
}

const own = clients['a client of createTracingClient'];

describe('a signal that ends the process', () => {
  it.each<[string, Partial<ProgramOptions>, NodeJS.Signals]>([
    ['SIGTERM twice', send('SIGTERM', 400, 'SIGTERM'), 'SIGTERM'],
    ['SIGINT twice', send('SIGINT', 400, 'SIGINT'), 'SIGINT'],
    ['SIGINT, then SIGTERM', send('SIGINT', 400, 'SIGTERM'), 'SIGTERM'],
  ])('does not wait for the server when a second one comes, and nothing is lost: %s', async (_what, options, by) => {
    server.always('hang');
    const finished = await run(own, '', options);
    expect(finished).toMatchObject({ code: null, signal: by, stderr: '' });
    expect(finished.milliseconds).toBeLessThan(promptly);
    expect(eventsOnDisk()).toHaveLength(10);
  });

  it('may come twice at a time (npm hands on a Ctrl-C that the terminal has sent to all): what is under way arrives', async () => {
    server.always({ status: 200, takes: true, delay: 500 });
    const finished = await run(own.replace('spool,', ''), '', send('SIGINT', 20, 'SIGINT'));
    expect(finished).toMatchObject({ code: null, signal: 'SIGINT', stderr: '' });
    expect(finished.milliseconds).toBeGreaterThan(500);
    expect(server.taken.size).toBe(10);
  });

  it('is left alone by the first process of a container, which does not die by it: all goes on', async () => {
    const source = `
      // What the kernel does with it.
      Object.defineProperty(process, 'pid', { value: 1 });
      const killed = [];
      process.kill = (...all) => killed.push(all) > 0;
      process.once('SIGTERM', () => {
        const later = () => client.track(event('later'));
        const end = async () => {
          await client.flush(5000);
          console.log(JSON.stringify(killed), process.listenerCount('SIGTERM'), JSON.stringify(client.status()));
          process.reallyExit(0);
        };
        process.once('SIGUSR2', () => { later(); void end(); });
      });`;
    // The listener of the first one is the application's; the second one has none.
    const finished = await run(own, source, send('SIGTERM', 200, 'SIGTERM', 600, 'SIGUSR2'));
    expect(finished.stdout).toContain('[[1,"SIGTERM"]] 1 {"delivered":11,"pending":0,"onDisk":0,"dropped":{}}');
    expect(server.taken.size).toBe(11);
    expect(server.twice()).toBe(0);
    expect(eventsOnDisk()).toEqual([]);
  });
});

describe.each(Object.entries(clients))('with a spool, %s', (_what, client) => {
  // What signal-exit 3 and 4 do: they end the process where their own listener is the only one.
  const library = `
    const listener = () => {
      if (process.listeners('SIGTERM').length !== 1) return;
      process.removeListener('SIGTERM', listener);
      process.kill(process.pid, 'SIGTERM');
    };
    process.on('SIGTERM', listener);`;

  it.each([
    ['a library ends the process at once (signal-exit)', library, send('SIGTERM'), 'SIGTERM'],
    [
      'a supervisor does not wait for the listener of the application',
      `process.on('SIGTERM', () => 0);`,
      send('SIGTERM', 100, 'SIGKILL'),
      'SIGKILL',
    ],
  ])('has everything on disk where %s', async (_end, source, options, signal) => {
    server.always('hang');
    expect(await run(client, source, options)).toMatchObject({ code: null, signal, stderr: '' });
    expect(eventsOnDisk()).toHaveLength(10);
  });

  it('delivers once, and leaves nothing on disk, where the application goes on after a signal', async () => {
    server.always({ status: 200, takes: true, delay: 400 });
    const source = `process.on('SIGTERM', () => setTimeout(() => process.exit(0), 3000));`;
    const finished = await run(client, source, send('SIGTERM', 20, 'SIGTERM'));
    expect(finished).toMatchObject({ code: 0, stderr: '' });
    expect(server.taken.size).toBe(10);
    expect(server.twice()).toBe(0);
    expect(eventsOnDisk()).toEqual([]);
  });
});
