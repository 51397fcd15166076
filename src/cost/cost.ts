import type { LlmOperation } from '../operation';
import type { ModelPrice, Prices } from '../options';
import { namesOf } from './price-names';
import { ignoreRejection, reportProblem } from '../safely';
import type { Usage } from '../types';
import { factorOf } from './tier-factor';

/** A price, or one that depends on how long the prompt is: the last tier that begins below counts for all tokens. */
export type Rate = number | { readonly base: number; readonly tiers: readonly Tier[] };

export interface Tier {
  /** Input tokens: the tier is for prompts with more than that. */
  readonly start: number;
  readonly price: number;
}

/** USD per million tokens. What is not there is not known. */
export interface Rates {
  readonly input?: Rate | undefined;
  readonly output?: Rate | undefined;
  readonly cachedInput?: Rate | undefined;
  readonly cacheCreation?: Rate | undefined;
  readonly cacheCreation1h?: Rate | undefined;
  /** Absent: what output costs. */
  readonly reasoning?: Rate | undefined;
  readonly audioInput?: Rate | undefined;
  readonly cachedAudioInput?: Rate | undefined;
  readonly audioOutput?: Rate | undefined;
  /** Absent: what input costs, as at most models. */
  readonly imageInput?: Rate | undefined;
  /** Absent: what output costs. */
  readonly imageOutput?: Rate | undefined;
  /** USD per thousand. */
  readonly webSearches?: number | undefined;
}

/** Where prices are looked up. */
export interface PriceTable {
  /**
   * The prices of one model at one time.
   *
   * @param provider - as events name it.
   * @param model - as requests and answers name it.
   * @param at - milliseconds since the epoch.
   */
  ratesOf(provider: string, model: string, at: number): { readonly id: string; readonly rates: Rates } | undefined;
}

/** All that is known of prices. */
export interface Pricing {
  readonly prices?: Prices | undefined;
  readonly table?: PriceTable | undefined;
}

export interface Cost {
  /** USD. */
  readonly cost: number;
  readonly source: 'provider' | 'override' | 'price_table';
}

/** What a price depends on. */
export type CostFacts = Pick<
  LlmOperation,
  'provider' | 'operation' | 'request' | 'response' | 'outcome' | 'streaming' | 'startedAt'
>;

/**
 * What a call cost: as its provider says, else as the user says, else as the table says. Undefined where that is not
 * known for sure: a wrong price is worse than none, and 0 says that it was free.
 */
export function costOf(facts: CostFacts, { prices, table }: Pricing): Cost | undefined {
  const { cost: told, isFromCache } = facts.response;
  // The usage is the one of the call that filled the cache, and so is a cost in the body.
  if (isFromCache) return undefined;
  if (told !== undefined) return { cost: told, source: 'provider' };
  if (!isBilled(facts)) return undefined;
  const price = prices && priceGiven(facts, prices);
  if (price !== undefined) {
    const cost = typeof price === 'number' ? price : charge(facts, ratesOf(price ?? {}));
    return cost === undefined || price === null ? undefined : { cost, source: 'override' };
  }
  const cost = table && priceIn(table, facts);
  return cost ? { cost, source: 'price_table' } : undefined;
}

/**
 * Counting tokens is free, and so is a function of the application that does not say what it used: the calls within are
 * events of their own. What is known of a stream that did not come to its end is less than what is billed.
 */
function isBilled({ operation, outcome, streaming, response }: CostFacts): boolean {
  if (operation === 'token_count' || outcome === 'error') return false;
  if (ownFunctions.has(operation) && response.usage === undefined) return false;
  return outcome === 'ok' || response.finished === true || streaming !== true;
}

const ownFunctions: ReadonlySet<CostFacts['operation']> = new Set(['function', 'tool', 'agent', 'retrieval']);

type PriceFunction = Extract<Prices, (...args: never) => unknown>;

/** Null: the user has a price, and nobody knows which. The table's may be a wrong one. */
function priceGiven(facts: CostFacts, prices: Prices): ReturnType<PriceFunction> | null {
  return typeof prices === 'function' ? asked(prices, facts) : entryOf(facts, prices);
}

function entryOf(
  { provider, request, response }: CostFacts,
  prices: Record<string, ModelPrice>,
): ModelPrice | undefined {
  const names = [response.model, request.model, ...namesOf(provider, request.model, response.model).map(lastOf)];
  const name = names.find((each) => each !== undefined && Object.hasOwn(prices, each));
  return name === undefined ? undefined : prices[name];
}

function lastOf({ model }: { readonly model: string }): string {
  return model;
}

function asked(prices: PriceFunction, facts: CostFacts): ReturnType<PriceFunction> | null {
  const { provider, request, response } = facts;
  try {
    const price: unknown = prices({
      provider,
      model: response.model ?? request.model,
      requestModel: request.model,
      operation: facts.operation,
      usage: { ...response.usage },
      serviceTier: response.serviceTier,
    });
    if (price === undefined || isDollars(price)) return price;
    // A copy: what it says when it is asked again is not what was checked.
    const copy = typeof price === 'object' && !Array.isArray(price) ? { ...price } : undefined;
    if (isPriceEntry(copy)) return copy;
    ignoreRejection(price);
    throw new TypeError('prices must return USD, an object of prices or undefined');
  } catch (error) {
    reportProblem('ask for a price', error);
    return null;
  }
}

