// An application as it is, ES module: nothing in here knows about tracing. `npm run demo` runs it.

import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import OpenAI from 'openai';
import { z } from 'zod/v4';

const { OPENAI_API_KEY, ANTHROPIC_API_KEY, DEMO_ANTHROPIC_FAULTS } = process.env;
const model = process.env.DEMO_ANTHROPIC_MODEL ?? 'claude-haiku-4-5';
const gpt = process.env.DEMO_OPENAI_MODEL ?? 'gpt-5-mini';
const question = { model, max_tokens: 100, messages: [{ role: 'user', content: 'Say hello.' }] };
const weather = { ...question, messages: [{ role: 'user', content: 'Weather in Paris and Tokyo?' }] };
const input_schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

const calls = [...(ANTHROPIC_API_KEY ? anthropicCalls() : []), ...(OPENAI_API_KEY ? openaiCalls() : [])];
for (const call of calls) await call();
console.log(`made ${calls.length} calls`);

function anthropicCalls() {
  const anthropic = new Anthropic();
  return [
    () => anthropic.messages.create(question),
    async function stream() {
      const text = await anthropic.messages.stream(question).finalText();
      void text;
    },
    () => anthropic.messages.create({ ...weather, tools: [{ name: 'get_weather', input_schema }] }),
    () =>
      anthropic.messages.parse({
        ...question,
        messages: [{ role: 'user', content: 'The weather in Paris as JSON.' }],
        output_config: { format: zodOutputFormat(z.object({ city: z.string(), celsius: z.number() })) },
      }),
    async function stopEarly() {
      for await (const event of await anthropic.messages.create({ ...question, stream: true })) {
        if (event.type === 'content_block_delta') break;
      }
    },
    async function failing() {
      const wrong = DEMO_ANTHROPIC_FAULTS ? anthropic.withOptions({ baseURL: DEMO_ANTHROPIC_FAULTS }) : anthropic;
      await wrong.messages.create({ ...question, model: 'no-such-model' }).catch(() => undefined);
    },
  ];
}

function openaiCalls() {
  const openai = new OpenAI();
  return [
    async function stream() {
      const events = await openai.responses.create({ model: gpt, input: 'Say hello.', stream: true });
      for await (const event of events) void event.type;
    },
    () => openai.embeddings.create({ model: 'text-embedding-3-small', input: 'one text' }),
  ];
}
