import type { ResponseFacts } from '../../src/types';
import { text } from './expect-facts';

/** The last field of the last chunk of every family. */
export const metrics = (more = {}): object => ({
  'amazon-bedrock-invocationMetrics': { inputTokenCount: 10, outputTokenCount: 15, firstByteLatency: 3, ...more },
});

/** What the counts of all of them are. */
export const usage = { inputTokens: 10, outputTokens: 15 };
export const hello = (finishReason: string): ResponseFacts => ({
  started: true,
  finished: true,
  usage,
  outputs: [{ text: text('Hello'), finishReason }],
});

/** Headers that count, for answers that do not. */
export const bare = { 'x-amzn-bedrock-input-token-count': '10', 'x-amzn-bedrock-output-token-count': '15' };

interface Row {
  readonly whole: unknown;
  readonly chunks: readonly unknown[];
  readonly facts: ResponseFacts;
  readonly headers?: Record<string, string>;
}

const claudeUsage = { input_tokens: 10, output_tokens: 15 };
/** One answer in the format of each family, whole and in chunks, and what it tells. */
export const families: Readonly<Record<string, Row>> = {
  Claude: {
    whole: {
      ...{
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        model: 'claude-x',
        stop_reason: 'end_turn',
        usage: claudeUsage,
      },
      content: [{ type: 'text', text: 'Hello' }],
    },
    chunks: [
      {
        type: 'message_start',
        message: { id: 'msg_1', model: 'claude-x', usage: { ...claudeUsage, output_tokens: 1 } },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hel' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'lo' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 15 } },
      // Claude's own counts are what the event says, also where Amazon counts otherwise.
      { type: 'message_stop', ...metrics({ outputTokenCount: 98 }) },
    ],
    facts: { ...hello('end_turn'), id: 'msg_1', model: 'claude-x' },
  },
  'Claude 2': {
    whole: { type: 'completion', id: 'compl_1', completion: 'Hello', stop_reason: 'stop_sequence', stop: '\n\nHuman:' },
    headers: bare,
    chunks: [
      { type: 'completion', id: 'compl_1', completion: 'Hel', stop_reason: null },
      { type: 'completion', completion: 'lo', stop_reason: 'stop_sequence', ...metrics() },
    ],
    facts: { ...hello('stop_sequence'), id: 'compl_1' },
  },
  Nova: {
    whole: {
      output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } },
      stopReason: 'end_turn',
      usage: {
        inputTokens: 10,
        outputTokens: 15,
        totalTokens: 75,
        cacheReadInputTokenCount: 30,
        cacheWriteInputTokenCount: 20,
      },
    },
    chunks: [
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'Hel' } } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'lo' } } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: 'end_turn' } },
      {
        metadata: {
          usage: {
            inputTokens: 10,
            outputTokens: 15,
            totalTokens: 75,
            cacheReadInputTokenCount: 30,
            cacheWriteInputTokenCount: 20,
          },
        },
        ...metrics(),
      },
    ],
    facts: {
      ...hello('end_turn'),
      usage: {
        ...{ inputTokens: 60, outputTokens: 15, totalTokens: 75 },
        ...{ cachedInputTokens: 30, cacheCreationInputTokens: 20 },
      },
    },
  },
  'Titan Text': {
    whole: {
      inputTextTokenCount: 10,
      results: [{ tokenCount: 15, outputText: 'Hello', completionReason: 'FINISH' }],
    },
    chunks: [
      { outputText: 'Hel', index: 0, totalOutputTextTokenCount: null, completionReason: null, inputTextTokenCount: 10 },
      { outputText: 'lo', index: 0, totalOutputTextTokenCount: 15, completionReason: 'FINISH', ...metrics() },
    ],
    facts: hello('FINISH'),
  },
  Llama: {
    whole: { generation: 'Hello', prompt_token_count: 10, generation_token_count: 15, stop_reason: 'stop' },
    chunks: [
      { generation: 'Hel', prompt_token_count: 10, generation_token_count: 1, stop_reason: null },
      { generation: 'lo', prompt_token_count: null, generation_token_count: 15, stop_reason: 'stop', ...metrics() },
    ],
    facts: hello('stop'),
  },
  'Mistral with a prompt': {
    whole: { outputs: [{ text: 'Hello', stop_reason: 'stop' }] },
    headers: bare,
    chunks: [
      { outputs: [{ text: 'Hel', stop_reason: null }] },
      { outputs: [{ text: 'lo', stop_reason: 'stop' }], ...metrics() },
    ],
    facts: hello('stop'),
  },
  'Mistral with messages': {
    whole: { choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, stop_reason: 'stop' }] },
    headers: bare,
    chunks: [
      { choices: [{ index: 0, message: { role: 'assistant', content: 'Hel' }, stop_reason: null }] },
      { choices: [{ index: 0, message: { role: 'assistant', content: 'lo' }, stop_reason: 'stop' }], ...metrics() },
    ],
    facts: hello('stop'),
  },
  'DeepSeek R1': {
    whole: { choices: [{ text: 'Hello', stop_reason: 'stop' }] },
    headers: bare,
    chunks: [
      { choices: [{ text: 'Hel', stop_reason: null }] },
      { choices: [{ text: 'lo', stop_reason: 'stop' }] },
      metrics(),
    ],
    facts: hello('stop'),
  },
  Jamba: {
    whole: {
      ...{
        id: 'chatcmpl-1',
        model: 'jamba',
        choices: [{ index: 0, message: { content: 'Hello' }, finish_reason: 'stop' }],
      },
      usage: { prompt_tokens: 10, completion_tokens: 15, total_tokens: 25 },
    },
    chunks: [
      {
        id: 'chatcmpl-1',
        model: 'jamba',
        choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
      },
      { id: 'chatcmpl-1', choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: null }] },
      {
        id: 'chatcmpl-1',
        choices: [{ index: 0, delta: { content: '' }, finish_reason: 'stop', stop_reason: 518 }],
        usage: { prompt_tokens: 10, completion_tokens: 15, total_tokens: 25 },
      },
      metrics(),
    ],
    facts: { ...hello('stop'), id: 'chatcmpl-1', model: 'jamba', usage: { ...usage, totalTokens: 25 } },
  },
  'Cohere Command': {
    whole: { id: 'g1', prompt: 'Hi', generations: [{ id: 'g1-0', text: 'Hello', finish_reason: 'COMPLETE' }] },
    headers: bare,
    chunks: [
      { is_finished: false, text: 'Hel', index: 0 },
      { is_finished: false, text: 'lo', index: 0 },
      { is_finished: true, finish_reason: 'COMPLETE', id: 'g1', index: 0, ...metrics() },
    ],
    facts: { ...hello('COMPLETE'), id: 'g1' },
  },
  'Cohere Command R': {
    whole: { response_id: 'r1', generation_id: 'g1', text: 'Hello', finish_reason: 'COMPLETE', chat_history: [] },
    headers: bare,
    chunks: [
      { is_finished: false, event_type: 'stream-start', generation_id: 'g1' },
      { is_finished: false, event_type: 'text-generation', text: 'Hel' },
      { is_finished: false, event_type: 'text-generation', text: 'lo' },
      {
        ...{ is_finished: true, event_type: 'stream-end', finish_reason: 'COMPLETE' },
        ...{ response: { generation_id: 'g1', text: 'Hello' }, ...metrics() },
      },
    ],
    facts: { ...hello('COMPLETE'), id: 'g1' },
  },
};
