import { createRequire } from 'node:module';
import { counts, priceOf, problems, type Row } from '../support/cost-facts';

/**
 * What each call costs, worked out by hand from the published prices: USD per million tokens, in the comment of the row.
 */
const published: readonly Row[] = [
  // https://aws.amazon.com/bedrock/pricing: Claude Sonnet 4 3.00, cache write 3.75, cache read 0.30, output 15.00.
  [
    'Claude Sonnet 4 at Bedrock, by a profile of the United States',
    {
      provider: 'aws_bedrock',
      model: 'us.anthropic.claude-sonnet-4-20250514-v1:0',
      responseModel: 'claude-sonnet-4-20250514',
      usage: counts(4_000, 200, { cachedInputTokens: 2_000, cacheCreationInputTokens: 1_000 }),
    },
    0.01035, // 1,000 * 3 + 2,000 * 0.3 + 1,000 * 3.75 + 200 * 15 = 3,000 + 600 + 3,750 + 3,000
  ],
  // The same page, Sonnet 4.5: global 3.00 and 15.00, with a geography 3.30 and 16.50; an hour of cache twice the input.
  [
    'Claude Sonnet 4.5 at Bedrock, anywhere',
    { provider: 'aws_bedrock', model: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0', usage: counts(1_000, 100) },
    0.0045,
  ],
  [
    'Claude Sonnet 4.5 at Bedrock, in Europe, by the ARN of a profile, with an hour of cache',
    {
      provider: 'aws_bedrock',
      model: 'arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
      usage: counts(2_000, 100, { cacheCreationInputTokens: 1_000, cacheCreation1hInputTokens: 1_000 }),
    },
    0.01155, // 1,000 * 3.3 + 1,000 * 6.6 + 100 * 16.5
  ],
  // The same page, US East: Nova Pro 0.80, cache read 0.20, output 3.20; Llama 3.3 70B 0.72 and 0.72.
  [
    'Nova Pro at Bedrock',
    {
      provider: 'aws_bedrock',
      model: 'amazon.nova-pro-v1:0',
      region: 'us-east-1',
      usage: counts(1_000, 100, { cachedInputTokens: 500 }),
    },
    0.00082, // 500 * 0.8 + 500 * 0.2 + 100 * 3.2
  ],
  [
    'Llama 3.3 at Bedrock, by the ARN of the model',
    {
      provider: 'aws_bedrock',
      model: 'arn:aws:bedrock:us-east-1::foundation-model/meta.llama3-3-70b-instruct-v1:0',
      usage: counts(1_000, 1_000),
    },
    0.00144,
  ],
  // The same page: Claude 3 Haiku 0.25 and 1.25, in every region but those of the government.
  [
    'Claude 3 Haiku at Bedrock, in a region that is not known',
    { provider: 'aws_bedrock', model: 'anthropic.claude-3-haiku-20240307-v1:0', usage: counts(1_000, 100) },
    0.000375,
  ],
  // https://ai.google.dev/gemini-api/docs/pricing: 2.5 Pro 1.25, cached 0.125, output 10.00; over 200K 2.50, 0.25, 15.00.
  [
    'gemini-2.5-pro, with thoughts in its output',
    {
      provider: 'google',
      model: 'models/gemini-2.5-pro',
      responseModel: 'gemini-2.5-pro',
      usage: counts(10_000, 1_500, { cachedInputTokens: 4_000, reasoningTokens: 1_000 }),
    },
    0.023, // 6,000 * 1.25 + 4,000 * 0.125 + 1,500 * 10 = 7,500 + 500 + 15,000
  ],
  [
    'gemini-2.5-pro with a long prompt',
    { provider: 'google', model: 'gemini-2.5-pro', usage: counts(300_000, 1_000, { cachedInputTokens: 100_000 }) },
    0.54, // 200,000 * 2.5 + 100,000 * 0.25 + 1,000 * 15 = 500,000 + 25,000 + 15,000
  ],
  // The same page: 2.5 Flash 0.30, audio 1.00, output 2.50; cached 0.03, cached audio 0.10.
  [
    'gemini-2.5-flash at Vertex, that listened',
    {
      provider: 'google_vertex',
      model: 'projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash',
      tier: 'ON_DEMAND',
      usage: counts(2_000, 100, { audioInputTokens: 1_500 }),
    },
    0.0019, // 500 * 0.3 + 1,500 * 1 + 100 * 2.5 = 150 + 1,500 + 250
  ],
  [
    'gemini-2.5-flash, of whose speech a part came from the cache',
    {
      provider: 'google',
      model: 'gemini-2.5-flash',
      usage: counts(2_000, 100, { audioInputTokens: 1_500, cachedInputTokens: 800, cachedAudioInputTokens: 600 }),
    },
    0.001306, // 300 * 0.3 + 900 * 1 + 200 * 0.03 + 600 * 0.1 + 100 * 2.5 = 90 + 900 + 6 + 60 + 250
  ],
  // The same page, flex: half.
  [
    'gemini-2.5-flash as flex',
    { provider: 'google', model: 'gemini-2.5-flash', tier: 'SERVICE_TIER_FLEX', usage: counts(1_000, 100) },
    0.000275,
  ],
  // https://mistral.ai/pricing: Mistral Medium 3.1 0.40 and 2.00.
  ['mistral-medium-2508', { provider: 'mistral', model: 'mistral-medium-2508', usage: counts(1_000, 100) }, 0.0006],
  // https://groq.com/pricing: llama-3.3-70b-versatile 0.59 and 0.79; flex costs the same. gpt-oss-120b 0.15, 0.075, 0.60.
  [
    'llama-3.3-70b at Groq',
    { provider: 'groq', model: 'llama-3.3-70b-versatile', tier: 'flex', usage: counts(1_000, 100) },
    0.000669,
  ],
  [
    'gpt-oss-120b at Groq',
    {
      provider: 'groq',
      model: 'openai/gpt-oss-120b',
      tier: 'on_demand',
      usage: counts(1_000, 100, { cachedInputTokens: 200 }),
    },
    0.000195,
  ],
  // https://cohere.com/pricing: Command A 2.50 and 10.00, of the tokens that are billed.
  [
    'command-a at Cohere',
    {
      provider: 'cohere',
      model: 'command-a-03-2025',
      usage: counts(700, 120, { billedInputTokens: 200, billedOutputTokens: 100 }),
    },
    0.0015,
  ],
  // https://docs.x.ai/docs/models: grok-3 3.00, cached 0.75, output 15.00.
  ['grok-3', { provider: 'xai', model: 'grok-3', usage: counts(1_000, 100, { cachedInputTokens: 400 }) }, 0.0036],
  // LiteLLM and Vercel take the vendors' prices.
  [
    'gpt-4o behind a gateway that names the vendor',
    { provider: 'litellm', model: 'openai/gpt-4o', responseModel: 'gpt-4o-2024-08-06', usage: counts(1_000, 100) },
    0.0035,
  ],
  // As LiteLLM calls them: https://docs.litellm.ai/docs/providers.
  [
    'Gemini behind LiteLLM',
    { provider: 'litellm', model: 'gemini/gemini-2.5-flash', usage: counts(1_000, 100) },
    0.00055, // 1,000 * 0.3 + 100 * 2.5
  ],
  [
    'Gemini at Vertex behind LiteLLM',
    { provider: 'litellm', model: 'vertex_ai/gemini-2.5-flash', usage: counts(1_000, 100) },
    0.00055,
  ],
  // https://www.together.ai/pricing: Llama 3.3 70B 0.88 and 0.88.
  [
    'Together behind LiteLLM',
    { provider: 'litellm', model: 'together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo', usage: counts(1_000, 100) },
    0.000968,
  ],
  [
    'Claude Sonnet 4.5 at Bedrock behind LiteLLM',
    {
      provider: 'litellm',
      model: 'bedrock/converse/global.anthropic.claude-sonnet-4-5-20250929-v1:0',
      usage: counts(1_000, 100),
    },
    0.0045,
  ],
  [
    'the same, without the method',
    {
      provider: 'litellm',
      model: 'bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      usage: counts(1_000, 100),
    },
    0.00495, // 1,000 * 3.3 + 100 * 16.5
  ],
  ['openai/gpt-4o at OpenAI', { provider: 'openai', model: 'openai/gpt-4o', usage: counts(1_000, 100) }, 0.0035],
];

describe('the cost of a call to a cloud, or to another vendor', () => {
  it.each(published)('%s', (_title, call, usd) => {
    // To the micro-dollar, and a good deal further.
    expect(priceOf(call)).toBeCloseTo(usd, 11);
    expect(problems).toEqual([]);
  });

  it('agrees with the calculation of the package it comes from, where that has the same facts', () => {
    const { calcPrice } = createRequire(__filename)('@pydantic/genai-prices') as {
      calcPrice(usage: object, model: string, options: object): { total_price: number } | null;
    };
    for (const [providerId, provider, model] of [
      ['openai', 'openai', 'gpt-4.1-mini'],
      ['openai', 'openai', 'gpt-5.4'],
      ['anthropic', 'anthropic', 'claude-sonnet-4-5'],
      ['anthropic', 'anthropic', 'claude-haiku-4-5'],
      ['google', 'google', 'gemini-2.5-flash-lite'],
      ['google', 'google', 'gemini-3-pro-preview'],
    ] as const) {
      for (const [input, cached, output] of [[1_000, 0, 10] as const, [300_000, 2_000, 4_321] as const]) {
        const usage = { input_tokens: input, cache_read_tokens: cached, output_tokens: output };
        const told = calcPrice(usage, model, { providerId, timestamp: new Date('2026-11-01') })?.total_price;
        expect(told).toBeGreaterThan(0);
        expect(priceOf({ provider, model, usage: counts(input, output, { cachedInputTokens: cached }) })).toBeCloseTo(
          told ?? 0,
          11,
        );
      }
    }
  });
});
