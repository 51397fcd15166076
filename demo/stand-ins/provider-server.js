'use strict';

// A stand-in for OpenAI and Anthropic on 127.0.0.1, after their wire formats. The last user message chooses what comes
// back, so that a test or a demo reads like what it is about:
//
//   "weather"       tool calls (two in parallel)      "json"       JSON text, for structured output
//   "refuse"        a refusal                         "long"       4,000 characters
//   "think"         reasoning before the answer       anything     "Hello from the stand-in."
//
// Faults stand in front of the path and combine: /cut-3/ closes the socket after 3 events, /stall-3/ goes silent,
// /slow-5/ waits 5 ms between events, /wait-50/ waits before the answer, /429-2/ answers that status twice first,
// /400-9/ and the like always fail when the count is high. An error message echoes the prompt, as real ones do.

//
// Every other provider has a file of its own in `routes/`, see `routes/README.md`.

const { existsSync, readdirSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');

// Here, because the files in `routes/` are loaded by this one and use it.
module.exports = { startProviderServer, textOf, piecesOf, chat, textCompletion, embeddings, sentEvents };

const usage = {
  chat: {
    prompt_tokens: 20,
    completion_tokens: 12,
    total_tokens: 32,
    prompt_tokens_details: { cached_tokens: 8, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 4, audio_tokens: 0 },
  },
  responses: {
    input_tokens: 20,
    output_tokens: 12,
    total_tokens: 32,
    input_tokens_details: { cached_tokens: 8 },
    output_tokens_details: { reasoning_tokens: 4 },
  },
  anthropic: {
    input_tokens: 10,
    cache_creation_input_tokens: 3,
    cache_read_input_tokens: 7,
    output_tokens: 12,
    service_tier: 'standard',
  },
};

const cities = ['Paris', 'Tokyo'];
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

function textOf(prompt) {
  if (/\bjson\b/i.test(prompt)) return '{"city":"Paris","celsius":18}';
  if (/\blong\b/i.test(prompt)) return 'lorem ipsum '.repeat(400).slice(0, 4000);
  return 'Hello from the stand-in.';
}

function piecesOf(text) {
  return text.match(/.{1,8}/gsu) ?? [];
}

function lastPrompt(body) {
  const last = Array.isArray(body.messages)
    ? body.messages.at(-1)
    : Array.isArray(body.input)
      ? body.input.at(-1)
      : undefined;
  const content = last?.content ?? body.input ?? body.prompt ?? '';
  if (typeof content === 'string') return last?.role === 'tool' ? '' : content;
  const parts = Array.isArray(content) ? content : [];
  return parts
    .map((part) => (typeof part === 'string' ? part : part?.type === 'tool_result' ? '' : (part?.text ?? '')))
    .join(' ');
}

const hasTools = (body) => Array.isArray(body.tools) && body.tools.length > 0;

// --- OpenAI -----------------------------------------------------------------------------------------------------

function chatMessage(body) {
  const prompt = lastPrompt(body);
  if (/weather/i.test(prompt) && hasTools(body)) {
    const tool_calls = cities.map((city, index) => ({
      id: `call_${index}`,
      type: 'function',
      function: { name: body.tools[0].function?.name ?? 'get_weather', arguments: JSON.stringify({ city }) },
    }));
    return { message: { role: 'assistant', content: null, refusal: null, tool_calls }, finish_reason: 'tool_calls' };
  }
  if (/refuse/i.test(prompt)) {
    return {
      message: { role: 'assistant', content: null, refusal: 'I can not help with that.' },
      finish_reason: 'stop',
    };
  }
  return { message: { role: 'assistant', content: textOf(prompt), refusal: null }, finish_reason: 'stop' };
}

function chat(body) {
  const choices = Array.from({ length: body.n ?? 1 }, (_, index) => ({ index, logprobs: null, ...chatMessage(body) }));
  const head = {
    id: 'chatcmpl-standin',
    created: 1_760_000_000,
    model: `${body.model}-2025-01-01`,
    service_tier: 'default',
  };
  if (!body.stream) return { json: { object: 'chat.completion', ...head, choices, usage: usage.chat } };
  const chunk = (index, delta, finish_reason = null) => ({
    object: 'chat.completion.chunk',
    ...head,
    choices: [{ index, delta, logprobs: null, finish_reason }],
    ...(body.stream_options?.include_usage && { usage: null }),
  });
  const events = choices.map(({ index }) => chunk(index, { role: 'assistant', content: '' }));
  for (const { index, message } of choices) {
    if (/think/i.test(lastPrompt(body))) events.push(chunk(index, { reasoning_content: 'Let me think.' }));
    for (const piece of piecesOf(message.content ?? '')) events.push(chunk(index, { content: piece }));
    for (const piece of piecesOf(message.refusal ?? '')) events.push(chunk(index, { refusal: piece }));
    events.push(...streamedToolCalls(message.tool_calls ?? [], (delta) => chunk(index, delta)));
  }
  for (const { index, finish_reason } of choices) events.push(chunk(index, {}, finish_reason));
  if (body.stream_options?.include_usage) {
    events.push({ object: 'chat.completion.chunk', ...head, choices: [], usage: usage.chat });
  }
  return { events: [...events.map((event) => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n'] };
}

// Chunks as server-sent events, or the first of them and an error: "break off".
function sentEvents(chunks, body) {
  const events = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  const prompt = lastPrompt(body);
  if (!/break off/i.test(prompt)) return { events: [...events, 'data: [DONE]\n\n'] };
  const error = { message: `could not go on: ${prompt}`, type: 'server_error', code: 'broken_off' };
  return { events: [...events.slice(0, 3), `data: ${JSON.stringify({ error })}\n\n`] };
}

// Parallel calls come interleaved, which is what merges them where they are not kept apart by index.
function streamedToolCalls(calls, chunk) {
  const begins = calls.map(({ id, type, function: { name } }, index) =>
    chunk({ tool_calls: [{ index, id, type, function: { name, arguments: '' } }] }),
  );
  const pieces = calls.map(({ function: { arguments: text } }) => piecesOf(text));
  const deltas = [];
  for (let at = 0; pieces.some((list) => at < list.length); at++) {
    for (const [index, list] of pieces.entries()) {
      if (at < list.length) deltas.push(chunk({ tool_calls: [{ index, function: { arguments: list[at] } }] }));
    }
  }
  return [...begins, ...deltas];
}

function responses(body) {
  const prompt = lastPrompt(body);
  const output = [];
  if (/think/i.test(prompt)) output.push({ id: 'rs_1', type: 'reasoning', summary: [] });
  if (/weather/i.test(prompt) && hasTools(body)) {
    for (const [index, city] of cities.entries()) {
      const name = body.tools[0].name ?? 'get_weather';
      const text = JSON.stringify({ city });
      output.push({
        id: `fc_${index}`,
        type: 'function_call',
        call_id: `call_${index}`,
        name,
        arguments: text,
        status: 'completed',
      });
    }
  } else {
    const content = /refuse/i.test(prompt)
      ? { type: 'refusal', refusal: 'I can not help with that.' }
      : { type: 'output_text', text: textOf(prompt), annotations: [], logprobs: [] };
    output.push({ id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content: [content] });
  }
  const isFailed = /\bfail\b/i.test(prompt);
  const response = {
    id: 'resp_standin',
    object: 'response',
    created_at: 1_760_000_000,
    status: isFailed ? 'failed' : 'completed',
    error: isFailed ? { code: 'server_error', message: `could not answer: ${prompt}` } : null,
    incomplete_details: null,
    model: `${body.model}-2025-01-01`,
    output: isFailed ? [] : output,
    parallel_tool_calls: true,
    tools: body.tools ?? [],
    text: body.text ?? { format: { type: 'text' } },
    service_tier: 'default',
    usage: usage.responses,
  };
  if (!body.stream) return { json: response };
  return { events: responseEvents(response) };
}

function responseEvents(response) {
  let sequence_number = 0;
  const event = (type, fields) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence_number++, ...fields })}\n\n`;
  const started = { ...response, status: 'in_progress', output: [], usage: null, error: null };
  const events = [
    event('response.created', { response: started }),
    event('response.in_progress', { response: started }),
  ];
  for (const [output_index, item] of response.output.entries()) {
    const at = { output_index, item_id: item.id };
    events.push(event('response.output_item.added', { output_index, item: { ...item, content: [], arguments: '' } }));
    for (const piece of piecesOf(item.arguments ?? '')) {
      events.push(event('response.function_call_arguments.delta', { ...at, delta: piece }));
    }
    if (item.type === 'function_call')
      events.push(event('response.function_call_arguments.done', { ...at, arguments: item.arguments }));
    for (const [content_index, part] of (item.content ?? []).entries()) {
      const kind = part.type === 'refusal' ? 'response.refusal' : 'response.output_text';
      const text = part.text ?? part.refusal;
      const empty = part.type === 'refusal' ? { ...part, refusal: '' } : { ...part, text: '' };
      events.push(event('response.content_part.added', { ...at, content_index, part: empty }));
      for (const piece of piecesOf(text))
        events.push(event(`${kind}.delta`, { ...at, content_index, delta: piece, logprobs: [] }));
      events.push(
        event(`${kind}.done`, {
          ...at,
          content_index,
          [part.type === 'refusal' ? 'refusal' : 'text']: text,
          logprobs: [],
        }),
      );
      events.push(event('response.content_part.done', { ...at, content_index, part }));
    }
    events.push(event('response.output_item.done', { output_index, item }));
  }
  events.push(event(`response.${response.status}`, { response }));
  return events;
}

function textCompletion(body) {
  const text = textOf(lastPrompt(body));
  const head = { id: 'cmpl-standin', object: 'text_completion', created: 1_760_000_000, model: body.model };
  if (!body.stream)
    return {
      json: { ...head, choices: [{ index: 0, text, logprobs: null, finish_reason: 'stop' }], usage: usage.chat },
    };
  const chunk = (piece, finish_reason) => ({
    ...head,
    choices: [{ index: 0, text: piece, logprobs: null, finish_reason }],
  });
  const chunks = [...piecesOf(text).map((piece) => chunk(piece, null)), chunk('', 'stop')];
  return { events: [...chunks.map((each) => `data: ${JSON.stringify(each)}\n\n`), 'data: [DONE]\n\n'] };
}

function embeddings(body) {
  const inputs = Array.isArray(body.input) ? body.input : [body.input];
  const vector = [0.25, -0.5, 0.125];
  const embedding =
    body.encoding_format === 'base64' ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector;
  const data = inputs.map((_, index) => ({ object: 'embedding', index, embedding }));
  return { json: { object: 'list', data, model: body.model, usage: { prompt_tokens: 5, total_tokens: 5 } } };
}

const image = () => ({
  json: {
    created: 1_760_000_000,
    output_format: 'png',
    data: [{ b64_json: pixel }],
    usage: {
      input_tokens: 9,
      output_tokens: 100,
      total_tokens: 109,
      input_tokens_details: { text_tokens: 9, image_tokens: 0 },
    },
  },
});
const transcription = () => ({
  json: {
    text: 'Hello there.',
    usage: {
      type: 'tokens',
      input_tokens: 14,
      output_tokens: 4,
      total_tokens: 18,
      input_token_details: { audio_tokens: 14, text_tokens: 0 },
    },
  },
});
const moderation = (body) => ({
  json: {
    id: 'modr-standin',
    model: body.model ?? 'omni-moderation-latest',
    results: [{ flagged: false, categories: {}, category_scores: {} }],
  },
});
const speech = () => ({ bytes: Buffer.from('not really an mp3'), type: 'audio/mpeg' });

// --- Anthropic --------------------------------------------------------------------------------------------------

function message(body) {
  const prompt = lastPrompt(body);
  const content = [];
  if (/think/i.test(prompt)) content.push({ type: 'thinking', thinking: 'Let me think.', signature: 'c2ln' });
  if (/weather/i.test(prompt) && hasTools(body)) {
    content.push({ type: 'text', text: 'I will look.', citations: null });
    for (const [index, city] of cities.entries()) {
      content.push({ type: 'tool_use', id: `toolu_${index}`, name: body.tools[0].name, input: { city } });
    }
  } else {
    content.push({
      type: 'text',
      text: /refuse/i.test(prompt) ? 'I can not help with that.' : textOf(prompt),
      citations: null,
    });
  }
  const stop_reason = content.some(({ type }) => type === 'tool_use')
    ? 'tool_use'
    : /refuse/i.test(prompt)
      ? 'refusal'
      : 'end_turn';
  const whole = {
    id: 'msg_standin',
    type: 'message',
    role: 'assistant',
    model: body.model,
    content,
    stop_reason,
    stop_sequence: null,
    usage: usage.anthropic,
  };
  return body.stream ? { events: messageEvents(whole) } : { json: whole };
}

function messageEvents(whole) {
  const event = (type, fields) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  // Real ones carry a placeholder of output tokens in the first event.
  const begun = { ...whole, content: [], stop_reason: null, usage: { ...whole.usage, output_tokens: 1 } };
  const events = [event('message_start', { message: begun }), event('ping', {})];
  for (const [index, block] of whole.content.entries()) {
    const empty = {
      text: { ...block, text: '' },
      thinking: { ...block, thinking: '', signature: '' },
      tool_use: { ...block, input: {} },
    };
    events.push(event('content_block_start', { index, content_block: empty[block.type] }));
    const delta = (fields) => events.push(event('content_block_delta', { index, delta: fields }));
    for (const text of piecesOf(block.text ?? '')) delta({ type: 'text_delta', text });
    for (const thinking of piecesOf(block.thinking ?? '')) delta({ type: 'thinking_delta', thinking });
    if (block.signature) delta({ type: 'signature_delta', signature: block.signature });
    if (block.input)
      for (const partial_json of piecesOf(JSON.stringify(block.input)))
        delta({ type: 'input_json_delta', partial_json });
    events.push(event('content_block_stop', { index }));
  }
  const { stop_reason, stop_sequence } = whole;
  events.push(
    event('message_delta', {
      delta: { stop_reason, stop_sequence },
      usage: { output_tokens: whole.usage.output_tokens },
    }),
  );
  events.push(event('message_stop', {}));
  return events;
}

function oldCompletion(body) {
  const text = textOf(lastPrompt(body));
  const chunk = (completion, stop_reason) => ({
    type: 'completion',
    id: 'compl_standin',
    completion,
    stop_reason,
    model: body.model,
  });
  if (!body.stream) return { json: chunk(text, 'stop_sequence') };
  const chunks = [...piecesOf(text).map((piece) => chunk(piece, null)), chunk('', 'stop_sequence')];
  return { events: chunks.map((each) => `event: completion\ndata: ${JSON.stringify(each)}\n\n`) };
}

// ----------------------------------------------------------------------------------------------------------------

const routes = {
  '/chat/completions': chat,
  '/responses': responses,
  '/completions': textCompletion,
  '/embeddings': embeddings,
  '/images/generations': image,
  '/images/edits': image,
  '/images/variations': image,
  '/audio/transcriptions': transcription,
  '/audio/translations': transcription,
  '/audio/speech': speech,
  '/moderations': moderation,
  '/messages': message,
  '/messages/count_tokens': () => ({ json: { input_tokens: 11 } }),
  '/complete': oldCompletion,
};

const folder = join(__dirname, 'routes');
const moreRoutes = (existsSync(folder) ? readdirSync(folder) : [])
  .filter((file) => file.endsWith('.js'))
  .flatMap((file) => require(join(folder, file)).routes);

function otherRoute(method, path, headers) {
  for (const route of moreRoutes) {
    const match = (route.method ?? 'POST') === method && route.path.exec(path);
    if (match && (route.serves?.(headers) ?? true)) return { ...route, match };
  }
  return undefined;
}

const fault = /^\/(cut|stall|slow|wait|[45]\d\d)-(\d+)(?=\/)/;
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Anthropic's models on Bedrock (as a gateway answers, in server-sent events) and on Vertex: model and kind are in the path.
const cloudPath =
  /(?:^\/model\/(?<bedrock>[^/]+)\/|\/publishers\/anthropic\/models\/(?<vertex>[^/:]+):)(?<call>invoke.*|.*predict)$/i;

function parseTarget(url) {
  const faults = {};
  let path = new URL(url, 'http://stand-in').pathname;
  for (let match = fault.exec(path); match; match = fault.exec(path)) {
    if (/\d/.test(match[1])) faults.status = { code: Number(match[1]), times: Number(match[2]) };
    else faults[match[1]] = Number(match[2]);
    path = path.slice(match[0].length);
  }
  const cloud = cloudPath.exec(path)?.groups;
  if (cloud) {
    return {
      faults,
      path,
      route: '/messages',
      model: cloud.bedrock ?? cloud.vertex,
      stream: /stream/i.test(cloud.call),
    };
  }
  // Azure: /openai/deployments/NAME/chat/completions; the others: /v1/...
  return { faults, path, route: path.replace(/^\/openai\/deployments\/[^/]+/, '').replace(/^(\/openai)?\/v1/, '') };
}

function errorBody(route, status, prompt) {
  const text = `stand-in fault ${status} for prompt: ${prompt}`;
  const type =
    { 401: 'authentication_error', 429: 'rate_limit_error', 529: 'overloaded_error' }[status] ??
    'invalid_request_error';
  if (route.startsWith('/messages') || route === '/complete')
    return { type: 'error', error: { type, message: text }, request_id: 'req_standin' };
  return {
    error: { message: text, type, param: null, code: status === 429 ? 'rate_limit_exceeded' : 'invalid_value' },
  };
}

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return {
    text,
    body: request.headers['content-type']?.startsWith('application/json') && text !== '' ? JSON.parse(text) : {},
  };
}

/**
 * Starts the stand-in.
 * @returns {Promise<{ url: string, requests: { method: string, path: string, headers: object, body: any, size: number }[], close: () => Promise<void> }>}
 *   `requests` is what arrived, oldest first.
 */
async function startProviderServer() {
  const requests = [];
  const failed = new Map();
  const sockets = new Set();

  async function answer(request, response) {
    const { faults, path, route, ...inPath } = parseTarget(request.url);
    const other = otherRoute(request.method, path, request.headers);
    const { body, text } = await readBody(request);
    requests.push({ method: request.method, path: request.url, headers: request.headers, body, size: text.length });
    const ids = { 'x-request-id': 'req_standin', 'request-id': 'req_standin' };
    const sendJson = (status, json, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...ids, ...headers });
      response.end(JSON.stringify(json));
    };
    if (faults.wait) await sleep(faults.wait);
    if (faults.status) {
      const key = `${request.url} ${faults.status.code}`;
      const count = (failed.get(key) ?? 0) + 1;
      failed.set(key, count > faults.status.times ? 0 : count);
      if (count <= faults.status.times) {
        const prompt = other?.prompt?.(body) ?? lastPrompt(body);
        const failure = other?.error?.(
          faults.status.code,
          `stand-in fault ${faults.status.code} for prompt: ${prompt}`,
        );
        return sendJson(faults.status.code, failure?.json ?? errorBody(route, faults.status.code, prompt), {
          'retry-after-ms': '2',
          ...failure?.headers,
        });
      }
    }
    const made = other
      ? other.answer({ body, match: other.match, url: request.url, headers: request.headers })
      : routes[route]?.({ ...body, ...inPath });
    if (!made) return sendJson(404, errorBody(route, 404, ''));
    if (made.bytes) {
      response.writeHead(made.status ?? 200, { 'content-type': made.type, ...ids, ...made.headers });
      return response.end(made.bytes);
    }
    if (made.json) {
      if (faults.cut === undefined) return sendJson(made.status ?? 200, made.json, made.headers);
      const text = JSON.stringify(made.json);
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': text.length,
        ...ids,
        ...made.headers,
      });
      return response.write(text.slice(0, text.length >> 1), () => response.destroy());
    }
    response.writeHead(200, { 'content-type': made.type ?? 'text/event-stream', ...ids, ...made.headers });
    for (const [index, event] of made.events.entries()) {
      if (response.destroyed) return;
      if (faults.cut === index) return response.destroy();
      if (faults.stall === index) return;
      await new Promise((resolve) => response.write(event, resolve));
      if (faults.slow) await sleep(faults.slow);
    }
    response.end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
