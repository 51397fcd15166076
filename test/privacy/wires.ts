import { errorBody, headers, schema } from './openai-wire';
import type { Answer } from './servers';

/* eslint-disable @typescript-eslint/no-explicit-any -- every field there is, of every vendor */

export const plainSchema = schema;

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

// --- Gemini ---------------------------------------------------------------------------------------------------------

const geminiSchema = {
  type: 'OBJECT',
  description: 'A place',
  properties: { city: { type: 'STRING', description: 'City', enum: ['Paris'] } },
};

export const geminiRequest: any = {
  model: 'gemini-x',
  contents: [
    {
      role: 'user',
      parts: [{ text: 'Hi' }, { fileData: { mimeType: 'text/plain', fileUri: 'https://example.org/f' } }],
    },
    { role: 'model', parts: [{ text: 'Before' }, { functionCall: { name: 'get_weather', args: { city: 'Paris' } } }] },
    { role: 'user', parts: [{ functionResponse: { name: 'get_weather', response: { output: 'It rains' } } }] },
    { role: 'user', parts: [{ text: 'Weather?' }, { inlineData: { mimeType: 'text/plain', data: 'AAAA' } }] },
  ],
  config: {
    systemInstruction: 'Be brief',
    stopSequences: ['END'],
    responseMimeType: 'application/json',
    responseSchema: geminiSchema,
    tools: [{ functionDeclarations: [{ name: 'get_weather', description: 'Weather', parameters: geminiSchema }] }],
  },
};

const geminiAnswer = {
  responseId: 'r1a2b3c4d5',
  modelVersion: 'gemini-x-001',
  candidates: [
    {
      index: 0,
      content: {
        role: 'model',
        parts: [
          { text: 'Thought', thought: true },
          { text: 'It is sunny' },
          { functionCall: { name: 'get_weather', args: { city: 'Paris' } } },
          { executableCode: { language: 'PYTHON', code: 'print(1)' } },
          { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
        ],
      },
      finishReason: 'STOP',
      finishMessage: 'Done',
      citationMetadata: { citationSources: [{ uri: 'https://example.org/c', license: 'mit' }] },
      groundingMetadata: { webSearchQueries: ['weather'], searchEntryPoint: { renderedContent: '<p>' } },
    },
  ],
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, trafficType: 'ON_DEMAND' },
};

const geminiError = {
  error: {
    code: 400,
    message: 'You said',
    status: 'INVALID_ARGUMENT',
    details: [{ '@type': 'x', reason: 'R', fieldViolations: [{ field: 'contents', description: 'D' }] }],
  },
};

export const geminiAnswers: Record<string, Answer> = {
  whole: { json: geminiAnswer, headers },
  blocked: {
    json: { promptFeedback: { blockReason: 'SAFETY', blockReasonMessage: 'You said' }, modelVersion: 'gemini-x' },
  },
  streamed: { events: [geminiAnswer, geminiAnswer] },
  'streamed and failing': { events: [geminiAnswer, geminiError] },
  refused: { status: 400, json: geminiError },
};

// --- Bedrock --------------------------------------------------------------------------------------------------------

export const converseRequest: any = {
  modelId: 'us.amazon.nova-lite-v1:0',
  system: [{ text: 'Be brief' }],
  messages: [
    {
      role: 'user',
      content: [
        { text: 'Hi' },
        { document: { format: 'txt', name: 'diagnosis', source: { bytes: Buffer.from('x') } } },
      ],
    },
    {
      role: 'assistant',
      content: [{ text: 'Before' }, { toolUse: { toolUseId: 't', name: 'get_weather', input: { city: 'Paris' } } }],
    },
    {
      role: 'user',
      content: [{ toolResult: { toolUseId: 't', content: [{ text: 'It rains' }, { json: { city: 'Paris' } }] } }],
    },
    { role: 'user', content: [{ text: 'Weather?' }, { guardContent: { text: { text: 'Guarded' } } }] },
  ],
  toolConfig: { tools: [{ toolSpec: { name: 'get_weather', description: 'Weather', inputSchema: { json: schema } } }] },
  inferenceConfig: { stopSequences: ['END'] },
  requestMetadata: { note: 'mine' },
  promptVariables: { name: { text: 'Joan' } },
  guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1', trace: 'enabled' },
};

