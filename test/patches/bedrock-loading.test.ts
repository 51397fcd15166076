import { makeRecordingWorkspace, record } from '../loading/record-calls';
import type { Workspace } from '../loading/workspace';
import { runtimes } from '../support/runtimes';
import { startProviderServer } from '../support/start-provider';

const sdk = '@aws-sdk/client-bedrock-runtime';

/** The caller's part of each program. */
const calls = `
const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
const clientOf = (BedrockRuntimeClient, NodeHttpHandler) => new BedrockRuntimeClient({
  region: 'us-east-1', endpoint: process.env.PROVIDER, credentials, requestHandler: new NodeHttpHandler(),
});
const messages = [{ role: 'user', content: [{ text: 'hello' }] }];
async function run({ BedrockRuntimeClient, ConverseCommand, InvokeModelCommand }, { NodeHttpHandler }) {
  const client = clientOf(BedrockRuntimeClient, NodeHttpHandler);
  await client.send(new ConverseCommand({ modelId: 'nova', messages }));
  const body = JSON.stringify({ message: 'hello' });
  await client.send(new InvokeModelCommand({ modelId: 'cohere.command-r', contentType: 'application/json', body }));
}
async function runClaude({ AnthropicBedrock }) {
  const client = new AnthropicBedrock({ baseURL: process.env.PROVIDER, apiKey: 'none', awsRegion: 'us-east-1' });
  const request = { model: 'anthropic.claude-x', max_tokens: 9, messages: [{ role: 'user', content: 'hello' }] };
  await client.messages.create(request);
  for await (const event of await client.messages.create({ ...request, stream: true })) void event;
}
`;
const requires = `const { enableLlmTracing } = require('@amp/llm-trace');
const { client: amplitude, finish } = require('recorder');${calls}`;
const imports = `import { enableLlmTracing } from '@amp/llm-trace';
import recorder from 'recorder';
const { client: amplitude, finish } = recorder;${calls}`;

const programs: Readonly<Record<string, readonly [file: string, source: string]>> = {
  'a require after enabling': [
    'after.cjs',
    `${requires} enableLlmTracing(amplitude);
    run(require('${sdk}'), require('@smithy/node-http-handler')).then(() => finish());`,
  ],
  'a require before enabling': [
    'before.cjs',
    `${requires} const sdk = require('${sdk}'); enableLlmTracing(amplitude);
    run(sdk, require('@smithy/node-http-handler')).then(() => finish());`,
  ],
  'a named import before enabling': [
    'named.mjs',
    `${imports} import { BedrockRuntimeClient, ConverseCommand, InvokeModelCommand } from '${sdk}';
    import { NodeHttpHandler } from '@smithy/node-http-handler';
    await enableLlmTracing(amplitude).ready;
    await run({ BedrockRuntimeClient, ConverseCommand, InvokeModelCommand }, { NodeHttpHandler }); await finish();`,
  ],
  'an import() after enabling': [
    'dynamic.mjs',
    `${imports} enableLlmTracing(amplitude);
    await run(await import('${sdk}'), await import('@smithy/node-http-handler')); await finish();`,
  ],
};

let workspace: Workspace;
let server: Awaited<ReturnType<typeof startProviderServer>>;
beforeAll(async () => {
  server = await startProviderServer();
  workspace = makeRecordingWorkspace(['@anthropic-ai/sdk', '@anthropic-ai/bedrock-sdk']);
  workspace.linkPackage('@smithy/node-http-handler');
});
afterAll(async () => {
  workspace.remove();
  await server.close();
});

describe.each(runtimes)('on $label', ({ label, node }) => {
  const environment = (): Record<string, string> => ({ PROVIDER: server.url });

  it.each(Object.entries(programs))(
    '%s is patched once, with the headers of its answers',
    async (_how, [file, source]) => {
      const { events, status } = await record(workspace, `${label}/${file}`, source, {
        node,
        environment: environment(),
      });
      const told = events.map(({ event_properties: { method, output_tokens, provider_sdk_version } }) => [
        method,
        output_tokens,
        /^3\.\d+\.\d+$/.test(String(provider_sdk_version)),
      ]);
      expect(told).toEqual([
        ['converse', 12, true],
        ['invokeModel', 12, true],
      ]);
      expect(status.counters.internalErrors).toBe(0);
    },
  );

  // @anthropic-ai/bedrock-sdk has this SDK as a dependency and loads it: its calls must not become two events.
  it('the calls of @anthropic-ai/bedrock-sdk are one event each, with every patch on', async () => {
    const source = `${requires} enableLlmTracing(amplitude);
      const both = [require('@anthropic-ai/bedrock-sdk'), require('${sdk}')];
      runClaude(both[0]).then(() => run(both[1], require('@smithy/node-http-handler'))).then(() => finish());`;
    const { events, status } = await record(workspace, `${label}/both.cjs`, source, {
      node,
      environment: environment(),
    });
    const told = events.map(({ event_properties: { sdk: name, method, provider } }) => [name, method, provider]);
    expect(told).toEqual([
      ['@anthropic-ai/sdk', 'messages.create', 'aws_bedrock'],
      ['@anthropic-ai/sdk', 'messages.create', 'aws_bedrock'],
      [sdk, 'converse', 'aws_bedrock'],
      [sdk, 'invokeModel', 'aws_bedrock'],
    ]);
    expect(status.sdks.map(({ provider }) => provider).sort()).toEqual(['anthropic', 'bedrock']);
  });
});
