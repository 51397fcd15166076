import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimes } from '../support/runtimes';
import { runProgram } from './run-program';
import { startProviderServer, type ProviderServer } from './stand-ins';
import { makeWorkspace, type Workspace } from './workspace';

/** Each SDK under its own name: what is installed here under it, on Node 20 and on newer ones. */
const installed: Readonly<Record<string, readonly [old: string, recent: string]>> = {
  openai: ['openai', 'openai-v7'],
  '@anthropic-ai/sdk': ['@anthropic-ai/sdk', '@anthropic-ai/sdk'],
  '@google/genai': ['google-genai-v1', '@google/genai'],
  '@google/generative-ai': ['@google/generative-ai', '@google/generative-ai'],
  '@aws-sdk/client-bedrock-runtime': ['bedrock-runtime-3.6xx', '@aws-sdk/client-bedrock-runtime'],
  '@mistralai/mistralai': ['mistral-v1', '@mistralai/mistralai'],
  'cohere-ai': ['cohere-ai', 'cohere-ai'],
  'groq-sdk': ['groq-sdk', 'groq-sdk'],
  'together-ai': ['together-ai', 'together-ai'],
  ollama: ['ollama', 'ollama'],
  '@huggingface/inference': ['@huggingface/inference', '@huggingface/inference'],
  '@cerebras/cerebras_cloud_sdk': ['@cerebras/cerebras_cloud_sdk', '@cerebras/cerebras_cloud_sdk'],
  replicate: ['replicate', 'replicate'],
  ai: ['ai-v6', 'ai'],
};
const sdks = Object.keys(installed);
/** What else the calls need. */
const beside: Readonly<Record<string, readonly [old: string, recent: string]>> = {
  '@ai-sdk/openai': ['ai-sdk-openai-v3', '@ai-sdk/openai'],
  '@smithy/node-http-handler': ['@smithy/node-http-handler', '@smithy/node-http-handler'],
};

/** One simple call of each, one after the other; nothing in here knows of tracing. */
const calls = `
module.exports = async function callAll(sdks, { createOpenAI, NodeHttpHandler }) {
  const url = process.env.PROVIDER;
  const messages = [{ role: 'user', content: 'hello' }];
  const chat = { model: 'm', messages };
  const apiKey = 'none';
  const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
  const requestHandler = new NodeHttpHandler();
  const of = (name) => sdks[name];
  const run = {
    openai: ({ OpenAI }) => new OpenAI({ apiKey, baseURL: url + '/v1' }).chat.completions.create(chat),
    '@anthropic-ai/sdk': ({ Anthropic }) => new Anthropic({ apiKey, baseURL: url }).messages.create({ ...chat, max_tokens: 9 }),
    '@google/genai': ({ GoogleGenAI }) => new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } })
      .models.generateContent({ model: 'gemini', contents: 'hello' }),
    '@google/generative-ai': ({ GoogleGenerativeAI }) => new GoogleGenerativeAI(apiKey)
      .getGenerativeModel({ model: 'gemini' }, { baseUrl: url }).generateContent('hello'),
    '@aws-sdk/client-bedrock-runtime': ({ BedrockRuntimeClient, ConverseCommand }) =>
      new BedrockRuntimeClient({ region: 'us-east-1', endpoint: url, credentials, requestHandler })
        .send(new ConverseCommand({ modelId: 'nova', messages: [{ role: 'user', content: [{ text: 'hello' }] }] })),
    '@mistralai/mistralai': ({ Mistral }) => new Mistral({ apiKey, serverURL: url + '/mistral' }).chat.complete(chat),
    'cohere-ai': ({ CohereClientV2 }) => new CohereClientV2({ token: apiKey, environment: url + '/cohere' }).chat(chat),
    'groq-sdk': ({ Groq }) => new Groq({ apiKey, baseURL: url + '/groq-sdk' }).chat.completions.create(chat),
    'together-ai': ({ Together }) => new Together({ apiKey, baseURL: url + '/together-ai/v1' }).chat.completions.create(chat),
    ollama: ({ Ollama }) => new Ollama({ host: url }).chat(chat),
    '@huggingface/inference': ({ InferenceClient }) =>
      new InferenceClient(apiKey, { endpointUrl: url + '/v1' }).chatCompletion({ ...chat, model: 'acme/talker' }),
    '@cerebras/cerebras_cloud_sdk': ({ Cerebras }) =>
      new Cerebras({ apiKey, baseURL: url + '/cerebras', warmTCPConnection: false }).chat.completions.create(chat),
    replicate: (exported) => new (exported.default ?? exported)({ auth: apiKey, baseUrl: url + '/v1' })
      .run('acme/talker', { input: { prompt: 'hello' } }),
    ai: ({ generateText }) =>
      generateText({ model: createOpenAI({ apiKey, baseURL: url + '/v1' }).chat('m'), prompt: 'hello' }),
  };
  for (const [name, call] of Object.entries(run)) {
    try { await call(of(name)); } catch (error) { console.error(name, error); process.exitCode = 1; }
  }
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  const { llmTracingStatus } = require('@amp/llm-trace');
  console.log(JSON.stringify(llmTracingStatus()));
};`;

