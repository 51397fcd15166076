'use strict';

// Groq at /groq-sdk: OpenAI's wire format, with what it adds in `x_groq`.
//
//   "stop early"     a stream that tells in its last chunk why it stopped

const { chat, embeddings, sentEvents } = require('../provider-server.js');

const times = { queue_time: 0.02, prompt_time: 0.01, completion_time: 0.1, total_time: 0.11 };
const x_groq = { id: 'req_standin', seed: 7 };

const promptOf = (body) => (typeof body.messages?.at(-1)?.content === 'string' ? body.messages.at(-1).content : '');

function chatOfGroq({ body }) {
  const own = { service_tier: 'on_demand', system_fingerprint: 'fp_standin' };
  const whole = chat({ ...body, stream: false }).json;
  const usage = { ...times, ...whole.usage };
  if (!body.stream) return { json: { ...whole, ...own, usage, x_groq } };
  const { events } = chat({ ...body, stream_options: undefined });
  const chunks = events.slice(0, -1).map((event) => ({ ...JSON.parse(event.slice('data: '.length)), ...own }));
  for (const { choices } of chunks) {
    const [{ delta }] = choices;
    if (delta.reasoning_content) choices[0].delta = { reasoning: delta.reasoning_content, channel: 'analysis' };
  }
  Object.assign(chunks[0], { x_groq });
  Object.assign(chunks.at(-1), { x_groq: { ...x_groq, usage } });
  if (/stop early/.test(promptOf(body))) chunks.at(-1).x_groq.error = `over capacity: ${promptOf(body)}`;
  return sentEvents(chunks, body);
}

const spoken = () => ({ json: { text: 'Hello there.', x_groq } });

module.exports = {
  routes: [
    { path: /^\/groq-sdk\/openai\/v1\/chat\/completions$/, answer: chatOfGroq },
    { path: /^\/groq-sdk\/openai\/v1\/embeddings$/, answer: ({ body }) => embeddings(body) },
    { path: /^\/groq-sdk\/openai\/v1\/audio\/(transcriptions|translations)$/, answer: spoken },
    {
      path: /^\/groq-sdk\/openai\/v1\/audio\/speech$/,
      answer: () => ({ bytes: Buffer.from('not really a wav'), type: 'audio/wav' }),
    },
  ],
};
