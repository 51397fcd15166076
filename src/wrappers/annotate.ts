import { checkContext, mergeContexts } from '../context/check-context';
import { isObject, partsOf, seekClient } from './client-parts';
import { onHandOn } from './hand-on';
import type { CheckedContext, LlmContext } from '../operation';
import { reportProblem, safely } from '../safely';
import { sharedState, type SharedState } from '../shared-state';
import type { Restore } from '../types';

/** What is remembered of one call. */
export interface Annotations {
  readonly ofClient?: CheckedContext | undefined;
  readonly ofCall?: CheckedContext | undefined;
}

/**
 * Says whose call it is that these parameters are given to, without a word of it in the request: the context is
 * remembered beside the object, and forgotten with it. Of what is said in several places, this is what holds.
 *
 * @experimental
 * @param params - an object that a method of an SDK is given: the request, its options, a command of Bedrock.
 * @param context - what to say of the call. A wrong field is left out. Said twice, the two merge.
 * @returns the same object. Nothing is put on it, so it may be frozen.
 * @example
 * ```ts
 * await openai.chat.completions.create(
 *   annotate({ model: 'gpt-5', messages }, { userId: user.id, properties: { feature: 'search' } }),
 * );
 * ```
 */
export function annotate<Params extends object>(params: Params, context: LlmContext): Params {
  safely('annotate a call', () => {
    const shared = sharedState();
    const isFirst = shared.annotatedCalls === undefined;
    remember((shared.annotatedCalls ??= new WeakMap()), [params], context);
    if (isFirst) for (const begin of shared.whenAnnotated ?? []) begin();
  });
  return params;
}

/**
 * Says the same of all calls of one client, and of those of clients that are made out of it: `withOptions`. A context
 * that the call is made in, and what {@link annotate} says of the call, hold against it.
 *
 * @experimental
 * @param client - a client of an SDK, or a model of the AI SDK. May be annotated before anything is traced.
 * @param context - what to say of its calls. A wrong field is left out. Said twice, the two merge.
 * @returns the same client.
 * @example
 * ```ts
 * const summaries = annotateClient(new OpenAI(), { properties: { feature: 'summaries' } });
 * ```
 */
export function annotateClient<Client extends object>(client: Client, context: LlmContext): Client {
  safely('annotate a client', () => {
    const clients = (sharedState().annotatedClients ??= new WeakMap());
    const isKnown = isObject(client) && clients.has(client);
    remember(clients, partsOf(client), context);
    if (!isKnown) handOn(clients, client);
  });
  return client;
}

/** What is remembered of the client and the arguments of a call. Costs one look while nobody has annotated anything. */
export function annotationsOf(self: unknown, args: readonly unknown[]): Annotations | undefined {
  shared ??= sharedState();
  const { annotatedCalls, annotatedClients } = shared;
  if (!annotatedCalls && !annotatedClients) return undefined;
  const ofClient = annotatedClients && seekClient(self, (object) => annotatedClients.get(object));
  const ofCall = annotatedCalls && annotationOf(annotatedCalls, args);
  return ofClient || ofCall ? { ofClient, ofCall } : undefined;
}

let shared: SharedState | undefined;

/** What is remembered of the arguments of a call. */
export function annotationOfCall(args: readonly unknown[]): CheckedContext | undefined {
  const { annotatedCalls } = sharedState();
  return annotatedCalls && annotationOf(annotatedCalls, args);
}

/** What holds for an object holds for a copy of it. */
export function annotateCopy(copy: unknown, context: CheckedContext): void {
  if (isObject(copy)) sharedState().annotatedCalls?.set(copy, context);
}

/** Begins when a call is annotated for the first time: at once, where one was. */
export function whenAnnotated(begin: () => void): Restore {
  const state = sharedState();
  if (state.annotatedCalls) begin();
  const waiting = (state.whenAnnotated ??= new Set());
  waiting.add(begin);
  return () => void waiting.delete(begin);
}

function annotationOf(
  annotated: WeakMap<object, CheckedContext>,
  args: readonly unknown[],
): CheckedContext | undefined {
  let found: CheckedContext | undefined;
  for (const arg of args) {
    if (!isObject(arg)) continue;
    const own = annotated.get(arg);
    // What a command of Bedrock was made of.
    const { input } = arg as { input?: unknown };
    const within = isObject(input) ? annotated.get(input) : undefined;
    if (own || within) found = mergeContexts(found, mergeContexts(within, own));
  }
  return found;
}

function remember(
  annotated: WeakMap<object, CheckedContext>,
  objects: readonly object[],
  context: LlmContext | null | undefined,
): void {
  if (!objects.every(isObject) || objects.length === 0) throw new TypeError('what is annotated must be an object');
  // Nothing is said with it, which is no use of this function.
  if (context === undefined || context === null) throw new TypeError('a context must be an object');
  const checked = checkContext(context, (problem) => reportProblem('read a context', problem));
  for (const object of objects) annotated.set(object, mergeContexts(annotated.get(object), checked));
}

/** To clients that are made out of this one, with what is remembered then. */
function handOn(clients: WeakMap<object, CheckedContext>, client: object): void {
  onHandOn(client, (made) => {
    const context = clients.get(client);
    if (!context) return;
    for (const part of partsOf(made)) clients.set(part, mergeContexts(context, clients.get(part)));
    handOn(clients, made);
  });
}
