'use strict';

// One call through each public door that parties are known to break. Each has a model of its own, so that everybody's
// record says which call it was. What the application got is part of the result.

const messages = [{ role: 'user', content: 'Say hello.' }];
const weather = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const json_schema = { name: 'city', schema: weather, strict: true };

const openaiCalls = {
  await: async (client, model) =>
    (await client.chat.completions.create({ model, messages })).choices[0].message.content,
  stream: async (client, model) => {
    let text = '';
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? '';
    return text;
  },
  break: async (client, model) => {
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    for await (const chunk of stream) if (chunk.choices[0].delta.content) break;
    return stream.controller.signal.aborted;
  },
  withResponse: async (client, model) => {
    const { data, response, request_id } = await client.chat.completions.create({ model, messages }).withResponse();
    return [data.choices[0].message.content, response.status, request_id];
  },
  streamWithResponse: async (client, model) => {
    const promise = client.chat.completions.create({ model, messages, stream: true });
    const { data, response } = await promise.withResponse();
    let chunks = 0;
    for await (const chunk of data) chunks += chunk.choices.length;
    return [chunks, response.status];
  },
  parse: async (client, model) => {
    const prompt = [{ role: 'user', content: 'json' }];
    const response_format = { type: 'json_schema', json_schema };
    const { choices } = await client.chat.completions.parse({ model, messages: prompt, response_format });
    return choices[0].message.content;
  },
  error: async (client, model) => {
    const failing = client.withOptions({ baseURL: client.baseURL.replace('/v1', '/400-999/v1') });
    await failing.chat.completions.create({ model, messages });
  },
  streamError: async (client, model) => {
    const failing = client.withOptions({ baseURL: client.baseURL.replace('/v1', '/400-999/v1') });
    for await (const chunk of await failing.chat.completions.create({ model, messages, stream: true })) void chunk;
  },
  responses: async (client, model) => (await client.responses.create({ model, input: 'Say hello.' })).output_text,
  embeddings: async (client, model) => (await client.embeddings.create({ model, input: 'one' })).data[0].embedding,
};

const anthropicCalls = {
  await: async (client, model) => (await client.messages.create({ model, messages, max_tokens: 9 })).content[0].text,
  stream: async (client, model) => {
    let events = 0;
    const stream = await client.messages.create({ model, messages, max_tokens: 9, stream: true });
    for await (const event of stream) events += event.type === 'content_block_delta' ? 1 : 0;
    return events;
  },
  helper: async (client, model) => {
    const stream = client.messages.stream({ model, messages, max_tokens: 9 });
    return (await stream.finalMessage()).content[0].text;
  },
  withResponse: async (client, model) => {
    const { data, response } = await client.messages.create({ model, messages, max_tokens: 9 }).withResponse();
    return [data.content[0].text, response.status];
  },
  error: async (client, model) => {
    const failing = client.withOptions({ baseURL: `${client.baseURL}/400-999` });
    await failing.messages.create({ model, messages, max_tokens: 9 });
  },
};

/** What each call gave the application: its value, or the class and message of its error. */
async function makeCalls(sdks, url) {
  const results = {};
  const run = async (calls, client, vendor) => {
    for (const [name, call] of Object.entries(calls)) {
      const model = `${vendor}.${name}`;
      results[model] = await call(client, model).catch((error) => `${error.constructor.name}: ${error.message}`);
    }
  };
  const { OpenAI = sdks.openai?.default } = sdks.openai ?? {};
  if (OpenAI) await run(openaiCalls, new OpenAI({ apiKey: 'k', baseURL: `${url}/v1`, maxRetries: 0 }), 'openai');
  const { Anthropic = sdks.anthropic?.default } = sdks.anthropic ?? {};
  if (Anthropic) await run(anthropicCalls, new Anthropic({ apiKey: 'k', baseURL: url, maxRetries: 0 }), 'anthropic');
  return results;
}

/** A call that fails and that nobody awaits: Node tells the application, once, unless somebody keeps it quiet. */
async function forgetCall(sdks, url) {
  const { OpenAI = sdks.openai.default } = sdks.openai;
  const answered = new Promise((resolve) => {
    const fetchWhole = async (...request) => {
      const response = await fetch(...request);
      const text = await response.text();
      resolve();
      return new Response(text, response);
    };
    const client = new OpenAI({ apiKey: 'k', baseURL: `${url}/400-999/v1`, maxRetries: 0, fetch: fetchWhole });
    void client.chat.completions.create({ model: 'openai.forgotten', messages });
  });
  await answered;
  return { 'openai.forgotten': 'sent' };
}

module.exports = { forgetCall, makeCalls };
