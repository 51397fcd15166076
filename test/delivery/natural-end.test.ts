import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram, type Finished } from '../loading/run-program';

const root = join(__dirname, '..', '..');
/** Before the client gives a connection up, and before one upload after the other has done so. */
const promptly = 10_000;

let folder: string;
let port: number;
let wall: ChildProcess;
const sockets: Socket[] = [];

/** Takes no connection any more, as a firewall does that lets packets vanish: its queue is full, and nobody looks. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'natural-end-'));
  const source = `
    const server = require('node:net').createServer().listen(0, '127.0.0.1', 1, () => {
      require('node:fs').writeSync(1, String(server.address().port));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120000);
    });`;
  wall = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
  port = await new Promise((resolve) => wall.stdout?.once('data', (text: Buffer) => resolve(Number(text))));
  for (let index = 0; index < 8; index++) sockets.push(connect(port, '127.0.0.1').on('error', () => undefined));
  await new Promise((resolve) => setTimeout(resolve, 200));
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  wall.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function run(source: string, timeout = 20_000): Promise<Finished> {
  const file = join(folder, 'app.cjs');
  const program = `
    const { createTracingClient } = require(${JSON.stringify(join(root, 'dist', 'index.js'))});
    const serverUrl = 'http://127.0.0.1:${port}/';
    const spool = ${JSON.stringify(join(folder, 'spool'))};
    const client = createTracingClient('a-key', { serverUrl, exitTimeout: 300, timeout: ${timeout}, spool });
    client.track({ event_type: 'x', event_properties: {}, time: 1, insert_id: 'event', device_id: 'device-1' });
    ${source}`;
  writeFileSync(file, program);
  return runProgram([file], { cwd: folder });
}

describe('the natural end of a program, where nobody answers that a connection is asked for', () => {
  it('comes in time, with the exit code that it has, and the events are on disk', async () => {
    const finished = await run(`process.exitCode = 5; process.on('exit', (code) => console.log('exit', code));`);
    expect(finished).toMatchObject({ code: 5, signal: null, stdout: 'exit 5\n', stderr: '' });
    expect(finished.milliseconds).toBeLessThan(promptly);
    expect(readdirSync(folder, { recursive: true, encoding: 'utf8' }).join()).toMatch(/\.(jsonl|held)/);
  });

  it('waits for what the application begins at its end, also where that can not be seen', async () => {
    const work = `require('node:crypto').pbkdf2('a', 'b', 2_000_000, 64, 'sha512', () => console.log('done'));`;
    const { stdout, milliseconds } = await run(`process.once('beforeExit', () => { ${work} });`, 2_000);
    expect(stdout).toBe('done\n');
    // One upload that holds the process ends; another one does not begin.
    expect(milliseconds).toBeLessThan(promptly);
  });

  it('is none where the application goes on and calls again: that is delivered', async () => {
    const source = `
      const server = require('node:http').createServer((request, response) => {
        request.resume().on('end', () => response.end('{"code":200}'));
      });
      const event = (insert_id) => ({ event_type: 'x', event_properties: {}, time: 1, insert_id, device_id: 'device-1' });
      server.listen(0, '127.0.0.1', () => {
        const other = createTracingClient('b-key', { serverUrl: 'http://127.0.0.1:' + server.address().port, exitTimeout: 300 });
        other.track(event('first'));
        server.unref();
        process.once('beforeExit', () => setTimeout(() => {
          other.track(event('second'));
          setTimeout(() => console.log(JSON.stringify(other.status())), 1500);
        }, 1000));
      });`;
    const { stdout } = await run(source, 2_000);
    expect(JSON.parse(stdout)).toMatchObject({ delivered: 2, pending: 0 });
  });
});
