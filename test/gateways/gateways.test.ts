import type OpenAI from 'openai';
import { startProviderServer, type ProviderServer } from '../support/start-provider';
import { traced, type Properties } from '../support/traced-clients';
import { clientsOf, drain, type Clients } from './send-through';

let server: ProviderServer;
let clients: Clients;

beforeAll(async () => {
  server = await startProviderServer();
  clients = clientsOf(server);
});
afterAll(() => server.close());

const messages = [{ role: 'user' as const, content: 'Hi' }];

const chat = (client: OpenAI, model = 'gpt-4o'): Promise<unknown> =>
  client.chat.completions.create({ model, messages }).then();

const stream = (client: OpenAI, model = 'gpt-4o'): Promise<void> =>
  client.chat.completions
    .create({ model, messages, stream: true, stream_options: { include_usage: true } })
    .then((chunks) => drain(chunks));

const fail = (client: OpenAI): Promise<unknown> =>
  client.chat.completions
    .create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'fail' }] })
    .then()
    .catch(() => undefined);

/** What the one event of one call says of where it went. */
async function told(call: () => Promise<unknown>): Promise<Properties> {
  const { events } = await traced(call);
  expect(events).toHaveLength(1);
  const { provider, model, response_model, cost, cost_source, outcome } = events[0] ?? {};
  const all = { provider, model, response_model, cost, cost_source, outcome };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Properties;
}

describe('OpenRouter', () => {
  const base = 'https://openrouter.ai/api/v1';
  const said = {
    provider: 'openrouter',
    model: 'meta-llama/llama-3.3-70b-instruct:free',
    response_model: 'meta-llama/llama-3.3-70b-instruct',
    cost: 0.00042,
    cost_source: 'provider',
    outcome: 'ok',
  };

  it.each([
    ['a whole answer', chat],
    ['a stream', stream],
  ])('says in its usage what %s costs, and is the provider of what it sells', async (_, call) => {
    expect(await told(() => call(clients.openai(base), said.model))).toEqual(said);
  });
});

describe('a LiteLLM proxy', () => {
  const base = 'https://litellm.example.org/v1';

  it('says in its headers what a call costs and where it went', async () => {
    expect(await told(() => chat(clients.openai(base)))).toEqual({
      provider: 'openai',
      model: 'gpt-4o',
      response_model: 'gpt-4o-2025-01-01',
      cost: 0.0000345,
      cost_source: 'provider',
      outcome: 'ok',
    });
  });

  it('says so of embeddings', async () => {
    const embed = (): Promise<unknown> =>
      clients.openai(base).embeddings.create({ model: 'embed', input: 'Hi', encoding_format: 'float' }).then();
    expect(await told(embed)).toMatchObject({ provider: 'openai', cost: 0.0000345 });
  });

  it('says so to the Anthropic SDK', async () => {
    const client = clients.anthropic('https://litellm.example.org');
    const call = (): Promise<unknown> => client.messages.create({ model: 'claude', max_tokens: 9, messages }).then();
    expect(await told(call)).toMatchObject({ provider: 'openai', cost: 0.0000345, cost_source: 'provider' });
  });

  it('says where a call went that failed, and no cost', async () => {
    expect(await told(() => fail(clients.openai(base)))).toEqual({
      provider: 'openai',
      model: 'gpt-4o',
      outcome: 'error',
    });
  });

  it('is the provider where it says no vendor, and names the deployment where the answer names no model', async () => {
    expect(await told(() => chat(clients.openai('https://named.litellm.example.org')))).toEqual({
      provider: 'litellm',
      model: 'gpt-4o',
      response_model: 'qwen3-coder-vllm',
      cost: 0,
      cost_source: 'provider',
      outcome: 'ok',
    });
  });

  // BerriAI/litellm#12689: headers are sent before a stream has cost anything.
  it('knows no cost of a stream from headers', async () => {
    const event = await told(() => stream(clients.openai('https://named.litellm.example.org')));
    expect(event).toMatchObject({ provider: 'litellm', outcome: 'ok' });
    expect(event).not.toHaveProperty('cost');
  });
});

describe('the AI gateway of Cloudflare', () => {
  const base = 'https://gateway.ai.cloudflare.com/v1/account/gateway';

  it('names the vendor in the path', async () => {
    expect(await told(() => chat(clients.openai(`${base}/grok`)))).toMatchObject({ provider: 'xai' });
    const client = clients.anthropic(`${base}/anthropic`);
    const call = (): Promise<unknown> => client.messages.create({ model: 'claude', max_tokens: 9, messages }).then();
    expect(await told(call)).toMatchObject({ provider: 'anthropic', response_model: 'claude' });
  });

  it('names it in the headers where the path leaves it open', async () => {
    const event = await told(() => chat(clients.openai(`${base}/compat`), 'dynamic/mine'));
    expect(event).toMatchObject({ provider: 'google', model: 'dynamic/mine' });
    expect(event).not.toHaveProperty('cost');
  });

  it('names it in the headers of a stream too', async () => {
    expect(await told(() => stream(clients.openai(`${base}/compat`)))).toMatchObject({ provider: 'google' });
  });
});

