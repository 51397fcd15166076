import { schema } from './openai-wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- every field there is, of every vendor */

// --- Ollama, Replicate, the AI SDK ----------------------------------------------------------------------------------

export const ollamaRequest: any = {
  model: 'llama3',
  messages: [
    { role: 'system', content: 'Be brief' },
    {
      role: 'assistant',
      content: 'Before',
      thinking: 'Thought',
      tool_calls: [{ function: { name: 'get_weather', arguments: { city: 'Paris' } } }],
    },
    { role: 'tool', content: 'It rains', tool_name: 'get_weather' },
    { role: 'user', content: 'Weather?', images: ['AAAA'] },
  ],
  tools: [{ type: 'function', function: { name: 'get_weather', description: 'Weather', parameters: schema } }],
  options: { stop: ['END'] },
  think: 'low',
};

export const ollamaAnswer: any = {
  model: 'llama3',
  created_at: '2025-01-01T00:00:00Z',
  done: true,
  done_reason: 'stop',
  message: {
    role: 'assistant',
    content: 'It is sunny',
    thinking: 'Hm',
    tool_calls: [{ function: { name: 'get_weather', arguments: { city: 'Paris' } } }],
  },
};

export const replicateInput: any = {
  prompt: 'Once',
  system_prompt: 'Be brief',
  image: 'https://example.org/me.png',
  stop_sequences: 'END,STOP',
  tools: [{ name: 'get_weather' }],
  reasoning_effort: 'low',
};

export const prediction: any = {
  id: 'p1a2b3c4d5e6f7',
  model: 'acme/writer',
  version: 'v1',
  input: replicateInput,
  output: ['Upon', 'a time'],
  logs: 'Log',
  status: 'succeeded',
  error: null,
  metrics: { input_token_count: 3 },
  urls: { get: 'http://127.0.0.1:9/get', cancel: 'http://127.0.0.1:9/cancel' },
};

export const modelPrompt: any = {
  prompt: [
    { role: 'system', content: 'Be brief' },
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'Before' },
        { type: 'reasoning', text: 'Thought' },
        { type: 'tool-call', toolCallId: 't', toolName: 'get_weather', input: { city: 'Paris' } },
      ],
    },
    {
      role: 'tool',
      content: [
        { type: 'tool-result', toolCallId: 't', toolName: 'get_weather', output: { type: 'text', value: 'It rains' } },
      ],
    },
    { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
  ],
  stopSequences: ['END'],
  tools: [{ type: 'function', name: 'get_weather', description: 'Weather', inputSchema: schema }],
  responseFormat: { type: 'json', name: 'place', description: 'Where', schema },
  providerOptions: { openai: { user: 'joan', metadata: { note: 'mine' } } },
};
