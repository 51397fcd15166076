import type { LlmEventFacts } from './check-facts';
import { describeValue } from '../observe/describe-value';
import type { LlmOperation } from '../operation';
import { describePart } from '../patches/shared/describe-part';
import { withInput } from '../patches/shared/read-input';
import { withConversation } from '../patches/shared/read-messages';
import { addToolCall, outputAt } from '../patches/shared/read-outputs';
import { asString } from '../patches/shared/read-values';
import { readAnswer, readAnyUsage } from './read-answer';
import { isAbort, readError } from '../read-error';
import { safely } from '../safely';
import type { ErrorFacts, Limits, Outcome, RequestFacts, ResponseFacts, Usage } from '../types';

/** A call as it would have been read from an SDK. */
export function readFacts(facts: LlmEventFacts, limits: Limits): Omit<LlmOperation, 'context'> {
  const response = readResponse(facts, limits);
  const error = facts.error === undefined ? response.failure : readGivenError(facts.error, limits);
  const startedAt = facts.startedAt === undefined ? Date.now() - (facts.latencyMs ?? 0) : Number(facts.startedAt);
  return {
    provider: facts.provider ?? response.provider,
    operation: facts.operation ?? response.operation ?? 'chat_completion',
    method: facts.method,
    name: facts.name,
    request: safely('read the request', () => readRequest(facts, limits)) ?? { model: facts.model },
    response,
    outcome: facts.outcome ?? outcomeOf(facts, error),
    error,
    streaming: facts.streaming,
    // Whole milliseconds: the server takes no others.
    startedAt: Math.round(startedAt),
    latency: facts.latencyMs,
    timeToFirstToken: facts.timeToFirstTokenMs,
    httpStatus: facts.httpStatus ?? error?.status,
    requestId: facts.requestId ?? error?.requestId,
    retryCount: facts.retryCount,
  };
}

function readRequest(facts: LlmEventFacts, limits: Limits): RequestFacts {
  const { model, toolCount, temperature, topP, maxTokens, seed } = facts;
  const { stopSequenceCount, responseFormat, reasoningEffort } = facts;
  const request: RequestFacts = {
    ...{ model, toolCount, temperature, topP, maxTokens, seed, stopSequenceCount, responseFormat, reasoningEffort },
  };
  const messages = conversationIn(facts.messages) ?? conversationIn(facts.input);
  if (messages) withConversation(request, messages, limits, describePart);
  if (typeof facts.messages === 'string') withInput(request, facts.messages, limits.prompt);
  const { input } = facts;
  if (input === undefined || messages === input) return request;
  if (typeof input === 'string' || Array.isArray(input)) return withInput(request, input, limits.prompt);
  request.input = describeValue(input, limits.prompt);
  request.inputLength = request.input?.isLonger ? undefined : request.input?.length;
  return request;
}

/** Some APIs take a conversation as their input. */
function conversationIn(given: unknown): readonly unknown[] | undefined {
  const messages = typeof given === 'object' && given !== null && !Array.isArray(given) ? [given] : given;
  if (!Array.isArray(messages)) return undefined;
  const isMessage = (each: unknown): boolean =>
    typeof each === 'object' && each !== null && ('role' in each || 'parts' in each);
  return messages.some(isMessage) ? (messages as readonly unknown[]) : undefined;
}

function readResponse(facts: LlmEventFacts, limits: Limits): ResponseFacts {
  const response = safely('read the response', () => readAnswer(facts.response, limits)) ?? {};
  const said = safely('read the output', () => readAnswer(facts.output, limits));
  if (said?.outputs) response.outputs = said.outputs;
  response.usage = usageOf(facts, response.usage ?? said?.usage);
  response.model = facts.responseModel ?? response.model ?? said?.model;
  response.id = facts.responseId ?? response.id ?? said?.id;
  response.serviceTier = facts.serviceTier ?? response.serviceTier;
  response.cost = facts.cost ?? response.cost;
  if (facts.finishReason !== undefined) outputAt(response, 0).finishReason = facts.finishReason;
  if (facts.toolCalls) {
    outputAt(response, 0).toolCalls = undefined;
    for (const [index, call] of facts.toolCalls.entries()) {
      safely('read a tool call', () => readToolCall(response, call, index, limits));
    }
  }
  return response;
}

const counts = [
  ...(['inputTokens', 'outputTokens', 'totalTokens', 'cachedInputTokens', 'cacheCreationInputTokens'] as const),
  ...(['reasoningTokens', 'audioInputTokens', 'audioOutputTokens'] as const),
];

function usageOf(facts: LlmEventFacts, ofAnswer: Usage | undefined): Usage | undefined {
  const usage: Usage = { ...(safely('read the usage', () => readAnyUsage(facts.usage)) ?? ofAnswer) };
  // The provider's sum is one of its own counts.
  if (facts.inputTokens !== undefined || facts.outputTokens !== undefined) delete usage.totalTokens;
  for (const name of counts) {
    if (facts[name] !== undefined) usage[name] = facts[name];
  }
  return Object.keys(usage).length > 0 ? usage : undefined;
}

/** `{ name, arguments }`, OpenAI's `{ function }`, Anthropic's `{ name, input }`, and `{ toolName, args }` of the AI SDK. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a tool call of any provider
function readToolCall(response: ResponseFacts, call: any, index: number, limits: Limits): void {
  const called = call?.function ?? call?.functionCall ?? call;
  const name = typeof called === 'string' ? called : asString(called?.name ?? called?.toolName);
  const given: unknown = called?.arguments ?? called?.input ?? called?.args;
  // One character more than can be sent says that it was cut.
  const written = typeof given === 'string' ? given : describeValue(given, limits.message + 1)?.text;
  addToolCall(response, outputAt(response, 0), { index, name, arguments: written }, limits.message);
}

/** A message that is given by itself is no error of the class `string`. */
function readGivenError(error: unknown, limits: Limits): ErrorFacts {
  const facts = safely('read the error', () => readError(error, limits.response)) ?? {};
  return typeof error === 'string' ? { message: facts.message } : facts;
}

function outcomeOf({ error }: LlmEventFacts, facts: ErrorFacts | undefined): Outcome {
  if (safely('read the error', () => isAbort(error))) return 'aborted';
  return facts ? 'error' : 'ok';
}
