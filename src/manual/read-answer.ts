import { describeValue } from '../observe/describe-value';
import { readUsage as readFrameworkUsage } from '../patches/ai/read-usage';
import { messages } from '../patches/anthropic/messages';
import { readConverse } from '../patches/bedrock/converse';
import { readUsage as readCohereUsage } from '../patches/cohere/usage';
import { responses } from '../patches/openai/responses';
import { chatCompletions } from '../patches/shared/chat-completions';
import { readGeminiAnswer } from '../patches/shared/gemini-answers';
import { outputAt } from '../patches/shared/read-outputs';
import { readText } from '../patches/shared/read-text';
import { asArray, asNumber, asString } from '../patches/shared/read-values';
import { textCompletions } from '../patches/shared/text-completions';
import type { Limits, MethodReader, ResponseFacts, Usage } from '../types';

/* eslint-disable @typescript-eslint/no-explicit-any -- an answer of any model, known by its shape */

/**
 * An answer that no reader of an SDK has seen: a text, an object of one of the usual wire formats, or anything else, of
 * which the event then has the JSON.
 */
export function readAnswer(answer: any, limits: Limits): ResponseFacts {
  if (answer === undefined || answer === null) return {};
  if (typeof answer === 'string') return withText({}, answer, limits);
  if (typeof answer !== 'object') return withText({}, String(answer), limits);
  if (Array.isArray(answer)) return { ...readList(answer, limits), usage: undefined };
  const read = readerFor(answer);
  const facts = read ? read(answer, limits) : readPlain(answer, limits);
  facts.model ??= asString(answer.model);
  facts.id ??= asString(answer.id);
  facts.usage = known(facts.usage) ?? readAnyUsage(answer.usage ?? answer.usageMetadata ?? answer);
  return facts;
}

type Read = (answer: any, limits: Limits) => ResponseFacts;

/** Readers of other providers are those of their SDKs: what they know of odd answers holds here, too. */
function readerFor(answer: any): Read | undefined {
  const choice: any = asArray(answer.choices)?.[0];
  if (choice) return readingWith('message' in choice || 'delta' in choice ? chatCompletions : textCompletions);
  if (Array.isArray(answer.output) && isTyped(answer.output)) return readingWith(responses);
  if (Array.isArray(answer.candidates)) return (given, limits) => readGeminiAnswer({}, given, limits);
  if (Array.isArray(answer.output?.message?.content)) return readConverse;
  if (Array.isArray(answer.content) && isTyped(answer.content)) return readingWith(messages);
  if (Array.isArray(answer.message?.content)) return readCohere;
  // A message by itself, or Ollama's answer around one.
  const message = typeof answer.message === 'object' ? answer.message : answer;
  if (typeof message?.content === 'string' || Array.isArray(message?.tool_calls)) {
    return (_given, limits) => chatCompletions.readResponse({ choices: [{ message }] } as any, limits);
  }
  return Array.isArray(answer.data) && answer.data[0]?.embedding !== undefined ? () => ({}) : undefined;
}

function readingWith(reader: MethodReader): Read {
  return (answer, limits) => reader.readResponse(answer, limits);
}

function isTyped(items: readonly any[]): boolean {
  return typeof items[0]?.type === 'string';
}

function readCohere(answer: any, limits: Limits): ResponseFacts {
  const { content, tool_calls: calls } = answer.message;
  const facts = messages.readResponse({ content } as any, limits);
  const called =
    calls && chatCompletions.readResponse({ choices: [{ message: { tool_calls: calls } }] } as any, limits);
  if (called) outputAt(facts, 0).toolCalls = called.outputs?.[0]?.toolCalls;
  outputAt(facts, 0).finishReason = asString(answer.finish_reason ?? answer.finishReason);
  return facts;
}

function readList(items: readonly any[], limits: Limits): ResponseFacts {
  if (items.every((item) => typeof item === 'string')) return withText({}, items.join('\n'), limits);
  if (!isTyped(items)) return readJson(items, limits);
  const isResponse = items.some(({ type }: any) => type === 'message' || String(type).endsWith('_call'));
  return isResponse
    ? responses.readResponse({ output: items } as any, limits)
    : messages.readResponse({ content: items } as any, limits);
}

/** Where an answer without a known wire format has its text. */
const textNames = ['text', 'output_text', 'output', 'content', 'response', 'completion', 'generated_text', 'answer'];

function readPlain(answer: any, limits: Limits): ResponseFacts {
  const name = textNames.find((each) => typeof answer[each] === 'string');
  const facts = name === undefined ? readJson(answer, limits) : withText({}, answer[name], limits);
  const reason = asString(answer.finishReason ?? answer.finish_reason ?? answer.stop_reason ?? answer.stopReason);
  if (reason !== undefined) outputAt(facts, 0).finishReason = reason;
  return facts;
}

function withText(facts: ResponseFacts, text: string, limits: Limits): ResponseFacts {
  outputAt(facts, 0).text = readText(text, limits.response);
  return facts;
}

function readJson(value: unknown, limits: Limits): ResponseFacts {
  const text = describeValue(value, limits.response);
  return text ? { outputs: [{ text }] } : {};
}

const nothingRead: Limits = { messages: 0, message: 0, prompt: 0, response: 0 };

/** The usage object of a provider, or one with our own names; undefined where it has no number that is known. */
export function readAnyUsage(usage: any): Usage | undefined {
  if (typeof usage !== 'object' || usage === null) return undefined;
  return known(usageOf(usage));
}

function known(usage: Usage | undefined): Usage | undefined {
  return usage && Object.values(usage).some((count) => count !== undefined) ? usage : undefined;
}

function usageOf(usage: any): Usage | undefined {
  const has = (...names: string[]): boolean => names.some((name) => usage[name] !== undefined);
  if (has('prompt_tokens', 'completion_tokens'))
    return chatCompletions.readResponse({ usage } as any, nothingRead).usage;
  if (has('promptTokenCount', 'candidatesTokenCount', 'totalTokenCount')) {
    return readGeminiAnswer({}, { usageMetadata: usage }, nothingRead).usage;
  }
  if (has('input_tokens_details', 'output_tokens_details') && !has('cache_read_input_tokens')) {
    return responses.readResponse({ usage } as any, nothingRead).usage;
  }
  // Cached tokens are beside the input at Anthropic and in Converse, and part of it everywhere else.
  if (has('input_tokens', 'output_tokens')) return messages.readResponse({ usage } as any, nothingRead).usage;
  if (has('cacheReadInputTokens', 'cacheWriteInputTokens')) return readConverse({ usage }, nothingRead).usage;
  if (has('inputTokens', 'outputTokens')) return { ...readFrameworkUsage(usage, undefined), ...ownCounts(usage) };
  if (has('prompt_eval_count', 'eval_count')) {
    return { inputTokens: asNumber(usage.prompt_eval_count), outputTokens: asNumber(usage.eval_count) };
  }
  return readCohereUsage(usage);
}

const ownNames = [
  ...(['cachedInputTokens', 'cacheCreationInputTokens', 'reasoningTokens'] as const),
  ...(['audioInputTokens', 'audioOutputTokens'] as const),
];

/** As this package calls them. */
function ownCounts(usage: any): Usage {
  const counts: Usage = {};
  for (const name of ownNames) {
    const count = asNumber(usage[name]);
    if (count !== undefined) counts[name] = count;
  }
  return counts;
}
