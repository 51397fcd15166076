'use strict';

// Together at /together-ai: OpenAI's wire format, with `prompt`, `seed`, the reason `eos`, and usage that is null but in
// the last chunk.

const { chat, embeddings, piecesOf, sentEvents, textCompletion } = require('../provider-server.js');

const eos = (reason) => (reason === 'stop' ? 'eos' : reason);

function chatOfTogether({ body }) {
  const whole = { ...chat({ ...body, stream: false }).json, service_tier: undefined };
  for (const choice of whole.choices) Object.assign(choice, { finish_reason: eos(choice.finish_reason), seed: 1 });
  if (!body.stream) return { json: { ...whole, prompt: [] } };
  const { events } = chat({ ...body, stream_options: undefined });
  const chunks = events.slice(0, -1).map((event) => JSON.parse(event.slice('data: '.length)));
  for (const chunk of chunks) {
    delete chunk.service_tier;
    const [choice] = chunk.choices;
    const { content, reasoning_content: reasoning } = choice.delta;
    Object.assign(choice, { text: content ?? '', seed: null, finish_reason: eos(choice.finish_reason) });
    if (reasoning) choice.delta = { reasoning };
    chunk.usage = null;
  }
  chunks.at(-1).usage = whole.usage;
  return sentEvents(chunks, body);
}

function completionOfTogether({ body }) {
  const whole = textCompletion({ ...body, stream: false }).json;
  whole.choices[0].finish_reason = 'eos';
  if (!body.stream) return { json: { ...whole, object: 'text.completion', prompt: [] } };
  const { id, created, model, choices, usage } = whole;
  const chunk = (text, finish_reason = null) => ({
    ...{ id, created, model, object: 'completion.chunk' },
    choices: [{ index: 0, text, delta: { token_id: 1, role: 'assistant', content: text } }],
    finish_reason,
    usage: finish_reason && usage,
  });
  const chunks = [...piecesOf(choices[0].text).map((piece) => chunk(piece)), chunk('', 'eos')];
  return sentEvents(chunks, body);
}

const image = ({ body }) => {
  const [index, pixel] = [0, 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk'];
  const url = 'https://stand-in.invalid/picture.jpg';
  const picture = body.response_format === 'base64' ? { index, b64_json: pixel } : { index, url };
  return { json: { id: 'img-standin', model: body.model, object: 'list', data: [picture] } };
};

const rerank = ({ body }) => ({
  json: {
    id: 'rerank-standin',
    object: 'rerank',
    model: body.model,
    results: body.documents.map((text, index) => ({ index, relevance_score: 1 / (index + 1), document: { text } })),
    usage: { prompt_tokens: 15, completion_tokens: 0, total_tokens: 15 },
  },
});

function speech({ body }) {
  if (!body.stream) return { bytes: Buffer.from('not really an mp3'), type: 'application/octet-stream' };
  const pieces = ['bm90', 'IHJl', 'YWxs', 'eQ=='].map((b64) => ({ object: 'audio.tts.chunk', model: body.model, b64 }));
  return sentEvents(pieces, body);
}

module.exports = {
  routes: [
    { path: /^\/together-ai\/v1\/chat\/completions$/, answer: chatOfTogether },
    { path: /^\/together-ai\/v1\/completions$/, answer: completionOfTogether },
    { path: /^\/together-ai\/v1\/embeddings$/, answer: ({ body }) => embeddings(body) },
    { path: /^\/together-ai\/v1\/images\/generations$/, answer: image },
    { path: /^\/together-ai\/v1\/rerank$/, answer: rerank },
    {
      path: /^\/together-ai\/v1\/audio\/(transcriptions|translations)$/,
      answer: () => ({ json: { text: 'Hello there.' } }),
    },
    { path: /^\/together-ai\/v1\/audio\/speech$/, answer: speech },
  ],
};
