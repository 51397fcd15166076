import { startFaultServer, type FaultServer } from '../delivery/fault-server';
import { startProviderServer, type ProviderServer } from '../loading/stand-ins';
import type { Workspace } from '../loading/workspace';
import { makeZeroCodeWorkspace, ours, runTraced } from './zero-code';

let provider: ProviderServer;
let server: FaultServer;
let workspace: Workspace;

beforeAll(async () => {
  [provider, server] = await Promise.all([startProviderServer(), startFaultServer()]);
  workspace = makeZeroCodeWorkspace();
  workspace.write('a-file', '');
  workspace.write(
    'app.cjs',
    `const { openai, chat } = require('./calls.cjs')(require('openai'));
     const pause = () => new Promise((resolve) => setTimeout(resolve, 700));
     chat(openai).then(pause).then(() => chat(openai)).then(pause);`,
  );
});

afterAll(async () => {
  workspace.remove();
  await Promise.all([provider.close(), server.close()]);
});

const variables = (): Record<string, string> => ({
  PROVIDER: provider.url,
  AMPLITUDE_API_KEY: 'a-key',
  AMPLITUDE_SERVER_URL: server.url,
});

it('each problem is one line: a folder that can not be made does not hide a wrong key', async () => {
  server.always({ status: 400, body: { error: 'Invalid API key: a-key' } });
  const finished = await runTraced(workspace, 'app.cjs', {
    environment: { ...variables(), LLM_TRACE_SPOOL_DIR: './a-file' },
  });
  expect(finished).toMatchObject({ code: 0 });
  expect(ours(finished)).toEqual([
    expect.stringMatching(/ENOTDIR|EEXIST|ENOENT/),
    expect.stringContaining('the server does not know the API key'),
  ]);
});

it('LLM_TRACE_FLUSH_TIMEOUT=1.5 is one line, and the application is traced', async () => {
  server.always('take');
  const finished = await runTraced(workspace, 'app.cjs', {
    environment: { ...variables(), LLM_TRACE_SPOOL: 'off', LLM_TRACE_FLUSH_TIMEOUT: '1.5' },
  });
  expect(ours(finished)).toEqual([expect.stringContaining('LLM_TRACE_FLUSH_TIMEOUT must be a whole number')]);
  expect(server.taken.size).toBe(2);
});
