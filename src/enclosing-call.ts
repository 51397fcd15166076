import { AsyncLocalStorage } from 'node:async_hooks';
import type { Drawn } from './operation';
import type { Operation, RequestFacts, ResponseFacts } from './types';

/** What is called within a call of a framework: a model of the AI SDK may ask a vendor's SDK. One of them is the event. */
export interface Enclosure {
  /** The public method that all this is part of. */
  readonly method?: string | undefined;
  /** Whether the call was drawn by `sampleRate`; those within share its lot. Undefined: there is no call yet. */
  readonly drawn?: Drawn | undefined;
  readonly framework?: string | undefined;
  /** The calls within, as far as they have got. */
  readonly calls?: InnerCall[] | undefined;
  /** Only perhaps within: they began meanwhile, and may be anybody's. */
  readonly isLoose?: boolean;
}

/** What is known of a call that another one may have made. */
export interface InnerCall {
  facts(): { readonly operation: Operation; readonly request: RequestFacts; readonly response: ResponseFacts };
}

/**
 * The call that the running code is part of. Only what may make calls of other SDKs opens one (a model of the AI SDK);
 * until then there is nothing to look up, and Node keeps no context for it.
 */
export const enclosures = new AsyncLocalStorage<Enclosure>();

/**
 * Whether one of the calls within is this call, one floor below: then that one is the event, since it saw the HTTP
 * response, the retries and the address. A call of another kind, or of another model with another answer, is one of its
 * own: middleware that embeds, or that asks a second model whether the question is allowed.
 */
export function isToldWithin(call: InnerCall, { calls, isLoose = false }: Enclosure): boolean {
  const same = isLoose ? hasSameId : isSame;
  return calls?.some((inner) => inner !== call && same(call.facts(), inner.facts())) ?? false;
}

/** Calls that are told without a place in which their code runs: whatever begins meanwhile may be within. */
const loose = new Set<InnerCall[]>();
/** More are not compared, and for no more calls at once: some of them never end. */
const mostMeanwhile = 50;

/** Until it is closed, each call that begins is noted. */
export function watchMeanwhile(): { enclosure: Enclosure; close(): void } {
  const calls: InnerCall[] = [];
  const [oldest] = loose.size >= mostMeanwhile ? loose : [];
  if (oldest) loose.delete(oldest);
  loose.add(calls);
  return { enclosure: { calls, isLoose: true }, close: () => loose.delete(calls) };
}

/** Notes a call with those that it may be within. */
export function noteCall(call: InnerCall, within: Enclosure | undefined): void {
  within?.calls?.push(call);
  for (const calls of loose) if (calls.length < mostMeanwhile) calls.push(call);
}

type Facts = ReturnType<InnerCall['facts']>;

function isSame(outer: Facts, inner: Facts): boolean {
  if (kindOf(outer) !== kindOf(inner)) return false;
  const asked = outer.request.model;
  if (asked !== undefined && (asked === inner.request.model || asked === inner.response.model)) return true;
  if (hasSameId(outer, inner)) return true;
  const [said, below] = [outer, inner].map(({ response }) => response.outputs?.[0]?.text);
  return said !== undefined && said.length > 0 && said.length === below?.length && said.text === below.text;
}

function hasSameId({ response: { id } }: Facts, { response }: Facts): boolean {
  return id !== undefined && id === response.id;
}

/** A model of a conversation may be asked through the older method for plain text. */
function kindOf({ operation }: Facts): string {
  return operation === 'text_completion' ? 'chat_completion' : operation;
}
