import * as sdk from '@aws-sdk/client-bedrock-runtime';
import { enableLlmTracing, type LlmEvent, type LlmTracingOptions } from '../../src';
import { startProviderServer } from '../support/start-provider';
import { configOf } from './bedrock-subject';

const asked = 'CANARY_ASKED';
const answered = 'Hello from';

let server: Awaited<ReturnType<typeof startProviderServer>>;
beforeAll(async () => {
  server = await startProviderServer();
});
afterAll(() => server.close());

/** A word of the user in every place that the formats of the models have for one. */
const bodies: readonly [modelId: string, body: object][] = [
  [
    'anthropic.claude-x',
    {
      anthropic_version: 'x',
      system: asked,
      messages: [{ role: 'user', content: [{ type: 'text', text: asked }] }],
      tools: [{ name: 'get_weather', description: asked, input_schema: {} }],
      stop_sequences: [asked],
    },
  ],
  ['anthropic.claude-v2', { prompt: asked, max_tokens_to_sample: 9, stop_sequences: [asked] }],
  ['cohere.command-r', { chat_history: [{ role: 'USER', message: asked }], message: asked, preamble: asked }],
  ['cohere.command', { prompt: asked, stop_sequences: [asked] }],
  ['amazon.nova', { messages: [{ role: 'user', content: [{ text: asked }] }], system: [{ text: asked }] }],
  ['amazon.titan-text', { inputText: asked, textGenerationConfig: { stopSequences: [asked] } }],
  ['amazon.titan-embed', { inputText: asked }],
  ['meta.llama', { prompt: asked }],
  ['ai21.jamba', { messages: [{ role: 'user', content: asked }], documents: [{ content: asked }] }],
];

async function wordsSent(options: LlmTracingOptions): Promise<string[]> {
  const sent: LlmEvent[] = [];
  const handle = enableLlmTracing(
    { track: (event) => sent.push(event) },
    { modules: { bedrock: sdk }, noWarning: true, ...options },
  );
  const client = new sdk.BedrockRuntimeClient(configOf(server.url));
  const failing = new sdk.BedrockRuntimeClient(configOf(`${server.url}/400-99`));
  for (const [modelId, body] of bodies) {
    const input = { modelId, contentType: 'application/json', body: JSON.stringify(body) };
    await client.send(new sdk.InvokeModelCommand(input));
    await failing.send(new sdk.InvokeModelCommand(input)).catch(() => undefined);
    if (modelId.includes('embed')) continue;
    const { body: stream = [] } = await client.send(new sdk.InvokeModelWithResponseStreamCommand(input));
    for await (const chunk of stream) void chunk;
  }
  await handle.flush();
  handle.disable();
  expect(sent).toHaveLength(bodies.length * 3 - 1);
  return [asked, answered].filter((word) => sent.some((event) => JSON.stringify(event).includes(word)));
}

it.each<[string, LlmTracingOptions, string[]]>([
  ['by default: both', {}, [asked, answered]],
  ['in privacy mode: neither', { privacyMode: true }, []],
  ['without prompts and answers: neither', { includePrompts: false, includeResponses: false }, []],
  ['without prompts: what the model said', { includePrompts: false }, [answered]],
  ['without answers: what the user said', { includeResponses: false }, [asked]],
])('of the bodies of InvokeModel, this leaves %s', async (_title, options, words) => {
  expect(await wordsSent(options)).toEqual(words);
});
