import type { Limits, MethodReader, ResponseFacts } from '../../types';
import { describePart as describeAny } from '../shared/describe-part';
import { withConversation } from '../shared/read-messages';
import { addOutputText, addToolCall, outputAt } from '../shared/read-outputs';
import { readText } from '../shared/read-text';
import { asArray, asNumber, asString, countOf, readTolerantly } from '../shared/read-values';
import { answerOf, readUsage, signalOf, spelt } from './usage';

/* eslint-disable @typescript-eslint/no-explicit-any -- requests, answers and events of several majors */

/** `chat` and `chatStream` of version 2 of the API. No answer says which model gave it. */
export function chat(method: string, streaming: boolean): MethodReader {
  return {
    operation: 'chat_completion',
    method,
    readRequest: (request, limits) =>
      readTolerantly(request, (given) =>
        withConversation(
          {
            model: asString(given?.model),
            streaming,
            toolCount: countOf(given?.tools),
            temperature: asNumber(given?.temperature),
            topP: asNumber(given?.p),
            maxTokens: asNumber(given?.maxTokens),
            stopSequenceCount: countOf(given?.stopSequences),
            seed: asNumber(given?.seed),
            responseFormat: asString(given?.responseFormat?.type),
          },
          given?.messages,
          limits,
          describePart,
        ),
      ),
    readResponse,
    ...(streaming && { readChunk: readEvent }),
    answerOf,
    signalOf,
  };
}

function readResponse(response: any, limits: Limits): ResponseFacts {
  const facts: ResponseFacts = { id: asString(response?.id), usage: readUsage(response?.usage) };
  const message = response?.message;
  if (spelt(message, 'toolPlan')) facts.started = true;
  for (const part of asArray(message?.content) ?? []) readContent(facts, part, limits);
  const calls = asArray(spelt(message, 'toolCalls')) ?? [];
  for (const [index, call] of calls.entries()) readToolCall(facts, index, call, limits);
  readEnd(facts, response, limits);
  return facts;
}

function readEvent(facts: ResponseFacts, event: any, limits: Limits): ResponseFacts {
  const message = event?.delta?.message;
  switch (event?.type) {
    case 'message-start':
      facts.id = asString(event.id);
      break;
    case 'content-start':
    case 'content-delta':
      readContent(facts, message?.content, limits);
      break;
    case 'tool-plan-delta':
      if (spelt(message, 'toolPlan')) facts.started = true;
      break;
    case 'tool-call-start':
    case 'tool-call-delta':
      readToolCall(facts, asNumber(event.index), spelt(message, 'toolCalls'), limits);
      break;
    case 'message-end':
      facts.usage = readUsage(event.delta?.usage) ?? facts.usage;
      facts.finished = true;
      readEnd(facts, event.delta, limits);
  }
  return facts;
}

/** Thinking and plans for tools are generated, and are no answer. */
function readContent(facts: ResponseFacts, part: any, limits: Limits): void {
  if (part?.thinking) facts.started = true;
  addOutputText(facts, outputAt(facts, 0), part?.text, limits.response);
}

function readToolCall(facts: ResponseFacts, index: number | undefined, call: any, limits: Limits): void {
  const { name, arguments: text } = call?.function ?? {};
  addToolCall(facts, outputAt(facts, 0), { index, name: asString(name), arguments: text }, limits.message);
}

function readEnd(facts: ResponseFacts, end: any, limits: Limits): void {
  const reason = asString(spelt(end, 'finishReason'));
  if (reason === undefined) return;
  outputAt(facts, 0).finishReason = reason;
  facts.finished = true;
  if (reason === 'ERROR') facts.failure = { code: reason, message: readText(end.error, limits.response) };
}

/** Says a part of a message, or a message that only calls tools, in words; what it plans to do is never shown. */
export function describePart(part: any): string | undefined {
  if (Array.isArray(part?.toolCalls)) {
    const calls = describeAny({ tool_calls: part.toolCalls });
    return part.toolPlan ? `[thinking]\n${calls ?? ''}` : calls;
  }
  if (part?.type === 'image_url') return describeAny({ type: 'image_url', image_url: part.imageUrl });
  return describeAny(part);
}
