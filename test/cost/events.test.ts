import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { AzureOpenAI } from 'openai';
import { clientsOf, drain } from '../gateways/send-through';
import { startProviderServer, type ProviderServer } from '../support/start-provider';
import { answering, ServerEvents, traced, type Properties } from '../support/traced-clients';
import { disableLlmTracing, enableLlmTracing, type LlmTracingOptions } from '../../src';

let server: ProviderServer;

beforeAll(async () => {
  server = await startProviderServer();
});
afterAll(() => server.close());
afterEach(() => disableLlmTracing());

const messages = [{ role: 'user' as const, content: 'Hi' }];

/** To the vendor, as far as the client knows; only `fetch` knows that it is the stand-in. */
function route(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  return fetch(`${server.url}${pathname}`, init);
}

const common = { apiKey: 'sk-none', maxRetries: 0, fetch: route };

/** The stand-in counts 20 tokens of input, 8 of them cached, and 12 of output. */
function ask(model = 'gpt-4o', baseURL = 'https://api.openai.com/v1'): Promise<unknown> {
  return new OpenAI({ ...common, baseURL }).chat.completions.create({ model, messages }).then();
}

function askOpenRouter(model: string): Promise<unknown> {
  const client = clientsOf(server).openai('https://openrouter.ai/api/v1');
  return client.chat.completions.create({ model, messages }).then();
}

async function eventOf(call: () => Promise<unknown>, options: LlmTracingOptions = {}): Promise<Properties> {
  const { events } = await traced(call, options);
  expect(events).toHaveLength(1);
  return events[0] ?? {};
}

async function costIn(call: () => Promise<unknown>, options: LlmTracingOptions = {}): Promise<unknown[]> {
  const { cost, cost_source: source } = await eventOf(call, options);
  return [cost, source];
}

describe('the cost of an event', () => {
  it('is what the table says, for an answer and for a stream', async () => {
    // 12 * 2.5 + 8 * 1.25 + 12 * 10
    expect(await costIn(() => ask())).toEqual([0.00016, 'price_table']);
    const request = { model: 'gpt-4o', messages, stream: true as const, stream_options: { include_usage: true } };
    const stream = (): Promise<void> => new OpenAI(common).chat.completions.create(request).then(drain);
    expect(await costIn(stream)).toEqual([0.00016, 'price_table']);
    const responses = (): Promise<unknown> =>
      new OpenAI(common).responses.create({ model: 'gpt-4o', input: 'Hi' }).then();
    expect(await costIn(responses)).toEqual([0.00016, 'price_table']);
  });

  it('is what the table says for Anthropic, whose cached tokens are beside the others', async () => {
    const client = new Anthropic(common);
    const request = { model: 'claude-haiku-4-5', max_tokens: 9, messages };
    // 10 * 1 + 3 * 1.25 + 7 * 0.1 + 12 * 5
    const usd = 0.00007445;
    expect(await costIn(() => client.messages.create(request).then())).toEqual([usd, 'price_table']);
    const stream = (): Promise<void> => client.messages.create({ ...request, stream: true }).then(drain);
    expect(await costIn(stream)).toEqual([usd, 'price_table']);
    const count = (): Promise<unknown> => client.messages.countTokens({ model: request.model, messages }).then();
    expect(await costIn(count)).toEqual([undefined, undefined]);
  });

  it('is what the table says for a deployment of Azure, by the model that answered', async () => {
    const answer = {
      ...{ id: 'c', object: 'chat.completion', model: 'gpt-4o-2024-08-06' },
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 20, completion_tokens: 12, prompt_tokens_details: { cached_tokens: 8 } },
    };
    const headers = { 'content-type': 'application/json' };
    const azure = new AzureOpenAI({
      ...{ apiKey: 'k', endpoint: 'https://mine.openai.azure.com', apiVersion: '2024-10-21', deployment: 'my-own' },
      fetch: () => Promise.resolve(new Response(JSON.stringify(answer), { headers })),
    });
    const call = (): Promise<unknown> => azure.chat.completions.create({ model: '', messages }).then();
    const { provider, cost, cost_source: source } = await eventOf(call);
    expect([provider, cost, source]).toEqual(['azure_openai', 0.00016, 'price_table']);
  });

  it('is what the user says, where they do, and what the provider says before all', async () => {
    const prices = { 'gpt-4o': { input: 1, output: 1, cachedInput: 0 }, 'openai/gpt-4o': { input: 1, output: 1 } };
    expect(await costIn(() => ask(), { prices })).toEqual([0.000024, 'override']);
    expect(await costIn(() => askOpenRouter('openai/gpt-4o'), { prices })).toEqual([0.00042, 'provider']);
  });

  it('is what the user said when tracing was enabled, whatever became of the object since', async () => {
    const prices: Record<string, { input: number; output: number }> = { 'gpt-4o': { input: 1, output: 1 } };
    const spoilt = (): Promise<unknown> => {
      Object.assign(prices, { 'gpt-4o': null });
      return ask();
    };
    expect(await costIn(spoilt, { prices })).toEqual([0.000032, 'override']);
  });

  it('is absent where nobody knows it', async () => {
    expect(await costIn(() => ask('gpt-next'))).toEqual([undefined, undefined]);
    expect(await costIn(() => ask('gpt-4o', `${server.url}/v1`))).toEqual([undefined, undefined]);
    const failing = (): Promise<unknown> => ask('gpt-4o', 'https://api.openai.com/400-9/v1').catch(() => undefined);
    expect(await costIn(failing)).toEqual([undefined, undefined]);
  });

  it('is absent where a function for prices throws, and the call and its event are as they would be', async () => {
    const prices = (): never => {
      throw new Error('a bug of the user');
    };
    const errors: unknown[] = [];
    const onError = (error: unknown): void => void errors.push(String(error));
    const { outcome, input_tokens: tokens, ...rest } = await eventOf(() => ask(), { prices, onError });
    expect([outcome, tokens, rest.cost, rest.cost_source]).toEqual(['ok', 20, undefined, undefined]);
    expect(errors).toEqual(['Error: a bug of the user']);
  });

  it('is asked for after the caller has got the answer', async () => {
    const steps: string[] = [];
    const prices = (): number => {
      steps.push('price');
      return 1;
    };
    await traced(() => ask().then(() => steps.push('answer')), { prices });
    expect(steps).toEqual(['answer', 'price']);
  });
});

