import { AsyncLocalStorage } from 'node:async_hooks';
import type { Enclosure, InnerCall } from './types';

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
export function isToldWithin(call: InnerCall, { calls }: Enclosure): boolean {
  return calls?.some((inner) => inner !== call && isSame(call.facts(), inner.facts())) ?? false;
}

type Facts = ReturnType<InnerCall['facts']>;

function isSame(outer: Facts, inner: Facts): boolean {
  if (kindOf(outer) !== kindOf(inner)) return false;
  const asked = outer.request.model;
  if (asked !== undefined && (asked === inner.request.model || asked === inner.response.model)) return true;
  if (outer.response.id !== undefined && outer.response.id === inner.response.id) return true;
  const [said, below] = [outer, inner].map(({ response }) => response.outputs?.[0]?.text);
  return said !== undefined && said.length > 0 && said.length === below?.length && said.text === below.text;
}

/** A model of a conversation may be asked through the older method for plain text. */
function kindOf({ operation }: Facts): string {
  return operation === 'text_completion' ? 'chat_completion' : operation;
}
