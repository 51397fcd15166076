import { readAnswer, readAnyUsage } from '../src/manual/read-answer';
import type { Limits, ResponseFacts, Usage } from '../src/types';

const limits: Limits = { messages: 5, message: 200, prompt: 500, response: 500 };

interface Said {
  text?: string | undefined;
  tools?: (string | undefined)[];
  reason?: string | undefined;
  model?: string | undefined;
  id?: string | undefined;
  usage?: Usage | undefined;
}

function said(answer: unknown): Said {
  const { outputs, model, id, usage }: ResponseFacts = readAnswer(answer, limits);
  const [output] = outputs ?? [];
  const found: Said = { text: output?.text?.text, reason: output?.finishReason, model, id, usage };
  if (output?.toolCalls) found.tools = output.toolCalls.map(({ name, arguments: text }) => `${name}${text.text}`);
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

const call = { type: 'function', function: { name: 'weather', arguments: '{"city":"Paris"}' } };

describe('an answer of any model', () => {
  it.each<[string, unknown, Said]>([
    ['a text', 'Hello', { text: 'Hello' }],
    ['several texts', ['Hello', 'there'], { text: 'Hello\nthere' }],
    ['a number', 5, { text: '5' }],
    ['nothing', null, {}],
    [
      'a chat completion',
      {
        id: 'c-1',
        model: 'm-1',
        choices: [{ message: { content: 'Hello', tool_calls: [call] }, finish_reason: 'stop' }],
      },
      { text: 'Hello', tools: ['weather{"city":"Paris"}'], reason: 'stop', model: 'm-1', id: 'c-1' },
    ],
    [
      'a text completion',
      { choices: [{ text: 'Hello', finish_reason: 'length' }] },
      { text: 'Hello', reason: 'length' },
    ],
    [
      'a response',
      {
        model: 'm-1',
        status: 'completed',
        output: [
          { type: 'message', content: [{ type: 'output_text', text: 'Hello' }] },
          { type: 'function_call', name: 'weather', arguments: '{}' },
        ],
      },
      { text: 'Hello', tools: ['weather{}'], reason: 'completed', model: 'm-1' },
    ],
    [
      'a message of Anthropic',
      {
        type: 'message',
        stop_reason: 'end_turn',
        content: [
          { type: 'text', text: 'Hello' },
          { type: 'tool_use', name: 'weather', input: { city: 'Paris' } },
        ],
      },
      { text: 'Hello', tools: ['weather{"city":"Paris"}'], reason: 'end_turn' },
    ],
    ['blocks of Anthropic', [{ type: 'text', text: 'Hello' }], { text: 'Hello' }],
    [
      'items of a response',
      [{ type: 'message', content: [{ type: 'output_text', text: 'Hello' }] }],
      { text: 'Hello' },
    ],
    [
      'an answer of Gemini',
      { modelVersion: 'g-1', candidates: [{ content: { parts: [{ text: 'Hello' }] }, finishReason: 'STOP' }] },
      { text: 'Hello', reason: 'STOP', model: 'g-1' },
    ],
    [
      'an answer of Converse',
      { stopReason: 'end_turn', output: { message: { content: [{ text: 'Hello' }] } } },
      { text: 'Hello', reason: 'end_turn' },
    ],
    [
      'an answer of Cohere',
      { finish_reason: 'COMPLETE', message: { content: [{ type: 'text', text: 'Hello' }], tool_calls: [call] } },
      { text: 'Hello', tools: ['weather{"city":"Paris"}'], reason: 'COMPLETE' },
    ],
    [
      'an answer of Ollama',
      { model: 'l-1', message: { role: 'assistant', content: 'Hello' }, prompt_eval_count: 3, eval_count: 2 },
      { text: 'Hello', model: 'l-1', usage: { inputTokens: 3, outputTokens: 2 } },
    ],
    [
      'a chat of Ollama that ended',
      { model: 'l-1', message: { content: 'Hello' }, done: true, done_reason: 'stop', eval_count: 2 },
      { text: 'Hello', reason: 'stop', model: 'l-1', usage: { outputTokens: 2 } },
    ],
    [
      'a generated answer of Ollama',
      { model: 'l-1', response: 'Hello', done: true, done_reason: 'length', prompt_eval_count: 3, eval_count: 2 },
      { text: 'Hello', reason: 'length', model: 'l-1', usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 } },
    ],
    ['embeddings of Ollama', { model: 'l-1', embeddings: [[0.1]] }, { model: 'l-1' }],
    ['an embedding of Gemini', { embedding: { values: [0.1] } }, {}],
    ['a picture', { data: [{ b64_json: 'AAAA' }], usage: { input_tokens: 3 } }, { usage: { inputTokens: 3 } }],
    [
      'a result of Google',
      { response: { candidates: [{ content: { parts: [{ text: 'Hello' }] } }] } },
      { text: 'Hello' },
    ],
    ['texts', { text: ['Hello', 'there'] }, { text: 'Hello\nthere' }],
    ['a response that has not begun', { object: 'response', status: 'queued', output: [] }, {}],
    ['a promise of an answer', Promise.resolve('Hello'), {}],
    ['a message by itself', { role: 'assistant', content: 'Hello' }, { text: 'Hello' }],
    [
      'a message that only calls a tool',
      { role: 'assistant', content: null, tool_calls: [call] },
      { tools: ['weather{"city":"Paris"}'] },
    ],
    ['a result of the AI SDK', { text: 'Hello', finishReason: 'stop' }, { text: 'Hello', reason: 'stop' }],
    ['a generated text', { generated_text: 'Hello' }, { text: 'Hello' }],
    ['an object of its own', { answer: { mood: 'fine' } }, { text: '{"answer":{"mood":"fine"}}' }],
    ['a list of its own', [{ mood: 'fine' }], { text: '[{"mood":"fine"}]' }],
    ['embeddings', { data: [{ embedding: [0.1, 0.2] }], usage: { prompt_tokens: 3 } }, { usage: { inputTokens: 3 } }],
  ])('is read where it is %s', (_what, answer, expected) => {
    const { usage, ...rest } = said(answer);
    expect(rest).toEqual(Object.fromEntries(Object.entries(expected).filter(([name]) => name !== 'usage')));
    if (expected.usage) expect(usage).toMatchObject(expected.usage);
    else expect(usage).toBeUndefined();
  });
});