describe('what readers see of a price', () => {
  const usage = {
    input_tokens: 100,
    output_tokens: 10,
    cache_creation_input_tokens: 1_000,
    cache_read_input_tokens: 0,
  };
  const head = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-opus-4-6' };
  const content = [{ type: 'text', text: 'Hi' }];
  const request = { model: 'claude-opus-4-6', max_tokens: 9, messages };
  const said = (more: object): Promise<unknown[]> => {
    const { anthropic } = answering({ ...head, content, stop_reason: 'end_turn', usage: { ...usage, ...more } });
    return costIn(() => anthropic.messages.create(request).then());
  };

  // Opus 4.6: input 5, five minutes of cache 6.25, an hour 10, output 25; searches 10 a thousand.
  it.each<[string, object, number | undefined]>([
    [
      'five minutes of cache',
      { cache_creation: { ephemeral_5m_input_tokens: 1_000, ephemeral_1h_input_tokens: 0 } },
      0.007,
    ],
    ['both', { cache_creation: { ephemeral_5m_input_tokens: 400, ephemeral_1h_input_tokens: 600 } }, 0.00925],
    [
      'an hour of cache',
      { cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 1_000 } },
      0.01075,
    ],
    ['a batch', { service_tier: 'batch' }, 0.0035],
    ['what is not told', {}, 0.007],
    ['searches', { server_tool_use: { web_search_requests: 3, web_fetch_requests: 1 } }, 0.037],
    ['the United States', { inference_geo: 'us' }, 0.0077],
    ['the whole world', { inference_geo: 'global', speed: 'standard' }, 0.007],
    ['fast mode, which has a price of its own', { speed: 'fast' }, undefined],
    [
      'a compaction, whose tokens are not counted',
      { iterations: [{ type: 'compaction' }, { type: 'message' }] },
      undefined,
    ],
    ['several turns', { iterations: [{ type: 'message' }, { type: 'message' }] }, 0.007],
  ])('at Anthropic is that of %s', async (_title, more, usd) => {
    expect(await said(more)).toEqual(usd === undefined ? [undefined, undefined] : [usd, 'price_table']);
  });

  it('holds to the end of a stream, whose last event does not repeat it', async () => {
    const { anthropic } = answering(
      new ServerEvents([
        {
          type: 'message_start',
          message: { ...head, content: [], usage: { ...usage, cache_creation: { ephemeral_1h_input_tokens: 1_000 } } },
        },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 10 } },
        { type: 'message_stop' },
      ]),
    );
    const call = (): Promise<void> => anthropic.messages.create({ ...request, stream: true }).then(drain);
    expect(await costIn(call)).toEqual([0.01075, 'price_table']);
  });

  it.each<[string, object, number | undefined]>([
    ['a function of the caller', { type: 'function_call', name: 'web_search', arguments: '{}', call_id: 'c' }, 0.00225],
    [
      'a search of the web, which is charged by the call',
      { type: 'web_search_call', id: 'w', status: 'completed' },
      undefined,
    ],
    ['a container', { type: 'code_interpreter_call', id: 'c', code: '1', status: 'completed' }, undefined],
  ])('at OpenAI is that of %s', async (_title, item, usd) => {
    const { openai: client } = answering({
      ...{ id: 'resp_1', object: 'response', status: 'completed', model: 'gpt-5-2025-08-07', output: [item] },
      usage: { input_tokens: 1_000, output_tokens: 100, total_tokens: 1_100 },
    });
    const call = (): Promise<unknown> => client.responses.create({ model: 'gpt-5', input: 'Hi' }).then();
    expect((await costIn(call))[0]).toBe(usd);
  });

  it('is the served tier, and what xAI itself says', async () => {
    const usage = { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 };
    const choices = [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }];
    const chat = (more: object): (() => Promise<unknown>) => {
      const { openai: client } = answering({
        id: 'c',
        object: 'chat.completion',
        model: 'gpt-5',
        choices,
        usage,
        ...more,
      });
      return () => client.chat.completions.create({ model: 'gpt-5', messages, service_tier: 'priority' }).then();
    };
    expect(await costIn(chat({ service_tier: 'flex' }))).toEqual([0.001125, 'price_table']);
    expect(await costIn(chat({ service_tier: 'default' }))).toEqual([0.00225, 'price_table']);
    expect(await costIn(chat({ service_tier: 'priority' }))).toEqual([0.0045, 'price_table']);
    expect(await costIn(chat({}))).toEqual([undefined, undefined]);
    expect(await costIn(chat({ usage: { ...usage, cost_in_usd_ticks: 318_319_000 } }))).toEqual([
      0.0318319,
      'provider',
    ]);
  });
});

