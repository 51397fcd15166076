import { costOf } from '../../src/cost/cost';
import type { ModelPrice, PricedCall } from '../../src/options';
import type { Operation } from '../../src/types';
import { counts, factsOf, problems, table, type Call } from '../support/cost-facts';

describe('prices of the user', () => {
  const usage = counts(1_000, 100, { cachedInputTokens: 400, cacheCreationInputTokens: 200, reasoningTokens: 60 });
  const call: Call = { provider: 'openai', model: 'gpt-4o', responseModel: 'gpt-4o-2024-08-06', usage };
  const cost = (price: ModelPrice, more: Partial<Call> = {}): number | undefined =>
    costOf(factsOf({ ...call, ...more }), { prices: { 'gpt-4o': price }, table })?.cost;

  it('stand before the table, and behind what the provider says', () => {
    const prices = { 'gpt-4o': { input: 1, output: 2 } };
    const facts = factsOf(call);
    expect(costOf(facts, { prices, table })).toEqual({ cost: 0.0012, source: 'override' });
    expect(costOf({ ...facts, response: { ...facts.response, cost: 0.5 } }, { prices, table })).toEqual({
      cost: 0.5,
      source: 'provider',
    });
    expect(costOf(facts, { prices: { 'gpt-4': { input: 9 } }, table })?.source).toBe('price_table');
    expect(costOf(facts, { prices: { 'gpt-4': { input: 9 } } })).toBeUndefined();
  });

  it('charge each token once', () => {
    // 400 * 3 + 400 * 1 + 200 * 4 + 40 * 10 + 60 * 20
    expect(cost({ input: 3, output: 10, cachedInput: 1, cacheCreation: 4, reasoning: 20 })).toBe(0.004);
    expect(cost({ input: 3, output: 10 })).toBe(0.004);
    const hour = { ...usage, cacheCreation1hInputTokens: 50 };
    expect(cost({ input: 0, output: 0, cacheCreation: 4 }, { usage: hour })).toBe(0.0008);
    expect(cost({ input: 0, output: 0, cacheCreation: 4, cacheCreation1h: 8 }, { usage: hour })).toBe(0.001);
    const spoken = counts(1_000, 100, { audioInputTokens: 500, audioOutputTokens: 100 });
    expect(cost({ input: 2, output: 4 }, { usage: spoken })).toBe(0.0024);
    expect(cost({ input: 2, output: 4, audioInput: 20, audioOutput: 40 }, { usage: spoken })).toBe(0.015);
  });

  it('can say that a model is free, which is the only way to a cost of 0', () => {
    expect(cost({ input: 0, output: 0 })).toBe(0);
    expect(costOf(factsOf(call), { prices: () => 0, table })).toEqual({ cost: 0, source: 'override' });
  });

  it('leave the cost absent where they say too little, whatever the table says', () => {
    expect(cost({ input: 3 })).toBeUndefined();
    expect(cost({ input: 3, output: 10 }, { usage: { inputTokens: 3 } })).toBeUndefined();
    expect(cost({ input: 3, output: 10 }, { usage: undefined as never })).toBeUndefined();
    expect(cost({ input: 3 }, { operation: 'embedding', usage: { inputTokens: 1_000 } })).toBe(0.003);
  });

  it('hold for whatever tier served the call', () => {
    expect(cost({ input: 3, output: 10 }, { tier: 'flex' })).toBe(0.004);
    expect(cost({ input: 3, output: 10 }, { tier: 'scale' })).toBe(0.004);
  });

  it.each<[string, Partial<Call>]>([
    ['the model that answered', { responseModel: 'mine', model: 'theirs' }],
    ['the model that was asked for', { responseModel: 'theirs', model: 'mine' }],
    ['a model with a path in front', { provider: 'google', model: 'models/mine', responseModel: undefined as never }],
    [
      'a model with its vendor in front',
      { provider: 'litellm', model: 'openai/mine', responseModel: undefined as never },
    ],
  ])('are found by %s', (_title, names) => {
    const prices = { mine: { input: 1, output: 1 } };
    expect(costOf(factsOf({ ...call, ...names }), { prices })).toEqual({ cost: 0.0011, source: 'override' });
  });

  it('are not found where a model is called like something that every object has', () => {
    const anything = {
      ratesOf: () => ({ id: 'any', rates: { input: 1, output: 1, cachedInput: 1, cacheCreation: 1 } }),
    };
    const facts = factsOf({ ...call, model: 'constructor', responseModel: '__proto__' });
    expect(costOf(facts, { prices: {}, table: anything })).toEqual({ cost: 0.0011, source: 'price_table' });
  });
});

