import { waitUntil } from '@vercel/functions';
import OpenAI from 'openai';
import { createTracingClient, enableLlmTracing, withLlmFlush } from '@amp/llm-trace';

const amplitude = createTracingClient(process.env.AMPLITUDE_API_KEY, { serverUrl: process.env.AMPLITUDE_SERVER_URL });
await enableLlmTracing(amplitude).ready;
const openai = new OpenAI();

/** The answer goes out as the model writes it. Vercel waits for the event, nobody else does. */
export const POST = withLlmFlush(
  async (request) => {
    const { question } = await request.json();
    const stream = await openai.chat.completions.create({
      model: 'gpt-5-mini',
      messages: [{ role: 'user', content: question }],
      stream: true,
    });
    return new Response(stream.toReadableStream(), { headers: { 'content-type': 'application/x-ndjson' } });
  },
  { waitUntil },
);
