'use strict';

// Cohere, after its API reference: two versions of the API, of which the first streams JSON documents, one a line.
// Behind /cohere, because others have such paths too.

const { textOf, piecesOf } = require('../provider-server.js');

const tokens = { billed_units: { input_tokens: 5, output_tokens: 9 }, tokens: { input_tokens: 20, output_tokens: 12 } };
const usage = { ...tokens, cached_tokens: 8 };
const meta = { api_version: { version: '1' }, ...tokens };
const cities = ['Paris', 'Tokyo'];

function lastPrompt(body) {
  const last = body.messages?.at(-1);
  if (last?.role === 'tool') return '';
  const said = last?.content ?? body.message ?? body.prompt ?? body.query ?? body.texts ?? '';
  return typeof said === 'string' ? said : said.map((part) => part.text ?? part).join(' ');
}

const calls = (body) => (/weather/i.test(lastPrompt(body)) && body.tools?.length > 0 ? cities : []);

// --- Version 2 --------------------------------------------------------------------------------------------------

function chat({ body }) {
  const prompt = lastPrompt(body);
  const message = { role: 'assistant' };
  const toolCalls = calls(body).map((city, index) => ({
    id: `call_${index}`,
    type: 'function',
    function: { name: body.tools[0].function.name, arguments: JSON.stringify({ city }) },
  }));
  if (toolCalls.length > 0) Object.assign(message, { tool_plan: 'I will look.', tool_calls: toolCalls });
  else message.content = [{ type: 'text', text: textOf(prompt) }];
  if (/think/i.test(prompt)) message.content.unshift({ type: 'thinking', thinking: 'Let me think.' });
  const isFailed = /\bfail\b/i.test(prompt);
  const finish_reason = isFailed ? 'ERROR' : toolCalls.length > 0 ? 'TOOL_CALL' : 'COMPLETE';
  const id = 'chat-standin';
  if (!body.stream) return { json: { id, finish_reason, message, usage } };
  return { events: chatEvents(id, message, { finish_reason, usage, ...(isFailed && { error: `no: ${prompt}` }) }) };
}

function chatEvents(id, { content = [], tool_plan = '', tool_calls = [] }, end) {
  const event = (type, fields) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  const events = [
    event('message-start', {
      id,
      delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [] } },
    }),
  ];
  for (const [index, { type, ...part }] of content.entries()) {
    events.push(event('content-start', { index, delta: { message: { content: { type, [type]: '' } } } }));
    for (const piece of piecesOf(part[type])) {
      events.push(event('content-delta', { index, delta: { message: { content: { [type]: piece } } } }));
    }
    events.push(event('content-end', { index }));
  }
  for (const piece of piecesOf(tool_plan)) {
    events.push(event('tool-plan-delta', { delta: { message: { tool_plan: piece } } }));
  }
  for (const [index, call] of tool_calls.entries()) {
    const begun = { ...call, function: { ...call.function, arguments: '' } };
    events.push(event('tool-call-start', { index, delta: { message: { tool_calls: begun } } }));
    for (const piece of piecesOf(call.function.arguments)) {
      const delta = { message: { tool_calls: { function: { arguments: piece } } } };
      events.push(event('tool-call-delta', { index, delta }));
    }
    events.push(event('tool-call-end', { index }));
  }
  return [...events, event('message-end', { delta: end }), 'data: [DONE]\n\n'];
}

// --- Version 1 --------------------------------------------------------------------------------------------------

function oldChat({ body }) {
  const tool_calls = calls(body).map((city) => ({ name: body.tools[0].name, parameters: { city } }));
  const answer = {
    response_id: 'response-standin',
    generation_id: 'generation-standin',
    text: tool_calls.length > 0 ? 'I will look.' : textOf(lastPrompt(body)),
    finish_reason: 'COMPLETE',
    chat_history: [],
    meta,
    ...(tool_calls.length > 0 && { tool_calls }),
  };
  if (!body.stream) return { json: answer };
  const asked = tool_calls.length > 0 ? [{ event_type: 'tool-calls-generation', text: answer.text, tool_calls }] : [];
  return lines([
    { event_type: 'stream-start', generation_id: answer.generation_id },
    ...piecesOf(answer.text).map((text) => ({ event_type: 'text-generation', text })),
    ...asked,
    { event_type: 'stream-end', finish_reason: 'COMPLETE', response: answer },
  ]);
}

function generate({ body }) {
  const text = textOf(lastPrompt(body));
  const generations = Array.from({ length: body.num_generations ?? 1 }, (_, index) => ({
    id: `generation-${index}`,
    text,
    finish_reason: 'COMPLETE',
  }));
  const answer = {
    id: 'generate-standin',
    generations,
    prompt: body.prompt,
    meta: { billed_units: meta.billed_units },
  };
  if (!body.stream) return { json: answer };
  return lines([
    ...piecesOf(text).map((piece) => ({ event_type: 'text-generation', text: piece })),
    { event_type: 'stream-end', finish_reason: 'COMPLETE', response: answer },
  ]);
}

function lines(events) {
  const last = events.length - 1;
  const line = (event, at) => `${JSON.stringify({ is_finished: at === last, ...event })}\n`;
  return { events: events.map(line), type: 'application/stream+json' };
}

// ----------------------------------------------------------------------------------------------------------------

function embed({ body }) {
  const vectors = [body.texts ?? body.images ?? body.inputs].flat().map(() => [0.25, -0.5, 0.125]);
  const head = { id: 'embed-standin', texts: body.texts ?? [], meta: { billed_units: { input_tokens: 5 } } };
  const isTyped = body.embedding_types !== undefined;
  const answer = isTyped ? { response_type: 'embeddings_by_type', embeddings: { float: vectors } } : undefined;
  return { json: { ...head, ...(answer ?? { response_type: 'embeddings_floats', embeddings: vectors }) } };
}

const rerank = () => ({
  json: {
    id: 'rerank-standin',
    results: [{ index: 1, relevance_score: 0.9 }],
    meta: { billed_units: { search_units: 1 } },
  },
});

const error = (status, message) => ({ json: { id: 'error-standin', message } });

const at = (path, answer) => ({ path: new RegExp(`^/cohere/${path}$`), answer, prompt: lastPrompt, error });

module.exports = {
  routes: [
    at('v2/chat', chat),
    at('v1/chat', oldChat),
    at('v1/generate', generate),
    at('v[12]/embed', embed),
    at('v[12]/rerank', rerank),
  ],
};
