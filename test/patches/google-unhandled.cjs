'use strict';

// Streams of @google/generative-ai whose failures nobody handles, with both of the promises that they come with, and
// those of its chats. Prints how they surfaced. In a process of its own, because Jest listens to these events itself.
// Argument: 'bare' or 'traced'.

const { join } = require('node:path');
const sdk = require('@google/generative-ai');
const { startProviderServer } = require('../../demo/stand-ins/provider-server.js');

const unhandled = [];
process.on('unhandledRejection', (reason) =>
  unhandled.push(withoutPort(`${reason?.constructor?.name}: ${reason?.message}`)),
);
const withoutPort = (text) => text.replace(/127\.0\.0\.1:\d+/, 'the stand-in');
// The SDK says there that a chat could not be kept.
console.error = () => undefined;

async function main() {
  const events = [];
  let handle;
  if (process.argv[2] === 'traced') {
    const { enableLlmTracing } = require(join(__dirname, '..', '..', 'dist', 'index.js'));
    const track = ({ event_properties: { method, outcome } }) => events.push(`${method} ${outcome}`);
    handle = enableLlmTracing({ track }, { modules: { 'google-generative-ai': sdk }, noWarning: true });
  }
  const server = await startProviderServer();
  for (const call of Object.values(callsOf(server.url))) call();
  await settled();
  await handle?.flush();
  process.stdout.write(JSON.stringify({ unhandled: unhandled.sort(), events: events.sort() }));
  process.exit();
}

function callsOf(url) {
  const modelOf = (faults) =>
    new sdk.GoogleGenerativeAI('none').getGenerativeModel({ model: 'gemini-standin' }, { baseUrl: url + faults });
  const chatOf = (faults) => modelOf(faults).startChat();
  const read = async (result) => {
    for await (const chunk of (await result).stream) void chunk;
  };
  return {
    unread: () => void modelOf('/slow-5/cut-3').generateContentStream('unread'),
    read: () => void read(modelOf('/slow-5/cut-3').generateContentStream('read')),
    readAndHandled: () => void read(modelOf('/slow-5/cut-3').generateContentStream('handled')).catch(() => undefined),
    nextByNobody: () =>
      void modelOf('/slow-5/cut-1')
        .generateContentStream('next')
        .then(async ({ stream }) => {
          await stream.next();
          void stream.next();
        }),
    response: () =>
      void modelOf('/slow-5/cut-3')
        .generateContentStream('response')
        .then(({ response }) => response),
    left: () =>
      void modelOf('/slow-5/cut-3')
        .generateContentStream('left')
        .then(async ({ stream }) => {
          for await (const chunk of stream) if (chunk) break;
        }),
    chat: () => void chatOf('/slow-5/cut-3').sendMessageStream('chat'),
    chatRead: () => void read(chatOf('/slow-5/cut-3').sendMessageStream('chat that is read')),
    chatRefused: () => void chatOf('/400-99').sendMessageStream('chat that is refused'),
    chatWhole: () => void chatOf('/400-99').sendMessage('message that is refused'),
  };
}

// Until nothing more has come for a while: a machine that has much to do is slow.
async function settled() {
  for (let before = -1; before !== unhandled.length;) {
    before = unhandled.length;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  }
}

main();
