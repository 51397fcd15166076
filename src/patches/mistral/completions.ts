import type { Limits, MethodReader, Operation, OutputFacts, RequestFacts, ResponseFacts, Usage } from '../../types';
import { withInput } from '../shared/read-input';
import { withConversation } from '../shared/read-messages';
import { addOutputText, addToolCall, allFinished, jsonBeginning, outputAt } from '../shared/read-outputs';
import { asArray, asNumber, asString, countOf, readTolerantly } from '../shared/read-values';
import { describePart } from './describe-part';

/* eslint-disable @typescript-eslint/no-explicit-any -- the SDK is an ES module, whose types CommonJS can not import */

interface Kind {
  readonly operation?: Operation;
  readonly streaming: boolean;
  /** `parse` takes a Zod schema where the others take a format. */
  readonly parses?: boolean;
}

/** `complete`, `stream`, `parse` and `parseStream` of chat, agents and fim: one shape, in camel case. */
export function completions(method: string, { operation = 'chat_completion', ...kind }: Kind): MethodReader {
  return {
    operation,
    method,
    readRequest: (request, limits) => readTolerantly(request, (given) => readRequest(given, kind, limits)),
    readResponse: (response, limits) => readCompletion({}, response, limits),
    ...(kind.streaming && { readChunk: (facts, event, limits) => readCompletion(facts, event?.data, limits) }),
    signalOf,
  };
}

/** Both reach `fetch`, and the first of them wins. */
export function signalOf(args: readonly any[]): AbortSignal | undefined {
  return args[1]?.signal ?? args[1]?.fetchOptions?.signal;
}

function readRequest(given: any, { streaming, parses }: Omit<Kind, 'operation'>, limits: Limits): RequestFacts {
  const facts: RequestFacts = {
    model: asString(given?.model),
    streaming,
    toolCount: countOf(given?.tools),
    temperature: asNumber(given?.temperature),
    topP: asNumber(given?.topP),
    maxTokens: asNumber(given?.maxTokens),
    stopSequenceCount: typeof given?.stop === 'string' ? 1 : countOf(given?.stop),
    seed: asNumber(given?.randomSeed),
    responseFormat: parses ? given?.responseFormat && 'json_schema' : asString(given?.responseFormat?.type),
    reasoningEffort: asString(given?.reasoningEffort),
  };
  if (given?.messages) return withConversation(facts, given.messages, limits, describePart);
  return withInput(facts, given?.prompt, limits.prompt);
}

/** A whole answer is a chunk whose deltas are messages. */
function readCompletion(facts: ResponseFacts, completion: any, limits: Limits): ResponseFacts {
  facts.model ??= asString(completion?.model);
  facts.id ??= asString(completion?.id);
  facts.usage = readUsage(completion?.usage) ?? facts.usage;
  facts.serviceTier ??= asString(extrasOf(completion?.usage)?.serviceTier ?? extrasOf(completion?.usage)?.service_tier);
  const choices = asArray(completion?.choices) ?? [];
  for (const [position, choice] of choices.entries()) readChoice(facts, choice, position, limits);
  if (choices.length > 0) facts.finished = allFinished(facts);
  return facts;
}

function readChoice(facts: ResponseFacts, choice: any, position: number, limits: Limits): void {
  const output = outputAt(facts, choice?.index ?? position);
  const delta = choice?.delta ?? choice?.message;
  readContent(facts, output, delta?.content, limits);
  const calls = (asArray(delta?.toolCalls) ?? []) as any[];
  // The SDK says 0 where the API says nothing: calls that share an index are told apart by their place.
  const areCounted = new Set(calls.map((call) => call?.index)).size === calls.length;
  for (const [place, call] of calls.entries()) {
    const text = call?.function?.arguments;
    const delta = {
      index: areCounted ? asNumber(call?.index) : place,
      name: asString(call?.function?.name),
      arguments: typeof text === 'object' ? jsonBeginning(text, limits.message) : text,
    };
    addToolCall(facts, output, delta, limits.message);
  }
  output.finishReason = asString(choice?.finishReason) ?? output.finishReason;
  if (choice?.finishReason === 'error') facts.failure = { code: 'error' };
}

/** Reasoning models answer with parts, of which thinking is not the answer. */
function readContent(facts: ResponseFacts, output: OutputFacts, content: unknown, limits: Limits): void {
  for (const part of (asArray(content) ?? [content]) as any[]) {
    addOutputText(facts, output, part?.text ?? part, limits.response);
    if (part?.type === 'thinking') facts.started = true;
  }
}

/**
 * `promptTokens` includes what came from the cache. The SDK says 0 where the API says nothing, so that a usage of nothing
 * is none.
 */
export function readUsage(usage: any): Usage | undefined {
  if (!usage?.promptTokens && !usage?.completionTokens && !usage?.totalTokens) return undefined;
  const extras = extrasOf(usage);
  const input = extras.promptTokensDetails ?? extras.prompt_tokens_details;
  const output = extras.completionTokensDetails ?? extras.completion_tokens_details;
  return {
    inputTokens: asNumber(usage.promptTokens),
    outputTokens: asNumber(usage.completionTokens),
    totalTokens: asNumber(usage.totalTokens),
    cachedInputTokens: asNumber(input?.cached_tokens ?? input?.cachedTokens ?? extras.num_cached_tokens),
    reasoningTokens: asNumber(output?.reasoning_tokens ?? output?.reasoningTokens),
  };
}

/** What the SDK has no name for: version 1 keeps it apart, version 2 beside the rest, both as on the wire. */
function extrasOf(usage: any): any {
  return usage?.additionalProperties ?? usage;
}
