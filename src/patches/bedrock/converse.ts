import type { Limits, MethodReader, RequestFacts, ResponseFacts, Usage } from '../../types';
import { writtenForAnHour } from '../shared/read-charges';
import { withConversation } from '../shared/read-messages';
import { addOutputText, addToolCall, jsonBeginning, outputAt } from '../shared/read-outputs';
import { addText } from '../shared/read-text';
import { asArray, asNumber, asString, countOf, readTolerantly, sumOf } from '../shared/read-values';
import { describeBlock } from './describe-block';
import { addLatency, withServing } from './read-serving';
import { answerWith, isStream, sentCommand } from './sent-command';

/* eslint-disable @typescript-eslint/no-explicit-any -- blocks and events of several generations */

/** Converse, one wire format for all models. Amazon's own models speak it in InvokeModel too. */
export const converse: MethodReader = {
  operation: 'chat_completion',
  method: 'converse',
  readRequest: (command, limits, _args, self) => withServing(readConversation(command?.input, limits), command, self),
  readResponse: readConverse,
  readChunk: readConverseEvent,
  answerOf: (output, headers) => answerWith(isStream(output?.stream) ? output.stream : output, output, headers),
  ...sentCommand,
};

export const converseStream: MethodReader = {
  ...converse,
  method: 'converseStream',
  readRequest: (...given) => ({ ...converse.readRequest(...given), streaming: true }),
};

/** The input of Converse, or the body of a model that speaks its format. */
export function readConversation(input: unknown, limits: Limits): RequestFacts {
  return readTolerantly(input as any, (given) =>
    withConversation(
      {
        model: asString(given?.modelId),
        // A point of the cache stands among the tools.
        toolCount: asArray(given?.toolConfig?.tools)?.filter((tool: any) => !tool?.cachePoint).length,
        temperature: asNumber(given?.inferenceConfig?.temperature),
        topP: asNumber(given?.inferenceConfig?.topP),
        maxTokens: asNumber(given?.inferenceConfig?.maxTokens),
        stopSequenceCount: countOf(given?.inferenceConfig?.stopSequences),
        responseFormat: asString(given?.outputConfig?.textFormat?.type),
      },
      given?.messages,
      limits,
      describeBlock,
    ),
  );
}

export function readConverse(answer: any, limits: Limits): ResponseFacts {
  const facts: ResponseFacts = {};
  for (const [index, block] of (asArray(answer?.output?.message?.content) ?? []).entries()) {
    readBlock(facts, block, index, limits);
  }
  readStop(facts, answer?.stopReason);
  readMetadata(facts, answer);
  return facts;
}

function readBlock(facts: ResponseFacts, block: any, index: number, limits: Limits): void {
  const output = outputAt(facts, 0);
  addOutputText(facts, output, block?.text, limits.response);
  for (const cited of asArray(block?.citationsContent?.content) ?? []) {
    addOutputText(facts, output, (cited as any)?.text, limits.response);
  }
  if (block?.reasoningContent) facts.started = true;
  if (!block?.toolUse) return;
  const { name, input = {} } = block.toolUse;
  addToolCall(facts, output, { index, name, arguments: jsonBeginning(input, limits.message) }, limits.message);
}

/** One event of ConverseStream: an object with the event under its name. */
export function readConverseEvent(facts: ResponseFacts, event: any, limits: Limits): ResponseFacts {
  const { contentBlockStart: start, contentBlockDelta: delta, contentBlockStop: stop } = event ?? {};
  if (start?.start?.toolUse) {
    const { name } = start.start.toolUse;
    addToolCall(facts, outputAt(facts, 0), { index: start.contentBlockIndex, name }, limits.message);
  }
  if (delta) readDelta(facts, delta.delta, delta.contentBlockIndex, limits);
  if (stop) endBlock(facts, stop.contentBlockIndex, limits);
  if (event?.messageStop) readStop(facts, event.messageStop.stopReason);
  if (event?.metadata) readMetadata(facts, event.metadata);
  return facts;
}

function readDelta(facts: ResponseFacts, delta: any, index: number, limits: Limits): void {
  const output = outputAt(facts, 0);
  addOutputText(facts, output, delta?.text, limits.response);
  if (delta?.reasoningContent) facts.started = true;
  if (delta?.toolUse) addToolCall(facts, output, { index, arguments: delta.toolUse.input }, limits.message);
}

/** A tool that takes nothing is called without a piece of input. */
function endBlock(facts: ResponseFacts, index: unknown, limits: Limits): void {
  const call = facts.outputs?.[0]?.toolCalls?.find((candidate) => candidate.index === index);
  if (call?.arguments.length === 0) addText(call.arguments, '{}', limits.message);
}

function readStop(facts: ResponseFacts, stopReason: unknown): void {
  if (typeof stopReason !== 'string') return;
  outputAt(facts, 0).finishReason = stopReason;
  facts.finished = true;
}

/** In a stream it comes after the end of the message. */
function readMetadata(facts: ResponseFacts, metadata: any): void {
  if (metadata?.usage) facts.usage = readUsage(metadata.usage);
  facts.serviceTier = asString(metadata?.serviceTier?.type) ?? facts.serviceTier;
  addLatency(facts, metadata?.performanceConfig?.latency);
  // A prompt router chooses the model; every other answer does not name it.
  facts.model = asString(metadata?.trace?.promptRouter?.invokedModelId) ?? facts.model;
}

/** Cached tokens are beside `inputTokens`, and within the total. Amazon's own models have other names for them. */
function readUsage(usage: any): Usage {
  const cached = asNumber(usage.cacheReadInputTokens) ?? asNumber(usage.cacheReadInputTokenCount);
  const created = asNumber(usage.cacheWriteInputTokens) ?? asNumber(usage.cacheWriteInputTokenCount);
  const uncached = asNumber(usage.inputTokens);
  return {
    inputTokens: uncached === undefined ? undefined : sumOf(uncached, cached, created),
    outputTokens: asNumber(usage.outputTokens),
    totalTokens: asNumber(usage.totalTokens),
    cachedInputTokens: cached,
    cacheCreationInputTokens: created,
    cacheCreation1hInputTokens: writtenForAnHour(usage.cacheDetails),
  };
}
