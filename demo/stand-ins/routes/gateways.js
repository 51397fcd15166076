'use strict';

// What stands between an application and a vendor: a test sends `https://HOST/PATH` to `/gateways/HOST/PATH` here. After
// what the gateways document, and what their sources write (docs/sdk-notes/gateways.md). "fail" in a prompt is a 400.

const { piecesOf, textOf } = require('../provider-server.js');

const usage = { prompt_tokens: 20, completion_tokens: 12, total_tokens: 32 };

/** What each adds: to the headers of every answer, to those of a whole one, to the body, and to its usage. */
const gateways = {
  'openrouter.ai': {
    body: { id: 'gen-standin', provider: 'Fireworks', model: 'meta-llama/llama-3.3-70b-instruct' },
    usage: { cost: 0.00042, is_byok: false, cost_details: { upstream_inference_cost: null } },
  },
  'litellm.example.org': {
    headers: {
      'x-litellm-call-id': '7d1f',
      'x-litellm-version': '1.80.0',
      'x-litellm-model-id': '2f5ed3f7c7d1b6a5b1c9f0b4b9c2c0c8a2a1e6d1f9a34cfb2d60f5e1c4b7a890',
      'x-litellm-model-api-base': 'https://api.openai.com/v1',
      'x-litellm-key-spend': '3.5',
    },
    whole: { 'x-litellm-response-cost': '3.45e-05' },
    failed: { 'x-litellm-response-cost': '0' },
  },
  // A proxy whose deployments have names, in front of servers of its own.
  'named.litellm.example.org': {
    headers: {
      'x-litellm-call-id': '7d1f',
      'x-litellm-model-id': 'qwen3-coder-vllm',
      'x-litellm-model-api-base': 'http://127.0.0.1:9000/v1',
      'x-litellm-response-cost': '0.0',
    },
    body: { model: undefined },
  },
  'gateway.ai.cloudflare.com': {
    headers: { 'cf-aig-log-id': '01J', 'cf-aig-cache-status': 'MISS', 'cf-aig-step': '0' },
    open: { 'cf-aig-provider': 'google-ai-studio', 'cf-aig-model': 'gemini-2.0-flash' },
  },
  'ai-gateway.vercel.sh': {
    metadata: {
      gateway: {
        routing: { originalModelId: 'anthropic/claude', resolvedProvider: 'vertex', finalProvider: 'vertex' },
        cost: '0.0006669',
        generationId: 'gen_standin',
      },
    },
  },
  'api.portkey.ai': {
    headers: {
      'x-portkey-trace-id': 'trace',
      'x-portkey-last-used-option-index': 'config',
      'x-portkey-retry-attempt-count': '0',
      'x-portkey-provider': 'vertex-ai',
    },
  },
  'portkey.example.org': {
    headers: { 'x-portkey-trace-id': 'trace', 'x-portkey-provider': 'together-ai' },
  },
  'ai-gateway.helicone.ai': {
    headers: { 'helicone-id': '1', 'helicone-status': 'success' },
    whole: { 'helicone-provider': 'bedrock', 'helicone-model': 'amazon.nova-lite-v1:0' },
  },
  'mine.openai.azure.com': { body: { model: 'gpt-4o-2025-01-01' } },
  // A vendor that sends what no vendor sends.
  'api.openai.com': { headers: { 'x-litellm-call-id': '1', 'x-litellm-response-cost': '99' } },
};

function answer({ body, match: { groups } }) {
  const { host, path } = groups;
  const gateway = gateways[host] ?? {};
  const isOpen = /\/compat\//.test(path);
  const headers = { ...gateway.headers, ...(isOpen && gateway.open) };
  const prompt = JSON.stringify(body.messages ?? body.input ?? '');
  if (/\bfail\b/.test(prompt)) {
    const error = { message: 'it failed', type: 'invalid_request_error', code: 'invalid_value' };
    return { status: 400, json: { type: 'error', error }, headers: { ...headers, ...gateway.failed } };
  }
  const text = textOf(prompt);
  if (path.endsWith('/messages')) return { json: message(body, text), headers: { ...headers, ...gateway.whole } };
  if (path.endsWith('/embeddings')) {
    const data = [{ object: 'embedding', index: 0, embedding: [0.25, -0.5] }];
    return { json: { object: 'list', data, model: body.model, usage }, headers: { ...headers, ...gateway.whole } };
  }
  const told = { ...usage, ...gateway.usage };
  const metadata = gateway.metadata && { provider_metadata: gateway.metadata };
  const head = { id: 'chatcmpl-standin', created: 1_760_000_000, model: `${body.model}-2025-01-01`, ...gateway.body };
  if (!body.stream) {
    const choices = [
      { index: 0, message: { role: 'assistant', content: text, refusal: null, ...metadata }, finish_reason: 'stop' },
    ];
    const json = { object: 'chat.completion', ...head, choices, usage: told };
    return { json, headers: { ...headers, ...gateway.whole } };
  }
  const chunk = (delta, finish_reason = null, more = {}) => ({
    object: 'chat.completion.chunk',
    ...head,
    choices: [{ index: 0, delta, finish_reason }],
    ...more,
  });
  const events = piecesOf(text).map((content) => chunk({ content }));
  events.push(chunk({ ...metadata }, 'stop'), { object: 'chat.completion.chunk', ...head, choices: [], usage: told });
  return { events: [...events.map((event) => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n'], headers };
}

const message = (body, text) => ({
  id: 'msg_standin',
  type: 'message',
  role: 'assistant',
  model: body.model,
  content: [{ type: 'text', text }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 12 },
});

module.exports = { routes: [{ path: /^\/gateways\/(?<host>[^/]+)(?<path>\/.*)$/, answer }] };
