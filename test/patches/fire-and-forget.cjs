'use strict';

// Makes calls whose failures nobody handles, and prints how each of them surfaced: as many `unhandledRejection` events
// as without us. In a process of its own, because Jest listens to these events itself.
// Arguments: the package of the SDK, 'bare' or 'traced', and for an SDK with plain promises the file that calls it.

const { join } = require('node:path');
const { startProviderServer } = require('../../demo/stand-ins/provider-server.js');
const { plainCalls } = require('./plain-calls.cjs');

const [name, mode, plain] = process.argv.slice(2);
const unhandled = [];
const textOf = (reason) =>
  `${reason?.constructor?.name}: ${String(reason?.message).replace(/127\.0\.0\.1:\d+/g, 'the stand-in')}`;
process.on('unhandledRejection', (reason) => unhandled.push(textOf(reason)));

async function main() {
  const sdk = require(name);
  const events = [];
  let handle;
  if (mode === 'traced') {
    const { enableLlmTracing } = require(join(__dirname, '..', '..', 'dist', 'index.js'));
    const provider = plain ? require(plain).provider : stainlessOf(sdk).provider;
    const track = ({ event_properties: { outcome, error_type, http_status } }) =>
      events.push([outcome, error_type ?? '', http_status ?? ''].join(' '));
    handle = enableLlmTracing({ track }, { modules: { [provider]: sdk }, noWarning: true });
  }
  const server = await startProviderServer();
  const calls = plain ? plainCalls(require(plain), sdk, server.url) : callsOf(sdk, server.url);
  for (const call of Object.values(calls)) call();
  await settled();
  await handle?.flush();
  process.stdout.write(JSON.stringify({ unhandled: unhandled.sort(), events: events.sort() }));
  process.exit();
}

// The clients that Stainless has generated: where their calls go, and which provider they are for.
function stainlessOf(sdk) {
  if (sdk.OpenAI) return { Client: sdk.OpenAI, provider: 'openai', path: '/v1' };
  if (sdk.Groq) return { Client: sdk.Groq, provider: 'groq', path: '' };
  if (sdk.Together) return { Client: sdk.Together, provider: 'together', path: '/v1' };
  if (sdk.Cerebras) return { Client: sdk.Cerebras, provider: 'cerebras', path: '' };
  return { Client: sdk.Anthropic, provider: 'anthropic', path: '' };
}

function callsOf(sdk, url) {
  const { Client, provider, path } = stainlessOf(sdk);
  // A new client of Cerebras would send a request by itself.
  const options = { apiKey: 'sk-none', maxRetries: 0, warmTCPConnection: false };
  const connect = (faults) => new Client({ ...options, baseURL: `${url}${faults}${path}` });
  const request = (content, extra) => ({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content }], ...extra });
  const ask = (client, content, extra) => (client.chat?.completions ?? client.messages).create(request(content, extra));
  const failing = (content, extra) => ask(connect('/400-99'), content, extra);
  const chatOf = (client) => (client.chat.completions.stream ? client.chat : client.beta?.chat)?.completions;
  const helperOf = (client) => client.messages ?? chatOf(client);
  const calls = {
    awaitedByNobody: () => void failing('nobody awaits'),
    streamAwaitedByNobody: () => void failing('nobody awaits the stream', { stream: true }),
    then: () => void failing('then').then(() => undefined),
    finally: () => void failing('finally').finally(() => undefined),
    withResponse: () => void failing('withResponse').withResponse(),
    asResponse: () => void failing('asResponse').asResponse(),
    twice() {
      const promise = failing('twice');
      void promise.then(() => undefined);
      void promise.then(() => undefined);
    },
    handledLate() {
      const promise = failing('handled');
      promise.catch(() => undefined);
    },
    refused: () => void ask(new Client({ ...options, baseURL: 'http://127.0.0.1:1' }), 'refused'),
    brokenStream: () =>
      void ask(connect('/cut-4'), 'broken', { stream: true }).then(async (stream) => {
        for await (const chunk of stream) void chunk;
      }),
    nextByNobody: () =>
      void ask(connect('/cut-1'), 'next', { stream: true }).then(async (stream) => {
        const iterator = stream[Symbol.asyncIterator]();
        await iterator.next();
        void iterator.next();
      }),
    // These helpers reject on purpose when nobody listens; a listener of ours would have silenced them.
    streamHelper: () => void helperOf(connect('/500-99'))?.stream(request('helper')),
  };
  if (provider === 'openai') {
    calls.responses = () => void connect('/401-99').responses.create({ model: 'm', input: 'responses' });
    calls.parse = () => void chatOf(connect('/401-99')).parse(request('parse'));
  }
  return calls;
}

// Until nothing more has come for a while: a machine that has much to do is slow.
async function settled() {
  for (let before = -1; before !== unhandled.length;) {
    before = unhandled.length;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  }
}

main();
