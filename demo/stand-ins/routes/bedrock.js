'use strict';

// Amazon Bedrock: Converse, and InvokeModel with a few families of models, after their wire formats. Streams are in
// application/vnd.amazon.eventstream: https://docs.aws.amazon.com/transcribe/latest/dg/event-stream.html
//
// Besides the words of the provider server: "fail" breaks a stream with an exception in its middle.

const { textOf, piecesOf } = require('../provider-server.js');

const headers = { 'x-amzn-requestid': 'req_standin' };
const streamType = 'application/vnd.amazon.eventstream';
const cities = ['Paris', 'Tokyo'];
// 10 tokens beside 7 that were read from the cache and 3 that were written to it.
const tokens = { inputTokens: 10, outputTokens: 12, cacheReadInputTokens: 7, cacheWriteInputTokens: 3 };
const metrics = { inputTokenCount: 10, outputTokenCount: 12, invocationLatency: 9, firstByteLatency: 5 };

// --- Frames -----------------------------------------------------------------------------------------------------

const table = Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

function checksum(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ table[(value ^ byte) & 0xff];
  return (value ^ 0xffffffff) >>> 0;
}

function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

// Length of all, length of the headers, checksum of both; headers; payload; checksum of all.
function frame(fields, json) {
  const head = Buffer.concat(
    Object.entries(fields).map(([name, value]) => {
      const text = Buffer.from(value);
      return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7, 0, text.length]), text]);
    }),
  );
  const payload = Buffer.from(JSON.stringify(json));
  const lengths = Buffer.concat([uint32(head.length + payload.length + 16), uint32(head.length)]);
  const whole = Buffer.concat([lengths, uint32(checksum(lengths)), head, payload]);
  return Buffer.concat([whole, uint32(checksum(whole))]);
}

const event = (name, json) =>
  frame({ ':message-type': 'event', ':event-type': name, ':content-type': 'application/json' }, json);
const exception = (name, message) =>
  frame({ ':message-type': 'exception', ':exception-type': name, ':content-type': 'application/json' }, { message });

/** One chunk of a model's own format: its JSON in base64, as the service sends it. */
const chunk = (json) => event('chunk', { bytes: Buffer.from(JSON.stringify(json)).toString('base64'), p: 'abcdef' });

function failing(events, prompt) {
  if (!/\bfail\b/.test(prompt)) return events;
  return [...events.slice(0, 4), exception('modelStreamErrorException', `stand-in fault in a stream for: ${prompt}`)];
}

// --- Converse ---------------------------------------------------------------------------------------------------

function promptOf(body) {
  const content = body.messages?.at(-1)?.content ?? body.prompt ?? body.inputText ?? body.message ?? '';
  return typeof content === 'string' ? content : content.map((part) => part.text ?? '').join(' ');
}

function blocksOf(body) {
  const prompt = promptOf(body);
  const thinking = /think/.test(prompt) ? [{ reasoningContent: { reasoningText: { text: 'Let me think.' } } }] : [];
  const tool = body.toolConfig?.tools?.[0]?.toolSpec.name;
  if (!/weather/.test(prompt) || !tool) return [...thinking, { text: textOf(prompt) }];
  return cities.map((city, at) => ({ toolUse: { toolUseId: `t${at}`, name: tool, input: { city } } }));
}

const stopOf = (blocks) => (blocks.some(({ toolUse }) => toolUse) ? 'tool_use' : 'end_turn');
const usage = { ...tokens, totalTokens: 32 };

function converse(body) {
  const content = blocksOf(body);
  const message = { role: 'assistant', content };
  return { output: { message }, stopReason: stopOf(content), usage, metrics: { latencyMs: 9 } };
}

function deltasOf({ text, toolUse, reasoningContent }) {
  if (toolUse) return piecesOf(JSON.stringify(toolUse.input)).map((input) => ({ toolUse: { input } }));
  if (reasoningContent) return [{ reasoningContent: { text: reasoningContent.reasoningText.text } }];
  return piecesOf(text).map((piece) => ({ text: piece }));
}

function converseEvents(body) {
  const blocks = blocksOf(body);
  const events = [['messageStart', { role: 'assistant' }]];
  for (const [contentBlockIndex, block] of blocks.entries()) {
    const { toolUse } = block;
    const start = toolUse && { toolUse: { toolUseId: toolUse.toolUseId, name: toolUse.name } };
    if (start) events.push(['contentBlockStart', { contentBlockIndex, start }]);
    for (const delta of deltasOf(block)) events.push(['contentBlockDelta', { contentBlockIndex, delta }]);
    events.push(['contentBlockStop', { contentBlockIndex }]);
  }
  events.push(['messageStop', { stopReason: stopOf(blocks) }], ['metadata', { usage, metrics: { latencyMs: 9 } }]);
  return events;
}

