import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram, type Finished } from '../loading/run-program';
import { startFaultServer, type FaultServer } from './fault-server';

const root = join(__dirname, '..', '..');

let server: FaultServer;
let spool: string;

beforeEach(async () => {
  server = await startFaultServer();
  spool = mkdtempSync(join(tmpdir(), 'workers-'));
});
afterEach(async () => {
  await server.close();
  rmSync(spool, { recursive: true, force: true });
});

/** A worker tracks ten events, and then the main thread does `then`. */
function run(then: string, options = ''): Promise<Finished> {
  const worker = `
    const { parentPort } = require('node:worker_threads');
    const { createTracingClient } = require(${JSON.stringify(join(root, 'dist', 'index.js'))});
    const client = createTracingClient('a-key', { serverUrl: process.env.SERVER, spool: process.env.SPOOL ${options} });
    for (let index = 0; index < 10; index++) {
      client.track({ event_type: 'x', event_properties: {}, time: 1, insert_id: 'event-' + index, device_id: 'device-1' });
    }
    parentPort.postMessage('tracked');
    setInterval(() => 0, 1000);`;
  const program = `
    const { Worker } = require('node:worker_threads');
    const worker = new Worker(${JSON.stringify(worker)}, { eval: true });
    worker.once('message', () => { ${then} });`;
  return runProgram(['-e', program], { cwd: root, environment: { SERVER: server.url, SPOOL: spool } });
}

function eventsOnDisk(): string[] {
  return readdirSync(spool, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl') || name.endsWith('.held'))
    .flatMap((name) => readFileSync(join(spool, name), 'utf8').trim().split('\n'));
}

describe('what a worker has tracked is on disk when the main thread', () => {
  // A worker is told nothing of it: no listener of it runs any more.
  it.each<[string, Partial<Finished>, string]>([
    ['calls process.exit()', { code: 0 }, 'process.exit(0)'],
    ['has an uncaught exception', { code: 1 }, `throw new Error('of the application')`],
    ['dies by a signal', { signal: 'SIGTERM' }, `process.kill(process.pid, 'SIGTERM')`],
    ['terminates it', { code: 0 }, 'worker.terminate()'],
  ])('%s', async (_how, ended, then) => {
    server.always('hang');
    expect(await run(then)).toMatchObject(ended);
    expect(eventsOnDisk()).toHaveLength(10);
  });
});

it('whoever wants that for less says durability: batch', async () => {
  server.always('hang');
  await run('process.exit(0)', `, durability: 'batch'`);
  expect(eventsOnDisk()).toEqual([]);
});
