import type { LlmContext } from '../operation';
import type { Operation, Outcome, Usage } from '../types';

/**
 * What is known of a call that no SDK made for us. Everything may be absent: a property that is not known is not there.
 *
 * @experimental
 */
export interface LlmEventFacts
  extends
    Pick<
      Usage,
      | 'inputTokens'
      | 'outputTokens'
      | 'totalTokens'
      | 'cachedInputTokens'
      | 'cacheCreationInputTokens'
      | 'reasoningTokens'
      | 'audioInputTokens'
      | 'audioOutputTokens'
    >,
    Pick<
      LlmContext,
      'userId' | 'deviceId' | 'sessionId' | 'llmSessionId' | 'groups' | 'traceId' | 'parentSpanId' | 'properties'
    > {
  /** Who served it. */
  provider?: string | undefined;
  /** The model that was asked for. */
  model?: string | undefined;
  /** The model that answered. Default: as the response names it. */
  responseModel?: string | undefined;
  /** Default: `chat_completion`. */
  operation?: Operation | undefined;
  /** What you call the function or API that made the call. */
  method?: string | undefined;
  /** What you call this kind of call. */
  name?: string | undefined;
  /** The conversation, `{ role, content }` each, in the form of any provider. */
  messages?: unknown;
  /** Input that is no conversation: a string, several, or an object. */
  input?: unknown;
  /** The answer as it came: a string, or an object of any provider, which says model, id, usage and tool calls too. */
  response?: unknown;
  /** The answer, where it is not in `response`: a string, or an object. */
  output?: unknown;
  /** The usage object of the provider. The counts of this object beside it hold against it. */
  usage?: unknown;
  /** USD, as the provider or gateway says. */
  cost?: number | undefined;
  /** Milliseconds since the epoch, of the years 2001 to 2286, or a date. Default: `latencyMs` ago. */
  startedAt?: number | Date | undefined;
  /** Milliseconds from the call to the end of the answer: no more than a year. */
  latencyMs?: number | undefined;
  /** Milliseconds from the call to the first generated chunk of a stream. */
  timeToFirstTokenMs?: number | undefined;
  streaming?: boolean | undefined;
  /** Default: `error` where there is an error, `aborted` where that is an `AbortError`, else `ok`. */
  outcome?: Outcome | undefined;
  /** What was thrown, or a message. */
  error?: unknown;
  httpStatus?: number | undefined;
  retryCount?: number | undefined;
  finishReason?: string | undefined;
  /** The tools that the model called: `{ name, arguments }` each, or as a provider has them. */
  toolCalls?: readonly unknown[] | undefined;
  /** How many tools were offered. */
  toolCount?: number | undefined;
  temperature?: number | undefined;
  topP?: number | undefined;
  maxTokens?: number | undefined;
  seed?: number | undefined;
  /** How many texts would have ended the answer. */
  stopSequenceCount?: number | undefined;
  /** What form of answer was asked for: `json_schema`. */
  responseFormat?: string | undefined;
  /** How much the model was to think: `low`. */
  reasoningEffort?: string | undefined;
  serviceTier?: string | undefined;
  requestId?: string | undefined;
  responseId?: string | undefined;
  /** Of this call. Default: a new one. */
  spanId?: string | undefined;
}

type Check = (value: unknown) => string | undefined;

const isName: Check = (value) =>
  typeof value === 'string' && value !== '' && value.length <= 1_024 ? undefined : 'a string of 1 to 1,024 characters';
const isCount: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? undefined : 'a number, 0 or more';
const aYear = 366 * 24 * 60 * 60 * 1_000;
const isDuration: Check = (value) =>
  isCount(value) === undefined && (value as number) <= aYear ? undefined : 'milliseconds, from 0 to a year';
