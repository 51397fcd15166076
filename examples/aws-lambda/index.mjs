import OpenAI from 'openai';
import { createTracingClient, enableLlmTracing, withLlmContext, withLlmFlush } from '@amp/llm-trace';

// Once for each instance of the function, not for each invocation.
const amplitude = createTracingClient(process.env.AMPLITUDE_API_KEY, { serverUrl: process.env.AMPLITUDE_SERVER_URL });
await enableLlmTracing(amplitude).ready;
const openai = new OpenAI();

/** When Lambda has the answer it may freeze the process: until then the event is sent, for a second at the most. */
export const handler = withLlmFlush(
  async ({ userId, question }) => {
    const answer = await withLlmContext({ userId }, () =>
      openai.chat.completions.create({ model: 'gpt-5-mini', messages: [{ role: 'user', content: question }] }),
    );
    return { statusCode: 200, body: answer.choices[0].message.content };
  },
  { timeout: 1_000 },
);
