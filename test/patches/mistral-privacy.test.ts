import * as mistral from 'mistral-v1';
import { answered, asked, describePrivacy, fetchOf, serverEvents, settle } from '../support/words-sent';

/* eslint-disable @typescript-eslint/no-explicit-any -- requests with the words in places that no type has */

const schema = { type: 'object', description: asked, properties: { [asked]: { type: 'string', enum: [asked] } } };
const messages = [
  { role: 'system', content: asked },
  {
    role: 'user',
    content: [
      { type: 'text', text: asked },
      { type: 'image_url', imageUrl: `https://x.org/${asked}` },
    ],
  },
  { role: 'assistant', content: answered, toolCalls: [{ id: 't', function: { name: 'f', arguments: answered } }] },
  { role: 'tool', content: asked, toolCallId: asked },
  { role: 'user', content: asked },
];
const request: any = {
  ...{
    model: 'm',
    messages,
    stop: [asked],
    metadata: { note: asked },
    prediction: { type: 'content', content: asked },
  },
  tools: [{ type: 'function', function: { name: 'f', description: asked, parameters: schema } }],
  responseFormat: { type: 'json_schema', jsonSchema: { name: asked, schemaDefinition: schema } },
};

const call = { id: 't', type: 'function', function: { name: 'f', arguments: JSON.stringify({ city: answered }) } };
const content = [
  { type: 'thinking', thinking: [{ type: 'text', text: answered }] },
  { type: 'text', text: answered },
];
const head = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  usage: { prompt_tokens: 1, total_tokens: 2 },
};
const message = { role: 'assistant', content, tool_calls: [call] };
const whole = { ...head, choices: [{ index: 0, message, finish_reason: 'stop' }] };
const chunk = { ...head, choices: [{ index: 0, delta: message, finish_reason: 'stop' }] };
const failure = { object: 'error', message: `${asked} ${answered}`, type: `about ${asked}`, code: `said ${answered}` };

function answering(...answer: Parameters<typeof fetchOf>): mistral.Mistral {
  return new mistral.Mistral({ apiKey: 'k', httpClient: new mistral.HTTPClient({ fetcher: fetchOf(...answer) }) });
}

describePrivacy({
  provider: 'mistral',
  sdk: mistral,
  calls: 6,
  async everyCall() {
    const stream = serverEvents([chunk]);
    await settle(() => answering(whole).chat.complete(request));
    await settle(() => answering(stream, 200, 'text/event-stream').chat.stream(request));
    await settle(() => answering(failure, 400).chat.complete(request));
    await settle(() => answering(whole).fim.complete({ model: 'm', prompt: asked, suffix: asked }));
    await settle(() => answering(failure, 400).embeddings.create({ model: 'm', inputs: [asked] }));
    await settle(() => answering(failure, 400).classifiers.moderateChat({ model: 'm', inputs: messages as any }));
  },
});
