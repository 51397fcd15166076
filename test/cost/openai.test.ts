import { counts, priceOf, problems, type Row } from '../support/cost-facts';

/**
 * What each call costs, worked out by hand from the published prices: USD per million tokens, in the comment of the row.
 */
const published: readonly Row[] = [
  // https://platform.openai.com/docs/pricing: gpt-4o 2.50, cached 1.25, output 10.00.
  [
    'gpt-4o, a dated version, with cached input',
    {
      provider: 'openai',
      model: 'gpt-4o',
      responseModel: 'gpt-4o-2024-08-06',
      usage: counts(1_000, 500, { cachedInputTokens: 400 }),
    },
    0.007, // 600 * 2.5 + 400 * 1.25 + 500 * 10 = 7,000
  ],
  // The same page: gpt-4o-mini 0.15, cached 0.075, output 0.60.
  [
    'gpt-4o-mini',
    {
      provider: 'openai',
      model: 'gpt-4o-mini',
      responseModel: 'gpt-4o-mini-2024-07-18',
      usage: counts(12_345, 678, { cachedInputTokens: 10_000 }),
    },
    0.00150855, // 2,345 * 0.15 + 10,000 * 0.075 + 678 * 0.6 = 351.75 + 750 + 406.8
  ],
  // The same page: gpt-5 1.25, cached 0.125, output 10.00. "Reasoning tokens are billed as output tokens."
  [
    'gpt-5, whose output includes 832 tokens of reasoning',
    {
      provider: 'openai',
      model: 'gpt-5',
      responseModel: 'gpt-5-2025-08-07',
      usage: counts(2_000, 900, { cachedInputTokens: 1_024, reasoningTokens: 832 }),
    },
    0.010348, // 976 * 1.25 + 1,024 * 0.125 + 900 * 10 = 1,220 + 128 + 9,000
  ],
  // The same page, flex: gpt-5 0.625, cached 0.0625, output 5.00.
  [
    'gpt-5 as flex',
    {
      provider: 'openai',
      model: 'gpt-5',
      responseModel: 'gpt-5-2025-08-07',
      tier: 'flex',
      usage: counts(2_000, 900, { cachedInputTokens: 1_024 }),
    },
    0.005174, // 976 * 0.625 + 1,024 * 0.0625 + 900 * 5 = 610 + 64 + 4,500
  ],
  // The same page, priority: gpt-4.1 3.50, cached 0.875, output 14.00.
  [
    'gpt-4.1 as priority',
    {
      provider: 'openai',
      model: 'gpt-4.1',
      responseModel: 'gpt-4.1-2025-04-14',
      tier: 'priority',
      usage: counts(1_000, 100, { cachedInputTokens: 200 }),
    },
    0.004375, // 800 * 3.5 + 200 * 0.875 + 100 * 14 = 2,800 + 175 + 1,400
  ],
  // The same page, priority: gpt-4o-mini 0.25, cached 0.125, output 1.00; o4-mini 2.00, 0.50, 8.00.
  [
    'gpt-4o-mini as priority',
    {
      provider: 'openai',
      model: 'gpt-4o-mini',
      tier: 'priority',
      usage: counts(1_000, 100, { cachedInputTokens: 200 }),
    },
    0.000325, // 800 * 0.25 + 200 * 0.125 + 100 * 1 = 200 + 25 + 100
  ],
  [
    'o4-mini as priority',
    { provider: 'openai', model: 'o4-mini', tier: 'priority', usage: counts(1_000, 100, { cachedInputTokens: 200 }) },
    0.0025, // 800 * 2 + 200 * 0.5 + 100 * 8 = 1,600 + 100 + 800
  ],
  // The same page, "default" of priority that was not to be had: the standard price.
  [
    'gpt-5 that was asked for as priority, and served as default',
    {
      provider: 'openai',
      model: 'gpt-5',
      responseModel: 'gpt-5-2025-08-07',
      tier: 'default',
      usage: counts(1_000, 100),
    },
    0.00225, // 1,000 * 1.25 + 100 * 10
  ],
  // https://platform.openai.com/docs/models/gpt-audio: text 2.50 and 10.00, audio 32.00 and 64.00.
  [
    'gpt-audio, with speech in and out',
    {
      provider: 'openai',
      model: 'gpt-audio',
      usage: counts(1_000, 400, { audioInputTokens: 800, audioOutputTokens: 300 }),
    },
    0.0463, // 200 * 2.5 + 800 * 32 + 100 * 10 + 300 * 64 = 500 + 25,600 + 1,000 + 19,200
  ],
  // https://platform.openai.com/docs/pricing, fine-tuning: gpt-4o-mini-2024-07-18 0.30 and 1.20.
  [
    'a fine-tuned gpt-4o-mini',
    {
      provider: 'openai',
      model: 'ft:gpt-4o-mini-2024-07-18:acme::9abc',
      responseModel: 'ft:gpt-4o-mini-2024-07-18:acme::9abc',
      usage: counts(1_000, 100),
    },
    0.00042, // 1,000 * 0.3 + 100 * 1.2
  ],
  // https://platform.openai.com/docs/pricing: text-embedding-3-small 0.02.
  [
    'text-embedding-3-small, which has no output',
    {
      provider: 'openai',
      operation: 'embedding',
      model: 'text-embedding-3-small',
      responseModel: 'text-embedding-3-small',
      usage: { inputTokens: 8, totalTokens: 8 },
    },
    0.00000016, // 8 * 0.02
  ],
  // https://platform.openai.com/docs/models/gpt-image-1: text 5.00, image input 10.00, image output 40.00.
  [
    'gpt-image-1, an edit of a picture',
    {
      provider: 'openai',
      operation: 'image_generation',
      model: 'gpt-image-1',
      usage: counts(373, 1_056, { imageInputTokens: 323 }),
    },
    0.04572, // 50 * 5 + 323 * 10 + 1,056 * 40 = 250 + 3,230 + 42,240
  ],
  // https://platform.openai.com/docs/pricing: o3 2.00, cached 0.50, output 8.00 since 10 June 2025; 10.00 and 40.00 before.
  ['o3', { provider: 'openai', model: 'o3', usage: counts(1_000, 100) }, 0.0028],
  [
    'o3 in May 2025',
    { provider: 'openai', model: 'o3', usage: counts(1_000, 100), startedAt: Date.parse('2025-05-01') },
    0.014,
  ],
];

describe('the cost of a call to OpenAI', () => {
  it.each(published)('%s', (_title, call, usd) => {
    // To the micro-dollar, and a good deal further.
    expect(priceOf(call)).toBeCloseTo(usd, 11);
    expect(problems).toEqual([]);
  });
});
