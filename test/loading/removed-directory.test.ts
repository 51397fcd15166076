import { runtimes } from '../support/runtimes';
import { makeRecordingWorkspace, record } from './record-calls';
import { startProviderServer, type ProviderServer } from './stand-ins';
import type { Workspace } from './workspace';

/** A deploy or a cleaner has removed the folder that the process was started in. `remembered`: it was asked for before. */
const leave = (isRemembered: boolean): string => `
const { mkdtempSync, rmdirSync } = require('node:fs');
const folder = mkdtempSync(require('node:path').join(require('node:os').tmpdir(), 'gone-'));
process.chdir(folder);
${isRemembered ? 'process.cwd();' : ''}
const remove = () => rmdirSync(folder);
`;

const program = `
const { enableLlmTracing } = require('@amp/llm-trace');
const { client, finish } = require('recorder');
const OpenAI = require('openai');
const openai = new OpenAI({
  apiKey: 'k',
  maxRetries: 0,
  fetch: (url, init) => fetch(process.env.PROVIDER + new URL(url).pathname, init),
});
const chat = () => openai.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] });
`;

let workspace: Workspace;
let provider: ProviderServer;

beforeAll(async () => {
  provider = await startProviderServer();
  // The table of prices is looked for in every place that there is.
  workspace = makeRecordingWorkspace(['openai']);
});
afterAll(async () => {
  workspace.remove();
  await provider.close();
});

describe.each(runtimes)('in a working directory that was removed, on $label', ({ node }) => {
  const run = (file: string, source: string): ReturnType<typeof record> =>
    record(workspace, file, source, { node, environment: { PROVIDER: provider.url } });

  it.each([
    ['was not asked for', false],
    ['the process remembers', true],
  ])('which %s, the program goes on when tracing is enabled, and every call is an event', async (_, isRemembered) => {
    const { methods, finished } = await run(
      'before.cjs',
      `${leave(isRemembered)} remove(); ${program} enableLlmTracing(client);
      chat().then(chat).then(() => finish());`,
    );
    expect(methods).toEqual(['chat.completions.create', 'chat.completions.create']);
    expect(finished.stderr).toBe('');
  });

  it('after tracing was enabled, every call is an event', async () => {
    const { methods, status } = await run(
      'after.cjs',
      `${leave(false)} ${program} enableLlmTracing(client); remove(); chat().then(chat).then(() => finish());`,
    );
    expect(methods).toEqual(['chat.completions.create', 'chat.completions.create']);
    expect(status.counters.internalErrors).toBe(0);
  });
});

it('says that modules are not seen which would be seen by a thread', async () => {
  const { status } = await record(
    workspace,
    'said.cjs',
    `${leave(true)} remove(); ${program} enableLlmTracing(client); chat().then(() => finish());`,
    { environment: { PROVIDER: provider.url } },
  );
  const hasThread = Number(process.versions.node.split('.')[0]) < 22;
  expect(status.lastError?.includes('removed the working directory') ?? false).toBe(hasThread);
});
