import { gateId, gateName, gateText, isWord, toJson } from '../content';
import { currentPlace, callContext } from '../context/context';
import { checkContext } from '../context/check-context';
import { propertyNames } from '../event-properties';
import type { LlmContext } from '../operation';
import type { AmplitudeClient } from '../options';
import { readText } from '../patches/shared/read-text';
import { rulesByHand, wayTo } from './reach-client';
import { reportProblem, safely } from '../safely';
import type { JsonValue, LlmEvent } from '../types';
import { version } from '../version';

/**
 * What somebody thinks of an answer.
 *
 * @experimental
 */
export interface LlmFeedback {
  /**
   * The trace of the answer: `trace_id` of its event. Default: the trace that the running code is part of, where none of
   * the three ids is named. One that is named and undefined is missing: then nothing is sent, unless another one is there.
   */
  traceId?: string | undefined;
  /** The call: `span_id` of its event. */
  spanId?: string | undefined;
  /** The answer: `response_id` of its event, which is `id` in what the provider answered. */
  responseId?: string | undefined;
  /** How good it was, on any scale of yours. */
  score?: number | undefined;
  /**
   * What it was, in a word of up to 256 characters: `thumbs_up`, `wrong`. More than one word leaves like a comment, and so
   * do letters beyond ASCII: not all scripts have spaces between words.
   */
  label?: string | undefined;
  /** What the user wrote. It leaves only where prompts may. */
  comment?: string | undefined;
}

/**
 * Who gave the feedback, and where it goes.
 *
 * @experimental
 */
export interface LlmFeedbackOptions extends Pick<
  LlmContext,
  'userId' | 'deviceId' | 'sessionId' | 'llmSessionId' | 'groups' | 'properties' | 'privacyMode'
> {
  /** Default: the client that was given to `enableLlmTracing`. */
  client?: AmplitudeClient | undefined;
}

/**
 * The place of the running code in its trace.
 *
 * @experimental
 */
export interface LlmTracePlace {
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
}

export const feedbackType = 'llm_feedback';
const ids = ['traceId', 'spanId', 'responseId'] as const;
const judgements = ['score', 'label', 'comment'] as const;
const ownNames: ReadonlySet<string> = new Set([...propertyNames, ...judgements]);
const longestName = 256;

/**
 * Tracks what somebody thinks of an answer, as one `llm_feedback` event with the ids of the call. User, session and
 * groups are those of the current context, unless `options` say otherwise. Without a client nothing is sent, which is
 * counted. Never throws: what is wrong is left out and counted.
 *
 * @experimental
 * @param feedback - at least one id, or a current trace; and a score, a label or a comment. Without these nothing is sent.
 * @param options - {@link LlmFeedbackOptions}.
 * @example
 * ```ts
 * const answer = await openai.responses.create({ model: 'gpt-5', input });
 * // later, when the user clicks
 * trackLlmFeedback({ responseId: answer.id, score: 1, label: 'thumbs_up' }, { userId: 'user-1' });
 * ```
 */
export function trackLlmFeedback(feedback: LlmFeedback, options: LlmFeedbackOptions = {}): void {
  safely('track feedback', () => {
    const told = checkContext(options, (problem) => reportProblem('read the options of feedback', problem), ['client']);
    const client = safely('read the client of feedback', () => (options as LlmFeedbackOptions | null)?.client);
    const rules = rulesByHand();
    const event = buildFeedback(feedback ?? {}, rules.rules(callContext(undefined, told).told));
    if (event) wayTo(client, rules)?.hand(event, ownNames);
  });
}

/**
 * The trace that the running code is part of, and the innermost span of it: the ids of the events of calls that are
 * made here, to be kept with an answer for {@link trackLlmFeedback}, or in logs.
 *
 * @experimental
 * @returns `traceId`, and `spanId` of the function or span that is open here; neither outside of a trace.
 * @example
 * ```ts
 * const answer = observe(async (question: string) => {
 *   const { output_text: text } = await openai.responses.create({ model: 'gpt-5', input: question });
 *   return { text, traceId: currentLlmTrace().traceId };
 * });
 * ```
 */
export function currentLlmTrace(): LlmTracePlace {
  const { traceId, spanId } = safely('read the current trace', currentPlace) ?? {};
  return { ...(traceId !== undefined && { traceId }), ...(spanId !== undefined && { spanId }) };
}

type Rules = ReturnType<ReturnType<typeof rulesByHand>['rules']>;

function buildFeedback(feedback: LlmFeedback, rules: Rules): LlmEvent | undefined {
  const { score, comment } = feedback;
  const [traceId, spanId, responseId, label] = (['traceId', 'spanId', 'responseId', 'label'] as const).map((name) =>
    nameIn(feedback, name),
  );
  // An id that is missing is that of another answer, and not of whatever runs here.
  const isNamed = ids.some((name) => name in feedback);
  const trace = isNamed ? traceId : currentLlmTrace().traceId;
  const isScored = typeof score === 'number' && Number.isFinite(score);
  if (!isScored && score !== undefined) wrong('score must be a finite number');
  const isCommented = typeof comment === 'string' && comment !== '';
  if (comment !== undefined && typeof comment !== 'string') wrong('comment must be a string');
  if ((trace ?? spanId ?? responseId) === undefined) return wrong('feedback needs a traceId, a spanId or a responseId');
  if (!isScored && !isCommented && label === undefined) return wrong('feedback needs a score, a label or a comment');
  const properties: Record<string, JsonValue> = { ...rules.properties };
  // Of the same name in the options of a session, or in a context, they are about something else.
  for (const name of judgements) delete properties[name];
  if (trace !== undefined) properties['trace_id'] = trace;
  if (spanId !== undefined) properties['span_id'] = spanId;
  const response = responseId === undefined ? undefined : gateId(responseId, rules);
  if (response !== undefined) properties['response_id'] = response;
  if (isScored) properties['score'] = score;
  // A label is one word; a sentence is what the user wrote.
  const shownLabel = label !== undefined && !isWord(label) ? shownText(label, rules) : label && gateName(label, rules);
  if (shownLabel !== undefined) properties['label'] = shownLabel;
  const shown = shownText(comment, rules);
  if (shown !== undefined) properties['comment'] = shown;
  if (rules.llmSessionId !== undefined) properties['llm_session_id'] = rules.llmSessionId;
  properties['llm_trace_version'] = version;
  const { userId, deviceId, sessionId, groups } = rules;
  return {
    event_type: feedbackType,
    event_properties: properties,
    time: Date.now(),
    insert_id: crypto.randomUUID(),
    ...(userId !== undefined && { user_id: userId }),
    ...(deviceId !== undefined && { device_id: deviceId }),
    ...(sessionId !== undefined && { session_id: sessionId }),
    ...(groups !== undefined && { groups: toJson(groups) as Record<string, string | readonly string[]> }),
  };
}

/** What a user wrote is text like a prompt. */
function shownText(text: unknown, rules: Rules): string | undefined {
  return gateText(readText(text, rules.includePrompts ? rules.maxPromptLength : 0), 'input', rules);
}

function nameIn(feedback: LlmFeedback, name: 'traceId' | 'spanId' | 'responseId' | 'label'): string | undefined {
  const value: unknown = feedback[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '' && value.length <= longestName) return value;
  return wrong(`${name} must be a string of 1 to ${longestName} characters`);
}

function wrong(what: string): undefined {
  reportProblem('read feedback', new TypeError(what));
  return undefined;
}
