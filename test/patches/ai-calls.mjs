// Every public way to call a model through the AI SDK, once each, on one major: `node ai-calls.mjs 7 traced|bare`. Prints
// what the application sees of each call and, traced, the events; then how the process was left.
import { createRequire } from 'node:module';
import { tracingChannel } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';

const [, , major, mode] = process.argv;
const require = createRequire(import.meta.url);
const { OpenAI } = require('openai');
const packages = {
  5: ['ai-v5', 'ai-sdk-openai-v2', 'v2'],
  6: ['ai-v6', 'ai-sdk-openai-v3', 'v3'],
  7: ['ai', '@ai-sdk/openai', 'v4'],
};
const [aiName, openaiName, specification] = packages[major];
globalThis.AI_SDK_LOG_WARNINGS = false;

const url = process.env.PROVIDER;
const events = [];
const unhandled = [];
process.on('unhandledRejection', (error) => unhandled.push(String(error)));
const trace = mode === 'traced' ? require('../../dist/index.js') : undefined;
const options = { noWarning: true, ...JSON.parse(process.env.OPTIONS ?? '{}') };
const handle = trace?.enableLlmTracing({ track: (event) => void events.push(event.event_properties) }, options);

const ai = await import(aiName);
const { createOpenAI } = await import(openaiName);
const { z } = await import('zod');

const at = (faults = '') => createOpenAI({ apiKey: 'sk-none', baseURL: `${url}${faults}/v1` });
const chat = (faults) => at(faults).chat('gpt-5');
const embedder = (faults) => (at(faults).embedding ?? at(faults).textEmbeddingModel)('text-embedding-3');
const sdk = (faults = '') => new OpenAI({ apiKey: 'sk-none', baseURL: `${url}${faults}/v1`, maxRetries: 0 });
const city = z.object({ city: z.string(), celsius: z.number() });
const once = { maxRetries: 0 };
const telemetry = (settings) => ({ [major === '7' ? 'telemetry' : 'experimental_telemetry']: settings });
const quiet = { onError() {} };
const generateImage = ai.generateImage ?? ai.experimental_generateImage;
const Agent = ai.ToolLoopAgent ?? ai.Experimental_Agent;

/** None of OpenAI's models sorts documents. */
class Reranker {
  specificationVersion = specification;
  provider = 'togetherai.reranking';
  modelId = 'rerank-1';
  #faults;
  constructor(faults = '') {
    this.#faults = faults;
  }
  async doRerank({ documents: { values: documents }, query }) {
    const body = JSON.stringify({ model: this.modelId, documents, query });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}${this.#faults}/together-ai/v1/rerank`, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`refused with ${response.status}`);
    const { id, model, results } = await response.json();
    const ranking = results.map(({ index, relevance_score: relevanceScore }) => ({ index, relevanceScore }));
    return { ranking, response: { id, modelId: model } };
  }
}

const tools = (execute) => ({ get_weather: ai.tool({ inputSchema: z.object({ city: z.string() }), execute }) });

const see = ({ text, finishReason, usage, toolCalls, steps, response }) => ({
  text,
  finishReason,
  tokens: [usage.inputTokens, usage.outputTokens],
  calls: toolCalls?.map(({ toolName, input }) => [toolName, input]),
  steps: steps?.length,
  id: response?.id,
});

async function readAll(stream) {
  const read = [];
  for await (const chunk of stream) read.push(chunk);
  return read;
}

