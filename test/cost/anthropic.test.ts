import { counts, priceOf, problems, type Row } from '../support/cost-facts';

/**
 * What each call costs, worked out by hand from the published prices: USD per million tokens, in the comment of the row.
 */
const published: readonly Row[] = [
  // https://azure.microsoft.com/pricing/details/cognitive-services/openai-service, gpt-4o global: 2.50, 1.25 and 10.00.
  [
    'gpt-4o at Azure, by the model that answered and not by the deployment',
    {
      provider: 'azure_openai',
      model: 'my-deployment',
      responseModel: 'gpt-4o-2024-11-20',
      usage: counts(1_000, 500, { cachedInputTokens: 400 }),
    },
    0.007,
  ],
  // https://platform.claude.com/docs/en/about-claude/pricing: Sonnet 4.5 3.00, 5m 3.75, 1h 6.00, hits 0.30, output 15.00.
  [
    'claude-sonnet-4-5, with both times of a cache',
    {
      provider: 'anthropic',
      model: 'claude-sonnet-4-5',
      responseModel: 'claude-sonnet-4-5-20250929',
      tier: 'standard',
      usage: counts(10_000, 400, {
        cachedInputTokens: 6_000,
        cacheCreationInputTokens: 3_000,
        cacheCreation1hInputTokens: 1_000,
      }),
    },
    0.0243, // 1,000 * 3 + 6,000 * 0.3 + 2,000 * 3.75 + 1,000 * 6 + 400 * 15 = 3,000 + 1,800 + 7,500 + 6,000 + 6,000
  ],
  // The same page, long context: over 200K input tokens, those of a cache included, 6.00, 7.50, 0.60 and 22.50.
  [
    'claude-sonnet-4-5 with more than 200,000 tokens of input, all of which cost more',
    {
      provider: 'anthropic',
      model: 'claude-sonnet-4-5-20250929',
      usage: counts(250_000, 1_000, { cachedInputTokens: 100_000, cacheCreationInputTokens: 50_000 }),
    },
    1.0575, // 100,000 * 6 + 100,000 * 0.6 + 50,000 * 7.5 + 1,000 * 22.5 = 600,000 + 60,000 + 375,000 + 22,500
  ],
  [
    'claude-sonnet-4-5 with 200,000 tokens of input, which is not more',
    { provider: 'anthropic', model: 'claude-sonnet-4-5-20250929', usage: counts(200_000, 1_000) },
    0.615, // 200,000 * 3 + 1,000 * 15
  ],
  // The same page: Haiku 3.5 0.80, 5m 1.00, 1h 1.60, hits 0.08, output 4.00. In a batch, half of it.
  [
    'claude-3-5-haiku in a batch',
    {
      provider: 'anthropic',
      model: 'claude-3-5-haiku-20241022',
      tier: 'batch',
      usage: counts(5_000, 1_000, {
        cachedInputTokens: 1_000,
        cacheCreationInputTokens: 2_000,
        cacheCreation1hInputTokens: 2_000,
      }),
    },
    0.00444, // (2,000 * 0.8 + 1,000 * 0.08 + 2,000 * 1.6 + 1,000 * 4) / 2 = (1,600 + 80 + 3,200 + 4,000) / 2
  ],
  // The same page: Opus 4.1 15.00 and 75.00; web searches 10.00 a thousand.
  [
    'claude-opus-4-1 with two searches of the web',
    { provider: 'anthropic', model: 'claude-opus-4-1-20250805', usage: counts(1_000, 100, { webSearches: 2 }) },
    0.0425, // 1,000 * 15 + 100 * 75 = 22,500; 2 * 0.01
  ],
  // The same page: Opus 4.6 5.00 and 25.00, and 1.1 times that within the United States.
  [
    'claude-opus-4-6 within the United States',
    { provider: 'anthropic', model: 'claude-opus-4-6', usage: counts(1_000, 100, { inferenceRegion: 'us' }) },
    0.00825, // (1,000 * 5 + 100 * 25) * 1.1
  ],
];

describe('the cost of a call to Azure, or to Anthropic', () => {
  it.each(published)('%s', (_title, call, usd) => {
    // To the micro-dollar, and a good deal further.
    expect(priceOf(call)).toBeCloseTo(usd, 11);
    expect(problems).toEqual([]);
  });
});
