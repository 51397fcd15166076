import { cerebras as patch } from '../../src/patches/cerebras';
import { chatCompletions } from '../../src/patches/shared/chat-completions';
import { textCompletions } from '../../src/patches/shared/text-completions';
import type { MethodReader } from '../../src/types';
import { expectFacts, text } from './expect-facts';
import { expectTolerant } from './expect-tolerant';

const head = { id: 'chatcmpl-1', model: 'zai-glm-4.7', system_fingerprint: 'fp_1' };
const time_info = { queue_time: 0.0001, prompt_time: 0.004, completion_time: 0.8, total_time: 0.81, created: 1.5 };
const usage = {
  prompt_tokens: 17,
  prompt_tokens_details: { cached_tokens: 0 },
  completion_tokens: 15,
  completion_tokens_details: { reasoning_tokens: 6, accepted_prediction_tokens: 0 },
  total_tokens: 32,
};
const facts = {
  id: 'chatcmpl-1',
  model: 'zai-glm-4.7',
  started: true,
  finished: true,
  usage: { inputTokens: 17, outputTokens: 15, totalTokens: 32, cachedInputTokens: 0, reasoningTokens: 6 },
};
const chunk = (choices: unknown, extra: object = {}): object => ({
  ...head,
  object: 'chat.completion.chunk',
  choices,
  ...extra,
});

it('has tokens and times in the last chunk, whose choices may be missing', () => {
  const outputs = [{ text: text('100'), finishReason: 'stop' }];
  for (const last of [null, []]) {
    expectFacts(
      chatCompletions,
      {
        whole: {
          ...head,
          time_info,
          usage,
          choices: [{ index: 0, message: { content: '100', reasoning: 'Hm' }, finish_reason: 'stop' }],
        },
        chunks: [
          chunk([{ index: 0, delta: { role: 'assistant' } }]),
          chunk([{ index: 0, delta: { reasoning: 'Hm' } }]),
          chunk([{ index: 0, delta: { content: '100' } }]),
          chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
          chunk(last, { usage, time_info }),
        ],
      },
      { ...facts, outputs },
    );
  }
});

it('reads completions with the tokens of the text beside it', () => {
  expectFacts(
    textCompletions,
    {
      whole: { ...head, usage, time_info, choices: [{ index: 0, text: '100', finish_reason: 'length' }] },
      chunks: [
        chunk([{ index: 0, text: '10', tokens: [1], finish_reason: null }]),
        chunk([{ index: 0, text: '0', tokens: null, finish_reason: 'length' }], { usage, time_info }),
      ],
    },
    { ...facts, outputs: [{ text: text('100'), finishReason: 'length' }] },
  );
});

it('reads odd shapes without throwing', () => {
  for (const reader of [chatCompletions, textCompletions] as MethodReader[]) {
    expectTolerant(reader, ['choices', 'usage', 'time_info', 'usage.prompt_tokens_details', 'error', 'status_code']);
  }
});

it.each([
  ['https://api.cerebras.ai', 'cerebras'],
  ['http://127.0.0.1:1234', 'local'],
  ['https://models.example.org', 'cerebras'],
])('is served at %s by %s', (baseURL, provider) => {
  expect(patch.servedBy({ _client: { baseURL } })).toBe(provider);
});

// A client that is made to look at its prototype sends a request at once, with somebody's key.
it('makes no client to find its methods', () => {
  let made = 0;
  class Cerebras {
    static Chat = {
      Completions: class {
        create(): void {}
      },
    };
    constructor() {
      made += 1;
    }
  }
  expect(patch.methods({ Cerebras })).toHaveLength(1);
  expect(patch.retryPoint({ Cerebras })).toBeUndefined();
  expect(patch.versionOf({ Cerebras })).toBeUndefined();
  expect(made).toBe(0);
});