// --- InvokeModel ------------------------------------------------------------------------------------------------

const claudeUsage = { input_tokens: 10, cache_creation_input_tokens: 3, cache_read_input_tokens: 7, output_tokens: 12 };

const families = [
  {
    is: /anthropic\./,
    whole: (text, model) => ({
      ...{ id: 'msg_standin', type: 'message', role: 'assistant', model, content: [{ type: 'text', text }] },
      ...{ stop_reason: 'end_turn', stop_sequence: null, usage: claudeUsage },
    }),
    chunks: (text, model) => [
      {
        type: 'message_start',
        message: { id: 'msg_standin', type: 'message', role: 'assistant', model, content: [], usage: claudeUsage },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      ...piecesOf(text).map((piece) => ({
        type: 'content_block_delta',
        index: 0,
        delta: { type: 'text_delta', text: piece },
      })),
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 12 } },
      { type: 'message_stop' },
    ],
  },
  {
    is: /titan-embed/,
    whole: () => ({ embedding: [0.5, -0.25, 1], inputTextTokenCount: 10 }),
  },
  {
    // No word of tokens in the answer: they are in the headers.
    is: /cohere\./,
    whole: (text) => ({ response_id: 'r', generation_id: 'gen_standin', text, finish_reason: 'COMPLETE' }),
    chunks: (text) => [
      { is_finished: false, event_type: 'stream-start', generation_id: 'gen_standin' },
      ...piecesOf(text).map((piece) => ({ is_finished: false, event_type: 'text-generation', text: piece })),
      { is_finished: true, event_type: 'stream-end', finish_reason: 'COMPLETE', response: { text } },
    ],
  },
  {
    is: /./,
    whole: (text) => ({ generation: text, prompt_token_count: 10, generation_token_count: 12, stop_reason: 'stop' }),
    chunks: (text) => [
      ...piecesOf(text).map((generation, at) => ({ generation, generation_token_count: at + 1, stop_reason: null })),
      { generation: '', prompt_token_count: 10, generation_token_count: 12, stop_reason: 'stop' },
    ],
  },
];

function familyOf(match) {
  const model = decodeURIComponent(match.groups.model);
  return { ...families.find(({ is }) => is.test(model)), model };
}

const counted = {
  ...headers,
  'x-amzn-bedrock-input-token-count': '10',
  'x-amzn-bedrock-output-token-count': '12',
  'x-amzn-bedrock-invocation-latency': '9',
};

const last = (chunks) => [...chunks.slice(0, -1), { ...chunks.at(-1), 'amazon-bedrock-invocationMetrics': metrics }];

// --- Routes -----------------------------------------------------------------------------------------------------

const names = {
  400: 'ValidationException',
  401: 'UnrecognizedClientException',
  403: 'AccessDeniedException',
  429: 'ThrottlingException',
  500: 'InternalServerException',
  503: 'ServiceUnavailableException',
};

/** Anthropic's client for Bedrock asks at the same address. */
const serves = ({ 'user-agent': agent }) => /aws-sdk-js/.test(agent ?? '');

const route = (name, answer) => ({
  path: new RegExp(`^/model/(?<model>[^/]+)/${name}$`),
  serves,
  prompt: promptOf,
  error: (status, message) => ({
    json: { message },
    headers: { ...headers, 'x-amzn-errortype': names[status] ?? 'UnknownException' },
  }),
  answer,
});

exports.routes = [
  route('converse', ({ body }) => ({ json: converse(body), headers })),
  route('converse-stream', ({ body }) => ({
    events: failing(
      converseEvents(body).map(([name, json]) => event(name, json)),
      promptOf(body),
    ),
    type: streamType,
    headers,
  })),
  route('invoke', ({ body, match }) => {
    const { whole, model } = familyOf(match);
    return { json: whole(textOf(promptOf(body)), model), headers: counted };
  }),
  route('invoke-with-response-stream', ({ body, match }) => {
    const { chunks, model } = familyOf(match);
    const made = last(chunks(textOf(promptOf(body)), model)).map(chunk);
    const streamHeaders = { ...headers, 'x-amzn-bedrock-content-type': 'application/json' };
    return { events: failing(made, promptOf(body)), type: streamType, headers: streamHeaders };
  }),
  route('count-tokens', () => ({ json: { inputTokens: 10 }, headers })),
];
