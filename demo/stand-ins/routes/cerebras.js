'use strict';

// Cerebras at /cerebras: OpenAI's wire format, with `time_info`, and the usage of a stream in its last chunk.

const { chat, sentEvents, textCompletion } = require('../provider-server.js');

const own = {
  system_fingerprint: 'fp_standin',
  time_info: {
    queue_time: 0.0001,
    prompt_time: 0.004,
    completion_time: 0.1,
    total_time: 0.11,
    created: 1_760_000_000.5,
  },
};

function chatOfCerebras({ body }) {
  const whole = chat({ ...body, stream: false }).json;
  if (!body.stream) return { json: { ...whole, ...own } };
  const { events } = chat({ ...body, stream_options: undefined });
  const chunks = events.slice(0, -1).map((event) => JSON.parse(event.slice('data: '.length)));
  for (const { choices } of chunks) {
    const [{ delta }] = choices;
    if (delta.reasoning_content) choices[0].delta = { reasoning: delta.reasoning_content };
  }
  Object.assign(chunks.at(-1), { ...own, usage: whole.usage });
  return sentEvents(chunks, body);
}

function completionOfCerebras({ body }) {
  const whole = textCompletion({ ...body, stream: false }).json;
  if (!body.stream) return { json: { ...whole, ...own } };
  const { events } = textCompletion(body);
  const last = { ...JSON.parse(events.at(-2).slice('data: '.length)), ...own, usage: whole.usage };
  return { events: [...events.slice(0, -2), `data: ${JSON.stringify(last)}\n\n`, events.at(-1)] };
}

module.exports = {
  routes: [
    { path: /^\/cerebras\/v1\/chat\/completions$/, answer: chatOfCerebras },
    { path: /^\/cerebras\/v1\/completions$/, answer: completionOfCerebras },
    { path: /^\/cerebras\/v1\/tcp_warming$/, method: 'GET', answer: () => ({ json: {} }) },
  ],
};
