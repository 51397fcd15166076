import OpenAI from 'openai';
import Anthropic from '@anthropic-ai/sdk';
import { startProviderServer } from './support/start-provider';
import type { LlmTracingOptions } from '../src';
import { answering, outcomeOf, ServerEvents, traced } from './support/traced-clients';

/* eslint-disable @typescript-eslint/no-explicit-any -- requests with every field there is, of several SDKs */

/** Words that stand for what the user wrote, and for what the model did. */
const asked = 'CANARY_ASKED';
const answered = 'CANARY_ANSWERED';

let server: Awaited<ReturnType<typeof startProviderServer>>;
beforeAll(async () => {
  server = await startProviderServer();
});
afterAll(() => server.close());

const schema = {
  type: 'object',
  description: asked,
  properties: { [asked]: { type: 'string', description: asked, enum: [asked] } },
};

const chatRequest = {
  model: 'gpt-5',
  messages: [
    { role: 'system', content: `Be ${asked}.`, name: asked },
    { role: 'developer', content: [{ type: 'text', text: asked }] },
    { role: 'assistant', content: answered, refusal: answered, tool_calls: [toolCall(answered)] },
    { role: 'tool', content: asked, tool_call_id: asked },
    { role: 'user', content: [{ type: 'text', text: asked }, image(asked), { type: asked, text: asked }] },
    { role: 'user', content: `${asked}, please` },
  ],
  tools: [{ type: 'function', function: { name: 'get_weather', description: asked, parameters: schema } }],
  tool_choice: { type: 'function', function: { name: 'get_weather' } },
  response_format: { type: 'json_schema', json_schema: { name: asked, description: asked, schema } },
  stop: [asked, asked],
  user: asked,
  metadata: { note: asked },
  prediction: { type: 'content', content: asked },
  safety_identifier: asked,
  prompt_cache_key: asked,
  logit_bias: { [asked]: 1 },
  web_search_options: { user_location: { type: 'approximate', approximate: { city: asked } } },
};

const responsesRequest = {
  model: 'gpt-5',
  instructions: asked,
  input: [
    { role: 'user', content: [{ type: 'input_text', text: asked }] },
    { type: 'function_call', name: 'get_weather', arguments: answered, call_id: 'c' },
    { type: 'function_call_output', output: asked, call_id: 'c' },
    { role: 'assistant', content: [{ type: 'output_text', text: answered }] },
    { role: 'user', content: asked },
  ],
  tools: [{ type: 'function', name: 'get_weather', description: asked, parameters: schema, strict: true }],
  text: { format: { type: 'json_schema', name: asked, schema } },
  metadata: { note: asked },
  user: asked,
  prompt: { id: asked, variables: { a: asked } },
};

const messagesRequest = {
  model: 'claude-x',
  max_tokens: 9,
  system: [{ type: 'text', text: asked }],
  messages: [
    {
      role: 'assistant',
      content: [
        { type: 'text', text: answered },
        { type: 'thinking', thinking: answered },
      ],
    },
    { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'get_weather', input: { city: answered } }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: asked }] },
    { role: 'user', content: [{ type: 'document', title: asked, source: { type: 'text', data: asked } }] },
    { role: 'user', content: asked },
  ],
  tools: [{ name: 'get_weather', description: asked, input_schema: schema }],
  stop_sequences: [asked],
  metadata: { user_id: asked },
};

const chatAnswer = {
  id: 'c',
  model: 'gpt-5',
  choices: [
    { index: 0, message: { content: answered, refusal: answered, reasoning_content: answered }, finish_reason: 'stop' },
    { index: 1, message: { tool_calls: [toolCall(answered)], audio: { transcript: answered } }, finish_reason: 'stop' },
  ],
};
const responsesAnswer = {
  id: 'r',
  status: 'completed',
  output: [
    { type: 'reasoning', summary: [{ text: answered }] },
    { type: 'message', content: [{ type: 'output_text', text: answered, annotations: [{ title: answered }] }] },
    { type: 'function_call', name: 'get_weather', arguments: answered },
    { type: 'custom_tool_call', name: 'get_weather', input: answered },
    { type: 'mcp_call', name: 'get_weather', arguments: answered, output: answered },
  ],
};
const messagesAnswer = {
  id: 'm',
  model: 'claude-x',
  stop_reason: 'stop_sequence',
  stop_sequence: answered,
  content: [
    { type: 'thinking', thinking: answered },
    { type: 'text', text: answered, citations: [{ cited_text: answered }] },
    { type: 'tool_use', name: 'get_weather', input: { city: answered } },
    { type: 'server_tool_use', name: 'web_search', input: { query: answered } },
  ],
};
const failure = {
  error: { message: `Bad: ${asked} ${answered}`, type: `about ${asked}`, code: `it said ${answered}` },
};

