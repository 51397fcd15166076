import type { Limits, ResponseFacts } from '../../types';
import { messages, textCompletions } from '../anthropic/messages';
import { chatCompletions } from '../shared/chat-completions';
import { addOutputText, addToolCall, jsonBeginning, outputAt } from '../shared/read-outputs';
import { mediaMark } from '../shared/read-text';
import { asArray, asNumber, asString, sumOf } from '../shared/read-values';
import { readConverse, readConverseEvent } from './converse';

/* eslint-disable @typescript-eslint/no-explicit-any -- the bodies of all families of models */

type Fold = (facts: ResponseFacts, body: any, limits: Limits) => ResponseFacts;

/**
 * What the families of models answer, whole or as a chunk. By the fields of the body and not by the id of the model:
 * the ARN of an inference profile, of an imported model or of provisioned throughput does not name the model.
 */
const families: readonly [is: (body: any) => boolean, read: Fold][] = [
  [({ type }) => /^(message|content_block)/.test(String(type)), readClaude],
  [
    ({ completion }) => typeof completion === 'string',
    (facts, body, limits) => foldOf(textCompletions)(facts, body, limits),
  ],
  [isNova, readNova],
  [({ generation }) => typeof generation === 'string', readLlama],
  [({ results, outputText }) => Array.isArray(results) || typeof outputText === 'string', readTitan],
  [({ choices }) => Array.isArray(choices), readChoices],
  [({ outputs }) => Array.isArray(outputs), (facts, body, limits) => readTexts(facts, body.outputs, limits)],
  [({ completions }) => Array.isArray(completions), readJurassic],
  [
    ({ generations }) => Array.isArray(generations),
    (facts, body, limits) => readTexts(facts, body.generations, limits),
  ],
  [isCommand, readCommand],
  [({ images, artifacts }) => Array.isArray(images ?? artifacts), readImages],
  [({ embedding, embeddings, embeddingsByType }) => Boolean(embedding ?? embeddings ?? embeddingsByType), readVectors],
];

/** Folds the body of an answer, or of one chunk of it, into the facts. */
export function readNative(facts: ResponseFacts, body: any, limits: Limits): ResponseFacts {
  if (typeof body !== 'object' || body === null) return facts;
  const read = families.find(([is]) => is(body))?.[1];
  read?.(facts, body, limits);
  facts.model ??= asString(body.model);
  facts.id ??= asString(body.generation_id) ?? asString(body.id) ?? asString(body.response?.generation_id);
  withCounts(facts, { input: asNumber(body.inputTextTokenCount) });
  const metrics = body['amazon-bedrock-invocationMetrics'];
  if (!metrics) return facts;
  // Amazon puts them into the last chunk of every family.
  facts.finished = true;
  return withCounts(facts, {
    input: asNumber(metrics.inputTokenCount),
    output: asNumber(metrics.outputTokenCount),
    cached: asNumber(metrics.cacheReadInputTokenCount),
    created: asNumber(metrics.cacheWriteInputTokenCount),
  });
}

interface Counts {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
  readonly cached?: number | undefined;
  readonly created?: number | undefined;
}

/** Amazon's own counts, where the model says none. Cached tokens are beside the input. */
export function withCounts(facts: ResponseFacts, { input, output, cached, created }: Counts): ResponseFacts {
  if (input === undefined && output === undefined) return facts;
  const usage = (facts.usage ??= {});
  usage.outputTokens ??= output;
  if (usage.inputTokens !== undefined || input === undefined) return facts;
  usage.inputTokens = sumOf(input, cached, created);
  usage.cachedInputTokens ??= cached;
  usage.cacheCreationInputTokens ??= created;
  return facts;
}

function foldOf({ readChunk }: { readChunk?: Fold }): Fold {
  return readChunk ?? ((facts) => facts);
}

function readClaude(facts: ResponseFacts, body: any, limits: Limits): ResponseFacts {
  if (body.type === 'message') return Object.assign(facts, messages.readResponse(body, limits));
  return foldOf(messages)(facts, body, limits);
}

const novaEvents = [
  'messageStart',
  'contentBlockStart',
  'contentBlockDelta',
  'contentBlockStop',
  'messageStop',
  'metadata',
];

function isNova(body: any): boolean {
  return body.output?.message !== undefined || novaEvents.some((name) => typeof body[name] === 'object');
}

