import { buildEvent } from '../../src/build-event';
import { costOf } from '../../src/cost/cost';
import { openPriceTable } from '../../src/cost/price-table';
import type { LlmOperation } from '../../src/operation';
import { counts, factsOf, problems, table } from '../support/cost-facts';
import { fullOperation } from '../support/full-operation';
import { openRules } from '../support/open-rules';

describe('openPriceTable', () => {
  it('loads the package with the first price, once, and asks it once for each model', () => {
    const asked: unknown[] = [];
    let loads = 0;
    const prices = openPriceTable(() => {
      loads += 1;
      return {
        calcPrice: (_usage: object, model: string, { providerId }: { providerId: string }) => {
          asked.push(`${providerId} ${model}`);
          return model === 'known'
            ? { model: { id: 'known', prices: {} }, model_price: { input_mtok: 1, output_mtok: 2 } }
            : null;
        },
      };
    });
    expect(loads).toBe(0);
    for (const model of ['known', 'known', 'unknown', 'unknown', 'known']) prices.ratesOf('openai', model, 0);
    expect(loads).toBe(1);
    expect(asked).toEqual(['openai known', 'openai unknown']);
  });

  it('keeps no more than a few hundred models, and no names that are texts', () => {
    let asked = 0;
    const prices = openPriceTable(() => ({ calcPrice: () => void (asked += 1) }));
    for (let model = 0; model < 500; model += 1) prices.ratesOf('openai', `m${model}`, 0);
    prices.ratesOf('openai', 'm0', 0);
    expect(asked).toBe(500);
    prices.ratesOf('openai', 'one more', 0);
    prices.ratesOf('openai', 'm0', 0);
    expect(asked).toBe(502);
    prices.ratesOf('openai', 'x'.repeat(10_000), 0);
    expect(asked).toBe(502);
  });

  it('chooses among prices that change with time for each call', () => {
    const rates = (at: string): unknown => table.ratesOf('deepseek', 'deepseek-v4-flash', Date.parse(at))?.rates.input;
    // https://api-docs.deepseek.com/quick_start/pricing, as the table has it: a new price in August 2026, by the hour.
    expect([rates('2026-06-01T12:00:00Z'), rates('2026-09-01T12:00:00Z'), rates('2026-09-01T02:00:00Z')]).toEqual([
      0.14, 0.22, 0.44,
    ]);
  });

  it('has no price of 0: nobody knows whether it is free, or has none', () => {
    const free = { model: { id: 'm', prices: {} }, model_price: { input_mtok: 0, output_mtok: 0 } };
    const facts = factsOf({ provider: 'openai', model: 'gpt-4o', usage: counts(1, 1) });
    expect(costOf(facts, { table: openPriceTable(() => ({ calcPrice: () => free })) })).toBeUndefined();
  });

  it.each<[string, () => unknown]>([
    ['is not installed', () => undefined],
    ['is something else', () => ({ calcPrice: 'no' })],
    [
      'throws at each question',
      () => ({
        calcPrice: () => {
          throw new Error('no');
        },
      }),
    ],
    [
      'answers with something else',
      () => ({ calcPrice: () => ({ model: { id: 'm', prices: {} }, model_price: { input_mtok: 'one' } }) }),
    ],
    [
      'throws when it is looked for',
      () => {
        throw new Error('ENOENT: uv_cwd');
      },
    ],
  ])('has no price where the package %s', (_title, load) => {
    const cost = costOf(factsOf({ provider: 'openai', model: 'gpt-4o', usage: counts(1, 1) }), {
      table: openPriceTable(load),
    });
    expect(cost).toBeUndefined();
  });

  it('is not looked for again where that threw', () => {
    let loads = 0;
    const prices = openPriceTable(() => {
      loads += 1;
      throw new Error('no');
    });
    for (const model of ['gpt-4o', 'gpt-4o', 'gpt-4.1']) prices.ratesOf('openai', model, 0);
    expect(loads).toBe(1);
    expect(problems).toEqual(['load the prices: Error: no']);
  });

  it('costs no event where it throws', () => {
    const broken = {
      ratesOf(): never {
        throw new Error('no');
      },
    };
    const operation: LlmOperation = {
      ...fullOperation,
      outcome: 'ok',
      response: { ...fullOperation.response, cost: undefined },
    };
    const event = buildEvent(operation, { ...openRules, pricing: { table: broken } });
    expect(event.event_properties).toMatchObject({ provider: 'azure_openai', model: 'gpt-5' });
    expect(event.event_properties).not.toHaveProperty('cost');
    expect(problems).toEqual(['work out the cost: Error: no']);
  });
});
