import { groq as patch } from '../../src/patches/groq';
import { chatCompletions } from '../../src/patches/groq/chat-completions';
import { expectFacts, fold, limits, text } from './expect-facts';
import { expectTolerant, expectToReadAround } from './expect-tolerant';

/* eslint-disable @typescript-eslint/no-explicit-any -- what is on the wire, and what is not in the types of the SDK */

const head = { id: 'chatcmpl-1', model: 'llama-3.3-70b-versatile', object: 'chat.completion.chunk' };
const usage = {
  queue_time: 0.02,
  prompt_tokens: 30,
  prompt_tokens_details: { cached_tokens: 16 },
  completion_tokens: 12,
  completion_tokens_details: { reasoning_tokens: 5 },
  total_tokens: 42,
  total_time: 0.3,
};
const read = { inputTokens: 30, outputTokens: 12, totalTokens: 42, cachedInputTokens: 16, reasoningTokens: 5 };
const piece = (delta: object, finish_reason: string | null = null): object => ({
  ...head,
  choices: [{ index: 0, delta, finish_reason }],
});

describe('an answer of Groq', () => {
  it.each([
    ['x_groq', { x_groq: { id: 'req_1', usage } }],
    ['both places', { usage, x_groq: { id: 'req_1', usage } }],
    ['the usual place', { usage }],
  ])('has its tokens in %s of the last chunk of a stream', (_place, last) => {
    expectFacts(
      chatCompletions,
      {
        whole: {
          ...head,
          service_tier: 'on_demand',
          usage,
          x_groq: { id: 'req_1', usage: { dram_cached_tokens: 1 } },
          choices: [
            { index: 0, message: { role: 'assistant', reasoning: 'Hm', content: 'Yes' }, finish_reason: 'stop' },
          ],
        },
        chunks: [
          { ...piece({ role: 'assistant', content: '' }), x_groq: { id: 'req_1' }, service_tier: 'on_demand' },
          piece({ reasoning: 'Hm', channel: 'analysis' }),
          piece({ content: 'Yes' }),
          { ...piece({}, 'stop'), ...last },
        ],
      },
      {
        id: 'chatcmpl-1',
        model: 'llama-3.3-70b-versatile',
        serviceTier: 'on_demand',
        started: true,
        finished: true,
        usage: read,
        outputs: [{ text: text('Yes'), finishReason: 'stop' }],
      },
    );
  });

  it('tells in x_groq why a stream stopped early', () => {
    const facts = fold(chatCompletions, [
      piece({ content: 'Ye' }),
      { ...piece({}), x_groq: { error: 'over capacity' } },
    ]);
    expect(facts.failure).toEqual({ message: text('over capacity') });
    expect(facts.outputs).toEqual([{ text: text('Ye') }]);
  });
});

it('reads a request like one of OpenAI', () => {
  const request: any = {
    model: 'openai/gpt-oss-20b',
    messages: [{ role: 'user', content: 'hello' }],
    max_completion_tokens: 64,
    reasoning_effort: 'low',
    service_tier: 'flex',
    stream: true,
  };
  expect(chatCompletions.readRequest(request, limits)).toMatchObject({
    model: 'openai/gpt-oss-20b',
    messages: [{ role: 'user', content: text('hello') }],
    maxTokens: 64,
    reasoningEffort: 'low',
    streaming: true,
  });
});

it('reads odd shapes without throwing', () => {
  expectTolerant(chatCompletions, ['model', 'messages', 'choices', 'usage', 'x_groq', 'x_groq.usage', 'x_groq.error']);
  expectToReadAround(chatCompletions, ['messages', 'tools', 'temperature']);
});

it.each([
  ['https://api.groq.com', 'groq'],
  ['http://127.0.0.1:8080', 'local'],
  ['https://models.example.org/groq', 'groq'],
  [undefined, 'groq'],
])('is served at %s by %s', (baseURL, provider) => {
  expect(patch.servedBy({ _client: { baseURL } })).toBe(provider);
});

it('finds nothing to patch in what is no Groq SDK', () => {
  for (const exports of [undefined, null, {}, { Groq: {} }, { Groq: class {} }, 'groq']) {
    expect(patch.methods(exports)).toEqual([]);
    expect(patch.retryPoint(exports)).toBeUndefined();
    expect(patch.versionOf(exports)).toBeUndefined();
  }
});
