import * as cohere from 'cohere-ai';
import { answered, asked, describePrivacy, fetchOf, serverEvents, settle } from '../support/words-sent';

/* eslint-disable @typescript-eslint/no-explicit-any -- requests with the words in places that no type has */

const schema = { type: 'object', description: asked, properties: { [asked]: { type: 'string', enum: [asked] } } };
const toolCalls = [{ id: 't', type: 'function', function: { name: 'f', arguments: answered } }];
const request: any = {
  ...{ model: 'm', stopSequences: [asked], documents: [asked, { data: { text: asked } }] },
  messages: [
    { role: 'system', content: asked },
    { role: 'user', content: [{ type: 'text', text: asked }] },
    { role: 'assistant', toolPlan: answered, toolCalls },
    { role: 'tool', toolCallId: 't', content: [{ type: 'document', document: { data: { text: asked } } }] },
    { role: 'user', content: asked },
  ],
  tools: [{ type: 'function', function: { name: 'f', description: asked, parameters: schema } }],
  responseFormat: { type: 'json_object', jsonSchema: schema },
};
const old: any = {
  ...{ model: 'm', message: asked, preamble: asked, stopSequences: [asked], documents: [{ text: asked }] },
  chatHistory: [
    { role: 'USER', message: asked },
    { role: 'CHATBOT', message: answered },
  ],
  tools: [{ name: 'f', description: asked, parameterDefinitions: { [asked]: { type: 'str', description: asked } } }],
};

const usage = { tokens: { input_tokens: 1, output_tokens: 1 } };
const call = { id: 't', type: 'function', function: { name: 'f', arguments: JSON.stringify({ city: answered }) } };
const whole = {
  ...{ id: 'c', finish_reason: 'COMPLETE', usage },
  message: {
    ...{ role: 'assistant', tool_plan: answered, tool_calls: [call], citations: [{ text: answered }] },
    content: [
      { type: 'thinking', thinking: answered },
      { type: 'text', text: answered },
    ],
  },
};
const events = serverEvents([
  { type: 'message-start', id: 'c', delta: { message: {} } },
  { type: 'tool-plan-delta', delta: { message: { tool_plan: answered } } },
  { type: 'content-delta', index: 0, delta: { message: { content: { text: answered } } } },
  { type: 'tool-call-start', index: 0, delta: { message: { tool_calls: call } } },
  { type: 'message-end', delta: { finish_reason: 'ERROR', error: `${asked} ${answered}`, usage } },
]);
const oldWhole = {
  ...{
    text: answered,
    generation_id: 'g',
    finish_reason: 'COMPLETE',
    chat_history: [{ role: 'USER', message: asked }],
  },
  ...{ tool_calls: [{ name: 'f', parameters: { city: answered } }], search_queries: [{ text: answered }] },
};
const failure = { message: `${asked} ${answered}`, code: `said ${answered}` };

const once = { maxRetries: 0 };
const second = (...answer: Parameters<typeof fetchOf>): cohere.CohereClientV2 =>
  new cohere.CohereClientV2({ token: 'k', fetch: fetchOf(...answer) });
const first = (...answer: Parameters<typeof fetchOf>): cohere.CohereClient =>
  new cohere.CohereClient({ token: 'k', fetch: fetchOf(...answer) });

describePrivacy({
  provider: 'cohere',
  sdk: cohere,
  calls: 7,
  async everyCall() {
    await settle(() => second(whole).chat(request, once));
    await settle(() => second(events, 200, 'text/event-stream').chatStream(request, once));
    await settle(() => second(failure, 400).chat(request, once));
    await settle(() => first(oldWhole).chat(old, once));
    await settle(() =>
      first({ id: 'g', generations: [{ id: 'a', text: answered }] }).generate({ prompt: asked }, once),
    );
    await settle(() =>
      second(failure, 400).embed({ model: 'm', texts: [asked], inputType: 'search_query', embeddingTypes: [] }, once),
    );
    await settle(() => second(failure, 400).rerank({ model: 'm', query: asked, documents: [asked] }, once));
  },
});