describe('the usage of any provider', () => {
  // One meaning for all: input includes what came from a cache.
  it.each<[string, object, Usage]>([
    [
      'OpenAI',
      { prompt_tokens: 20, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 8 } },
      { inputTokens: 20, outputTokens: 5, cachedInputTokens: 8 },
    ],
    [
      'Responses',
      { input_tokens: 20, output_tokens: 5, input_tokens_details: { cached_tokens: 8 } },
      { inputTokens: 20, outputTokens: 5, cachedInputTokens: 8 },
    ],
    [
      'Anthropic',
      { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 7, cache_creation_input_tokens: 3 },
      { inputTokens: 20, outputTokens: 5, cachedInputTokens: 7, cacheCreationInputTokens: 3 },
    ],
    ['nobody in particular', { input_tokens: 10, output_tokens: 5 }, { inputTokens: 10, outputTokens: 5 }],
    [
      'Gemini',
      { promptTokenCount: 20, candidatesTokenCount: 4, thoughtsTokenCount: 1, totalTokenCount: 25 },
      { inputTokens: 20, outputTokens: 5, reasoningTokens: 1 },
    ],
    [
      'Converse',
      { inputTokens: 10, outputTokens: 5, cacheReadInputTokens: 10 },
      { inputTokens: 20, outputTokens: 5, cachedInputTokens: 10 },
    ],
    [
      'the AI SDK',
      { inputTokens: 20, outputTokens: 5, cachedInputTokens: 8, reasoningTokens: 1 },
      { inputTokens: 20, outputTokens: 5, cachedInputTokens: 8, reasoningTokens: 1 },
    ],
    ['an embedding of the AI SDK', { tokens: 3 }, { inputTokens: 3, totalTokens: 3 }],
    ['Cohere', { tokens: { input_tokens: 20, output_tokens: 5 } }, { inputTokens: 20, outputTokens: 5 }],
    ['Ollama', { prompt_eval_count: 20, eval_count: 5 }, { inputTokens: 20, outputTokens: 5 }],
    [
      'this package',
      { inputTokens: 20, outputTokens: 5, cacheCreationInputTokens: 2, audioInputTokens: 1 },
      { inputTokens: 20, outputTokens: 5, cacheCreationInputTokens: 2, audioInputTokens: 1 },
    ],
  ])('of %s has one meaning', (_who, usage, expected) => {
    expect(readAnyUsage(usage)).toMatchObject(expected);
  });

  it.each([[undefined], [null], [5], ['text'], [{}], [{ tokens: 'many' }], [{ prompt_tokens: '5' }]])(
    'is none: %p',
    (usage) => {
      expect(readAnyUsage(usage)).toBeUndefined();
    },
  );
});
