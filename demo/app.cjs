'use strict';

// An application as it is, CommonJS: nothing in here knows about tracing. `npm run demo` runs it.

const OpenAI = require('openai');
const { zodResponseFormat } = require('openai/helpers/zod');
const Anthropic = require('@anthropic-ai/sdk');
const { z } = require('zod');

const { OPENAI_API_KEY, ANTHROPIC_API_KEY, DEMO_OPENAI_FAULTS } = process.env;
const model = process.env.DEMO_OPENAI_MODEL ?? 'gpt-5-mini';
const claude = process.env.DEMO_ANTHROPIC_MODEL ?? 'claude-haiku-4-5';
const question = [{ role: 'user', content: 'Say hello.' }];
const weather = [{ role: 'user', content: 'Weather in Paris and Tokyo?' }];
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

async function main() {
  const calls = [...(OPENAI_API_KEY ? openaiCalls() : []), ...(ANTHROPIC_API_KEY ? anthropicCalls() : [])];
  for (const call of calls) await call();
  console.log(`made ${calls.length} calls`);
}

function openaiCalls() {
  const openai = new OpenAI();
  return [
    () => openai.chat.completions.create({ model, messages: question }),
    async function stream() {
      const options = { stream: true, stream_options: { include_usage: true } };
      for await (const chunk of await openai.chat.completions.create({ model, messages: question, ...options })) {
        void chunk.choices[0]?.delta.content;
      }
    },
    () => {
      const tools = [{ type: 'function', function: { name: 'get_weather', parameters } }];
      return openai.chat.completions.create({ model, messages: weather, tools });
    },
    () =>
      openai.chat.completions.parse({
        model,
        messages: [{ role: 'user', content: 'The weather in Paris as JSON.' }],
        response_format: zodResponseFormat(z.object({ city: z.string(), celsius: z.number() }), 'weather'),
      }),
    () => openai.embeddings.create({ model: 'text-embedding-3-small', input: ['first text', 'second text'] }),
    async function failing() {
      const wrong = DEMO_OPENAI_FAULTS ? openai.withOptions({ baseURL: DEMO_OPENAI_FAULTS }) : openai;
      await wrong.chat.completions.create({ model: 'no-such-model', messages: question }).catch(() => undefined);
    },
  ];
}

function anthropicCalls() {
  const anthropic = new Anthropic();
  return [() => anthropic.messages.create({ model: claude, max_tokens: 100, messages: question })];
}

main().catch((error) => {
  console.error(String(error));
  process.exitCode = 1;
});
