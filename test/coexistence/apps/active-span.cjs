'use strict';

// Calls inside of active OpenTelemetry spans, as one line of JSON: the ids of the spans, and of the events.

const { trace } = require('@opentelemetry/api');
const { enableLlmTracing } = require('@amp/llm-trace');
const { installTracing } = require('./record-spans.cjs');

const events = [];
enableLlmTracing({ track: (event) => void events.push(event) }, { userId: 'coexistence', noWarning: true });
const OpenAI = require('openai');
const Anthropic = require('@anthropic-ai/sdk');

const messages = [{ role: 'user', content: 'Say hello.' }];
const { url } = JSON.parse(process.env.SCENARIO);
const openai = new OpenAI({ apiKey: 'k', baseURL: `${url}/v1` });
const anthropic = new Anthropic({ apiKey: 'k', baseURL: url });

async function main() {
  await openai.chat.completions.create({ model: 'before', messages });
  installTracing();
  const tracer = trace.getTracer('test');
  await openai.chat.completions.create({ model: 'outside', messages });
  const inSpan = (model, work) =>
    tracer.startActiveSpan(model, async (span) => {
      await work(model);
      span.end();
      return [model, span.spanContext()];
    });
  const spans = await Promise.all([
    inSpan('await', (model) => openai.chat.completions.create({ model, messages })),
    inSpan('stream', async (model) => {
      const stream = await openai.chat.completions.create({ model, messages, stream: true });
      for await (const chunk of stream) void chunk;
    }),
    inSpan('anthropic', (model) => anthropic.messages.create({ model, messages, max_tokens: 9 })),
  ]);
  // The stream is read where another span is active: the call belongs to the one it was made in.
  let open;
  spans.push(
    await inSpan('made here', async (model) => {
      open = await openai.chat.completions.create({ model, messages, stream: true });
    }),
  );
  spans.push(
    await inSpan('read there', async () => {
      for await (const chunk of open) void chunk;
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 30));
  const ids = events.map(({ event_properties: properties }) => {
    const { model, trace_id, span_id, parent_span_id } = properties;
    return [model, { trace_id, span_id, parent_span_id }];
  });
  process.stdout.write(JSON.stringify({ spans: Object.fromEntries(spans), events: Object.fromEntries(ids) }), () =>
    process.exit(0),
  );
}

void main();
