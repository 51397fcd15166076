import type { Answer } from './servers';

/* eslint-disable @typescript-eslint/no-explicit-any -- every field there is, of several vendors */

/** Requests and answers in OpenAI's wire format with everything that a vendor has a field for. */

export const schema = {
  type: 'object',
  title: 'Place',
  description: 'A place',
  properties: { city: { type: 'string', description: 'A city', enum: ['Paris'], pattern: '^P', default: 'Paris' } },
  required: ['city'],
};

const call = {
  id: 'call_1a2b3c',
  type: 'function',
  index: 0,
  function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
};

export const chatRequest: any = {
  model: 'gpt-5',
  messages: [
    { role: 'system', content: 'Be brief', name: 'boss' },
    { role: 'developer', content: [{ type: 'text', text: 'Be kind' }] },
    {
      role: 'assistant',
      content: 'Before',
      refusal: 'I would not',
      reasoning_content: 'Let me think',
      reasoning: 'Think',
      reasoning_details: [{ type: 'reasoning.text', text: 'Thought' }],
      tool_calls: [call],
      audio: { id: 'audio_1' },
    },
    { role: 'assistant', content: [{ type: 'reasoning', text: 'Thought' }], tool_calls: [call] },
    { role: 'tool', content: 'It rains', tool_call_id: 'call_1a2b3c' },
    {
      role: 'user',
      name: 'Joan',
      content: [
        { type: 'text', text: 'Weather?' },
        { type: 'image_url', image_url: { url: 'https://example.org/me.png', detail: 'low' } },
        { type: 'file', file: { filename: 'diagnosis.pdf', file_id: 'file_1' } },
        { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
        { type: 'something_new', text: 'New', title: 'Title' },
      ],
    },
    { role: 'user', content: 'Hi' },
  ],
  tools: [
    { type: 'function', function: { name: 'get_weather', description: 'Weather', parameters: schema } },
    {
      type: 'custom',
      custom: {
        name: 'shell',
        description: 'Runs',
        format: { type: 'grammar', grammar: { definition: 'x', syntax: 'lark' } },
      },
    },
  ],
  tool_choice: { type: 'function', function: { name: 'get_weather' } },
  response_format: { type: 'json_schema', json_schema: { name: 'place', description: 'Where', schema } },
  stop: ['END', 'STOP'],
  user: 'user-joan',
  metadata: { note: 'mine' },
  prediction: { type: 'content', content: 'It is' },
  safety_identifier: 'joan',
  prompt_cache_key: 'key',
  reasoning_effort: 'low',
  service_tier: 'default',
  verbosity: 'low',
  web_search_options: { user_location: { type: 'approximate', approximate: { city: 'Paris', country: 'FR' } } },
};

const message = {
  role: 'assistant',
  content: 'It is sunny',
  refusal: 'I can not',
  reasoning_content: 'Let me think',
  reasoning: 'Think',
  tool_calls: [call, { id: 'call_2', type: 'custom', index: 1, custom: { name: 'shell', input: 'ls' } }],
  function_call: { name: 'old', arguments: '{"a":"b"}' },
  audio: { id: 'audio_1', transcript: 'Said', data: 'AAAA' },
  annotations: [
    {
      type: 'url_citation',
      url_citation: { title: 'Cited', url: 'https://example.org/cited', start_index: 0, end_index: 1 },
    },
  ],
};

const head = {
  id: 'chatcmpl-1a2b3c4d',
  created: 1,
  model: 'gpt-5-2025-08-07',
  service_tier: 'default',
  system_fingerprint: 'fp',
  provider: 'Somebody',
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, note: 'billed' },
};
const logprobs = { content: [{ token: 'It', logprob: 0, top_logprobs: [{ token: 'Is', logprob: 0 }] }] };

export const chatAnswer: any = {
  ...head,
  object: 'chat.completion',
  choices: [
    { index: 0, message, finish_reason: 'stop', stop_reason: 'END', logprobs },
    { index: 1, message: { role: 'assistant', content: 'Or rain' }, finish_reason: 'length' },
  ],
  warnings: ['careful'],
};

export const chatChunks: any[] = [
  { ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta: message, finish_reason: null, logprobs }] },
  {
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content: ' today' }, finish_reason: 'stop' }],
  },
];

export const completionAnswer: any = {
  ...head,
  object: 'text_completion',
  choices: [{ index: 0, text: 'Once', finish_reason: 'stop' }],
};

export const errorBody: any = {
  error: {
    message: 'You said something',
    type: 'invalid_request_error',
    code: 'invalid_value',
    param: 'messages[0].content',
    inner: { note: 'More' },
    metadata: { raw: 'Raw', provider_name: 'Somebody' },
  },
};

/** Headers that gateways and vendors send, with words in them. */
export const headers: Record<string, string> = {
  'x-request-id': 'what joan asked',
  'request-id': 'what joan asked',
  'apim-request-id': 'what joan asked',
  'x-amzn-requestid': 'what joan asked',
  'mistral-correlation-id': 'what joan asked',
  'x-debug-trace-id': 'what joan asked',
  'x-litellm-call-id': 'what joan asked',
  'x-litellm-model-id': 'a model of joan',
  'x-litellm-model-api-base': 'https://example.org/joan',
  'x-portkey-provider': 'key of joan',
  'cf-aig-model': 'a model of joan',
  'helicone-model': 'a model of joan',
  'helicone-id': 'joan',
  'openai-organization': 'org joan',
};

/** The endings that every call of a vendor in this format can have. */
export function answersOf(whole: unknown, chunks: readonly unknown[] = []): Record<string, Answer> {
  return {
    whole: { json: whole, headers },
    ...(chunks.length > 0 && {
      streamed: { events: chunks, isMarked: true, headers },
      'streamed and failing': { events: [chunks[0], errorBody], headers },
    }),
    refused: { status: 400, json: errorBody, headers },
  };
}
