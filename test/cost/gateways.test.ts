import type Anthropic from '@anthropic-ai/sdk';
import OpenAI, { type ClientOptions } from 'openai';
import { drain } from '../gateways/send-through';
import { answering, ServerEvents, traced } from '../support/traced-clients';
import { disableLlmTracing } from '../../src';

afterEach(() => disableLlmTracing());

const messages = [{ role: 'user' as const, content: 'Hi' }];
const usage = { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 };

function chatAnswer(more: object = {}): object {
  const choices = [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }];
  return { id: 'c', object: 'chat.completion', model: 'gpt-4o-2024-08-06', choices, usage: { ...usage, ...more } };
}

async function costOf(call: () => Promise<unknown>): Promise<unknown[]> {
  const { events } = await traced(call);
  expect(events).toHaveLength(1);
  return [events[0]?.['cost'], events[0]?.['cost_source']];
}

describe('a call through OpenRouter with a key of the user’s own', () => {
  const baseURL = 'https://openrouter.ai/api/v1';
  const ownKey = { is_byok: true, cost: 0.0002, cost_details: { upstream_inference_cost: 0.0035 } };
  const anthropicUsage = { input_tokens: 1_000, output_tokens: 100 };
  const claude = { ...{ id: 'm', type: 'message', role: 'assistant', model: 'claude-opus-4-6' }, content: [] };

  const send = (body: unknown): { openai: OpenAI; anthropic: Anthropic } => {
    const { openai, anthropic } = answering(body);
    return { openai: openai.withOptions({ baseURL }), anthropic: anthropic.withOptions({ baseURL }) };
  };
  const chat = (more: object): Promise<unknown> =>
    send(chatAnswer(more)).openai.chat.completions.create({ model: 'openai/gpt-4o', messages }).then();

  it('costs what OpenRouter takes and what the vendor does', async () => {
    expect(await costOf(() => chat(ownKey))).toEqual([0.0037, 'provider']);
    expect(await costOf(() => chat({ ...ownKey, is_byok: false }))).toEqual([0.0002, 'provider']);
    const body = { ...claude, stop_reason: 'end_turn', usage: { ...anthropicUsage, ...ownKey } };
    const message = { model: 'anthropic/claude-opus-4.6', max_tokens: 9, messages };
    expect(await costOf(() => send(body).anthropic.messages.create(message).then())).toEqual([0.0037, 'provider']);
    const response = {
      ...{ id: 'r', object: 'response', status: 'completed', model: 'openai/gpt-4o', output: [] },
      usage: { ...anthropicUsage, total_tokens: 1_100, ...ownKey },
    };
    const responses = (): Promise<unknown> =>
      send(response).openai.responses.create({ model: 'openai/gpt-4o', input: 'Hi' }).then();
    expect(await costOf(responses)).toEqual([0.0037, 'provider']);
  });

  it('costs so in a stream too', async () => {
    const message = { ...claude, usage: { ...anthropicUsage, output_tokens: 1 } };
    const { anthropic } = send(
      new ServerEvents([
        { type: 'message_start', message },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 100, ...ownKey } },
        { type: 'message_stop' },
      ]),
    );
    const request = { model: 'anthropic/claude-opus-4.6', max_tokens: 9, messages, stream: true as const };
    expect(await costOf(() => anthropic.messages.create(request).then(drain))).toEqual([0.0037, 'provider']);
  });

  it('has no cost where nobody says what the vendor takes', async () => {
    expect(await costOf(() => chat({ ...ownKey, cost_details: {} }))).toEqual([undefined, undefined]);
    expect(await costOf(() => chat({ is_byok: true, cost: 0 }))).toEqual([undefined, undefined]);
  });
});

describe('an answer from the cache of a gateway', () => {
  const ask = (
    baseURL: string,
    headers: Record<string, string>,
    options: ClientOptions,
    more: object = {},
  ): Promise<unknown[]> => {
    const response = (): Response =>
      new Response(JSON.stringify(chatAnswer(more)), { headers: { 'content-type': 'application/json', ...headers } });
    const client = new OpenAI({ apiKey: 'k', baseURL, fetch: () => Promise.resolve(response()), ...options });
    return costOf(() => client.chat.completions.create({ model: 'gpt-4o', messages }).then());
  };
  const priced = [0.0035, 'price_table'];
  const none = [undefined, undefined];
  const cloudflare = 'https://gateway.ai.cloudflare.com/v1/account/gateway';

  it.each<[string, string, Record<string, string>, ClientOptions]>([
    ['Cloudflare', `${cloudflare}/openai`, { 'cf-aig-cache-status': 'HIT' }, {}],
    ['Cloudflare, open', `${cloudflare}/compat`, { 'cf-aig-cache-status': 'HIT', 'cf-aig-provider': 'openai' }, {}],
    ['Helicone', 'https://oai.helicone.ai/v1', { 'helicone-cache': 'HIT' }, {}],
    ['Portkey', 'https://api.portkey.ai/v1', { 'x-portkey-provider': 'openai', 'x-portkey-cache-status': 'HIT' }, {}],
    [
      'Portkey, where the request names the vendor',
      'https://api.portkey.ai/v1',
      { 'x-portkey-cache-status': 'SEMANTIC HIT' },
      { defaultHeaders: { 'x-portkey-provider': 'openai' } },
    ],
  ])('has no cost: %s', async (_title, baseURL, headers, options) => {
    const missed = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('HIT', 'MISS')]),
    );
    expect(await ask(baseURL, headers, options)).toEqual(none);
    expect(await ask(baseURL, missed, options)).toEqual(priced);
  });

  it('has none, whatever the kept answer says that it cost', async () => {
    const told = { cost: 0.0035 };
    expect(await ask(`${cloudflare}/openrouter`, { 'cf-aig-cache-status': 'HIT' }, {}, told)).toEqual(none);
    expect(await ask(`${cloudflare}/openrouter`, { 'cf-aig-cache-status': 'MISS' }, {}, told)).toEqual([
      0.0035,
      'provider',
    ]);
  });
});
