import { schema } from './openai-wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- every field there is, of every vendor */

// --- Anthropic ------------------------------------------------------------------------------------------------------

export const messagesRequest: any = {
  model: 'claude-x',
  max_tokens: 9,
  system: [{ type: 'text', text: 'Be brief', cache_control: { type: 'ephemeral' } }],
  messages: [
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'Before' },
        { type: 'thinking', thinking: 'Thought', signature: 's' },
        { type: 'tool_use', id: 't', name: 'get_weather', input: { city: 'Paris' } },
      ],
    },
    {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'It rains' }] }],
    },
    {
      role: 'user',
      content: [
        {
          type: 'document',
          title: 'diagnosis.pdf',
          context: 'Of Joan',
          source: { type: 'text', media_type: 'text/plain', data: 'AAAA' },
        },
        { type: 'image', source: { type: 'url', url: 'https://example.org/me.png' } },
        {
          type: 'search_result',
          title: 'Found',
          source: 'https://example.org',
          content: [{ type: 'text', text: 'Text' }],
        },
        { type: 'text', text: 'Weather?' },
      ],
    },
    { role: 'user', content: 'Now' },
  ],
  tools: [{ name: 'get_weather', description: 'Weather', input_schema: schema }],
  tool_choice: { type: 'tool', name: 'get_weather' },
  stop_sequences: ['END'],
  metadata: { user_id: 'joan' },
  container: 'container_1',
  service_tier: 'auto',
  output_config: { effort: 'low', format: { type: 'json_schema', schema } },
};

const blocks = [
  { type: 'thinking', thinking: 'Thought', signature: 's' },
  {
    type: 'text',
    text: 'It is sunny',
    citations: [{ type: 'char_location', cited_text: 'Cited', document_title: 'Doc' }],
  },
  { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Paris' } },
  { type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: { query: 'weather' } },
  {
    type: 'web_search_tool_result',
    content: [{ type: 'web_search_result', title: 'Found', url: 'https://example.org/w' }],
  },
];

export const messagesAnswer: any = {
  id: 'msg_1a2b3c4d',
  type: 'message',
  role: 'assistant',
  model: 'claude-x-20250101',
  stop_reason: 'stop_sequence',
  stop_sequence: 'END',
  content: blocks,
  usage: { input_tokens: 1, output_tokens: 1, service_tier: 'standard' },
  container: { id: 'container_1' },
};

export const messagesEvents: any[] = [
  { type: 'message_start', message: { ...messagesAnswer, content: [], stop_reason: null } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'It is' } },
  { type: 'content_block_start', index: 1, content_block: { type: 'thinking', thinking: '' } },
  { type: 'content_block_delta', index: 1, delta: { type: 'thinking_delta', thinking: 'Hm' } },
  {
    type: 'content_block_start',
    index: 2,
    content_block: { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} },
  },
  { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: 'Paris' } },
  { type: 'content_block_stop', index: 2 },
  { type: 'message_delta', delta: { stop_reason: 'stop_sequence', stop_sequence: 'END' }, usage: { output_tokens: 2 } },
  { type: 'message_stop' },
];
