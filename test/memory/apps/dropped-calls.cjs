'use strict';

// Starts calls and lets go of them in every way; prints what was reported of each, and what is still in memory.

const { enableLlmTracing } = require('@amp/llm-trace');
const OpenAI = require('openai');
const Anthropic = require('@anthropic-ai/sdk');
const { json, completion, chatStream, messageStream } = require('./provider-fetch.cjs');

const isTraced = process.argv[2] === 'traced';
const events = [];
if (isTraced) enableLlmTracing({ track: (event) => void events.push(event) }, { userId: 'memory', noWarning: true });

const failure = () => json({ error: { message: 'no', type: 'invalid_request_error' } }, 400);
const openaiWith = (answer) => new OpenAI({ apiKey: 'k', maxRetries: 0, fetch: async () => answer() });
const anthropicWith = (answer) => new Anthropic({ apiKey: 'k', maxRetries: 0, fetch: async () => answer() });
const ask = (model, more) => ({ model, messages: [{ role: 'user', content: 'hello' }], ...more });
const chat = (client, model, more) => client.chat.completions.create(ask(model, more));
const stream = { stream: true };

/** Each gives the objects that have to go. */
const droppedCalls = {
  'failed, not awaited'(model) {
    const client = openaiWith(failure);
    return [client, chat(client, model)];
  },
  'succeeded, not awaited'(model) {
    const client = openaiWith(() => json(completion('hello')));
    return [client, chat(client, model)];
  },
  'parse, not awaited'(model) {
    const client = openaiWith(() => json(completion('{}')));
    return [client, client.chat.completions.parse(ask(model))];
  },
  'stream, not awaited'(model) {
    const client = openaiWith(() => chatStream(9, 'hello '));
    return [client, chat(client, model, stream)];
  },
  async 'stream, not read'(model) {
    const client = openaiWith(() => chatStream(9, 'hello '));
    return [client, await chat(client, model, stream)];
  },
  async 'stream of withResponse, not read'(model) {
    const client = openaiWith(() => chatStream(9, 'hello '));
    const { data } = await chat(client, model, stream).withResponse();
    return [client, data];
  },
  async 'stream, opened and not read'(model) {
    const client = openaiWith(() => chatStream(9, 'hello '));
    const answer = await chat(client, model, stream);
    return [client, answer, answer[Symbol.asyncIterator]()];
  },
  async 'stream, half read'(model) {
    const client = openaiWith(() => chatStream(9, 'hello '));
    const answer = await chat(client, model, stream);
    const iterator = answer[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.next();
    return [client, answer, iterator];
  },
  async 'branches, not read'(model) {
    const client = openaiWith(() => chatStream(9, 'hello '));
    const answer = await chat(client, model, stream);
    return [client, answer, ...answer.tee()];
  },
  async 'branches, half read'(model) {
    const client = openaiWith(() => chatStream(9, 'hello '));
    const answer = await chat(client, model, stream);
    const [left, right] = answer.tee();
    await left[Symbol.asyncIterator]().next();
    return [client, answer, left, right];
  },
  'message, not awaited'(model) {
    const client = anthropicWith(() => json({ type: 'message', content: [], usage: {} }));
    return [client, client.messages.create(ask(model, { max_tokens: 9 }))];
  },
  'failed message, not awaited'(model) {
    const client = anthropicWith(failure);
    return [client, client.messages.create(ask(model, { max_tokens: 9 }))];
  },
  async 'message stream, not read'(model) {
    const client = anthropicWith(messageStream);
    return [client, await client.messages.create(ask(model, { max_tokens: 9, ...stream }))];
  },
  async 'message stream, half read'(model) {
    const client = anthropicWith(messageStream);
    const answer = await client.messages.create(ask(model, { max_tokens: 9, ...stream }));
    const iterator = answer[Symbol.asyncIterator]();
    for (let step = 0; step < 4; step++) await iterator.next();
    return [client, answer, iterator];
  },
};

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function main() {
  let unhandled = 0;
  process.on('unhandledRejection', () => (unhandled += 1));
  const references = new Map();
  // In an own function: what an `async` function has awaited stays on its frame.
  const drop = async (name) => {
    const objects = await hold(droppedCalls[name](name));
    references.set(name, objects);
  };
  for (const name of Object.keys(droppedCalls)) await drop(name);

  const isAlive = (name) => references.get(name).some((reference) => reference.deref() !== undefined);
  const names = Object.keys(droppedCalls);
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    await pause(10);
    globalThis.gc();
    if (!names.some(isAlive) && (!isTraced || events.length >= names.length)) break;
  }
  // A second report of the same call would come now.
  await pause(50);
  globalThis.gc();
  await pause(50);
  const reports = events.map(({ event_properties: properties }) => {
    const { model, outcome, output } = properties;
    return { model, outcome, output };
  });
  const alive = names.filter(isAlive);
  process.stdout.write(JSON.stringify({ reports, alive, unhandled }), () => process.exit(0));
}

/** An APIPromise must not be awaited here: that would be reading it. */
async function hold(result) {
  const objects = Array.isArray(result) ? result : await result;
  return objects.map((object) => new WeakRef(object));
}

void main();
