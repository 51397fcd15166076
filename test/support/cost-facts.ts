import { costOf, type CostFacts } from '../../src/cost/cost';
import { openPriceTable } from '../../src/cost/price-table';
import { sharedState } from '../../src/shared-state';
import type { Usage } from '../../src/types';

/** One call, in the fewest words. */
export interface Call extends Partial<Omit<CostFacts, 'request' | 'response'>> {
  model?: string;
  responseModel?: string;
  tier?: string;
  askedTier?: string;
  /** Where the client sends to. */
  region?: string;
  usage?: Usage | undefined;
}

export type Row = readonly [title: string, call: Call, usd: number];

export const table = openPriceTable();

export function factsOf({ model, responseModel, tier, askedTier, region, usage, ...call }: Call): CostFacts {
  return {
    operation: 'chat_completion',
    outcome: 'ok',
    streaming: false,
    startedAt: Date.parse('2026-11-01T12:00:00Z'),
    request: { model, askedTier, place: region === undefined ? undefined : { region } },
    response: { model: responseModel, serviceTier: tier, usage },
    ...call,
  };
}

/** By the price table alone. */
export function priceOf(call: Call): number | undefined {
  const cost = costOf(factsOf(call), { table });
  if (cost) expect(cost.source).toBe('price_table');
  return cost?.cost;
}

export function counts(inputTokens: number, outputTokens: number, parts: Usage = {}): Usage {
  return { inputTokens, outputTokens, ...parts };
}

/** What was reported as a problem since the test began. */
export const problems: string[] = [];

beforeEach(() => {
  problems.length = 0;
  sharedState().problem = (what, error) => problems.push(`${what}: ${String(error)}`);
});
