// What is measured: calls of the openai SDK, answered from memory or by another process.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
export const { OpenAI } = require('openai');

const text = 'The quick brown fox jumps over the lazy dog. ';
const usage = {
  prompt_tokens: 250,
  completion_tokens: 60,
  total_tokens: 310,
  prompt_tokens_details: { cached_tokens: 128 },
};
const head = { id: 'chatcmpl-bench', created: 1_760_000_000, model: 'gpt-4o-2024-08-06' };
/** What the provider says to a call of 1 KB. */
export const answer = JSON.stringify({
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

const message = { role: 'user', content: text.repeat(22) };
const history = Array.from({ length: 100 }, (_, index) => ({
  role: index % 2 ? 'assistant' : 'user',
  content: text.repeat(45),
}));

/**
 * The scenarios: `warm` operations before anything is measured, and `operations` in each block that is.
 *
 * @param provider - URL of a provider in another process.
 * @param asked - what is done with the arguments of a call before it.
 */
export function scenariosOf(provider, asked = (params) => params) {
  const inMemory = new OpenAI({ apiKey: 'bench', maxRetries: 0, fetch: fetchStub });
  const overHttp = new OpenAI({ apiKey: 'bench', maxRetries: 0, baseURL: provider });
  const create = (client, messages, options) =>
    client.chat.completions.create(asked({ model: 'gpt-4o', messages, ...options }));
  const stream = async () => {
    let length = 0;
    const chunks = await create(inMemory, [message], { stream: true, stream_options: { include_usage: true } });
    for await (const { choices } of chunks) length += choices[0]?.delta.content?.length ?? 0;
    return length;
  };
  const call = () => create(inMemory, [message]);
  return {
    // Calls as a service makes them: now and then. Others are made in a loop, as hot as code can get.
    paced: { warm: 200, operations: 40, run: () => call().then(() => pause(3)) },
    chat: { warm: 6_000, operations: 800, run: call },
    http: { warm: 2_500, operations: 300, run: () => create(overHttp, [message]) },
    history: { warm: 400, operations: 60, run: () => create(inMemory, history) },
    stream: { warm: 60, operations: 5, run: stream },
    streams: { warm: 6, operations: 1, run: () => Promise.all(Array.from({ length: 64 }, stream)) },
    embeddings: {
      warm: 150,
      operations: 12,
      run: () => inMemory.embeddings.create({ model: 'text-embedding-3-small', input: Array(64).fill(text) }),
    },
  };
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
