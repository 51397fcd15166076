'use strict';

// Hugging Face: the hub, which says who has a model, and its own server for models that are no chat. Chats have OpenAI's
// paths and format. The name of the model says what it is for.

const { textOf, piecesOf } = require('../provider-server.js');

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const taskOf = (model) =>
  ({
    writer: 'text-generation',
    painter: 'text-to-image',
    listener: 'automatic-speech-recognition',
    speaker: 'text-to-speech',
    embedder: 'feature-extraction',
    translator: 'translation',
    summarizer: 'summarization',
  })[model.split('/')[1]] ?? 'conversational';

function mapping({ match }) {
  const model = match[1];
  const mapping = { providerId: model, status: 'live', task: taskOf(model) };
  return {
    json: { id: model, inferenceProviderMapping: { 'hf-inference': mapping, groq: mapping, together: mapping } },
  };
}

// Text generation in the words of Hugging Face's own server.
function generation({ body }) {
  const text = textOf(body.inputs ?? body.prompt ?? '');
  const details = { finish_reason: 'eos_token', generated_tokens: 12, seed: null };
  if (!body.stream) return { json: [{ generated_text: text, details }] };
  const token = (piece, special) => ({ id: 1, text: piece, logprob: -0.1, special });
  const events = [
    ...piecesOf(text).map((piece) => ({ token: token(piece, false), generated_text: null, details: null })),
    { token: token('</s>', true), generated_text: text, details },
  ];
  return { events: events.map((event, index) => `data:${JSON.stringify({ index: index + 1, ...event })}\n\n`) };
}

// The same in OpenAI's words, which newer versions of the SDK ask for.
function completion({ body }) {
  const text = textOf(body.prompt ?? '');
  const head = { id: 'cmpl-hf', object: 'text_completion', created: 1_760_000_000, model: body.model };
  const usage = { prompt_tokens: 20, completion_tokens: 12, total_tokens: 32 };
  if (!body.stream) return { json: { ...head, choices: [{ index: 0, text, finish_reason: 'stop' }], usage } };
  const chunk = (piece, finish_reason) => ({ ...head, choices: [{ index: 0, text: piece, finish_reason }] });
  const chunks = [...piecesOf(text).map((piece) => chunk(piece, null)), { ...chunk('', 'stop'), usage }];
  return { events: [...chunks.map((each) => `data: ${JSON.stringify(each)}\n\n`), 'data: [DONE]\n\n'] };
}

function chat({ body, url }) {
  const text = textOf(body.messages.at(-1).content);
  const head = { id: 'chatcmpl-hf', created: 1_760_000_000, model: body.model, system_fingerprint: url.split('/')[1] };
  const usage = { prompt_tokens: 20, completion_tokens: 12, total_tokens: 32 };
  const message = { role: 'assistant', content: text };
  if (!body.stream) return { json: { ...head, choices: [{ index: 0, message, finish_reason: 'stop' }], usage } };
  const chunk = (delta, finish_reason) => ({ ...head, choices: [{ index: 0, delta, finish_reason }] });
  const chunks = [...piecesOf(text).map((content) => chunk({ content }, null)), chunk({}, 'stop')];
  return { events: [...chunks.map((each) => `data: ${JSON.stringify(each)}\n\n`), 'data: [DONE]\n\n'] };
}

function model({ body, match }) {
  const answers = {
    'text-to-image': { bytes: pixel, type: 'image/png' },
    'text-to-speech': { bytes: Buffer.from('not really a wav'), type: 'audio/wav' },
    'automatic-speech-recognition': { json: { text: 'Hello there.' } },
    'feature-extraction': { json: Array.isArray(body.inputs) ? body.inputs.map(() => [0.25, -0.5]) : [0.25, -0.5] },
    translation: { json: [{ translation_text: 'Bonjour.' }] },
    summarization: { json: [{ summary_text: 'In short.' }] },
  };
  return answers[taskOf(match[1])] ?? generation({ body });
}

const shared = {
  prompt: (body) => body.messages?.at(-1)?.content ?? body.inputs ?? body.prompt ?? '',
  error: (status, message) => ({ json: { error: message, error_type: 'validation' } }),
};

exports.routes = [
  { path: /^\/api\/models\/(.+)$/, method: 'GET', answer: mapping, ...shared },
  { path: /^\/hf-inference\/models\/([^/]+\/[^/]+)(?:\/pipeline\/[a-z-]+)?$/, answer: model, ...shared },
  { path: /^(?:\/hf-inference\/models\/[^/]+\/[^/]+|\/endpoint)\/v1\/completions$/, answer: completion, ...shared },
  {
    path: /^\/(?:hf-inference\/models\/[^/]+\/[^/]+|groq\/openai|together)\/v1\/chat\/completions$/,
    answer: chat,
    ...shared,
  },
  // An endpoint of one's own: its address is all there is.
  { path: /^\/endpoint$/, answer: generation, ...shared },
];
