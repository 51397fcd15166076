import type { Usage } from '../types';

/** How a call was served, as far as its price depends on it. */
export interface Serving {
  /** As the table calls it. */
  readonly provider: string;
  /** Of the model in the table. */
  readonly id: string;
  readonly serviceTier: string | undefined;
  readonly askedTier: string | undefined;
  readonly usage: Usage;
}

/**
 * What the listed price is multiplied by, for the tier that served the call.
 *
 * @returns undefined where the tier has a price that is not published, or is a matter of contract.
 */
export function factorOf(serving: Serving): number | undefined {
  const tier = tierFactor(serving);
  const region = regionFactor(serving);
  return tier === undefined || region === undefined ? undefined : tier * region;
}

/** The names of what is paid as it is used, at the listed price. Bedrock and Azure say `default`, Vertex `ON_DEMAND`. */
const standard: ReadonlySet<string> = new Set(['default', 'standard', 'on_demand']);

/** Who asks for another tier may get the usual one. Where nobody says which it was, only one price for both is known. */
function tierFactor(serving: Serving): number | undefined {
  const { serviceTier, askedTier = 'auto' } = serving;
  if (serviceTier !== undefined || askedTier === 'auto') return factorOfTier(serviceTier ?? 'default', serving);
  return factorOfTier(askedTier, serving) === 1 ? 1 : undefined;
}

function factorOfTier(name: string, { provider, id, usage }: Serving): number | undefined {
  // Older versions of the Gemini SDK say SERVICE_TIER_FLEX.
  const tier = name.toLowerCase().replace(/^service_tier_/, '');
  if (standard.has(tier)) return 1;
  switch (`${provider} ${tier}`) {
    // https://platform.openai.com/docs/pricing: half of everything, cached input included.
    case 'openai flex':
      return 0.5;
    case 'openai priority':
      return isLong(usage) ? undefined : priorityFactors[id];
    // The same page: in a batch, most models have no price for cached input.
    case 'openai batch':
    // https://ai.google.dev/gemini-api/docs/optimization: half, which is not said of what comes from a cache.
    // eslint-disable-next-line no-fallthrough -- the same price
    case 'google flex':
    case 'google on_demand_flex':
    case 'google batch':
      return usage.cachedInputTokens ? undefined : 0.5;
    // https://platform.claude.com/docs/en/about-claude/pricing: a batch is half of everything. Priority is a contract.
    case 'anthropic batch':
      return 0.5;
    // https://console.groq.com/docs/flex-processing: the same price.
    case 'groq flex':
      return 1;
    default:
      return undefined;
  }
}

/**
 * https://platform.openai.com/docs/pricing and https://openai.com/api-priority-processing: what `priority` costs, by
 * what `default` does; input, cached input and output alike. By the model in the table. Not for long prompts.
 */
const priorityFactors: Readonly<Record<string, number>> = {
  'gpt-5.4': 2,
  'gpt-5.4-mini': 2,
  'gpt-5.2': 2,
  'gpt-5.1': 2,
  'gpt-5': 2,
  'gpt-5-mini': 1.8,
  'gpt-4.1': 1.75,
  'gpt-4.1-mini': 1.75,
  'gpt-4.1-nano': 2,
  'gpt-4o': 1.7,
  'gpt-4o-2024-05-13': 1.75,
  // 0.25, 0.125 and 1.00 by 0.15, 0.075 and 0.60.
  'gpt-4o-mini': 5 / 3,
  o3: 1.75,
  // 2.00, 0.50 and 8.00 by 1.10, 0.275 and 4.40.
  'o4-mini': 20 / 11,
};

/** "Excludes long context": requests of more than 128K tokens, by the smaller of the two bounds that OpenAI has named. */
function isLong({ inputTokens = 0 }: Usage): boolean {
  return inputTokens > 128_000;
}

/** https://platform.claude.com/docs/en/about-claude/pricing: inference within the United States costs a tenth more. */
function regionFactor({ provider, usage }: Serving): number | undefined {
  if (usage.inferenceRegion === undefined) return 1;
  return provider === 'anthropic' && usage.inferenceRegion === 'us' ? 1.1 : undefined;
}
