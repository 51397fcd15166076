import OpenAI from 'openai';
import { createTracingClient, enableLlmTracing } from '@amp/llm-trace';

// What can not be delivered now is kept on disk, and sent by the next run of this script.
const amplitude = createTracingClient(process.env.AMPLITUDE_API_KEY, {
  serverUrl: process.env.AMPLITUDE_SERVER_URL,
  spool: true,
});
const tracing = enableLlmTracing(amplitude, { userId: 'nightly-report' });
// `openai` was imported before: on versions of Node before 20.19 that takes a moment.
await tracing.ready;

const openai = new OpenAI();
const answer = await openai.chat.completions.create({
  model: 'gpt-5-mini',
  messages: [{ role: 'user', content: process.argv[2] ?? 'Hi' }],
});
console.log(answer.choices[0].message.content);

// The end of the process would do the same, for two seconds at the most.
await tracing.flush({ timeout: 5_000 });
