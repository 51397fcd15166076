import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProviderServer, type ProviderServer } from '../loading/stand-ins';
import type { Workspace } from '../loading/workspace';
import { runtimes } from '../support/runtimes';
import { makeZeroCodeWorkspace, runTraced } from './zero-code';

/** A job in a worker, and one in a child process, each with the context of who asked for it. */
const program = `
const { Worker, isMainThread, workerData } = require('node:worker_threads');
const { fork } = require('node:child_process');
const { serializeLlmContext, withLlmContext } = require('@amp/llm-trace');
const { openai, chat } = require('./calls.cjs')(require('openai'));

const handed = isMainThread ? process.argv[2] : workerData;
if (handed) {
  withLlmContext(handed, () => chat(openai));
} else {
  withLlmContext({ userId: 'user-1', properties: { of: 'the request' } }, async () => {
    await chat(openai);
    const done = (emitter) => new Promise((resolve) => emitter.once('exit', resolve));
    await done(new Worker(__filename, { workerData: serializeLlmContext() }));
    await done(fork(__filename, [serializeLlmContext()]));
  });
}`;

let provider: ProviderServer;
let workspace: Workspace;

beforeAll(async () => {
  provider = await startProviderServer();
  workspace = makeZeroCodeWorkspace(null);
  workspace.write('hand-over.cjs', program);
});
afterAll(async () => {
  workspace.remove();
  await provider.close();
});

it.each(runtimes)('a context goes on in a worker thread and in another process, in one trace ($label)', async (at) => {
  const file = join(workspace.directory, `${at.label.replace(' ', '-')}.jsonl`);
  const environment = { PROVIDER: provider.url, LLM_TRACE_OUTPUT: file };
  const finished = await runTraced(workspace, 'hand-over.cjs', { node: at.node, environment });
  expect(finished).toMatchObject({ code: 0, stdout: '', stderr: '' });
  const events = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { user_id: string; event_properties: Record<string, unknown> });
  expect(events.map((event) => event.user_id)).toEqual(['user-1', 'user-1', 'user-1']);
  expect(events.map(({ event_properties: { of } }) => of)).toEqual(Array(3).fill('the request'));
  expect(new Set(events.map(({ event_properties: { trace_id: id } }) => id)).size).toBe(1);
});