/** A provider by somebody else, whose models ask the SDK of a vendor. */
class Community {
  specificationVersion = specification;
  provider = 'community.chat';
  supportedUrls = {};
  #client;
  #asked;
  constructor(modelId, client, asked = modelId) {
    this.modelId = modelId;
    this.#client = client;
    this.#asked = asked;
  }
  get ends() {
    const isFlat = specification === 'v2';
    return {
      finishReason: isFlat ? 'stop' : { unified: 'stop', raw: 'stop' },
      usage: isFlat ? { inputTokens: 1, outputTokens: 2 } : { inputTokens: { total: 1 }, outputTokens: { total: 2 } },
    };
  }
  async doGenerate() {
    const messages = [{ role: 'user', content: 'hello json' }];
    const answer = await this.#client.chat.completions.create({ model: this.#asked, messages });
    const content = [{ type: 'text', text: answer.choices[0].message.content }];
    return { content, ...this.ends, warnings: [], response: { id: answer.id, modelId: answer.model } };
  }
  async doStream() {
    const messages = [{ role: 'user', content: 'hello' }];
    const chunks = await this.#client.chat.completions.create({ model: this.#asked, messages, stream: true });
    const { ends } = this;
    const stream = new ReadableStream({
      async start(controller) {
        controller.enqueue({ type: 'stream-start', warnings: [] });
        controller.enqueue({ type: 'text-start', id: '1' });
        for await (const { choices } of chunks) {
          const delta = choices[0]?.delta?.content;
          if (delta) controller.enqueue({ type: 'text-delta', id: '1', delta });
        }
        controller.enqueue({ type: 'text-end', id: '1' });
        controller.enqueue({ type: 'finish', ...ends });
        controller.close();
      },
    });
    return { stream };
  }
}

const middleware = (parts) => ({
  [specification === 'v2' ? 'middlewareVersion' : 'specificationVersion']: specification,
  ...parts,
});

/** A model with methods of its own, which is still there at the end. */
let kept;

