import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { PriceTable, Rates } from './cost';
import { isDoubtful, readRates, type ModelPrices } from './read-rates';
import { ownFile } from '../own-file';
import { reportProblem, safely } from '../safely';
import { sharedState } from '../shared-state';

/** What is used of `@pydantic/genai-prices`, an optional peer: its own types are not there where it is not. */
interface GenaiPrices {
  calcPrice(
    usage: Record<string, number>,
    model: string,
    options: { providerId?: string; provider?: unknown; timestamp: Date },
  ): FoundPrice | null;
}

interface FoundPrice {
  readonly model: { readonly id: string; readonly prices: unknown };
  readonly model_price: ModelPrices;
}

/** Prices that always hold, or how to find those of one time. */
interface Entry {
  readonly id: string;
  ratesAt(at: number): Rates | undefined;
}

const packageName = '@pydantic/genai-prices';
/** Of providers and models, found or not: an application uses a few. */
const mostKept = 500;
/** No model has a longer name; somebody's text in its place is not kept. */
const longestName = 256;

/**
 * The prices of `@pydantic/genai-prices`, where the application has installed it.
 *
 * It is loaded when the first price is asked for, which is while an event is built: after the caller has got its value,
 * in a turn of the event loop of its own. That turn takes 15 to 35 ms, once. What it finds is kept by provider and
 * model, since a search through its list takes 0.2 ms. Its updates over the network are never switched on.
 *
 * @param load - for tests.
 */
export function openPriceTable(load: () => unknown = loadPackage): PriceTable {
  let table: GenaiPrices | null | undefined;
  const kept = new Map<string, Entry | null>();
  return { ratesOf };

  function ratesOf(provider: string, model: string, at: number): ReturnType<PriceTable['ratesOf']> {
    const key = `${provider} ${model}`;
    let entry = kept.get(key);
    if (entry === undefined) {
      entry = findEntry(provider, model, at);
      if (kept.size >= mostKept) kept.clear();
      kept.set(key, entry);
    }
    const rates = entry?.ratesAt(at);
    return entry && rates ? { id: entry.id, rates } : undefined;
  }

  function findEntry(provider: string, model: string, at: number): Entry | null {
    if (table === undefined) table = safely('load the prices', () => asTable(load())) ?? null;
    if (table === null || model.length > longestName) return null;
    try {
      return entryOf(table, provider, model, at);
    } catch (error) {
      reportProblem('look up a price', error);
      return null;
    }
  }
}

function entryOf(table: GenaiPrices, provider: string, model: string, at: number): Entry | null {
  // Without tokens: what is wanted is the price, and not what it would come to.
  const found = table.calcPrice({}, model, { providerId: provider, timestamp: new Date(at) });
  if (!found) return null;
  const { id, prices } = found.model;
  const isDated = Array.isArray(prices);
  if (isDoubtful(provider, model, id, isDated)) return null;
  const rates = readRates(provider, found.model_price);
  if (!isDated) return rates ? { id, ratesAt: () => rates } : null;
  // Prices that change at a date, or by the hour: the table chooses, among this one model.
  const only = { id: provider, name: provider, api_pattern: '', models: [{ ...found.model, match: { equals: id } }] };
  return {
    id,
    ratesAt(time) {
      const price = table.calcPrice({}, id, { provider: only, timestamp: new Date(time) });
      return price ? readRates(provider, price.model_price) : undefined;
    },
  };
}

function asTable(loaded: unknown): GenaiPrices | null {
  return typeof (loaded as Partial<GenaiPrices> | undefined)?.calcPrice === 'function' ? (loaded as GenaiPrices) : null;
}

/** From where this package is; as an optional peer it may be reached from the application only. */
function loadPackage(): unknown {
  for (const place of places) {
    const file = resolveFrom(place);
    if (file === undefined) continue;
    try {
      return createRequire(file)(file) as unknown;
    } catch (error) {
      reportProblem(`load ${packageName}`, error);
      return undefined;
    }
  }
  sharedState().note?.(`no prices: ${packageName} is not installed`);
  return undefined;
}

const places = [() => ownFile, () => join(process.cwd(), 'package.json'), () => process.argv[1]] as const;

function resolveFrom(place: () => string | undefined): string | undefined {
  try {
    const from = place();
    return from === undefined ? undefined : createRequire(from).resolve(packageName);
  } catch {
    // Not to be found from there, no file of the program (`--eval`), or a working directory that somebody has removed.
    return undefined;
  }
}