describe('trackCost and trackTokens', () => {
  const names = [
    ...['input_tokens', 'output_tokens', 'total_tokens', 'cached_input_tokens', 'cache_creation_input_tokens'],
    ...['reasoning_tokens', 'audio_input_tokens', 'audio_output_tokens', 'cost', 'cost_source'],
  ];
  const given = async (options: LlmTracingOptions): Promise<string[]> =>
    Object.keys(await eventOf(() => ask(), options)).filter((name) => names.includes(name));

  it('are both on', async () => {
    expect(await given({})).toEqual(
      expect.arrayContaining(['input_tokens', 'cached_input_tokens', 'cost', 'cost_source']),
    );
  });

  it('leave out the tokens, and not the cost', async () => {
    expect(await given({ trackTokens: false })).toEqual(['cost', 'cost_source']);
  });

  it('leave out the cost, and not the tokens; nobody is asked for a price then', async () => {
    let asked = 0;
    const left = await given({ trackCost: false, prices: () => (asked += 1) });
    expect(left).toContain('input_tokens');
    expect(left.filter((name) => name.startsWith('cost'))).toEqual([]);
    expect(asked).toBe(0);
    const openrouter = await eventOf(() => askOpenRouter('gpt-4o'), { trackCost: false });
    expect(openrouter).not.toHaveProperty('cost');
  });
});

describe('the option prices', () => {
  const client = { track: () => undefined };

  it.each<[unknown]>([
    [{ 'gpt-4o': { input: -1 } }],
    [{ 'gpt-4o': { input: '1' } }],
    [{ 'gpt-4o': { inputs: 1 } }],
    [{ 'gpt-4o': 1 }],
    ['cheap'],
  ])('is refused where it is %p', (prices) => {
    expect(() => enableLlmTracing(client, { noWarning: true, prices: prices as never })).toThrow(
      /prices must be a function/,
    );
  });
});
