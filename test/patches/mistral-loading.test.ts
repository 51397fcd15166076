import { makeRecordingWorkspace, record } from '../loading/record-calls';
import type { Workspace } from '../loading/workspace';
import { startProviderServer, type ProviderServer } from '../support/start-provider';
import { runtimes } from '../support/runtimes';

// Mistral's SDK is an ES module, Cohere's is CommonJS, and neither has its classes in the main file.
const calls = `
const messages = [{ role: 'user', content: 'hello' }];
const run = async () => {
  const mistral = new Mistral({ apiKey: 'none', serverURL: process.env.PROVIDER + '/mistral' });
  await mistral.chat.complete({ model: 'm', messages });
  await mistral.embeddings.create({ model: 'm', inputs: ['hello'] });
  for await (const event of await mistral.chat.stream({ model: 'm', messages })) void event;
  const environment = process.env.PROVIDER + '/cohere';
  await new CohereClientV2({ token: 'none', environment }).chat({ model: 'm', messages });
  await new CohereClient({ token: 'none', environment }).chat({ model: 'm', message: 'hello' });
  await finish();
};
`;
const packages = [
  ['{ Mistral }', '@mistralai/mistralai'],
  ['{ CohereClient, CohereClientV2 }', 'cohere-ai'],
] as const;
const required = packages.map(([what, from]) => `const ${what} = require('${from}');`);
const imported = packages.map(([what, from]) => `import ${what} from '${from}';`);

const enabling = `enableLlmTracing(client, { noWarning: true })`;
const programs: readonly (readonly [string, string, string])[] = [
  [
    'required after enabling',
    'after.cjs',
    `const { client, finish } = require('recorder'); const { enableLlmTracing } = require('@amp/llm-trace'); ${enabling};
    ${required.join('\n')} ${calls} run();`,
  ],
  [
    'required before enabling',
    'before.cjs',
    `${required.join('\n')} const { client, finish } = require('recorder');
    const { enableLlmTracing } = require('@amp/llm-trace'); ${calls} ${enabling}.ready.then(run);`,
  ],
  [
    'imported before enabling',
    'before.mjs',
    `${imported.join('\n')} import recorder from 'recorder'; import { enableLlmTracing } from '@amp/llm-trace';
    const { client, finish } = recorder; ${calls} await ${enabling}.ready; await run();`,
  ],
  [
    'imported after enabling',
    'after.mjs',
    `import recorder from 'recorder'; import { enableLlmTracing } from '@amp/llm-trace';
    const { client, finish } = recorder; ${enabling};
    const { Mistral } = await import('@mistralai/mistralai');
    const { CohereClient, CohereClientV2 } = await import('cohere-ai'); ${calls} await run();`,
  ],
];

let server: ProviderServer;
let workspace: Workspace;

beforeAll(async () => {
  server = await startProviderServer();
  workspace = makeRecordingWorkspace(['@mistralai/mistralai', 'cohere-ai']);
});
afterAll(async () => {
  workspace.remove();
  await server.close();
});

describe.each(runtimes)('on $label', ({ node }) => {
  it.each(programs)('SDKs of Mistral and Cohere that are %s are traced', async (_how, file, source) => {
    const { methods, status } = await record(workspace, file, source, { node, environment: { PROVIDER: server.url } });
    expect(methods).toEqual(['chat.complete', 'embeddings.create', 'chat.stream', 'v2.chat', 'chat']);
    expect(status.sdks.map(({ provider, format }) => `${provider} ${format}`).sort()).toEqual([
      'cohere commonjs',
      'mistral module',
    ]);
    expect(status.counters.internalErrors).toBe(0);
  });
});
