import { buildEvent } from '../build-event';
import { checkContext } from '../context/check-context';
import { fitEvent } from '../content';
import { callContext } from '../context/context';
import { isDrawn } from '../context/sample';
import { activeSession, countDropped } from '../enable';
import { propertyNames } from '../event-properties';
import { lookLast } from '../last-look';
import { mendEvent } from '../mend-event';
import type { CallContext, LlmContext, LlmOperation } from '../operation';
import type { AmplitudeClient } from '../options';
import { handRules, rulesByHand, wayTo, type HandRules, type LlmEventOptions } from './reach-client';
import { checkFacts, type LlmEventFacts } from './check-facts';
import { readFacts } from './read-facts';
import { reportProblem, safely } from '../safely';
import type { LlmEvent } from '../types';

/**
 * The `llm_operation` event of a call that no SDK made for us: the same properties, gate, cutting and limits as those of
 * automatic events, and what `beforeSend` made of it; where that drops it, or throws, it has no text, and nobody's ids. It
 * is not sent: hand it to a client, or use {@link trackLlmOperation}. Never throws: a fact that is wrong is left out and
 * counted, and there is always an id that the server takes. Other settings of `schema` are for events that are tracked.
 *
 * @experimental
 * @param facts - what is known of the call.
 * @param options - what may leave, and whose it is. Default: as in the active session, else as by default.
 * @example
 * ```ts
 * const event = createLlmEvent({ provider: 'acme', model: 'acme-1', input: prompt, output: text, latencyMs: 812 });
 * amplitude.track(event);
 * ```
 */
export function createLlmEvent(facts: LlmEventFacts, options: Omit<LlmEventOptions, 'schema'> = {}): LlmEvent {
  const rules = rulesFor(options);
  safely('read the options of an event', () => checkNoSchema(options));
  const operation = safely('read a call', () => operationOf(facts, rules)) ?? unknownCall();
  const event =
    safely('build an event', () => mendEvent(buildEvent(operation, rules.rules(operation.context.told)))) ??
    buildEvent(unknownCall(), rules.rules());
  const { beforeSend } = rules.options;
  const seen = beforeSend ? safely('run beforeSend', () => lookLast(event, beforeSend)) : event;
  const allowed = seen ?? withoutConsent(operation, rules);
  // What is too large even without texts and properties has groups of that size.
  if (!fitEvent(allowed, propertyNames)) delete allowed.groups;
  return allowed;
}

/**
 * Tracks a call that no SDK made for us, as one `llm_operation` event like the automatic ones: for models behind an API
 * of your own. A trace that was not drawn by `sampleRate` has no event here either. Never throws.
 *
 * @experimental
 * @param client - where the event goes. Undefined: the client that was given to `enableLlmTracing`.
 * @param facts - what is known of the call.
 * @param options - what may leave, and whose it is. Default: as in the active session, else as by default.
 * @example
 * ```ts
 * const startedAt = Date.now();
 * const response = await fetch('https://llm.example.com/v1/chat', { method: 'POST', body });
 * const answer = await response.json();
 * trackLlmOperation(amplitude, {
 *   provider: 'acme', model: 'acme-1', messages, response: answer, startedAt, latencyMs: Date.now() - startedAt,
 * });
 * ```
 */
export function trackLlmOperation(
  client: AmplitudeClient | undefined,
  facts: LlmEventFacts,
  options: LlmEventOptions = {},
): void {
  safely('track a call', () => {
    const rules = rulesFor(options);
    const operation = operationOf(facts, rules);
    const session = activeSession();
    const drawn = session ? session.tracer.draw(operation.context) : drawAlone(operation.context);
    const way = drawn ? wayTo(client, rules) : undefined;
    way?.report({ ...operation, context: { ...operation.context, drawn } });
    // A way of its own has no `flush()` that somebody could wait for.
    if (way !== session?.delivery) way?.drain();
  });
}

/** Without a session a trace has the rate of its first call that has one: of a traced client, or of a context. */
function drawAlone({ traceId, trace, told }: CallContext): boolean {
  const rate = trace?.sampleRate ?? told?.sampleRate;
  if (rate === undefined) return true;
  if (trace) trace.sampleRate = rate;
  const drawn = traceId === undefined ? Math.random() < rate : isDrawn(traceId, rate);
  if (!drawn) countDropped('not_sampled');
  return drawn;
}

/** One event may be two in another schema, and what is tracked gets the names of its schema on its way. */
function checkNoSchema(options: LlmEventOptions | null): void {
  if (options?.schema === undefined) return;
  throw new TypeError('schema is an option of trackLlmOperation: createLlmEvent makes an llm_operation event');
}

/** Options that can not be read close the gate. */
function rulesFor(options: LlmEventOptions | null): HandRules {
  return safely('read the options of an event', () => rulesByHand(options ?? {})) ?? rulesByHand({ privacyMode: true });
}

/** Nobody was to see the event: it says of the call what says nothing of anybody. */
function withoutConsent(operation: LlmOperation, { options }: HandRules): LlmEvent {
  const closed = { ...options, privacyMode: true };
  for (const name of ['userId', 'deviceId', 'groups', 'properties'] as const) delete closed[name];
  const { rules } = handRules(closed);
  const { traceId, spanId, parentSpanId } = operation.context;
  const known = { ...operation, context: { traceId, spanId, parentSpanId } };
  return safely('build an event', () => mendEvent(buildEvent(known, rules()))) ?? buildEvent(unknownCall(), rules());
}

function operationOf(given: LlmEventFacts, rules: HandRules): LlmOperation {
  const facts = checkFacts(given ?? {}, (problem) => reportProblem('read the facts of a call', problem));
  const context = contextOf(facts);
  return { ...readFacts(facts, rules.limitsIn(context.told)), context };
}

function contextOf({ spanId, ...facts }: LlmEventFacts): CallContext {
  const { userId, deviceId, sessionId, llmSessionId, groups, traceId, parentSpanId, properties } = facts;
  const named: LlmContext = { userId, deviceId, sessionId, llmSessionId, groups, traceId, parentSpanId, properties };
  const told = checkContext(named, (problem) => reportProblem('read the facts of a call', problem));
  const context = callContext(undefined, told);
  return spanId === undefined ? context : { ...context, spanId };
}

/** What is left where nothing could be read. */
function unknownCall(): LlmOperation {
  return {
    operation: 'chat_completion',
    request: {},
    response: {},
    outcome: 'ok',
    startedAt: Date.now(),
    context: safely('read the context', () => callContext()) ?? {},
  };
}
