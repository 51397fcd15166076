// Calls of OpenAI's chat through the AI SDK, on one major: `node ai-tiers.mjs 7`. Prints the tier and the cost of each.
import { createRequire } from 'node:module';
import { createServer } from 'node:http';

const require = createRequire(import.meta.url);
const [aiName, openaiName] = {
  5: ['ai-v5', 'ai-sdk-openai-v2'],
  6: ['ai-v6', 'ai-sdk-openai-v3'],
  7: ['ai', '@ai-sdk/openai'],
}[process.argv[2]];
globalThis.AI_SDK_LOG_WARNINGS = false;

const events = [];
const { enableLlmTracing } = require('../../dist/index.js');
const client = { track: (event) => void events.push(event.event_properties) };
const handle = enableLlmTracing(client, { noWarning: true });
const { generateText, streamText } = await import(aiName);
const { createOpenAI } = await import(openaiName);
await handle.ready;

let tier;
const usage = { prompt_tokens: 10_000, completion_tokens: 1_000, total_tokens: 11_000 };
const server = createServer(async (request, response) => {
  let body = '';
  for await (const piece of request) body += piece;
  const answer = { id: 'c', object: 'chat.completion', created: 1, model: 'gpt-5-2025-08-07', service_tier: tier };
  const said = { content: 'Hi' };
  if (!JSON.parse(body).stream) {
    response.setHeader('content-type', 'application/json');
    const message = { role: 'assistant', ...said };
    return response.end(JSON.stringify({ ...answer, choices: [{ index: 0, message, finish_reason: 'stop' }], usage }));
  }
  response.setHeader('content-type', 'text/event-stream');
  const chunk = { ...answer, object: 'chat.completion.chunk' };
  response.write(
    `data: ${JSON.stringify({ ...chunk, choices: [{ index: 0, delta: said, finish_reason: 'stop' }] })}\n\n`,
  );
  response.end(`data: ${JSON.stringify({ ...chunk, choices: [], usage })}\n\ndata: [DONE]\n\n`);
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const openai = createOpenAI({ apiKey: 'k', baseURL: `http://127.0.0.1:${server.address().port}/v1` });

const report = {};
for (const [title, served, asked, isStream] of [
  ['flex', 'flex', 'flex'],
  ['asked for flex, had the usual', 'default', 'flex'],
  ['the usual', 'default'],
  ['a stream of the usual', 'default', undefined, true],
  ['a stream that was asked for as flex', 'flex', 'flex', true],
]) {
  tier = served;
  const providerOptions = asked === undefined ? {} : { openai: { serviceTier: asked } };
  const request = { model: openai.chat('gpt-5'), prompt: 'x', maxRetries: 0, providerOptions };
  if (isStream) await streamText(request).text;
  else await generateText(request);
  await handle.flush();
  const [event, ...others] = events.splice(0);
  report[title] = others.length > 0 ? 'several events' : [event?.service_tier ?? null, event?.cost ?? null];
}
process.stdout.write(`${JSON.stringify(report)}\n`);
server.close();
server.closeAllConnections();
