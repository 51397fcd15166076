import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type Finished } from './loading/run-program';
import {
  startAmplitudeServer,
  startProviderServer,
  type AmplitudeServer,
  type ProviderServer,
} from './loading/stand-ins';
import { makeWorkspace, type Workspace } from './loading/workspace';

const examples = join(__dirname, '..', 'examples');

let provider: ProviderServer;
let amplitude: AmplitudeServer;
let workspace: Workspace;

beforeAll(async () => {
  provider = await startProviderServer();
  workspace = makeWorkspace(['openai']);
  cpSync(examples, workspace.directory, { recursive: true });
});
afterAll(async () => {
  workspace.remove();
  await provider.close();
});
beforeEach(async () => {
  amplitude = await startAmplitudeServer();
});
afterEach(() => amplitude.close());

function run(file: string): Promise<Finished> {
  const environment = {
    OPENAI_API_KEY: 'sk-none',
    OPENAI_BASE_URL: `${provider.url}/v1`,
    AMPLITUDE_API_KEY: 'a-key',
    AMPLITUDE_SERVER_URL: amplitude.url,
    TMPDIR: workspace.directory,
  };
  return runProgram([join(workspace.directory, file)], { cwd: workspace.directory, environment });
}

/** What a platform does that freezes a process for good: nothing of it runs any more, not even its `exit` listeners. */
const freeze = `process.stdout.write('', () => process.reallyExit(0));`;

describe('the examples', () => {
  it('are named in their README, all of them', () => {
    const folders = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const readme = readFileSync(join(examples, 'README.md'), 'utf8');
    expect(folders.map(({ name }) => name).filter((name) => !readme.includes(`\`${name}/\``))).toEqual([]);
  });

  it('a script sends its event before it ends', async () => {
    const finished = await run('script/index.mjs');
    expect(finished).toMatchObject({ code: 0, stdout: 'Hello from the stand-in.\n', stderr: '' });
    expect(finished.milliseconds).toBeLessThan(8_000);
    expect(amplitude.events).toEqual([expect.objectContaining({ user_id: 'nightly-report' })]);
  });

  it('a function of AWS Lambda has sent its event when it answers', async () => {
    workspace.write(
      'lambda.mjs',
      `import { handler } from './aws-lambda/index.mjs';
       const event = { userId: 'user-1', question: 'Hi' };
       console.log(JSON.stringify(await handler(event, { getRemainingTimeInMillis: () => 3_000 })));
       ${freeze}`,
    );
    const answer = JSON.stringify({ statusCode: 200, body: 'Hello from the stand-in.' });
    expect(await run('lambda.mjs')).toMatchObject({ code: 0, stdout: `${answer}\n`, stderr: '' });
    expect(amplitude.events).toEqual([expect.objectContaining({ user_id: 'user-1' })]);
  });

  it('a function of Vercel streams at once, and has sent its event when what it hands to waitUntil is done', async () => {
    workspace.write(
      'node_modules/@vercel/functions/index.mjs',
      `export const work = []; export const waitUntil = (promise) => void work.push(promise);`,
    );
    workspace.write('node_modules/@vercel/functions/package.json', `{ "exports": "./index.mjs" }`);
    workspace.write(
      'vercel.mjs',
      `import { work } from '@vercel/functions';
       import { POST } from './vercel-function/api/chat.mjs';
       const request = new Request('https://example.com/api/chat', { method: 'POST', body: '{"question":"Hi"}' });
       const response = await POST(request);
       const lines = (await response.text()).trim().split('\\n');
       await Promise.all(work);
       console.log(response.status, lines.length > 1, work.length);
       ${freeze}`,
    );
    expect(await run('vercel.mjs')).toMatchObject({ code: 0, stdout: '200 true 1\n', stderr: '' });
    expect(amplitude.events).toHaveLength(1);
    expect(amplitude.events[0]?.event_properties).toMatchObject({ streaming: true, outcome: 'ok' });
  });
});
