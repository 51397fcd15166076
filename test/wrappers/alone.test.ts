import { runProgram } from '../loading/run-program';
import { startProviderServer, type ProviderServer } from '../loading/stand-ins';
import { copyThisPackage, makeWorkspace, type Workspace } from '../loading/workspace';

let server: ProviderServer;
let workspace: Workspace;

beforeAll(async () => {
  server = await startProviderServer();
  workspace = makeWorkspace(['openai']);
  copyThisPackage(workspace, 'node_modules/other/node_modules/@amp/llm-trace');
  workspace.write(
    'start.cjs',
    `
exports.OpenAI = require('openai').OpenAI;
exports.one = require('@amp/llm-trace');
exports.two = require('./node_modules/other/node_modules/@amp/llm-trace');
exports.connect = () => new exports.OpenAI({ apiKey: 'k', baseURL: process.env.PROVIDER + '/v1', maxRetries: 0 });
exports.ask = (openai) =>
  openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: 'Hi' }] });
exports.sink = () => {
  const events = [];
  return { events, track: (event) => void events.push(event) };
};
exports.settle = () => new Promise((resolve) => setTimeout(resolve, 50));`,
  );
});
afterAll(async () => {
  workspace.remove();
  await server.close();
});

async function run(program: string, flags: readonly string[] = []): Promise<unknown> {
  const file = workspace.write(
    'app.cjs',
    `const { OpenAI, one, two, connect, ask, sink, settle } = require('./start.cjs');\n${program}`,
  );
  const environment = { PROVIDER: server.url };
  const { stdout, stderr } = await runProgram([file], { cwd: workspace.directory, flags, environment });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  if (!/^[[{]/.test(line)) throw new Error(`${stdout}\n${stderr}`);
  return JSON.parse(line);
}

describe('a client that is traced by itself', () => {
  // Two versions of us in one process (nested dependencies) must not make two events of one call.
  it('is one event where another copy of this package has the session, whichever came first', async () => {
    const counts = await run(`
(async () => {
  const counts = [];
  for (const isFirst of [true, false]) {
    const [own, session] = [sink(), sink()];
    const client = connect();
    const trace = () => two.traceClient(client, { client: own, noWarning: true });
    if (isFirst) trace();
    one.enableLlmTracing(session, { noWarning: true });
    if (!isFirst) trace();
    await ask(client);
    await ask(connect());
    await settle();
    counts.push([own.events.length + session.events.length, session.events.length]);
    one.disableLlmTracing();
    two.disableLlmTracing();
  }
  console.log(JSON.stringify(counts));
})();`);
    // Enabling the session in one copy ends what the other one had begun.
    expect(counts).toEqual([
      [2, 2],
      [2, 1],
    ]);
  });

  it('is found with the version and the place of its SDK, and restored to the last descriptor', async () => {
    const seen = await run(`
const { prototype } = OpenAI.Chat.Completions;
const before = Object.getOwnPropertyDescriptor(prototype, 'create').value;
const client = one.traceClient(connect(), { client: sink(), noWarning: true });
const { sdks, clients, enabled } = one.llmTracingStatus();
one.untraceClient(client);
console.log(JSON.stringify({ sdks, clients, enabled, isBack: prototype.create === before, own: Object.getOwnPropertyNames(client).includes('withOptions') }));`);
    expect(seen).toMatchObject({
      sdks: [{ provider: 'openai', version: expect.stringMatching(/^6\./) as unknown, format: 'commonjs' }],
      clients: 1,
      enabled: false,
      isBack: true,
      own: false,
    });
  });

  it('is not held: what is known of it is forgotten with it', async () => {
    const seen = await run(
      `
(async () => {
  const references = [];
  const make = () => {
    const client = one.annotateClient(one.traceClient(connect(), { client: sink(), noWarning: true }), { userId: 'user-1' });
    references.push(new WeakRef(client), new WeakRef(client.withOptions({ timeout: 1000 })));
    return ask(client);
  };
  for (let at = 0; at < 5; at++) await make();
  for (let turn = 0; turn < 100 && references.some((each) => each.deref()); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    gc();
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  console.log(JSON.stringify([references.filter((each) => each.deref()).length, one.llmTracingStatus().clients]));
})();`,
      ['--expose-gc'],
    );
    expect(seen).toEqual([0, 0]);
  });

  it('with a session of zero-code mode reports what is open when the process ends', async () => {
    const file = workspace.write(
      'exit.cjs',
      `const { one, connect, ask } = require('./start.cjs');
const client = one.traceClient(connect(), { userId: 'user-of-client' });
ask(client).then(() => process.exit(0));`,
    );
    const environment = { PROVIDER: server.url, LLM_TRACE_OUTPUT: 'console' };
    const flags = ['-r', '@amp/llm-trace/register'];
    const { stdout, stderr } = await runProgram([file], { cwd: workspace.directory, flags, environment });
    expect(stdout + stderr).toMatch(/chat\.completions\.create/);
  });
});