describe('the AI gateway of Vercel', () => {
  it.each([
    ['a whole answer', chat],
    ['a stream', stream],
  ])('says beside %s what it costs', async (_, call) => {
    const client = clients.openai('https://ai-gateway.vercel.sh/v1');
    const event = await told(() => call(client, 'anthropic/claude'));
    expect(event).toMatchObject({ provider: 'vercel', cost: 0.0006669, cost_source: 'provider', outcome: 'ok' });
  });
});

describe('Portkey', () => {
  const base = 'https://api.portkey.ai/v1';

  it('says in its headers which vendor answered', async () => {
    expect(await told(() => chat(clients.openai(base)))).toMatchObject({ provider: 'google_vertex' });
  });

  it('is asked for a vendor by a header of the request', async () => {
    const client = clients.openai(base, { defaultHeaders: { 'x-portkey-provider': 'mistral-ai' } });
    expect(await told(() => chat(client))).toMatchObject({ provider: 'mistral' });
  });

  it('is not asked for one by the name of a key', async () => {
    const client = clients.openai(base, { defaultHeaders: { 'x-portkey-provider': '@my-keys' } });
    expect(await told(() => chat(client))).toMatchObject({ provider: 'google_vertex' });
  });

  it('is known by its headers where somebody runs it', async () => {
    expect(await told(() => chat(clients.openai('https://portkey.example.org/v1')))).toMatchObject({
      provider: 'together',
    });
  });
});

describe('Helicone', () => {
  it('names the vendor in the host', async () => {
    expect(await told(() => chat(clients.openai('https://oai.helicone.ai/v1')))).toMatchObject({ provider: 'openai' });
  });

  it.each([
    ['Helicone-Target-URL', 'https://api.groq.com', 'https://gateway.helicone.ai/v1', 'groq'],
    ['Helicone-OpenAI-Api-Base', 'https://mine.openai.azure.com', 'https://oai.helicone.ai/v1', 'azure_openai'],
  ])('is told the vendor in %s', async (name, target, base, provider) => {
    const client = clients.openai(base, { defaultHeaders: { [name]: target } });
    expect(await told(() => chat(client))).toMatchObject({ provider });
  });

  it('says in its headers which vendor its own gateway has chosen', async () => {
    const event = await told(() => chat(clients.openai('https://ai-gateway.helicone.ai')));
    expect(event).toMatchObject({ provider: 'aws_bedrock', response_model: 'gpt-4o-2025-01-01' });
    expect(event).not.toHaveProperty('cost');
  });
});

describe('Azure', () => {
  it.each([
    ['of the request', undefined, 'gpt-4o', 'gpt-4o'],
    ['that the client was made for', 'my-deployment', '', 'my-deployment'],
  ])('has the deployment %s as the model, and says which model answered', async (_, deployment, model, asked) => {
    const { requests } = server;
    const event = await told(() => chat(clients.azure(deployment), model));
    expect(requests.at(-1)?.path).toContain(`/openai/deployments/${asked}/chat/completions`);
    expect(event).toMatchObject({ provider: 'azure_openai', model: asked, response_model: 'gpt-4o-2025-01-01' });
  });

  it('has no deployment in the path of responses', async () => {
    const call = (): Promise<unknown> =>
      clients.azure('my-deployment').responses.create({ model: 'gpt-4o', input: 'Hi' }).then();
    expect(await told(call)).toMatchObject({ provider: 'azure_openai', model: 'gpt-4o' });
  });
});

describe('the privacy of a call through a gateway', () => {
  it('keeps what it asks and what comes back, and says where it went', async () => {
    const run = (): Promise<unknown> => fail(clients.openai('https://litellm.example.org/v1', {}));
    const { events } = await traced(run, { privacyMode: true });
    expect(events).toEqual([expect.objectContaining({ provider: 'openai', outcome: 'error' })]);
    expect(JSON.stringify(events)).not.toMatch(/it failed|fail"|api\.openai\.com|litellm\.example/);
  });
});

describe('a vendor itself', () => {
  it('is not taken for a gateway, whatever headers it sends', async () => {
    const event = await told(() => chat(clients.openai('https://api.openai.com/v1')));
    expect(event).toMatchObject({ provider: 'openai', cost_source: 'price_table' });
  });

  it('is not known behind a host that nobody knows', async () => {
    expect(await told(() => chat(clients.openai('https://llm.example.org/v1')))).toMatchObject({
      provider: 'openai_compatible',
    });
  });
});