const calls = {
  generateText: async () => {
    const settings = { temperature: 0.5, topP: 0.9, maxOutputTokens: 99, seed: 7, stopSequences: ['a', 'b'] };
    return see(await ai.generateText({ model: chat(), system: 'Be nice.', prompt: 'hello', ...settings }));
  },
  'generateText with messages': async () => {
    const messages = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look' },
          { type: 'image', image: new Uint8Array([137, 80, 78, 71]) },
        ],
      },
      { role: 'assistant', content: 'I did.' },
      { role: 'user', content: 'hello' },
    ];
    return see(await ai.generateText({ model: chat(), messages }));
  },
  'generateText over Responses': async () => see(await ai.generateText({ model: at()('gpt-5'), prompt: 'hello' })),
  'generateText with tools in two steps': async () => {
    const steps = { stopWhen: ai.stepCountIs(2), tools: tools(async ({ city: name }) => `sun in ${name}`) };
    return see(await ai.generateText({ model: chat(), prompt: 'weather', ...steps }));
  },
  'generateText with an output schema': async () => {
    const output = { [major === '5' ? 'experimental_output' : 'output']: ai.Output.object({ schema: city }) };
    const result = await ai.generateText({ model: chat(), prompt: 'json', ...output });
    return [see(result), result[Object.keys(output)[0]]];
  },
  streamText: async () => {
    const result = ai.streamText({ model: chat(), prompt: 'hello' });
    return [await readAll(result.textStream), await result.finishReason, (await result.usage).inputTokens];
  },
  'streamText read by consumeStream': async () => {
    const result = ai.streamText({ model: chat(), prompt: 'hello' });
    await result.consumeStream();
    return result.text;
  },
  'streamText as a response': async () => {
    const result = ai.streamText({ model: chat(), prompt: 'hello' });
    return new Response(result.toTextStreamResponse().body).text();
  },
  'streamText with tools in two steps': async () => {
    const steps = { stopWhen: ai.stepCountIs(2), tools: tools(async () => 'sun') };
    const result = ai.streamText({ model: chat(), prompt: 'weather', ...steps });
    const read = await readAll(result.fullStream);
    return [read.map(({ type }) => type), (await result.steps).length];
  },
  'streamText that thinks over Responses': async () => {
    const result = ai.streamText({ model: at()('gpt-5'), prompt: 'think' });
    return readAll(result.textStream);
  },
  'streamText aborted': async () => {
    const controller = new AbortController();
    const abortSignal = controller.signal;
    const result = ai.streamText({ model: chat('/slow-20'), prompt: 'long', abortSignal, ...quiet });
    for await (const piece of result.textStream) if (piece) controller.abort();
    return 'ended';
  },
  'streamText cut in the middle': async () =>
    readAll(ai.streamText({ model: chat('/cut-4'), prompt: 'hello', ...once, ...quiet }).textStream),
  'streamText refused': async () =>
    readAll(ai.streamText({ model: chat('/400-9'), prompt: 'hello', ...once, ...quiet }).textStream),
  generateObject: async () => {
    const { object, usage } = await ai.generateObject({ model: chat(), prompt: 'json', schema: city, temperature: 0 });
    return [object, usage.inputTokens];
  },
  'generateObject that does not fit': () => ai.generateObject({ model: chat(), prompt: 'hello', schema: city }),
  'generateObject refused': () => ai.generateObject({ model: chat('/401-9'), prompt: 'json', schema: city, ...once }),
  streamObject: async () => {
    const result = ai.streamObject({ model: chat(), prompt: 'json', schema: city });
    return [(await readAll(result.partialObjectStream)).at(-1), await result.object];
  },
  embed: async () => {
    const { embedding, usage } = await ai.embed({ model: embedder(), value: 'hello' });
    return [embedding.length, usage];
  },
  embedMany: async () => (await ai.embedMany({ model: embedder(), values: ['one', 'two'] })).embeddings.length,
  'embed refused': () => ai.embed({ model: embedder('/400-9'), value: 'hello', ...once }),
  generateImage: async () => (await generateImage({ model: at().image('gpt-image-1'), prompt: 'a cat' })).images.length,
  generateSpeech: async () => {
    const say = ai.generateSpeech ?? ai.experimental_generateSpeech;
    return (await say({ model: at().speech('tts-1'), text: 'hello', voice: 'alloy' })).audio.uint8Array.length;
  },
  transcribe: async () => {
    const hear = ai.transcribe ?? ai.experimental_transcribe;
    return (await hear({ model: at().transcription('whisper-1'), audio: new Uint8Array(64) })).text;
  },
  ...(ai.rerank && {
    rerank: async () =>
      (await ai.rerank({ model: new Reranker(), documents: ['sun', 'rain'], query: 'hello' })).ranking,
    'rerank refused': () => ai.rerank({ model: new Reranker('/400-9'), documents: ['sun'], query: 'hello', ...once }),
  }),
  'an agent in two steps': async () => {
    const agent = new Agent({ model: chat(), stopWhen: ai.stepCountIs(2), tools: tools(async () => 'sun') });
    return see(await agent.generate({ prompt: 'weather' }));
  },
  'an agent that streams': async () => {
    const result = await new Agent({ model: chat() }).stream({ prompt: 'hello' });
    return readAll(result.textStream);
  },
  'the answer 400': () => ai.generateText({ model: chat('/400-9'), prompt: 'hello' }),
  'the answer 429, and the second try is well': async () =>
    see(await ai.generateText({ model: chat('/429-1'), prompt: 'hello' })),
  'the answer 500 to all tries': () => ai.generateText({ model: chat('/500-9'), prompt: 'hello', maxRetries: 1 }),
  'an embedding whose second try is well': async () =>
    (await ai.embed({ model: embedder('/429-1'), value: 'hello' })).embedding.length,
  'an embedding that fails twice': () => ai.embed({ model: embedder('/500-9'), value: 'hello', maxRetries: 1 }),
  'nobody listens': () => {
    const nobody = createOpenAI({ apiKey: 'k', baseURL: 'http://127.0.0.1:1/v1' });
    return ai.generateText({ model: nobody.chat('gpt-5'), prompt: 'hello', ...once });
  },
  'aborted before the answer': () => {
    const controller = new AbortController();
    controller.abort();
    return ai.generateText({ model: chat(), prompt: 'hello', abortSignal: controller.signal });
  },
  'a rejection that nobody handles': async () => {
    void ai.generateText({ model: chat('/400-9'), prompt: 'hello' });
    await sleep(100);
  },
  'several at once': async () => {
    const prompts = ['hello', 'json', 'hello'];
    const ask = (prompt, at) => ai.generateText({ model: chat(`/wait-${150 * at}`), prompt });
    const results = await Promise.all(prompts.map(ask));
    return results.map(({ text }) => text);
  },
  'a wrapped model': async () => {
    const seen = [];
    const wrapGenerate = async ({ doGenerate, params }) => (seen.push(params.prompt.length), doGenerate());
    const model = ai.wrapLanguageModel({ model: chat(), middleware: middleware({ wrapGenerate }) });
    kept = model;
    return [see(await ai.generateText({ model, prompt: 'hello' })), seen];
  },
  'middleware that makes a call of its own': async () => {
    const transformParams = async ({ params }) => {
      await sdk().embeddings.create({ model: 'text-embedding-3', input: 'x' });
      return params;
    };
    const model = ai.wrapLanguageModel({ model: chat(), middleware: middleware({ transformParams }) });
    return see(await ai.generateText({ model, prompt: 'hello' }));
  },
  'a tool that makes a call of its own': async () => {
    const ask = () => sdk().chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: 'hello' }] });
    const weather = tools(async () => (await ask()).choices[0].message.content);
    return see(await ai.generateText({ model: chat(), prompt: 'weather', tools: weather }));
  },
  'a model of a registry': async () => {
    const registry = ai.createProviderRegistry({ openai: at() });
    return see(await ai.generateText({ model: registry.languageModel('openai:gpt-5'), prompt: 'hello' }));
  },
  'a community provider on a vendor’s SDK': async () =>
    see(await ai.generateText({ model: new Community('gpt-5', sdk()), prompt: 'hello' })),
  'a community provider with names of its own': async () =>
    see(await ai.generateText({ model: new Community('mine', sdk(), 'gpt-5'), prompt: 'hello' })),
  'a community provider that streams': async () =>
    readAll(ai.streamText({ model: new Community('gpt-5', sdk()), prompt: 'hello' }).textStream),
  'a community provider that fails': () =>
    ai.generateText({ model: new Community('gpt-5', sdk('/400-9')), prompt: 'hello', ...once }),
  'a community provider that makes an object': async () =>
    (await ai.generateObject({ model: new Community('gpt-5', sdk()), prompt: 'json', schema: city })).object,
  'a model that throws at once': () => {
    const broken = new Community('broken', sdk());
    broken.doGenerate = () => {
      throw new TypeError('broken');
    };
    return ai.generateText({ model: broken, prompt: 'hello', ...once });
  },
  'telemetry that is off': async () =>
    see(await ai.generateText({ model: chat(), prompt: 'hello', ...telemetry({ isEnabled: false }) })),
  'telemetry with listeners of its own': async () => {
    const settings = telemetry({ integrations: [] });
    return [
      see(await ai.generateText({ model: chat(), prompt: 'hello', ...settings })),
      (await ai.embed({ model: embedder(), value: 'hello', ...settings })).embedding.length,
    ];
  },
  'telemetry without content': async () => {
    const settings = telemetry({ recordInputs: false, recordOutputs: false });
    const first = see(await ai.generateText({ model: chat(), prompt: 'hello', ...settings }));
    return [first, await readAll(ai.streamText({ model: chat(), prompt: 'hello', ...settings }).textStream)];
  },
  'models look as they did': async () => {
    const model = chat();
    await ai.generateText({ model, prompt: 'hello' });
    const { doGenerate } = model;
    return [Reflect.ownKeys(model), doGenerate.name, doGenerate.length, Object.keys(Object.getPrototypeOf(model))];
  },
};

const only = process.env.ONLY?.split('|');
const report = {};
for (const [title, call] of Object.entries(calls)) {
  if (only && !only.includes(title)) continue;
  events.length = 0;
  unhandled.length = 0;
  let looks;
  try {
    looks = { value: await call() };
  } catch (error) {
    const { name, message, statusCode, isRetryable, reason } = error;
    looks = { name, message, statusCode, isRetryable, reason, class: error.constructor.name };
  }
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  await handle?.flush();
  report[title] = { looks, unhandled: [...unhandled], events: [...events] };
}

const status = trace?.llmTracingStatus();
trace?.disableLlmTracing();
const owners = [Object.getPrototypeOf(chat()), Object.getPrototypeOf(embedder()), kept ?? {}];
const left = {
  list: typeof globalThis.AI_SDK_TELEMETRY_INTEGRATIONS,
  isHeard: tracingChannel('ai:telemetry').hasSubscribers ?? false,
  methods: owners.flatMap((owner) =>
    ['doGenerate', 'doStream', 'doEmbed'].map((name) => String(owner[name]).slice(0, 60)),
  ),
};
process.stdout.write(`\n${JSON.stringify({ report, left, status })}\n`);
process.exit();