/** Calls with the words in every place there is, answered whole, as a stream, and by an error that echoes both. */
async function everyCall(): Promise<void> {
  const bodies: [any, any, any][] = [
    [chatAnswer, responsesAnswer, messagesAnswer],
    [
      new ServerEvents([
        { ...chatAnswer, choices: chatAnswer.choices.map(({ message, ...rest }) => ({ ...rest, delta: message })) },
      ]),
      new ServerEvents([
        { type: 'response.output_text.delta', delta: answered, output_index: 0 },
        { type: 'response.function_call_arguments.delta', delta: answered, output_index: 1 },
        { type: 'response.failed', response: { ...responsesAnswer, status: 'failed', error: failure.error } },
      ]),
      new ServerEvents([
        { type: 'message_start', message: { ...messagesAnswer, content: [] } },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: answered } },
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: answered } },
        { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', name: 'get_weather', input: {} } },
        { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: answered } },
        { type: 'error', error: failure.error },
      ]),
    ],
  ];
  for (const [chat, response, message] of bodies) {
    const stream = chat instanceof ServerEvents;
    await outcomeOf(async () =>
      drain(await answering(chat).openai.chat.completions.create({ ...chatRequest, stream } as any)),
    );
    await outcomeOf(async () =>
      drain(await answering(response).openai.responses.create({ ...responsesRequest, stream } as any)),
    );
    await outcomeOf(async () =>
      drain(await answering(message).anthropic.messages.create({ ...messagesRequest, stream } as any)),
    );
  }
  const options = { apiKey: 'k', maxRetries: 0 };
  const openai = new OpenAI({ ...options, baseURL: `${server.url}/400-99/v1` });
  const anthropic = new Anthropic({ ...options, baseURL: `${server.url}/400-99` });
  await outcomeOf(() => openai.chat.completions.create(chatRequest as any));
  await outcomeOf(() => openai.responses.create({ ...responsesRequest, input: asked } as any));
  await outcomeOf(() => openai.embeddings.create({ model: 'e', input: [asked, asked], user: asked }));
  await outcomeOf(() => openai.completions.create({ model: 'c', prompt: [asked], suffix: asked, stop: asked }));
  await outcomeOf(() => openai.images.generate({ model: 'i', prompt: asked, user: asked }));
  await outcomeOf(() => openai.audio.speech.create({ model: 's', input: asked, voice: 'x', instructions: asked }));
  await outcomeOf(() => openai.moderations.create({ model: 'm', input: [{ type: 'text', text: asked }] }));
  await outcomeOf(() => anthropic.messages.create(messagesRequest as any));
  await outcomeOf(() => anthropic.messages.countTokens(messagesRequest as any));
}

async function wordsSent(options: LlmTracingOptions): Promise<string[]> {
  const { sent } = await traced(everyCall, options);
  expect(sent).toHaveLength(15);
  return [asked, answered].filter((word) => sent.some((event) => JSON.stringify(event).includes(word)));
}

describe('what leaves of calls that have a word of the user and one of the model everywhere', () => {
  it.each<[string, LlmTracingOptions, string[]]>([
    ['by default: both', {}, [asked, answered]],
    ['in privacy mode: neither', { privacyMode: true }, []],
    [
      'in privacy mode that asks for both: neither',
      { privacyMode: true, includePrompts: true, includeResponses: true },
      [],
    ],
    ['without prompts and answers: neither', { includePrompts: false, includeResponses: false }, []],
    ['without prompts: what the model said', { includePrompts: false }, [answered]],
    ['without answers: what the user said', { includeResponses: false }, [asked]],
    ['with a redaction that throws: neither', { redact: () => fail() }, []],
    ['with a redaction: what it makes of them', { redact: (text) => text.replace(/CANARY_\w+/g, '*') }, []],
  ])('%s', async (...[, options, words]) => {
    expect(await wordsSent(options)).toEqual(words);
  });

  it('are numbers and names all the same, in privacy mode', async () => {
    const { events } = await traced(everyCall, { privacyMode: true });
    for (const event of events) {
      for (const name of ['messages', 'input', 'output', 'error', 'tool_calls']) expect(event).not.toHaveProperty(name);
    }
    const [chat] = events;
    expect(chat).toMatchObject({ message_count: 6, tool_count: 1, stop_sequence_count: 2, tool_call_count: 1 });
    expect(chat).toMatchObject({ response_format: 'json_schema' });
    expect(chat?.['output_length']).toBeGreaterThan(0);
    const failed = events.find((event) => event['http_status'] === 400);
    expect(failed).toMatchObject({ error_type: 'BadRequestError', error_code: 'invalid_value', outcome: 'error' });
  });
});

function toolCall(text: string): object {
  return { id: 't', type: 'function', index: 0, function: { name: 'get_weather', arguments: text } };
}

function image(text: string): object {
  return { type: 'image_url', image_url: { url: `https://example.org/${text}.png` } };
}

async function drain(answer: unknown): Promise<void> {
  if (typeof (answer as any)?.[Symbol.asyncIterator] !== 'function') return;
  for await (const chunk of answer as AsyncIterable<unknown>) void chunk;
}

function fail(): never {
  throw new Error('no');
}
