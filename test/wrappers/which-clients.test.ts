import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk';
import { AnthropicFoundry } from '@anthropic-ai/foundry-sdk';
import { AnthropicVertex } from '@anthropic-ai/vertex-sdk';
import * as bedrock from '@aws-sdk/client-bedrock-runtime';
import { GoogleGenerativeAI } from '@google/generative-ai';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import * as cohere714 from 'cohere-7.14';
import ollama, { Ollama } from 'ollama';
import OpenAI, { BedrockOpenAI } from 'openai';
import {
  definePatch,
  disableLlmTracing,
  llmTracingStatus,
  reading,
  traceClient,
  type LlmEvent,
  type TraceClientOptions,
} from '../../src';
import { startProviderServer, type ProviderServer } from '../support/start-provider';

let server: ProviderServer;
let events: LlmEvent[];
const client = { track: (event: LlmEvent) => void events.push(event) };
const chat = { model: 'm', messages: [{ role: 'user' as const, content: 'hello' }] };
const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };

beforeAll(async () => {
  server = await startProviderServer();
});
afterAll(() => server.close());
beforeEach(() => {
  events = [];
});
afterEach(() => disableLlmTracing());

const trace = <Client extends object>(instance: Client, options: TraceClientOptions = {}): Client =>
  traceClient(instance, { client, noWarning: true, ...options });

/** The provider and the method of each event of what is run. */
async function eventsOf(run: () => unknown): Promise<unknown[]> {
  await run();
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  return events.map(({ event_properties: { provider, method, outcome } }) => [provider, method, outcome]);
}

type Cloud = { messages: { create(request: object): PromiseLike<unknown> } };

describe('traceClient', () => {
  it.each<[string, () => Cloud]>([
    ['aws_bedrock', () => new AnthropicBedrock({ baseURL: server.url, apiKey: 'none', awsRegion: 'us-east-1' })],
    ['azure_foundry', () => new AnthropicFoundry({ baseURL: server.url, apiKey: 'none' })],
    [
      'google_vertex',
      () => {
        const getRequestHeaders = (): Promise<Headers> =>
          Promise.resolve(new Headers({ authorization: 'Bearer none' }));
        const authClient = { getRequestHeaders } as never;
        return new AnthropicVertex({ baseURL: server.url, region: 'us-east5', projectId: 'p', authClient });
      },
    ],
  ])("takes Anthropic's client of another cloud (%s), and copies of it", async (provider, connect) => {
    const traced = trace(connect()) as Cloud & { withOptions(options: object): Cloud };
    const found = await eventsOf(async () => {
      await traced.messages.create({ ...chat, max_tokens: 9 });
      await traced.withOptions({ timeout: 5_000 }).messages.create({ ...chat, max_tokens: 9 });
      await connect().messages.create({ ...chat, max_tokens: 9 });
    });
    expect(found).toEqual([provider, provider].map((each) => [each, 'messages.create', 'ok']));
  });

  it('takes the client of OpenAI for Bedrock', async () => {
    const options = { apiKey: 'none', baseURL: `${server.url}/v1`, awsRegion: 'us-east-1' };
    const traced = trace(new BedrockOpenAI(options as ConstructorParameters<typeof BedrockOpenAI>[0]));
    const found = await eventsOf(() => traced.chat.completions.create(chat));
    expect(found).toEqual([['aws_bedrock', 'chat.completions.create', 'ok']]);
  });

  it('takes BedrockRuntime, and not its class nor the clients beside it', async () => {
    const config = { region: 'us-east-1', endpoint: server.url, credentials, requestHandler: new NodeHttpHandler() };
    const input = {
      modelId: 'amazon.nova-lite-v1:0',
      messages: [{ role: 'user' as const, content: [{ text: 'Hi' }] }],
    };
    const traced = trace(new bedrock.BedrockRuntime(config));
    const found = await eventsOf(async () => {
      await traced.converse(input);
      await new bedrock.BedrockRuntime(config).converse(input);
      await new bedrock.BedrockRuntimeClient(config).send(new bedrock.ConverseCommand(input));
    });
    expect(found).toEqual([['aws_bedrock', 'converse', 'ok']]);
  });

  it('takes a model or a chat of @google/generative-ai alone, with the chats of that model', async () => {
    const modelOf = () =>
      new GoogleGenerativeAI('none').getGenerativeModel({ model: 'gemini' }, { baseUrl: server.url });
    const traced = trace(modelOf());
    const found = await eventsOf(async () => {
      await traced.startChat().sendMessage('hello');
      await modelOf().startChat().sendMessage('hello');
      await trace(modelOf().startChat()).sendMessage('hello');
      await modelOf().generateContent('hello');
    });
    expect(found).toEqual([1, 2].map(() => ['local', 'sendMessage', 'ok']));
  });

  it('takes the default export of ollama, which is a client', async () => {
    const traced = trace(ollama);
    const found = await eventsOf(async () => {
      await new Ollama({ host: server.url }).chat(chat);
      await traced.chat(chat).catch(() => undefined);
    });
    // Nobody listens where it asks.
    expect(found).toEqual([['ollama', 'chat', 'error']]);
  });

  it('refuses a client whose methods were bound before, and says so', () => {
    const old = new cohere714.CohereClientV2({ token: 'none' });
    expect(() => trace(old)).toThrow(/is no client of any SDK that can be traced by itself/);
    expect(llmTracingStatus().sdks).toEqual([]);
  });

  it('takes a client of an SDK that is not built in, with its patch', async () => {
    class Acme {
      complete(request: object): Promise<object> {
        return Promise.resolve({ ...request, id: 'a-1', choices: [] });
      }
    }
    const acme = definePatch({
      ...{ name: 'acme', module: 'acme-llm', versions: '1', entryFiles: ['index'], servedBy: () => 'acme' },
      methods: (exports: typeof Acme) => [
        {
          owner: exports.prototype,
          method: 'complete',
          readerFor: () => ({ ...reading.chatCompletions, method: 'complete' }),
        },
      ],
    });
    const before = Object.getOwnPropertyDescriptors(Acme.prototype);
    const traced = trace(new Acme(), { provider: acme });
    const found = await eventsOf(async () => {
      await traced.complete(chat);
      await new Acme().complete(chat);
    });
    expect(found).toEqual([['acme', 'complete', 'ok']]);
    disableLlmTracing();
    expect(Object.getOwnPropertyDescriptors(Acme.prototype)).toEqual(before);
  });

  it('takes a client of the provider that is named, and of no other', async () => {
    const odd = new OpenAI({ apiKey: 'none', baseURL: `${server.url}/v1` });
    const found = await eventsOf(() => trace(odd, { provider: 'openai' }).chat.completions.create(chat));
    expect(found).toEqual([['local', 'chat.completions.create', 'ok']]);
    expect(() => trace(odd, { provider: 'mistral' })).toThrow(/no client of the provider that was named/);
  });
});
