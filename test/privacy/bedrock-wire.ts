import { messagesAnswer, messagesEvents, messagesRequest } from './anthropic-wire';
import { schema } from './openai-wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- every field there is, of every vendor */

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
      content: [
        { reasoningContent: { reasoningText: { text: 'Thought', signature: 's' } } },
        { text: 'Before' },
        { toolUse: { toolUseId: 't', name: 'get_weather', input: { city: 'Paris' } } },
      ],
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