describe('a function for prices', () => {
  const usage = counts(1_000, 100, { cachedInputTokens: 400 });
  const call: Call = {
    provider: 'azure_openai',
    model: 'deployed',
    responseModel: 'gpt-4o-2024-08-06',
    tier: 'default',
    usage,
  };

  it('is told what a price depends on, and can not change the event', () => {
    const told: PricedCall[] = [];
    const prices = (priced: PricedCall): number => {
      told.push(priced);
      priced.usage.inputTokens = 0;
      return 0.25;
    };
    expect(costOf(factsOf(call), { prices, table })).toEqual({ cost: 0.25, source: 'override' });
    expect(usage.inputTokens).toBe(1_000);
    expect(told).toEqual([
      {
        ...{ provider: 'azure_openai', model: 'gpt-4o-2024-08-06', requestModel: 'deployed' },
        ...{ operation: 'chat_completion', usage: { ...usage, inputTokens: 0 }, serviceTier: 'default' },
      },
    ]);
  });

  it('can give the price of a model, or leave it to the table', () => {
    expect(costOf(factsOf(call), { prices: () => ({ input: 1, output: 2 }), table })).toEqual({
      cost: 0.0012,
      source: 'override',
    });
    expect(costOf(factsOf(call), { prices: () => undefined, table })?.source).toBe('price_table');
  });

  it('can price a call that has no tokens', () => {
    const facts = factsOf({ provider: 'openai', operation: 'speech', model: 'tts-1' });
    expect(costOf(facts, { prices: ({ operation }) => (operation === 'speech' ? 0.015 : undefined), table })).toEqual({
      cost: 0.015,
      source: 'override',
    });
  });

  it('is not asked about a function of the application, unless that has said what it used', () => {
    const asked: string[] = [];
    const prices = ({ operation }: PricedCall): number => {
      asked.push(operation);
      return 0.01;
    };
    const cost = (operation: Operation, told: Call = {}): unknown =>
      costOf(factsOf({ operation, ...told }), { prices, table })?.cost;
    const operations: Operation[] = ['function', 'tool', 'agent', 'retrieval'];
    expect(operations.map((operation) => cost(operation))).toEqual([undefined, undefined, undefined, undefined]);
    expect(asked).toEqual([]);
    expect(operations.map((operation) => cost(operation, { usage }))).toEqual([0.01, 0.01, 0.01, 0.01]);
    expect(cost('prediction')).toBe(0.01);
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['gives what is not a number', () => NaN],
    ['gives less than nothing', () => -1],
    ['gives a string', () => '0.1'],
    ['gives null', () => null],
    ['gives a promise that fails', () => Promise.reject(new Error('no'))],
    ['gives an object without prices', () => ({})],
    ['gives an array', () => [1]],
    ['gives prices that are none', () => ({ input: 'free' })],
    [
      'gives an object that throws',
      () => ({
        get input(): number {
          throw new Error('no');
        },
      }),
    ],
  ])('that %s leaves the cost absent, and is counted', async (_title, prices) => {
    expect(costOf(factsOf(call), { prices: prices as () => number, table })).toBeUndefined();
    expect(problems).toEqual([expect.stringMatching(/^ask for a price: /)]);
    await new Promise(setImmediate);
  });
});
