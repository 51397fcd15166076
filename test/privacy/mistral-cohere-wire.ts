import { schema } from './openai-wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- every field there is, of every vendor */

// --- Mistral, Cohere ------------------------------------------------------------------------------------------------

export const mistralRequest: any = {
  model: 'm',
  messages: [
    { role: 'system', content: 'Be brief' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Hi' },
        { type: 'image_url', imageUrl: 'https://example.org/a.png' },
        { type: 'document_url', documentUrl: 'https://example.org/d.pdf', documentName: 'D' },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'Thought' }] },
        { type: 'text', text: 'Before' },
      ],
      toolCalls: [{ id: 't', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } }],
    },
    { role: 'tool', content: 'It rains', toolCallId: 't', name: 'get_weather' },
    { role: 'user', content: 'Weather?' },
  ],
  stop: ['END'],
  metadata: { note: 'mine' },
  prediction: { type: 'content', content: 'It is' },
  tools: [{ type: 'function', function: { name: 'get_weather', description: 'Weather', parameters: schema } }],
  responseFormat: {
    type: 'json_schema',
    jsonSchema: { name: 'place', description: 'Where', schemaDefinition: schema },
  },
};

const mistralCall = { id: 't', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } };
const mistralHead = {
  id: 'c1a2b3c4d',
  object: 'chat.completion',
  created: 1,
  model: 'mistral-x',
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};
const mistralMessage = {
  role: 'assistant',
  content: [
    { type: 'thinking', thinking: [{ type: 'text', text: 'Thought' }] },
    { type: 'text', text: 'It is sunny' },
  ],
  tool_calls: [mistralCall],
};

export const mistralAnswer: any = {
  ...mistralHead,
  choices: [{ index: 0, message: mistralMessage, finish_reason: 'stop' }],
};
export const mistralChunks: any[] = [
  { ...mistralHead, choices: [{ index: 0, delta: mistralMessage, finish_reason: 'stop' }] },
];

export const cohereRequest: any = {
  model: 'c',
  messages: [
    { role: 'system', content: 'Be brief' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Hi' },
        { type: 'image_url', imageUrl: { url: 'https://example.org/a.png' } },
      ],
    },
    {
      role: 'assistant',
      toolPlan: 'I plan',
      content: [{ type: 'thinking', thinking: 'Thought' }],
      toolCalls: [{ id: 't', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } }],
    },
    {
      role: 'tool',
      toolCallId: 't',
      content: [{ type: 'document', document: { id: 'd', data: { text: 'It rains' } } }],
    },
    {
      role: 'assistant',
      toolPlan: 'I plan',
      toolCalls: [{ id: 't', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } }],
    },
    { role: 'user', content: 'Weather?' },
  ],
  stopSequences: ['END'],
  documents: ['A document', { id: 'd', data: { text: 'Another' } }],
  tools: [{ type: 'function', function: { name: 'get_weather', description: 'Weather', parameters: schema } }],
  responseFormat: { type: 'json_object', jsonSchema: schema },
};

const cohereCall = { id: 't', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } };
export const cohereAnswer: any = {
  id: 'c1a2b3c4d',
  finish_reason: 'COMPLETE',
  usage: { tokens: { input_tokens: 1, output_tokens: 1 } },
  message: {
    role: 'assistant',
    tool_plan: 'I plan',
    tool_calls: [cohereCall],
    citations: [{ text: 'Cited', sources: [{ type: 'document', id: 'd', document: { text: 'Source' } }] }],
    content: [
      { type: 'thinking', thinking: 'Thought' },
      { type: 'text', text: 'It is sunny' },
    ],
  },
};

export const cohereEvents: any[] = [
  { type: 'message-start', id: 'c1a2b3c4d', delta: { message: { role: 'assistant' } } },
  { type: 'tool-plan-delta', delta: { message: { tool_plan: 'I plan' } } },
  { type: 'content-delta', index: 0, delta: { message: { content: { text: 'It is' } } } },
  { type: 'tool-call-start', index: 0, delta: { message: { tool_calls: cohereCall } } },
  { type: 'tool-call-delta', index: 0, delta: { message: { tool_calls: { function: { arguments: 'more' } } } } },
  { type: 'citation-start', index: 0, delta: { message: { citations: { text: 'Cited' } } } },
  { type: 'message-end', delta: { finish_reason: 'STOP_SEQUENCE', usage: { tokens: { input_tokens: 1 } } } },
];

export const cohereOldRequest: any = {
  model: 'c',
  message: 'Hi',
  preamble: 'Be brief',
  chatHistory: [
    { role: 'USER', message: 'Before' },
    { role: 'CHATBOT', message: 'After' },
  ],
  stopSequences: ['END'],
  documents: [{ title: 'D', snippet: 'S' }],
  conversationId: 'conv',
  tools: [{ name: 'f', description: 'F', parameterDefinitions: { a: { type: 'str', description: 'A' } } }],
};

export const cohereOldAnswer: any = {
  text: 'Hello',
  generation_id: 'g1a2b3c4d',
  response_id: 'r',
  finish_reason: 'COMPLETE',
  chat_history: [{ role: 'USER', message: 'Hi' }],
  tool_calls: [{ name: 'f', parameters: { a: 'b' } }],
  search_queries: [{ text: 'weather', generation_id: 'g' }],
  documents: [{ id: 'd', text: 'D' }],
};