function readNova(facts: ResponseFacts, body: any, limits: Limits): ResponseFacts {
  if (body.output?.message) return Object.assign(facts, readConverse(body, limits));
  return readConverseEvent(facts, body, limits);
}

/** The count of a chunk is of what was written so far: only that of the last one is the answer's. */
function readLlama(facts: ResponseFacts, body: any, limits: Limits): ResponseFacts {
  const output = outputAt(facts, 0);
  addOutputText(facts, output, body.generation, limits.response);
  withCounts(facts, { input: asNumber(body.prompt_token_count) });
  if (!stop(facts, output, body.stop_reason)) return facts;
  return withCounts(facts, { output: asNumber(body.generation_token_count) });
}

function readTitan(facts: ResponseFacts, body: any, limits: Limits): ResponseFacts {
  const results: readonly any[] = asArray(body.results) ?? [body];
  for (const [index, result] of results.entries()) {
    // A model that ranks documents has results too, without a text.
    if (typeof result?.outputText !== 'string') continue;
    const output = outputAt(facts, index);
    addOutputText(facts, output, result.outputText, limits.response);
    stop(facts, output, result.completionReason);
  }
  const counts = results.map((result) => asNumber(result?.tokenCount));
  return withCounts(facts, { output: sumOf(...counts, asNumber(body.totalOutputTextTokenCount)) });
}

/** OpenAI's format with the names of Mistral, Jamba, DeepSeek and others for its end, and with plain texts. */
function readChoices(facts: ResponseFacts, body: any, limits: Limits): ResponseFacts {
  const choices = asArray(body.choices)?.map((choice: any) => ({
    index: choice?.index as unknown,
    message: choice?.delta ?? choice?.message ?? { content: choice?.text as unknown },
    finish_reason: (choice?.finish_reason ?? choice?.stop_reason) as unknown,
  }));
  return foldOf(chatCompletions)(facts, { ...body, choices }, limits);
}

/** Texts with their reasons: `outputs` of Mistral's older models, `generations` of Cohere's. */
function readTexts(facts: ResponseFacts, texts: readonly any[], limits: Limits): ResponseFacts {
  for (const [index, each] of texts.entries()) {
    const output = outputAt(facts, each?.index ?? index);
    addOutputText(facts, output, each?.text, limits.response);
    stop(facts, output, each?.stop_reason ?? each?.finish_reason);
  }
  return facts;
}

function readJurassic(facts: ResponseFacts, body: any, limits: Limits): ResponseFacts {
  const texts = (body.completions as any[]).map((each) => ({
    text: each?.data?.text as unknown,
    finish_reason: each?.finishReason?.reason as unknown,
  }));
  return readTexts(facts, texts, limits);
}

/** Cohere's models: chunks have the name of an event, or say whether they are the last; answers have a text. */
function isCommand(body: any): boolean {
  return typeof (body.event_type ?? body.generation_id ?? body.response_id) === 'string' || 'is_finished' in body;
}

function readCommand(facts: ResponseFacts, body: any, limits: Limits): ResponseFacts {
  const output = outputAt(facts, body.index);
  addOutputText(facts, output, body.text, limits.response);
  for (const call of (asArray(body.tool_calls) ?? []) as any[]) {
    const json = jsonBeginning(call?.parameters ?? {}, limits.message);
    addToolCall(
      facts,
      output,
      { index: output.toolCalls?.length ?? 0, name: call?.name, arguments: json },
      limits.message,
    );
  }
  stop(facts, output, body.finish_reason);
  return facts;
}

function readImages(facts: ResponseFacts, body: any, limits: Limits): ResponseFacts {
  facts.operation = 'image_generation';
  for (const image of (body.images ?? body.artifacts) as any[]) {
    const output = outputAt(facts, 0);
    const mark = mediaMark('image', image?.base64 ?? image);
    addOutputText(facts, output, (output.text ? ' ' : '') + mark, limits.response);
  }
  return facts;
}

/** The vectors are never looked at. */
function readVectors(facts: ResponseFacts): ResponseFacts {
  facts.operation = 'embedding';
  return facts;
}

function stop(facts: ResponseFacts, output: { finishReason?: string | undefined }, reason: unknown): boolean {
  const said = asString(reason);
  if (said === undefined) return false;
  output.finishReason = said;
  facts.finished = true;
  return true;
}
