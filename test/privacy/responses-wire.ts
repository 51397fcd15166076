import { schema } from './openai-wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- every field there is, of every vendor */

// --- OpenAI's Responses ---------------------------------------------------------------------------------------------

export const responsesRequest: any = {
  model: 'gpt-5',
  instructions: 'Be brief',
  input: [
    {
      role: 'user',
      content: [
        { type: 'input_text', text: 'Hi' },
        { type: 'input_image', image_url: 'https://example.org/a.png' },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'input_file', filename: 'diagnosis.pdf', file_id: 'file_1', file_url: 'https://example.org/f' },
      ],
    },
    { type: 'function_call', name: 'get_weather', arguments: '{"city":"Paris"}', call_id: 'c' },
    { type: 'function_call_output', output: 'It rains', call_id: 'c' },
    { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Thought' }], encrypted_content: 'x' },
    { type: 'reasoning', id: 'rs_2', summary: [], content: [{ type: 'reasoning_text', text: 'Thought' }] },
    { role: 'assistant', content: [{ type: 'output_text', text: 'Before' }] },
    { role: 'user', content: 'Weather?' },
  ],
  tools: [
    { type: 'function', name: 'get_weather', description: 'Weather', parameters: schema, strict: true },
    { type: 'mcp', server_label: 'crm', server_url: 'https://example.org/mcp', allowed_tools: ['x'] },
    { type: 'file_search', vector_store_ids: ['vs_1'] },
  ],
  text: { format: { type: 'json_schema', name: 'place', description: 'Where', schema }, verbosity: 'low' },
  reasoning: { effort: 'low', summary: 'auto' },
  metadata: { note: 'mine' },
  user: 'joan',
  conversation: 'conv_1',
  previous_response_id: 'resp_0',
  prompt: { id: 'pmpt_1', variables: { name: 'Joan' } },
  service_tier: 'default',
};

const items = [
  {
    type: 'reasoning',
    id: 'rs_1',
    summary: [{ type: 'summary_text', text: 'Thought' }],
    content: [{ type: 'reasoning_text', text: 'Hm' }],
  },
  {
    type: 'message',
    role: 'assistant',
    id: 'msg_1',
    content: [
      {
        type: 'output_text',
        text: 'It is sunny',
        annotations: [{ type: 'url_citation', title: 'Cited', url: 'https://example.org/c' }],
      },
      { type: 'refusal', refusal: 'I can not' },
    ],
  },
  { type: 'function_call', id: 'fc_1', name: 'get_weather', arguments: '{"city":"Paris"}', call_id: 'c' },
  { type: 'custom_tool_call', id: 'ct_1', name: 'shell', input: 'ls', call_id: 'd' },
  {
    type: 'mcp_call',
    id: 'mcp_1',
    name: 'crm',
    server_label: 'crm',
    arguments: '{"a":"b"}',
    output: 'Out',
    error: 'Oh',
  },
  { type: 'web_search_call', id: 'ws_1', action: { type: 'search', query: 'weather' } },
  { type: 'file_search_call', id: 'fs_1', queries: ['weather'], results: [{ filename: 'f.pdf', text: 'Found' }] },
  { type: 'code_interpreter_call', id: 'ci_1', code: 'print(1)', outputs: [{ type: 'logs', logs: '1' }] },
];

export const responsesAnswer: any = {
  id: 'resp_1a2b3c4d',
  object: 'response',
  model: 'gpt-5-2025-08-07',
  status: 'completed',
  incomplete_details: { reason: 'max_output_tokens' },
  instructions: 'Be brief',
  output: items,
  service_tier: 'default',
  metadata: { note: 'mine' },
  user: 'joan',
  text: { format: { type: 'text' } },
};

const head = { ...responsesAnswer, status: 'in_progress', output: [] };
export const responsesEvents: any[] = [
  { type: 'response.created', response: head },
  { type: 'response.output_item.added', output_index: 0, item: items[1] },
  { type: 'response.output_text.delta', output_index: 0, delta: 'It is' },
  { type: 'response.refusal.delta', output_index: 0, delta: 'No' },
  { type: 'response.reasoning_summary_text.delta', output_index: 0, delta: 'Hm' },
  { type: 'response.output_item.added', output_index: 1, item: items[2] },
  { type: 'response.function_call_arguments.delta', output_index: 1, delta: 'Paris' },
  { type: 'response.output_item.done', output_index: 2, item: items[3] },
  { type: 'response.custom_tool_call_input.delta', output_index: 2, delta: 'ls' },
  { type: 'response.completed', response: responsesAnswer },
];
