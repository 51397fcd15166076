import type { Limits, MethodReader, RequestFacts, ResponseFacts } from '../../types';
import { withInput } from '../shared/read-input';
import { withConversation } from '../shared/read-messages';
import { addOutputText, addToolCall, jsonBeginning, outputAt } from '../shared/read-outputs';
import { readText } from '../shared/read-text';
import { asArray, asNumber, asString, countOf, readTolerantly } from '../shared/read-values';
import { answerOf, readUsage, signalOf, spelt } from './usage';

/* eslint-disable @typescript-eslint/no-explicit-any -- requests, answers and events of several majors */

/** `chat` and `chatStream` of version 1 of the API: a message, and the history beside it. */
export function chat(method: string, streaming: boolean): MethodReader {
  return {
    operation: 'chat_completion',
    method,
    readRequest: (request, limits) =>
      readTolerantly(request, (given) =>
        withConversation(
          { ...readParameters(given, streaming), toolCount: countOf(given?.tools) },
          messagesOf(given),
          limits,
          () => undefined,
        ),
      ),
    readResponse: readChat,
    ...(streaming && { readChunk: readChatEvent }),
    answerOf,
    signalOf,
  };
}

/** `generate` and `generateStream`, the oldest: a prompt, and no messages. */
export function generate(method: string, streaming: boolean): MethodReader {
  return {
    operation: 'text_completion',
    method,
    readRequest: (request, limits) =>
      readTolerantly(request, (given) => withInput(readParameters(given, streaming), given?.prompt, limits.prompt)),
    readResponse: readGenerations,
    ...(streaming && { readChunk: readGenerateEvent }),
    answerOf,
    signalOf,
  };
}

function readParameters(given: any, streaming: boolean): RequestFacts {
  return {
    model: asString(given?.model),
    streaming,
    temperature: asNumber(given?.temperature),
    topP: asNumber(given?.p),
    maxTokens: asNumber(given?.maxTokens),
    stopSequenceCount: countOf(given?.stopSequences),
    seed: asNumber(given?.seed),
    responseFormat: asString(given?.responseFormat?.type),
  };
}

/** The conversation in one list; the last message has no role of its own. */
function messagesOf(given: any): unknown[] | undefined {
  if (typeof given?.message !== 'string') return undefined;
  const preamble = typeof given.preamble === 'string' ? [{ role: 'SYSTEM', content: given.preamble }] : [];
  const history = (asArray(given.chatHistory) ?? []).map((turn: any) => ({ role: turn?.role, content: turn?.message }));
  return [...preamble, ...history, { role: 'USER', content: given.message }];
}

function readChat(response: any, limits: Limits): ResponseFacts {
  const facts: ResponseFacts = { id: asString(response?.generationId), usage: readUsage(response?.meta) };
  addOutputText(facts, outputAt(facts, 0), response?.text, limits.response);
  readToolCalls(facts, response?.toolCalls, limits);
  readEnd(facts, response);
  return facts;
}

function readChatEvent(facts: ResponseFacts, event: any, limits: Limits): ResponseFacts {
  switch (event?.eventType) {
    case 'stream-start':
      facts.id = asString(event.generationId);
      break;
    case 'text-generation':
      addOutputText(facts, outputAt(facts, 0), event.text, limits.response);
      break;
    case 'tool-calls-chunk':
      facts.started = true;
      break;
    case 'tool-calls-generation':
      readToolCalls(facts, event.toolCalls, limits);
      break;
    case 'stream-end':
      facts.id ??= asString(event.response?.generationId);
      facts.usage = readUsage(event.response?.meta);
      // The last event has the whole answer again: what the ones before it did not bring is there.
      if (!facts.outputs?.[0]?.text) addOutputText(facts, outputAt(facts, 0), event.response?.text, limits.response);
      if (!facts.outputs?.[0]?.toolCalls) readToolCalls(facts, event.response?.toolCalls, limits);
      facts.finished = true;
      readEnd(facts, event);
  }
  return facts;
}

function readToolCalls(facts: ResponseFacts, calls: unknown, limits: Limits): void {
  for (const [index, call] of ((asArray(calls) ?? []) as any[]).entries()) {
    const text = call?.parameters === undefined ? undefined : jsonBeginning(call.parameters, limits.message);
    addToolCall(facts, outputAt(facts, 0), { index, name: asString(call?.name), arguments: text }, limits.message);
  }
}

function readGenerations(response: any, limits: Limits): ResponseFacts {
  const facts: ResponseFacts = { id: asString(response?.id), usage: readUsage(response?.meta) };
  const generations = (asArray(response?.generations) ?? []) as any[];
  for (const [index, generation] of generations.entries()) {
    const output = outputAt(facts, index);
    addOutputText(facts, output, generation?.text, limits.response);
    output.finishReason = asString(spelt(generation, 'finishReason'));
  }
  if (generations.length > 0) facts.finished = true;
  return facts;
}

function readGenerateEvent(facts: ResponseFacts, event: any, limits: Limits): ResponseFacts {
  switch (event?.eventType) {
    case 'text-generation':
      addOutputText(facts, outputAt(facts, event.index), event.text, limits.response);
      break;
    case 'stream-end': {
      facts.id = asString(event.response?.id);
      facts.usage = readUsage(event.response?.meta);
      const generations = (asArray(event.response?.generations) ?? []) as any[];
      for (const [index, generation] of generations.entries()) {
        outputAt(facts, index).finishReason = asString(spelt(generation, 'finishReason'));
      }
      if (generations.length === 0) readEnd(facts, event);
      facts.finished = true;
      break;
    }
    case 'stream-error':
      facts.failure = { code: asString(event.finishReason), message: readText(event.err, limits.response) };
  }
  return facts;
}

function readEnd(facts: ResponseFacts, end: any): void {
  const reason = asString(spelt(end, 'finishReason'));
  if (reason === undefined) return;
  outputAt(facts, 0).finishReason = reason;
  facts.finished = true;
  if (reason === 'ERROR') facts.failure = { code: reason };
}
