// Measures one scenario with all variants in turns, in random order: a machine that slows down slows all of them.
//   node --expose-gc bench/measure.mjs SCENARIO ROUNDS    prints JSON: for each variant the microseconds of CPU of an
//                                                         operation, one number a round
//   node --expose-gc bench/measure.mjs memory VARIANT     prints JSON: bytes kept a call
import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const [scenarioName, argument] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const { OpenAI } = require('openai');

const text = 'The quick brown fox jumps over the lazy dog. ';
const usage = {
  prompt_tokens: 250,
  completion_tokens: 60,
  total_tokens: 310,
  prompt_tokens_details: { cached_tokens: 128 },
};
const head = { id: 'chatcmpl-bench', created: 1_760_000_000, model: 'gpt-4o-2024-08-06' };
const answer = JSON.stringify({
  ...head,
  object: 'chat.completion',
  choices: [
    { index: 0, message: { role: 'assistant', content: text.repeat(6), refusal: null }, finish_reason: 'stop' },
  ],
  usage,
});
const chunk = (delta, finish_reason = null) =>
  `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const events = [
  ...Array.from({ length: 998 }, (_, index) => chunk({ content: ` word${index}` })),
  chunk({}, 'stop'),
  `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [], usage })}\n\n`,
  'data: [DONE]\n\n',
].map((event) => new TextEncoder().encode(event));
const vectors = JSON.stringify({
  object: 'list',
  model: 'text-embedding-3-small',
  data: Array.from({ length: 64 }, (_, index) => ({
    object: 'embedding',
    index,
    embedding: Buffer.from(new Float32Array(1536).fill(0.01 * index).buffer).toString('base64'),
  })),
  usage: { prompt_tokens: 640, total_tokens: 640 },
});

const json = { status: 200, headers: { 'content-type': 'application/json', 'x-request-id': 'req_bench' } };
const sse = { status: 200, headers: { 'content-type': 'text/event-stream', 'x-request-id': 'req_bench' } };

// Answers in the process, in a later turn of the event loop as a socket would: what is measured is the SDK and us.
async function fetchStub(url, { body }) {
  await new Promise((resolve) => setImmediate(resolve));
  if (String(url).endsWith('/embeddings')) return new Response(vectors, json);
  if (!body.includes('"stream":true')) return new Response(answer, json);
  let at = 0;
  const pull = (controller) => {
    // Some events a read, as from a socket.
    for (let count = 0; count < 8; count++) {
      if (at === events.length) return controller.close();
      controller.enqueue(events[at++]);
    }
  };
  return new Response(new ReadableStream({ pull }), sse);
}

/** The same answer from another process: what a call costs that goes through sockets. */
async function startProvider() {
  const provider = fork(fileURLToPath(new URL('provider.mjs', import.meta.url)), [answer]);
  const [port] = await new Promise((resolve) => provider.once('message', (...message) => resolve(message)));
  provider.unref();
  provider.channel.unref();
  return `http://127.0.0.1:${port}/v1`;
}

const isOverHttp = scenarioName === 'http';
const client = isOverHttp
  ? new OpenAI({ apiKey: 'bench', maxRetries: 0, baseURL: await startProvider() })
  : new OpenAI({ apiKey: 'bench', maxRetries: 0, fetch: fetchStub });