const bothOf = (make: (name: string, at: number) => string): string => sdks.map(make).join('\n');
const programs = {
  commonjs: `globalThis.AI_SDK_LOG_WARNINGS = false;
    const sdks = {${bothOf((name) => `'${name}': require('${name}'),`)}};
    require('./calls.cjs')(sdks, { ...require('@ai-sdk/openai'), ...require('@smithy/node-http-handler') });`,
  module: `${bothOf((name, at) => `import * as sdk${at} from '${name}';`)}
    import { createOpenAI } from '@ai-sdk/openai';
    import { NodeHttpHandler } from '@smithy/node-http-handler';
    import callAll from './calls.cjs';
    globalThis.AI_SDK_LOG_WARNINGS = false;
    await callAll({${bothOf((name, at) => `'${name}': sdk${at},`)}}, { createOpenAI, NodeHttpHandler });`,
} as const;

/** Enabled by the program itself, when all of them are loaded. */
const enabling = `
  const track = (event) => fs.appendFileSync(process.env.OUTPUT, JSON.stringify(event) + '\\n');
  const { ready } = trace.enableLlmTracing({ track });`;
const late = {
  commonjs: programs.commonjs.replace(
    /(require\('.\/calls.cjs'\)[^;]*);/,
    `const trace = require('@amp/llm-trace'), fs = require('node:fs'); ${enabling} ready.then(() => $1);`,
  ),
  module: `import fs from 'node:fs'; import * as trace from '@amp/llm-trace';
    ${programs.module.replace('await callAll', `${enabling} await ready; $&`)}`,
} as const;

let provider: ProviderServer;

beforeAll(async () => {
  provider = await startProviderServer();
});

afterAll(() => provider.close());

describe.each(runtimes)('all SDKs in one program, on $label', ({ label, node }) => {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = makeWorkspace();
    for (const [name, [old, recent]] of Object.entries({ ...installed, ...beside })) {
      workspace.linkPackage(label === 'node 20' ? old : recent, `node_modules/${name}`);
    }
    workspace.write('calls.cjs', calls);
    workspace.write('app.cjs', programs.commonjs);
    workspace.write('app.mjs', programs.module);
    workspace.write('late.cjs', late.commonjs);
    workspace.write('late.mjs', late.module);
  });

  afterAll(() => workspace.remove());

  it.each([
    ['commonjs', 'app.cjs'],
    ['module', 'app.mjs'],
  ] as const)('each call is one event, and status() knows each copy: %s', async (format, file) => {
    const output = join(workspace.directory, `${format}.jsonl`);
    const finished = await runProgram([join(workspace.directory, file)], {
      node,
      flags: ['-r', '@amp/llm-trace/register'],
      cwd: workspace.directory,
      environment: { PROVIDER: provider.url, LLM_TRACE_OUTPUT: output, LLM_TRACE_USER_ID: 'a-user' },
    });
    expect(finished.stderr).toBe('');
    const events = readFileSync(output, 'utf8').trim().split('\n').map(propertiesOf);
    expect(events.map(({ sdk }) => sdk).sort()).toEqual([...sdks].sort());
    expect(events.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);

    const status = JSON.parse(finished.stdout.trim()) as Status;
    expect(status.counters).toMatchObject({ operations: sdks.length, tracked: sdks.length, internalErrors: 0 });
    expect([...new Set(status.sdks.map(({ sdk }) => sdk))].sort()).toEqual([...sdks].sort());
    for (const { methods, reason } of status.sdks) expect({ traced: methods > 0, reason }).toEqual({ traced: true });
  });

  it.each([
    ['commonjs', 'late.cjs'],
    ['module', 'late.mjs'],
  ] as const)('enabled late, what can not be reached is known with the reason: %s', async (format, file) => {
    const OUTPUT = join(workspace.directory, `late-${format}.jsonl`);
    const finished = await runProgram([join(workspace.directory, file)], {
      node,
      cwd: workspace.directory,
      environment: { PROVIDER: provider.url, OUTPUT },
    });
    expect(finished.stderr).toBe('');
    const events = readFileSync(OUTPUT, 'utf8').trim().split('\n').map(propertiesOf);
    // Their functions are in the scope of their files, and no object has them. The newest `ai` tells by itself.
    const missed = ['@huggingface/inference', ...(label === 'node 20' ? ['ai'] : [])];
    const reached = sdks.filter((sdk) => !missed.includes(sdk));
    expect(events.map(({ sdk }) => sdk).sort()).toEqual([...reached].sort());
    const status = JSON.parse(finished.stdout.trim()) as Status;
    expect(status.counters).toMatchObject({ operations: reached.length, internalErrors: 0 });
    expect([...new Set(status.sdks.map(({ sdk }) => sdk))].sort()).toEqual([...sdks].sort());
    const untraced = status.sdks.filter(({ methods }) => methods === 0);
    expect(untraced.map(({ sdk }) => sdk).sort()).toEqual(missed);
    for (const { reason } of untraced) expect(reason).toContain('before tracing was enabled');
  });
});

interface Status {
  sdks: { sdk: string; methods: number; reason?: string }[];
  counters: Record<string, unknown>;
}

function propertiesOf(line: string): Record<string, unknown> {
  return (JSON.parse(line) as { event_properties: Record<string, unknown> }).event_properties;
}
