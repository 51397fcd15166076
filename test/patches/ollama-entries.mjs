// Calls Ollama through each of its entries; prints the methods of the events. Arguments: 'import' or 'require'.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { enableLlmTracing } = require('../../dist/index.js');
const { startProviderServer } = require('../../demo/stand-ins/provider-server.js');

const load = process.argv[2] === 'import' ? (name) => import(name) : (name) => require(name);
const events = [];
const handle = enableLlmTracing({ track: (event) => events.push(event.event_properties) }, { noWarning: true });
await handle.ready;

const { url: host } = await startProviderServer();
const { Ollama, default: instance } = await load('ollama');
const { Ollama: InBrowser } = await load('ollama/browser');
const request = { model: 'm', prompt: 'hello' };

instance.config.host = host;
await instance.generate({ ...request });
await new Ollama({ host }).generate({ ...request });
await new InBrowser({ host }).generate({ ...request });
await handle.flush();
handle.disable();
await new Ollama({ host }).generate({ ...request });
const told = events.map(({ sdk, provider_sdk_version, method, outcome }) => [
  sdk,
  provider_sdk_version,
  method,
  outcome,
]);
process.stdout.write(JSON.stringify(told));
process.exit();
