import { describeValue } from '../observe/describe-value';
import { languageModelCall } from '../patches/ai/language-model';
import { readUsage as readFrameworkUsage } from '../patches/ai/read-usage';
import { messages } from '../patches/anthropic/messages';
import { readConverse } from '../patches/bedrock/converse';
import { readUsage as readCohereUsage } from '../patches/cohere/usage';
import * as ollama from '../patches/ollama/answers';
import { responses } from '../patches/openai/responses';
import { chatCompletions } from '../patches/shared/chat-completions';
import { readGeminiAnswer } from '../patches/shared/gemini-answers';
import { outputAt } from '../patches/shared/read-outputs';
import { readText } from '../patches/shared/read-text';
import { asArray, asNumber, asString, readTolerantly } from '../patches/shared/read-values';
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
  // Where one field throws (`output` of a result of ai 6 that has none), the others are read.
  return readTolerantly(answer, (given) => readObject(given, answer, limits));
}

function readObject(given: any, original: object, limits: Limits): ResponseFacts {
  // What is still to come says nothing yet, and a stream would begin to flow where it is looked at.
  if (typeof given.then === 'function' || 'textStream' in given || 'fullStream' in given) return {};
  // @google/generative-ai has the answer in its result.
  const answer = asArray(given.response?.candidates) ? given.response : given;
  const read = readerFor(answer);
  const facts = read ? read(answer, limits) : readPlain(answer, original, limits);
  facts.model ??= asString(answer.model);
  facts.id ??= asString(answer.id);
  facts.usage = known(facts.usage) ?? readAnyUsage(answer.usage ?? answer.usageMetadata ?? answer);
  return facts;
}

type Read = (answer: any, limits: Limits) => ResponseFacts;

/** Readers of other providers are those of their SDKs: what they know of odd answers holds here, too. */
function readerFor(answer: any): Read | undefined {
  if (isOfFramework(answer)) return readFrameworkResult;
  const choice: any = asArray(answer.choices)?.[0];
  if (choice) return readingWith('message' in choice || 'delta' in choice ? chatCompletions : textCompletions);
  // An answer says what it is also where there is nothing in it yet; the rest of it is the request once more.
  if (answer.object === 'response' || isTyped(answer.output)) return readingWith(responses);
  if (Array.isArray(answer.candidates)) return (given, limits) => readGeminiAnswer({}, given, limits);
  if (Array.isArray(answer.output?.message?.content)) return readConverse;
  if (isTyped(answer.content)) return readingWith(messages);
  if (Array.isArray(answer.message?.content)) return readCohere;
  if (typeof answer.done === 'boolean' || answer.done_reason !== undefined) {
    if (typeof answer.message === 'object') return readOllama(ollama.chat);
    if (typeof answer.response === 'string') return readOllama(ollama.generate);
  }
  // A message by itself, or an answer around one.
  const message = typeof answer.message === 'object' ? answer.message : answer;
  if (typeof message?.content !== 'string' && !Array.isArray(message?.tool_calls)) return undefined;
  const wrapped: any = { choices: [{ message, finish_reason: reasonIn(answer) }] };
  return (_given, limits) => chatCompletions.readResponse(wrapped, limits);
}

function readingWith(reader: MethodReader): Read {
  return (answer, limits) => reader.readResponse(answer, limits);
}

/** An empty list is of whatever type its place says. */
function isTyped(items: unknown): boolean {
  return Array.isArray(items) && (items.length === 0 || typeof items[0]?.type === 'string');
}

/** What functions of the AI SDK give back: the model is named in its `response`, a whole result has its steps as well. */
function isOfFramework({ response, steps, finishReason, toolCalls }: any): boolean {
  if (typeof response?.modelId === 'string') return true;
  if (finishReason === undefined) return false;
  return Array.isArray(steps) || typeof asArray(toolCalls)?.map((call: any) => call?.toolName)[0] === 'string';
}

const frameworkCall = languageModelCall('', false);

