import type { RequestFacts, ResponseFacts } from '../../types';
import { asString, readTolerantly } from '../shared/read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- clients and commands of several generations */

type Place = NonNullable<RequestFacts['place']>;

/** By the configuration of their clients. */
const places = new WeakMap<object, Place>();

/** Adds what the price of a call depends on beyond its tokens: what was asked for, and where it was sent to. */
export function withServing(facts: RequestFacts, command: any, client: any): RequestFacts {
  facts.place = placeOf(client);
  facts.askedTier = readTolerantly(command?.input, tierIn) ?? facts.askedTier;
  return facts;
}

/** Converse has it in an object, InvokeModel by itself. */
function tierIn(input: any): string | undefined {
  const { serviceTier, performanceConfigLatency } = input ?? {};
  return isOptimized(performanceConfigLatency) ? 'optimized' : asString(serviceTier?.type ?? serviceTier);
}

/**
 * Latency-optimized inference has prices of its own (https://aws.amazon.com/bedrock/pricing), and may fall back to the
 * standard one: the answer says which it was.
 */
export function addLatency(facts: ResponseFacts, latency: unknown): void {
  if (facts.usage && isOptimized(latency)) facts.usage.hasOtherCharges = true;
}

function isOptimized(latency: unknown): boolean {
  return latency === 'optimized';
}

/**
 * Whatever a client was made with, it tells its region in a promise only, which it asks for itself with each call. So it
 * is asked once, and what it says is filled in before the call is answered.
 */
function placeOf(client: any): Place | undefined {
  const config: unknown = client?.config;
  if (typeof config !== 'object' || config === null) return undefined;
  const known = places.get(config);
  if (known) return known;
  const place: Place = {};
  places.set(config, place);
  void fillIn(place, config);
  return place;
}

async function fillIn(place: { region?: string | undefined }, config: { region?: unknown }): Promise<void> {
  try {
    const region: unknown = typeof config.region === 'function' ? await config.region() : config.region;
    place.region = asString(region);
  } catch {
    // Without a region the call fails too, and says so.
  }
}
