import { askedThrough, readGateway, readMetadataCost } from '../../src/patches/shared/gateways';
import { servedBy } from '../../src/patches/shared/served-by';
import type { GatewayFacts } from '../../src/types';

/** Headers that count how often somebody looks one up. */
function headersOf(record: Record<string, string>): {
  headers: { get(name: string): string | null };
  lookUps: string[];
} {
  const lookUps: string[] = [];
  return {
    headers: {
      get(name) {
        lookUps.push(name);
        return record[name] ?? null;
      },
    },
    lookUps,
  };
}

const read = (record: Record<string, string>, provider = 'openai_compatible'): GatewayFacts | undefined => {
  const facts = readGateway(headersOf(record).headers, provider);
  return facts && (JSON.parse(JSON.stringify(facts)) as GatewayFacts);
};

describe('what the headers of a gateway say', () => {
  it.each<[string, Record<string, string>, GatewayFacts | undefined]>([
    ['nothing', {}, undefined],
    ['a version only', { 'x-litellm-version': '1.0' }, { provider: 'litellm' }],
    ['a cost', { 'x-litellm-response-cost': '0.0001' }, { provider: 'litellm', cost: 0.0001 }],
    ['a cost as Python writes it', { 'x-litellm-response-cost': '1.5e-05' }, { provider: 'litellm', cost: 0.000015 }],
    // What older versions wrote of a model that has no price.
    ['no cost', { 'x-litellm-response-cost': 'None' }, { provider: 'litellm' }],
    ['an odd cost', { 'x-litellm-response-cost': '1 dollar' }, { provider: 'litellm' }],
    ['a cost below zero', { 'x-litellm-response-cost': '-1' }, { provider: 'litellm' }],
    ['a cost without end', { 'x-litellm-response-cost': '1e999' }, { provider: 'litellm' }],
    ['a named deployment', { 'x-litellm-model-id': 'gpt-4o-eu' }, { provider: 'litellm', model: 'gpt-4o-eu' }],
    ['a hash of one', { 'x-litellm-model-id': 'ab12'.repeat(16) }, { provider: 'litellm' }],
    ['a UUID of one', { 'x-litellm-model-id': 'c7b0b0a0-5f0e-4d5c-9a53-0a1b2c3d4e5f' }, { provider: 'litellm' }],
    [
      'a vendor',
      { 'x-litellm-call-id': '1', 'x-litellm-model-api-base': 'https://mine.openai.azure.com/' },
      { provider: 'azure_openai' },
    ],
    [
      'a server beside the proxy',
      { 'x-litellm-call-id': '1', 'x-litellm-model-api-base': 'http://127.0.0.1:9000' },
      { provider: 'litellm' },
    ],
    ['Portkey', { 'x-portkey-trace-id': '1', 'x-portkey-provider': 'azure-openai' }, { provider: 'azure_openai' }],
    ['Portkey, without a vendor', { 'x-portkey-trace-id': '1' }, { provider: 'portkey' }],
    ['a vendor that is new', { 'x-portkey-provider': 'New-Vendor' }, { provider: 'new_vendor' }],
    ['no name of a vendor', { 'x-portkey-provider': 'a secret, by mistake' }, { provider: 'portkey' }],
    ['a name without end', { 'x-portkey-provider': 'x'.repeat(1_000) }, { provider: 'portkey' }],
    [
      'Cloudflare',
      { 'cf-aig-provider': 'workers-ai', 'cf-aig-model': '@cf/meta/llama' },
      { provider: 'cloudflare', model: '@cf/meta/llama' },
    ],
    [
      'Helicone',
      { 'helicone-id': '1', 'helicone-provider': 'vertex', 'helicone-model': 'gemini' },
      { provider: 'google_vertex', model: 'gemini' },
    ],
  ])('%s', (_, record, facts) => {
    expect(read(record)).toEqual(facts);
  });

  it.each(['openai', 'anthropic', 'azure_openai', 'openrouter', 'vercel', 'groq'])(
    'are not looked at in a call to %s',
    (provider) => {
      const { headers, lookUps } = headersOf({ 'x-litellm-response-cost': '1' });
      expect(readGateway(headers, provider)).toBeUndefined();
      expect(readGateway(headers, undefined)).toBeUndefined();
      expect(lookUps).toEqual([]);
    },
  );

  it('are only looked up for the gateway that the base URL names', () => {
    const { headers, lookUps } = headersOf({});
    expect(readGateway(headers, 'portkey')).toEqual({ provider: 'portkey' });
    expect(lookUps).toEqual(['x-portkey-provider', 'x-portkey-cache-status']);
  });

  it('are looked up for a vendor once calls go to it through a gateway, and say only whether a cache answered', () => {
    const hit = { 'cf-aig-cache-status': 'HIT', 'cf-aig-model': 'another' };
    expect(read(hit, 'cerebras')).toBeUndefined();
    servedBy('https://gateway.ai.cloudflare.com/v1/account/gateway/cerebras');
    expect(read(hit, 'cerebras')).toEqual({ isFromCache: true });
    expect(read({ 'cf-aig-cache-status': 'MISS' }, 'cerebras')).toBeUndefined();
    expect(read(hit, 'fireworks')).toBeUndefined();
  });

  it('are looked up a few times where it names none', () => {
    const { headers, lookUps } = headersOf({});
    expect(readGateway(headers, 'local')).toBeUndefined();
    expect(lookUps.length).toBeLessThan(12);
  });
});

describe('what a request asks a gateway for', () => {
  const target = { 'Helicone-Target-URL': 'https://api.deepseek.com' };

  it.each([
    ['nothing', 'portkey', undefined, undefined, 'portkey'],
    ['nothing of a vendor', 'groq', { 'x-portkey-provider': 'openai' }, undefined, 'groq'],
    ['a vendor, in the client', 'portkey', { 'x-portkey-provider': 'openai' }, undefined, 'openai'],
    ['a vendor, in Headers', 'portkey', new Headers({ 'x-portkey-provider': 'cohere' }), undefined, 'cohere'],
    ['another, in the call', 'portkey', { 'x-portkey-provider': 'openai' }, { 'x-portkey-provider': 'groq' }, 'groq'],
    ['a number', 'portkey', { 'x-portkey-provider': 4 }, undefined, 'portkey'],
    ['a target', 'helicone', target, undefined, 'deepseek'],
    ['a target in lower case', 'helicone', { 'helicone-target-url': 'https://api.x.ai' }, undefined, 'xai'],
    ['a target that nobody knows', 'helicone', { 'Helicone-Target-URL': 'https://example.org' }, undefined, 'helicone'],
    ['nothing, of a host that is unknown', undefined, target, undefined, undefined],
  ])('%s', (_, provider, defaultHeaders, headers, asked) => {
    expect(askedThrough(provider, { _options: { defaultHeaders } }, { headers })).toBe(asked);
    expect(askedThrough(provider, undefined, undefined)).toBe(provider);
  });
});

describe('what Vercel says of a cost', () => {
  it.each([
    ['0.0006669', 0.0006669],
    // The key was the user's own: Vercel has billed nothing, and the vendor did.
    ['0', undefined],
    ['a lot', undefined],
    [undefined, undefined],
    [0.5, undefined],
  ])('%p', (cost, dollars) => {
    expect(readMetadataCost({ gateway: { cost } })).toBe(dollars);
  });

  it.each([[undefined], [null], ['text'], [{}], [{ gateway: null }]])('%p says nothing', (metadata) => {
    expect(readMetadataCost(metadata)).toBeUndefined();
  });
});
