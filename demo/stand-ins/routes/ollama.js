'use strict';

// Ollama, after its API documentation: JSON documents, one a line, and an error that is a string.

const { textOf, piecesOf } = require('../provider-server.js');

const counts = {
  done_reason: 'stop',
  done: true,
  total_duration: 900_000_000,
  load_duration: 100_000_000,
  prompt_eval_count: 20,
  prompt_eval_duration: 300_000_000,
  eval_count: 12,
  eval_duration: 500_000_000,
};

const cities = ['Paris', 'Tokyo'];
const created_at = '2025-10-09T08:53:20.000000Z';

function lastPrompt(body) {
  const last = body.messages?.at(-1);
  if (last?.role === 'tool') return '';
  const said = last?.content ?? body.prompt ?? body.input ?? '';
  return typeof said === 'string' ? said : said.join(' ');
}

function chat({ body }) {
  const prompt = lastPrompt(body);
  const message = { role: 'assistant', content: textOf(prompt) };
  if (/think/i.test(prompt)) message.thinking = 'Let me think.';
  if (/weather/i.test(prompt) && body.tools?.length > 0) {
    const { name } = body.tools[0].function;
    message.content = '';
    message.tool_calls = cities.map((city) => ({ function: { index: 0, name, arguments: { city } } }));
  }
  const head = { model: body.model, created_at };
  if (!body.stream) return { json: { ...head, message, ...counts } };
  const piece = (fields) => ({ ...head, message: { role: 'assistant', content: '', ...fields }, done: false });
  return lines([
    ...piecesOf(message.thinking ?? '').map((thinking) => piece({ thinking })),
    ...piecesOf(message.content).map((content) => piece({ content })),
    ...(message.tool_calls ?? []).map((call) => piece({ tool_calls: [call] })),
    { ...head, message: { role: 'assistant', content: '' }, ...counts },
  ]);
}

function generate({ body }) {
  const head = { model: body.model, created_at };
  const response = textOf(lastPrompt(body));
  const thinking = /think/i.test(body.prompt) ? 'Let me think.' : undefined;
  if (!body.stream) return { json: { ...head, response, thinking, ...counts, context: [1, 2, 3] } };
  return lines([
    ...piecesOf(thinking ?? '').map((piece) => ({ ...head, response: '', thinking: piece, done: false })),
    ...piecesOf(response).map((piece) => ({ ...head, response: piece, done: false })),
    { ...head, response: '', ...counts, context: [1, 2, 3] },
  ]);
}

function embed({ body }) {
  const inputs = [body.input].flat();
  const embeddings = inputs.map(() => [0.25, -0.5, 0.125]);
  return {
    json: { model: body.model, embeddings, total_duration: 9_000_000, load_duration: 1_000_000, prompt_eval_count: 5 },
  };
}

function judge({ body }) {
  const answers = Object.fromEntries(Object.keys(body.questions).map((name) => [name, { type: 'noul', noul: 0.75 }]));
  return { json: { model: body.model, answers, usage: { input_tokens: 9, output_tokens: 0 } } };
}

// A failure after the answer has begun is a line of its own: "fail".
function lines(documents) {
  return { events: documents.map((document) => `${JSON.stringify(document)}\n`), type: 'application/x-ndjson' };
}

function streamed(answer) {
  return (call) => {
    const made = answer(call);
    if (!made.events || !/\bfail\b/.test(lastPrompt(call.body))) return made;
    return {
      ...made,
      events: [...made.events.slice(0, 2), `${JSON.stringify({ error: 'model runner has stopped' })}\n`],
    };
  };
}

const error = (status, message) => ({ json: { error: message } });

module.exports = {
  routes: [
    { path: /^\/api\/chat$/, answer: streamed(chat), prompt: lastPrompt, error },
    { path: /^\/api\/generate$/, answer: streamed(generate), prompt: lastPrompt, error },
    { path: /^\/api\/embed$/, answer: embed, prompt: lastPrompt, error },
    { path: /^\/api\/embeddings$/, answer: () => ({ json: { embedding: [0.25, -0.5, 0.125] } }), error },
    { path: /^\/v1\/systemone$/, answer: judge, error },
    { path: /^\/api\/pull$/, answer: () => lines([{ status: 'pulling manifest' }, { status: 'success' }]), error },
    { path: /^\/api\/tags$/, method: 'GET', answer: () => ({ json: { models: [] } }), error },
  ],
};