const converseContent = [
  { reasoningContent: { reasoningText: { text: 'Thought', signature: 's' } } },
  { text: 'It is sunny' },
  { toolUse: { toolUseId: 't', name: 'get_weather', input: { city: 'Paris' } } },
  {
    citationsContent: {
      content: [{ text: 'Cited' }],
      citations: [{ title: 'Doc', sourceContent: [{ text: 'Source' }] }],
    },
  },
];

export const converseAnswer: any = {
  output: { message: { role: 'assistant', content: converseContent } },
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
  metrics: { latencyMs: 9 },
  additionalModelResponseFields: { stop_sequence: 'END' },
  trace: {
    guardrail: { modelOutput: ['Model said'], actionReason: 'Why' },
    promptRouter: { invokedModelId: 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova' },
  },
  serviceTier: { type: 'default' },
};

export const converseFrames: readonly (readonly [string, any])[] = [
  ['messageStart', { role: 'assistant' }],
  ['contentBlockStart', { contentBlockIndex: 0, start: { toolUse: { toolUseId: 't', name: 'get_weather' } } }],
  ['contentBlockDelta', { contentBlockIndex: 0, delta: { toolUse: { input: 'Paris' } } }],
  ['contentBlockDelta', { contentBlockIndex: 1, delta: { text: 'It is' } }],
  ['contentBlockDelta', { contentBlockIndex: 2, delta: { reasoningContent: { text: 'Hm' } } }],
  ['contentBlockStop', { contentBlockIndex: 0 }],
  ['messageStop', { stopReason: 'end_turn', additionalModelResponseFields: { stop_sequence: 'END' } }],
  [
    'metadata',
    {
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
      metrics: { latencyMs: 9 },
      trace: { guardrail: { actionReason: 'Why' } },
    },
  ],
];

interface Invocation {
  readonly title: string;
  readonly modelId: string;
  readonly body: any;
  readonly answer: any;
  /** In base64, as the service sends them: they are planted before that. */
  readonly chunks?: readonly any[];
}

export const invocations: readonly Invocation[] = [
  {
    title: 'Claude',
    modelId: 'anthropic.claude-x',
    body: { anthropic_version: 'bedrock', ...messagesRequest },
    answer: messagesAnswer,
    chunks: messagesEvents,
  },
  {
    title: 'Llama',
    modelId: 'meta.llama',
    body: { prompt: 'Once', stop: ['END'] },
    answer: { generation: 'Upon', stop_reason: 'stop', prompt_token_count: 1 },
    chunks: [{ generation: 'Up' }, { generation: 'on', stop_reason: 'stop', note: 'n' }],
  },
  {
    title: 'Command R',
    modelId: 'cohere.command-r',
    body: {
      message: 'Hi',
      chat_history: [{ role: 'USER', message: 'Before' }],
      preamble: 'Be',
      stop_sequences: ['END'],
      documents: [{ title: 'D' }],
    },
    answer: {
      response_id: 'r1a2b3c4d',
      generation_id: 'g1a2b3c4d',
      text: 'Hello',
      finish_reason: 'COMPLETE',
      chat_history: [{ role: 'USER', message: 'Hi' }],
      tool_calls: [{ name: 'f', parameters: { a: 'b' } }],
    },
  },
  {
    title: 'Titan',
    modelId: 'amazon.titan-text',
    body: { inputText: 'Once', textGenerationConfig: { stopSequences: ['END'] } },
    answer: { inputTextTokenCount: 1, results: [{ outputText: 'Upon', completionReason: 'FINISH', tokenCount: 1 }] },
  },
  {
    title: 'Jurassic',
    modelId: 'ai21.j2',
    body: { prompt: 'Once', stopSequences: ['END'] },
    answer: { id: 1, completions: [{ data: { text: 'Upon' }, finishReason: { reason: 'stop', sequence: 'END' } }] },
  },
  {
    title: 'an imported model',
    modelId: 'arn:aws:bedrock:us-east-1:123456789012:imported-model/abc',
    body: { messages: [{ role: 'user', content: 'Hi' }], stop: ['END'] },
    answer: {
      id: 'cmpl-1a2b3c4d',
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, stop_reason: 'END' }],
    },
  },
];

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
      content: 'Before',
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
      toolCalls: [{ id: 't', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } }],
    },
    {
      role: 'tool',
      toolCallId: 't',
      content: [{ type: 'document', document: { id: 'd', data: { text: 'It rains' } } }],
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

export const anyError = errorBody as object;
