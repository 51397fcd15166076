'use strict';

// Measures what stays in the heap, after garbage collection, of one kind of work; prints it with a count of the events.

const { enableLlmTracing } = require('@amp/llm-trace');
const OpenAI = require('openai');
const { json, completion, chatStream } = require('./provider-fetch.cjs');

const [, , kind, mode] = process.argv;
const events = [];
let tracked = 0;
const keeping = { track: (event) => void (tracked += events.push(event) && 1) };
const forgetting = { track: () => void (tracked += 1) };
const options = { userId: 'memory', noWarning: true };
let tracing;
if (mode === 'traced') tracing = enableLlmTracing(kind === 'settled calls' ? forgetting : keeping, options);

const megabyte = 1 << 20;
/** A flat string of its own: a piece cut from it by `slice` would keep all of it. */
const flat = (length, at) => Buffer.alloc(length, 97 + (at % 26)).toString('latin1');
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function memoryUsed() {
  // Events are made in small turns: all of them first.
  await tracing?.flush();
  let least = Infinity;
  for (let round = 0; round < 8; round++) {
    await pause(10);
    globalThis.gc();
    // Long strings that Node makes lie outside of the heap of V8.
    const { heapUsed, external } = process.memoryUsage();
    least = Math.min(least, heapUsed + external);
  }
  return least;
}

const clientOf = (answer) => new OpenAI({ apiKey: 'k', maxRetries: 0, fetch: async () => answer() });
const ask = (content, more) => ({ model: 'm', messages: [{ role: 'user', content }], ...more });

async function settledCalls() {
  const client = clientOf(() => json(completion('hello')));
  const call = async (count) => {
    for (let done = 0; done < count; done++) await client.chat.completions.create(ask('hello'));
  };
  await call(3_000);
  const before = await memoryUsed();
  const count = 20_000;
  await call(count);
  return ((await memoryUsed()) - before) / count;
}

async function openStream() {
  const client = clientOf(() => chatStream(7_100, 'x'.repeat(1_000)));
  const read = async (iterator, count) => {
    for (let step = 0; step < count; step++) await iterator.next();
  };
  const stream = await client.chat.completions.create(ask('hello', { stream: true }));
  const iterator = stream[Symbol.asyncIterator]();
  await read(iterator, 2_000);
  const before = await memoryUsed();
  await read(iterator, 5_000);
  const kept = (await memoryUsed()) - before;
  await iterator.return();
  return kept;
}

const large = 10 * megabyte;
const longTexts = {
  'long prompts': (at) => clientOf(() => json(completion('hello'))).chat.completions.create(ask(flat(large, at))),
  'long parts': (at) =>
    clientOf(() => json(completion('hello'))).chat.completions.create(ask([{ type: 'text', text: flat(large, at) }])),
  'long inputs': (at) =>
    clientOf(() => json({ id: 'r', model: 'm', output: [], status: 'completed' })).responses.create({
      model: 'm',
      input: flat(large, at),
    }),
  'long model names': (at) =>
    clientOf(() => json(completion('hello'))).chat.completions.create({ ...ask('hello'), model: flat(large, at) }),
  'long answers': (at) => clientOf(() => json(completion(flat(large, at)))).chat.completions.create(ask('hello')),
  'long chunks': async (at) => {
    const stream = await clientOf(() => chatStream(2, flat(large, at))).chat.completions.create(
      ask('hello', { stream: true }),
    );
    for await (const chunk of stream) void chunk;
  },
  'long error messages': (at) =>
    clientOf(() => json({ error: { message: flat(large, at) } }, 400))
      .chat.completions.create(ask('hello'))
      .catch(() => undefined),
  'long error codes': (at) =>
    clientOf(() => json({ error: { code: flat(large, at) } }, 400))
      .chat.completions.create(ask('hello'))
      .catch(() => undefined),
};

async function longText() {
  const work = longTexts[kind];
  await work(0);
  const before = await memoryUsed();
  const count = 6;
  for (let at = 1; at <= count; at++) await work(at);
  return ((await memoryUsed()) - before) / count;
}

async function main() {
  const measure = { 'settled calls': settledCalls, 'open stream': openStream }[kind] ?? longText;
  const bytes = Math.round(await measure());
  await pause(20);
  process.stdout.write(JSON.stringify({ bytes, tracked, held: events.length }), () => process.exit(0));
}

void main();
