import type { Rate, Rates } from './cost';

/** The prices of a model as the table has them: by `input_mtok` and its kind, each a number or tiers. */
export type ModelPrices = Readonly<Record<string, unknown>>;

/** What is charged for more than tokens, or for tokens that nobody counts here: Perplexity's requests, and video. */
const uncounted = ['requests_kcount', 'output_citation_mtok', 'input_video_mtok', 'output_video_mtok'];

/**
 * The prices of one model in our words.
 *
 * @param provider - as the table calls it.
 * @returns undefined where calls of the model cost more than can be known from what they say.
 */
export function readRates(provider: string, prices: ModelPrices): Rates | undefined {
  if (uncounted.some((name) => prices[name] !== undefined)) return undefined;
  const input = rateOf(prices['input_mtok']);
  const output = rateOf(prices['output_mtok']);
  const cachedInput = rateOf(prices['cache_read_mtok']);
  const cacheCreation = rateOf(prices['cache_write_mtok']);
  // Google's page has one price for text, pictures, video and speech where the table has none for speech.
  const isUnified = provider === 'google' && prices['input_audio_mtok'] === undefined;
  return {
    input,
    output,
    cachedInput,
    cacheCreation: cacheCreation ?? (writesFreely.has(provider) ? input : undefined),
    cacheCreation1h: rateOf(prices['cache_write_1h_mtok']) ?? hourOf(input, cacheCreation),
    reasoning: rateOf(prices['output_reasoning_mtok']),
    audioInput: isUnified ? input : rateOf(prices['input_audio_mtok']),
    cachedAudioInput: isUnified ? cachedInput : rateOf(prices['cache_audio_read_mtok']),
    audioOutput: rateOf(prices['output_audio_mtok']) ?? (provider === 'google' ? output : undefined),
    imageInput: rateOf(prices['input_image_mtok']),
    imageOutput: rateOf(prices['output_image_mtok']),
    webSearches: asPrice(prices['web_searches_kcount']),
  };
}

/** https://platform.openai.com/docs/guides/prompt-caching: no fee for writing, but at models with a price for it. */
const writesFreely: ReadonlySet<string> = new Set(['openai', 'azure']);

/**
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing, and the same at Bedrock and Vertex:
 * 1.25 times the input for five minutes, twice the input for an hour. The table has the second at Anthropic only.
 */
function hourOf(input: Rate | undefined, cacheCreation: Rate | undefined): Rate | undefined {
  if (input === undefined || cacheCreation === undefined) return undefined;
  if (typeof input === 'number') return cacheCreation === input * 1.25 ? input * 2 : undefined;
  if (typeof cacheCreation === 'number' || cacheCreation.base !== input.base * 1.25) return undefined;
  return { base: input.base * 2, tiers: input.tiers.map(({ start, price }) => ({ start, price: price * 2 })) };
}

/** Anything else than a price is none. */
function rateOf(value: unknown): Rate | undefined {
  if (typeof value === 'number') return asPrice(value);
  const { base, tiers } = (value ?? {}) as { base?: unknown; tiers?: unknown };
  if (asPrice(base) === undefined || !Array.isArray(tiers)) return undefined;
  const isTier = (tier: unknown): boolean => {
    const { start, price } = (tier ?? {}) as { start?: unknown; price?: unknown };
    return typeof start === 'number' && asPrice(price) !== undefined;
  };
  if (!tiers.every(isTier)) return undefined;
  const sorted = [...(tiers as { start: number; price: number }[])].sort((one, other) => one.start - other.start);
  return { base: base as number, tiers: sorted };
}

function asPrice(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/**
 * Whether the table has found something else than what was asked for, or a price that is no longer true. Each was found
 * in version 0.1.8; see docs/decisions/0016-prices.md.
 *
 * @param id - of the model in the table.
 * @param isDated - whether the table says from when on its prices hold.
 */
export function isDoubtful(provider: string, name: string, id: string, isDated: boolean): boolean {
  const model = name.toLowerCase();
  // A model that somebody tuned has prices of its own: `ft:gpt-4-0613:...` is found as `gpt-4`.
  if (/^ft:|[.:]ft-/.test(model) && !id.startsWith('ft:')) return true;
  switch (provider) {
    case 'openai':
    case 'azure':
      // The table has no price of Azure's for these, and finds their makers', who ask for less.
      if (/^(deepseek|kimi|moonshot)/.test(id)) return true;
      // Each call of these is a search too, with a fee of its own; of these, speech has no price in the table.
      return /-search-(preview|api)|^gpt-4o(-mini)?-audio/.test(model);
    case 'mistral':
      // The alias moves to the next model, and the answer repeats it: `mistral-large-latest` has the prices of 2024.
      return model.endsWith('-latest') && !isDated;
    case 'deepseek':
      // Aliases too, with the prices of the first half of 2025.
      return model === 'deepseek-chat' || model === 'deepseek-reasoner';
    case 'aws':
      // Found as the first version, which costs five times as much.
      return model.includes('titan-embed-text-v2');
    case 'groq':
      // Found as `gpt-oss-120b`.
      return model.includes('gpt-oss-safeguard');
    default:
      return false;
  }
}