function isPriceEntry(value: unknown): value is ModelPrice {
  const entries = Object.values(value ?? {});
  return entries.length > 0 && entries.every((each) => each === undefined || isDollars(each));
}

function isDollars(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** What the user does not say costs what input and output cost. */
function ratesOf(price: ModelPrice): Rates {
  const { input, output, cacheCreation = input } = price;
  return {
    input,
    output,
    cachedInput: price.cachedInput ?? input,
    cacheCreation,
    cacheCreation1h: price.cacheCreation1h ?? cacheCreation,
    reasoning: price.reasoning,
    audioInput: price.audioInput ?? input,
    cachedAudioInput: price.cachedInput ?? price.audioInput ?? input,
    audioOutput: price.audioOutput ?? output,
  };
}

function priceIn(table: PriceTable, facts: CostFacts): number | undefined {
  const { request, response, startedAt } = facts;
  const { usage, serviceTier } = response;
  if (!usage || usage.hasOtherCharges) return undefined;
  for (const { provider, model } of namesOf(facts.provider, request.model, response.model, request.place?.region)) {
    const found = table.ratesOf(provider, model, startedAt);
    if (!found) continue;
    const factor = factorOf({ provider, id: found.id, serviceTier, askedTier: request.askedTier, usage });
    const tokens = factor === undefined ? undefined : charge(facts, found.rates, factor);
    const searches = chargeOf(usage.webSearches, found.rates.webSearches, 1_000);
    return tokens === undefined || searches === undefined ? undefined : rounded(tokens + searches);
  }
  return undefined;
}

/** Undefined where tokens have no price, or parts are not known that cost something else than the rest. */
function charge({ operation, response }: CostFacts, rates: Rates, factor = 1): number | undefined {
  const usage = response.usage ?? {};
  const input = chargeInput(usage, rates);
  const output = chargeOutput(usage, rates, isAnswer(operation));
  return input === undefined || output === undefined ? undefined : rounded((input + output) * factor);
}

/** What else is asked for has no tokens as its answer. */
function isAnswer(operation: CostFacts['operation']): boolean {
  return operation !== 'embedding' && operation !== 'moderation' && operation !== 'rerank';
}

/** Cached, written and spoken tokens are parts of the input, so that the rest is what is left of it. */
function chargeInput(usage: Usage, rates: Rates): number | undefined {
  const { cachedInputTokens: cached = 0, cacheCreationInputTokens: created = 0 } = usage;
  const { cacheCreation1hInputTokens: created1h = 0 } = usage;
  const total = usage.billedInputTokens ?? usage.inputTokens;
  const isSpeechApart = rates.audioInput !== rates.input || rates.cachedAudioInput !== rates.cachedInput;
  const audio = isSpeechApart ? (usage.audioInputTokens ?? 0) : 0;
  // Whether what came from the cache is speech or pictures is not always said.
  const cachedAudio = audio === 0 || cached === 0 ? 0 : usage.cachedAudioInputTokens;
  const image = rates.imageInput === undefined ? 0 : usage.imageInputTokens;
  if (total === undefined || cachedAudio === undefined || image === undefined) return undefined;
  if (image > 0 && cached > 0) return undefined;
  return sumOf([
    at(total - cached - created - (audio - cachedAudio) - image, rates.input, total),
    at(cached - cachedAudio, rates.cachedInput, total),
    at(created - created1h, rates.cacheCreation, total),
    at(created1h, rates.cacheCreation1h, total),
    at(audio - cachedAudio, rates.audioInput, total),
    at(cachedAudio, rates.cachedAudioInput, total),
    at(image, rates.imageInput, total),
  ]);
}

function chargeOutput(usage: Usage, rates: Rates, isNeeded: boolean): number | undefined {
  const total = usage.billedOutputTokens ?? usage.outputTokens ?? (isNeeded ? undefined : 0);
  const { inputTokens = 0, audioOutputTokens: audio = 0 } = usage;
  const reasoning = rates.reasoning === undefined ? 0 : (usage.reasoningTokens ?? 0);
  const image = rates.imageOutput === undefined ? 0 : usage.imageOutputTokens;
  if (total === undefined || image === undefined) return undefined;
  return sumOf([
    at(total - reasoning - audio - image, rates.output, inputTokens),
    at(reasoning, rates.reasoning, inputTokens),
    at(audio, rates.audioOutput, inputTokens),
    at(image, rates.imageOutput, inputTokens),
  ]);
}

/** Fewer than no tokens: the parts do not add up, and nobody knows what they are. */
function at(tokens: number, rate: Rate | undefined, inputTokens: number): number | undefined {
  if (tokens === 0) return 0;
  if (rate === undefined || !(tokens > 0)) return undefined;
  return (tokens * rateAt(rate, inputTokens)) / 1_000_000;
}

export function rateAt(rate: Rate, inputTokens: number): number {
  if (typeof rate === 'number') return rate;
  return rate.tiers.reduce((price, tier) => (inputTokens > tier.start ? tier.price : price), rate.base);
}

function chargeOf(count: number | undefined, price: number | undefined, per: number): number | undefined {
  if (!count) return 0;
  return price === undefined ? undefined : (count * price) / per;
}

function sumOf(amounts: readonly (number | undefined)[]): number | undefined {
  return amounts.reduce((sum, amount) => (sum === undefined || amount === undefined ? undefined : sum + amount), 0);
}

/** Without the noise of floating point: 0.1 + 0.2. */
function rounded(dollars: number): number {
  return Number(dollars.toPrecision(12));
}