/** Seconds, microseconds, nanoseconds and what `performance.now()` gives are other times than were meant. */
const isTime: Check = (value) => {
  const time: unknown = value instanceof Date ? value.getTime() : value;
  const isMeant = typeof time === 'number' && time >= 1e12 && time < 1e13;
  return isMeant ? undefined : 'a date, or milliseconds since the epoch, of the years 2001 to 2286';
};
const isNumber: Check = (value) => (Number.isFinite(value) ? undefined : 'a finite number');
const isBoolean: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const isAnything: Check = () => undefined;

const operations: Readonly<Record<Operation, true>> = {
  chat_completion: true,
  text_completion: true,
  embedding: true,
  image_generation: true,
  transcription: true,
  translation: true,
  speech: true,
  moderation: true,
  rerank: true,
  token_count: true,
  prediction: true,
  function: true,
  tool: true,
  agent: true,
  retrieval: true,
};

const outcomes: Readonly<Record<Outcome, true>> = {
  ok: true,
  error: true,
  cancelled: true,
  aborted: true,
  abandoned: true,
  incomplete: true,
  raw: true,
};

function oneOf(values: Readonly<Record<string, true>>): Check {
  return (value) =>
    typeof value === 'string' && Object.hasOwn(values, value) ? undefined : `one of ${Object.keys(values).join(', ')}`;
}

/** What each fact has to be. What belongs to the context is checked with it. */
const fields: Readonly<Record<keyof LlmEventFacts, Check>> = {
  provider: isName,
  model: isName,
  responseModel: isName,
  operation: oneOf(operations),
  method: isName,
  name: isName,
  messages: isAnything,
  input: isAnything,
  response: isAnything,
  output: isAnything,
  usage: (value) => (typeof value === 'object' ? undefined : 'an object'),
  inputTokens: isCount,
  outputTokens: isCount,
  totalTokens: isCount,
  cachedInputTokens: isCount,
  cacheCreationInputTokens: isCount,
  reasoningTokens: isCount,
  audioInputTokens: isCount,
  audioOutputTokens: isCount,
  cost: isCount,
  startedAt: isTime,
  latencyMs: isDuration,
  timeToFirstTokenMs: isDuration,
  streaming: isBoolean,
  outcome: oneOf(outcomes),
  error: isAnything,
  httpStatus: isCount,
  retryCount: isCount,
  finishReason: isName,
  toolCalls: (value) => (Array.isArray(value) ? undefined : 'an array'),
  toolCount: isCount,
  temperature: isNumber,
  topP: isNumber,
  maxTokens: isCount,
  seed: isNumber,
  stopSequenceCount: isCount,
  responseFormat: isName,
  reasoningEffort: isName,
  serviceTier: isName,
  requestId: isName,
  responseId: isName,
  spanId: isName,
  userId: isAnything,
  deviceId: isAnything,
  sessionId: isAnything,
  llmSessionId: isAnything,
  groups: isAnything,
  traceId: isAnything,
  parentSpanId: isAnything,
  properties: isAnything,
};

/** The facts that can be used. What is wrong is told to `onProblem` and left out. */
export function checkFacts(given: LlmEventFacts, onProblem: (problem: TypeError) => void): LlmEventFacts {
  const checked: Record<string, unknown> = {};
  for (const name in given) {
    if (!Object.hasOwn(given, name)) continue;
    const check = Object.hasOwn(fields, name) ? fields[name as keyof LlmEventFacts] : undefined;
    const value = check && valueOf(given, name as keyof LlmEventFacts);
    if (check && (value === undefined || value === null)) continue;
    const valid = check ? check(value) : `one of the facts ${Object.keys(fields).join(', ')}`;
    if (!valid) checked[name] = value;
    else onProblem(new TypeError(`${name} ${check ? 'must be' : 'is not'} ${valid}`));
  }
  return checked;
}

/** One that throws (a getter, a revoked proxy) costs only itself. */
function valueOf(given: LlmEventFacts, name: keyof LlmEventFacts): unknown {
  try {
    return given[name];
  } catch {
    return undefined;
  }
}