function readFrameworkResult(result: any, limits: Limits): ResponseFacts {
  const { finishReason, totalUsage, usage, response, providerMetadata, object } = result;
  const calls = asArray(result.toolCalls)?.map((call: any) => ({ ...call, type: 'tool-call' })) ?? [];
  const content = asArray(result.content) ?? [{ type: 'text', text: result.text }, ...calls];
  const whole: any = { content, finishReason, usage: totalUsage ?? usage, response, providerMetadata };
  const facts = frameworkCall.readResponse(whole, limits);
  if (object !== undefined) outputAt(facts, 0).text = describeValue(object, limits.response);
  return facts;
}

/** A whole answer is one that is done, also where that was not kept. */
function readOllama(reader: MethodReader): Read {
  return (answer, limits) => {
    const { model, message, response, done_reason: reason, prompt_eval_count: prompt, eval_count: count } = answer;
    const done = { model, message, response, done: true, done_reason: reason };
    return reader.readResponse({ ...done, prompt_eval_count: prompt, eval_count: count }, limits);
  };
}

function readCohere(answer: any, limits: Limits): ResponseFacts {
  const { content, tool_calls: calls } = answer.message;
  const facts = messages.readResponse({ content } as any, limits);
  const called =
    calls && chatCompletions.readResponse({ choices: [{ message: { tool_calls: calls } }] } as any, limits);
  if (called) outputAt(facts, 0).toolCalls = called.outputs?.[0]?.toolCalls;
  outputAt(facts, 0).finishReason = reasonIn(answer);
  return facts;
}

function readList(items: readonly any[], limits: Limits): ResponseFacts {
  if (items.every((item) => typeof item === 'string')) return withText({}, items.join('\n'), limits);
  if (!isTyped(items))
    return readJson(
      items.map((item) => withoutPrompt(item, limits)),
      limits,
    );
  const isResponse = items.some(({ type }: any) => type === 'message' || String(type).endsWith('_call'));
  return isResponse
    ? responses.readResponse({ output: items } as any, limits)
    : messages.readResponse({ content: items } as any, limits);
}

/** Where an answer without a known wire format has its text. */
const textNames = ['text', 'output_text', 'output', 'content', 'response', 'completion', 'generated_text', 'answer'];

function readPlain(answer: any, original: object, limits: Limits): ResponseFacts {
  const text = textNames.map((name) => textOf(answer[name])).find((each) => each !== undefined);
  const facts = text === undefined ? readUnknown(answer, original, limits) : withText({}, text, limits);
  const reason = reasonIn(answer);
  if (reason !== undefined) outputAt(facts, 0).finishReason = reason;
  return facts;
}

/** Several texts are one answer in pieces, or one for each prompt. */
function textOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  const isTexts = Array.isArray(given) && given.length > 0 && given.every((each) => typeof each === 'string');
  return isTexts ? given.join('\n') : undefined;
}

function reasonIn({ finishReason, finish_reason, stop_reason, stopReason, done_reason }: any): string | undefined {
  return asString(finishReason ?? finish_reason ?? stop_reason ?? stopReason ?? done_reason);
}

/** Vectors and pictures are no text, and nobody could read them. */
function readUnknown(answer: any, original: object, limits: Limits): ResponseFacts {
  const first: any = asArray(answer.data)?.[0];
  const places = [answer.embedding, answer.embeddings, first?.embedding, first?.b64_json];
  return places.some((place) => place !== undefined) ? {} : readJson(withoutPrompt(original, limits), limits);
}

/** Under these names answers repeat what they were asked. */
const promptNames =
  /^(?:request|(?:system[-_]?)?prompts?|system|messages|inputs?|instructions|contents|query|question)$/i;

/** What is JSON of an answer that nobody knows must not let out a prompt that is to stay. Getters are not called. */
function withoutPrompt(answer: unknown, limits: Limits): unknown {
  const mayLeave = limits.prompt > 0 || limits.messages > 0;
  if (mayLeave || typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer;
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(answer));
  const others = descriptors.filter(([name]) => !promptNames.test(name));
  return Object.create(Object.getPrototypeOf(answer) as object | null, Object.fromEntries(others)) as unknown;
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
  // An embedding has no output to count: all of the tokens are input.
  if (asNumber(usage.tokens) !== undefined) return { inputTokens: usage.tokens, totalTokens: usage.tokens };
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