const message = { role: 'user', content: text.repeat(22) };
const history = Array.from({ length: 100 }, (_, index) => ({
  role: index % 2 ? 'assistant' : 'user',
  content: text.repeat(45),
}));
const stream = async () => {
  let length = 0;
  const chunks = await client.chat.completions.create({
    model: 'gpt-4o',
    messages: [message],
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const { choices } of chunks) length += choices[0]?.delta.content?.length ?? 0;
  return length;
};

const call = () => client.chat.completions.create({ model: 'gpt-4o', messages: [message] });
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const scenarios = {
  // Calls as a service makes them: now and then. The others run in a loop, as hot as code can get.
  paced: { operations: 40, run: () => call().then(() => pause(3)) },
  chat: { operations: 800, run: call },
  http: { operations: 200, run: call },
  history: { operations: 60, run: () => client.chat.completions.create({ model: 'gpt-4o', messages: history }) },
  stream: { operations: 5, run: stream },
  streams: { operations: 1, run: () => Promise.all(Array.from({ length: 64 }, stream)) },
  embeddings: {
    operations: 12,
    run: () => client.embeddings.create({ model: 'text-embedding-3-small', input: Array(64).fill(text) }),
  },
};

/** Puts a function around each method; what it gives back takes it away again. */
function wrapEach(around) {
  const restores = [OpenAI.Chat.Completions, OpenAI.Embeddings].map(({ prototype }) => {
    const { create } = prototype;
    prototype.create = around(create);
    return () => (prototype.create = create);
  });
  return () => restores.forEach((restore) => restore());
}

// What any instrumentation pays at the least: a function around the method that does nothing.
const wrapWithNothing = (create) =>
  function create_(...args) {
    return create.apply(this, args);
  };

// What a hand-written wrapper does: read the call, build a small event, keep it. It breaks `withResponse()`.
const wrapByHand = (track) => (create) =>
  function tracked(...args) {
    const start = performance.now();
    return create.apply(this, args).then((value) => {
      const { model, usage: counts, choices } = value;
      const output = choices?.[0]?.message?.content?.slice(0, 500);
      track({
        event_type: 'llm_operation',
        event_properties: { model, ...counts, output, latency: performance.now() - start },
      });
      return value;
    });
  };

/** A client that keeps the last thousand events. */
function memoryClient() {
  const kept = [];
  let at = 0;
  return { track: (event) => void (kept[at++ % 1_000] = event) };
}

/** Takes everything, in another process, so that only what it costs to send is counted. */
async function startSink() {
  const sink = fork(fileURLToPath(new URL('provider.mjs', import.meta.url)), ['{"code":200,"events_ingested":1}']);
  const [port] = await new Promise((resolve) => sink.once('message', (...message) => resolve(message)));
  sink.unref();
  sink.channel.unref();
  return `http://127.0.0.1:${port}/2/httpapi`;
}

async function amplitudeClient() {
  const amplitude = require('@amplitude/analytics-node').createInstance();
  amplitude.init('bench', { serverUrl: await startSink(), logLevel: 0 });
  return amplitude;
}

const { createTracingClient, enableLlmTracing, withLlmContext } = await import('../dist/index.mjs');
const amplitude = await amplitudeClient();
const trace = (target, options = {}) => {
  const tracing = enableLlmTracing(target, { modules: { openai: OpenAI }, noWarning: true, ...options });
  return () => tracing.disable();
};
/** What there is to switch on, all at once. */
const everything = { redact: ['email', 'phone', 'credit_card', 'iban', 'ip', 'api_key', 'us_ssn'], sampleRate: 0.999 };
const context = { userId: 'user-1', llmSessionId: 'session-1', properties: { feature: 'bench' }, sampleRate: 1 };
const delivering = createTracingClient('bench', { serverUrl: await startSink() });
const memory = memoryClient();
/** Each begins a variant, and gives what ends it. */
const variants = {
  bare: () => () => undefined,
  nothing: () => wrapEach(wrapWithNothing),
  'by hand': () => wrapEach(wrapByHand(memory.track)),
  traced: () => trace(memory),
  everything() {
    const end = trace(memory, everything);
    // Once it is used, an AsyncLocalStorage costs Node 20 something with every promise: that belongs to this variant.
    return () => (end(), globalThis[Symbol.for('amp.llm-trace')].frames.disable());
  },
  delivered: () => trace(delivering),
  amplitude: () => trace(amplitude),
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function measureBlock(variant, { operations, run }) {
  const end = variants[variant]();
  const one = variant === 'everything' ? () => withLlmContext(context, run) : run;
  await one();
  // What enabling has left is no part of a call. Not a whole collection: that would throw compiled code away, too.
  globalThis.gc({ type: 'minor' });
  const before = process.cpuUsage();
  for (let index = 0; index < operations; index++) await one();
  await turn();
  // What it has queued is a part of what it costs.
  if (variant === 'amplitude') await amplitude.flush().promise;
  if (variant === 'delivered') await delivering.flush();
  const { user, system } = process.cpuUsage(before);
  end();
  return (user + system) / operations;
}

function shuffled(names) {
  return names
    .map((name) => [Math.random(), name])
    .sort(([a], [b]) => a - b)
    .map(([, name]) => name);
}

async function measureAll(scenario, rounds) {
  // A wrapper of the promise can not watch a stream.
  const names = Object.keys(variants).filter((name) => name !== 'by hand' || !scenarioName.startsWith('stream'));
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -2; round < rounds; round++) {
    for (const name of shuffled(names)) {
      const time = await measureBlock(name, scenario);
      if (round >= 0) times[name].push(time);
    }
  }
  return times;
}

function settledHeap() {
  for (let round = 0; round < 4; round++) globalThis.gc();
  return process.memoryUsage().heapUsed;
}

async function bytesKept(variant, calls) {
  variants[variant]();
  for (let index = 0; index < calls / 4; index++) await call();
  const before = settledHeap();
  for (let index = 0; index < calls; index++) await call();
  await turn();
  return (settledHeap() - before) / calls;
}

const measured =
  scenarioName === 'memory'
    ? await bytesKept(argument, 20_000)
    : await measureAll(scenarios[scenarioName], Number(argument));
console.log(JSON.stringify(measured));
process.exit(0);
