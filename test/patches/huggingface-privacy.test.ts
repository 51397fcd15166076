import type { LlmTracingOptions } from '../../src';
import { outcomeOf, traced } from '../support/traced-clients';

/* eslint-disable @typescript-eslint/no-explicit-any -- requests with every field there is */

// eslint-disable-next-line @typescript-eslint/no-require-imports -- plain JavaScript
const hf = require('./huggingface-holder.cjs');

/** Words that stand for what the user wrote, and for what the model did. */
const asked = 'CANARY_ASKED';
const answered = 'CANARY_ANSWERED';

const chat: any = {
  model: 'acme/talker',
  messages: [
    { role: 'assistant', content: answered, tool_calls: [toolCall(answered)] },
    { role: 'user', content: [{ type: 'text', text: asked }] },
  ],
  tools: [{ type: 'function', function: { name: 'get_weather', description: asked } }],
  stop: [asked],
  response_format: { type: 'json_schema', json_schema: { name: asked } },
};
const text: any = { inputs: asked, parameters: { stop: [asked], grammar: asked } };
const message = { content: answered, reasoning: answered, tool_calls: [toolCall(answered)] };

function toolCall(words: string): object {
  return { index: 0, type: 'function', function: { name: 'get_weather', arguments: words } };
}

const answers: Readonly<Record<string, object>> = {
  chat: { id: 'c', model: 'm', choices: [{ index: 0, message, finish_reason: 'stop' }] },
  text: { id: 't', model: 'm', choices: [{ index: 0, text: answered, finish_reason: 'stop' }] },
  heard: { text: answered },
  translated: { translation_text: answered },
};

/** Answers with JSON, with the same as a stream, or with an error that echoes both words. */
function optionsOf(kind: string, isFailing: boolean): object {
  const failing = (): Response => Response.json({ error: `Bad: ${asked} ${answered}` }, { status: 418 });
  const streamed = (body: any): Response => {
    const chunk = JSON.stringify({
      ...body,
      choices: body.choices?.map(({ message: delta, ...rest }: any) => ({ delta, ...rest })),
    });
    return new Response(`data: ${chunk}\n\ndata: [DONE]\n\n`, { headers: { 'content-type': 'text/event-stream' } });
  };
  const fetch = (_url: string, { body }: { body: unknown }): Promise<Response> => {
    if (isFailing) return Promise.resolve(failing());
    const isStream = typeof body === 'string' && body.includes('"stream":true');
    return Promise.resolve(isStream ? streamed(answers[kind]) : Response.json(answers[kind]));
  };
  return { fetch };
}

async function everyCall(): Promise<void> {
  const at = { endpointUrl: 'https://x.endpoints.huggingface.cloud' };
  for (const isFailing of [false, true]) {
    const of = (kind: string): object => optionsOf(kind, isFailing);
    await outcomeOf(() => hf.chatCompletion({ ...at, ...chat }, of('chat')));
    await outcomeOf(() => drain(hf.chatCompletionStream({ ...at, ...chat }, of('chat'))));
    await outcomeOf(() => hf.textGeneration({ ...at, ...text }, of('text')));
    await outcomeOf(() => drain(hf.textGenerationStream({ ...at, ...text }, of('text'))));
    await outcomeOf(() => hf.featureExtraction({ ...at, inputs: [asked] }, of('text')));
    await outcomeOf(() => hf.translation({ ...at, inputs: asked }, of('translated')));
    await outcomeOf(() => hf.textToImage({ ...at, inputs: asked }, of('heard')));
    await outcomeOf(() => hf.automaticSpeechRecognition({ ...at, data: new Blob([asked]) }, of('heard')));
  }
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const chunk of stream) void chunk;
}

it.each<[string, LlmTracingOptions, string[]]>([
  ['by default: both', {}, [asked, answered]],
  ['in privacy mode: neither', { privacyMode: true }, []],
  ['without prompts and answers: neither', { includePrompts: false, includeResponses: false }, []],
  ['without prompts: what the model said', { includePrompts: false }, [answered]],
  ['without answers: what the user said', { includeResponses: false }, [asked]],
])('what leaves of calls with a word of the user and one of the model everywhere, %s', async (...[, gate, words]) => {
  const { sent } = await traced(everyCall, { ...gate, modules: { huggingface: hf } });
  expect(sent).toHaveLength(16);
  expect([asked, answered].filter((word) => JSON.stringify(sent).includes(word))).toEqual(words);
});
