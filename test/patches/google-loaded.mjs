// Loads Google's SDKs after enabling, each by `require` and by `import`, and prints what their calls are events of.
// Arguments: the packages.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { enableLlmTracing } = require('../../dist/index.js');
const { startProviderServer } = require('../../demo/stand-ins/provider-server.js');

const model = 'gemini-standin';
const events = [];
const track = ({ event_properties: { sdk, provider_sdk_version: version, method, outcome } }) =>
  events.push({ sdk, version, method, outcome });
const tracing = enableLlmTracing({ track }, { noWarning: true });
await tracing.ready;
const server = await startProviderServer();
for (const name of process.argv.slice(2)) {
  for (const sdk of [require(name), await import(name)]) await callOf(sdk);
}
await tracing.flush();
process.stdout.write(JSON.stringify(events));
process.exit();

async function callOf({ GoogleGenAI, GoogleGenerativeAI }) {
  if (GoogleGenAI) {
    const client = new GoogleGenAI({ apiKey: 'none', vertexai: false, httpOptions: { baseUrl: server.url } });
    return client.models.generateContent({ model, contents: 'hello' });
  }
  const client = new GoogleGenerativeAI('none').getGenerativeModel({ model }, { baseUrl: server.url });
  const { stream } = await client.generateContentStream('hello');
  for await (const chunk of stream) void chunk;
}
