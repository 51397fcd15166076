import type { LlmOperation } from '../../src/types';

const text = (value: string): { text: string; length: number } => ({ text: value, length: value.length });

/** A call of which everything is known that an event can say. */
export const fullOperation: Required<LlmOperation> = {
  provider: 'azure_openai',
  framework: 'langchain',
  sdk: 'openai',
  sdkVersion: '6.49.0',
  operation: 'chat_completion',
  method: 'chat.completions.create',
  request: {
    model: 'gpt-5',
    streaming: true,
    messages: [
      { role: 'system', content: text('Be brief.') },
      { role: 'user', content: text('Weather in Paris?') },
    ],
    messageCount: 7,
    input: text('a prompt'),
    inputCount: 1,
    inputLength: 1_234,
    toolCount: 3,
    temperature: 0,
    topP: 0.9,
    maxTokens: 100,
    stopSequenceCount: 1,
    seed: 0,
    responseFormat: 'json_schema',
    reasoningEffort: 'low',
  },
  response: {
    model: 'gpt-5-2025-08-07',
    id: 'chatcmpl-1',
    outputs: [
      {
        text: text('It is sunny.'),
        toolCalls: [{ index: 0, name: 'get_weather', arguments: text('{"city":"Paris"}') }],
        finishReason: 'tool_calls',
      },
    ],
    usage: {
      inputTokens: 20,
      outputTokens: 12,
      totalTokens: 32,
      cachedInputTokens: 8,
      cacheCreationInputTokens: 3,
      reasoningTokens: 4,
      audioInputTokens: 2,
      audioOutputTokens: 1,
    },
    serviceTier: 'default',
    cost: 0.0012,
    started: true,
    finished: true,
  },
  outcome: 'error',
  error: {
    message: text('it broke'),
    type: 'RateLimitError',
    code: 'rate_limit_exceeded',
    status: 429,
    requestId: 'req_1',
  },
  streaming: true,
  startedAt: 1_760_000_000_000,
  latency: 812.345,
  timeToFirstToken: 120.46,
  httpStatus: 429,
  requestId: 'req_1',
  retryCount: 2,
  context: { traceId: '0af7651916cd43dd8448eb211c80319c', parentSpanId: 'b7ad6b7169203331' },
};
