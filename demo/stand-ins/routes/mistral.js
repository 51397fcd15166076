'use strict';

// Mistral, after its API reference. Behind /mistral, because its paths are also OpenAI's.

const { textOf, piecesOf } = require('../provider-server.js');

const usage = {
  prompt_tokens: 20,
  completion_tokens: 12,
  total_tokens: 32,
  prompt_tokens_details: { cached_tokens: 8 },
};

const cities = ['Paris', 'Tokyo'];

function lastPrompt(body) {
  const last = body.messages?.at(-1);
  if (last?.role === 'tool') return '';
  const said = last?.content ?? body.prompt ?? body.input ?? '';
  return typeof said === 'string' ? said : said.map((part) => part.text ?? '').join(' ');
}

function completion({ body }) {
  const prompt = lastPrompt(body);
  const message = { role: 'assistant', content: textOf(prompt), tool_calls: null };
  if (/think/i.test(prompt)) {
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'Let me think.' }], closed: true };
    message.content = [thinking, { type: 'text', text: textOf(prompt) }];
  }
  if (/weather/i.test(prompt) && body.tools?.length > 0) {
    message.content = '';
    message.tool_calls = cities.map((city, index) => ({
      id: `call0000${index}`,
      type: 'function',
      function: { name: body.tools[0].function.name, arguments: JSON.stringify({ city }) },
      index,
    }));
  }
  const finish_reason = message.tool_calls ? 'tool_calls' : 'stop';
  const head = { id: 'cmpl-standin', object: 'chat.completion', created: 1_760_000_000 };
  const model = body.model ?? 'mistral-small-2506';
  if (body.stream)
    return { events: chunksOf({ ...head, object: 'chat.completion.chunk', model }, message, finish_reason) };
  const choices = Array.from({ length: body.n ?? 1 }, (_, index) => ({ index, message, finish_reason }));
  return { json: { ...head, model, choices, usage } };
}

function chunksOf(head, message, finish_reason) {
  const chunk = (delta, reason = null, more = {}) =>
    `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason: reason }], ...more })}\n\n`;
  const parts = Array.isArray(message.content) ? message.content : [{ type: 'text', text: message.content }];
  const deltas = parts.flatMap((part) =>
    part.type === 'text' ? piecesOf(part.text).map((content) => ({ content })) : [{ content: [part] }],
  );
  const last = message.tool_calls ? { content: '', tool_calls: message.tool_calls } : { content: '' };
  return [
    chunk({ role: 'assistant', content: '' }),
    ...deltas.map((delta) => chunk(delta)),
    chunk(last, finish_reason, { usage }),
    'data: [DONE]\n\n',
  ];
}

function embeddings({ body }) {
  const data = [body.input].flat().map((_, index) => ({ object: 'embedding', index, embedding: [0.25, -0.5, 0.125] }));
  const counts = { prompt_tokens: 5, completion_tokens: 0, total_tokens: 5 };
  return { json: { id: 'embd-standin', object: 'list', data, model: body.model, usage: counts } };
}

const moderations = ({ body }) => ({
  json: {
    id: 'mod-standin',
    model: body.model,
    results: [{ categories: { pii: false }, category_scores: { pii: 0.01 } }],
    usage: { prompt_tokens: 9, completion_tokens: 0, total_tokens: 9 },
  },
});

const error = (status, message) => ({
  json: {
    object: 'error',
    message,
    type: status === 429 ? 'rate_limited' : 'invalid_request',
    param: null,
    code: '3051',
  },
  headers: { 'mistral-correlation-id': 'corr_standin' },
});

const at = (path, answer) => ({ path: new RegExp(`^/mistral/v1/${path}$`), answer, prompt: lastPrompt, error });

module.exports = {
  routes: [
    at('chat/completions', completion),
    at('agents/completions', completion),
    at('fim/completions', completion),
    at('embeddings', embeddings),
    at('moderations', moderations),
    at('chat/moderations', moderations),
  ],
};
