import type { ChatRequest, ChatResponse, GenerateRequest, GenerateResponse, Options } from 'ollama';
import type { Limits, MethodReader, RequestFacts, ResponseFacts, Text, Usage } from '../../types';
import { describePart } from '../shared/describe-part';
import { withInput } from '../shared/read-input';
import { withConversation } from '../shared/read-messages';
import { addOutputText, addToolCall, jsonBeginning, outputAt } from '../shared/read-outputs';
import { addText, mediaMark } from '../shared/read-text';
import { asArray, asNumber, asString, countOf, readTolerantly, sumOf } from '../shared/read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- fields that newer servers have and the types of the SDK do not */

/** `chat`: messages in, a message out. */
export const chat: MethodReader<ChatRequest, ChatResponse, ChatResponse> = {
  operation: 'chat_completion',
  method: 'chat',
  readRequest: (request, limits) =>
    readTolerantly(request, (given) =>
      withImages(
        withConversation(
          { ...readParameters(given), toolCount: countOf(given.tools) },
          given.messages,
          limits,
          describePart,
        ),
        given.messages,
        limits.message,
      ),
    ),
  readResponse: (response, limits) => readMessage({}, response, limits),
  readChunk: readMessage,
};

/** `generate`: a prompt in, text or a picture out. */
export const generate: MethodReader<GenerateRequest, GenerateResponse, GenerateResponse> = {
  operation: 'text_completion',
  method: 'generate',
  readRequest: (request, limits) =>
    readTolerantly(request, (given) => {
      const facts = withInput(readParameters(given), given.prompt, limits.prompt);
      facts.input = addMarks(facts.input, given.images, limits.prompt);
      return facts;
    }),
  readResponse: (response, limits) => readText({}, response, limits),
  readChunk: readText,
};

function readParameters(given: ChatRequest | GenerateRequest): RequestFacts {
  const options: Partial<Options> = given.options ?? {};
  const limit = asNumber(options.num_predict);
  return {
    model: asString(given.model),
    streaming: given.stream === true,
    temperature: asNumber(options.temperature),
    topP: asNumber(options.top_p),
    // -1 and -2 are no limits.
    maxTokens: limit !== undefined && limit < 0 ? undefined : limit,
    stopSequenceCount: countOf(options.stop),
    seed: asNumber(options.seed),
    responseFormat: isSchema(given.format) ? 'json_schema' : asString(given.format),
    reasoningEffort: asString(given.think),
  };
}

function isSchema(format: unknown): boolean {
  return typeof format === 'object' && format !== null;
}

/** Pictures stand beside the content of a message: their marks come behind it, for the messages that are kept. */
function withImages(facts: RequestFacts, messages: unknown, limit: number): RequestFacts {
  const kept = facts.messages;
  if (!kept || kept.length === 0 || !Array.isArray(messages)) return facts;
  const last: readonly unknown[] = messages.slice(-kept.length);
  facts.messages = kept.map((message, at) => ({
    ...message,
    content: addMarks(message.content, (last[at] as { images?: unknown } | null)?.images, limit),
  }));
  return facts;
}

/** Bytes, base64, or on Node the path of a file: what it is can not be told, so neither is its size. */
function addMarks(text: Text | undefined, images: unknown, limit: number): Text | undefined {
  const count = countOf(images) ?? 0;
  let marked = text;
  for (let at = 0; at < Math.min(count, mostMarks); at++) {
    marked = addText(marked, `${marked?.length ? '\n' : ''}${mediaMark('image')}`, limit);
  }
  return marked;
}

const mostMarks = 20;

/** A whole answer is a chunk that is done, so both are read by the same lines. */
function readMessage(facts: ResponseFacts, chunk: ChatResponse, limits: Limits): ResponseFacts {
  const message = chunk?.message;
  const output = outputAt(facts, 0);
  if (message?.thinking) facts.started = true;
  addOutputText(facts, output, message?.content, limits.response);
  // Whole calls, in one chunk or in several. Servers that count them at all count some of them 0.
  for (const call of asArray(message?.tool_calls) ?? []) {
    const { name, arguments: given } = ((call as any)?.function ?? {}) as { name?: unknown; arguments?: unknown };
    const index = output.toolCalls?.length ?? 0;
    addToolCall(facts, output, { index, name, arguments: argumentsOf(given, limits) }, limits.message);
  }
  return readEnd(facts, chunk);
}

function argumentsOf(given: unknown, limits: Limits): string | undefined {
  if (given === undefined || given === null) return undefined;
  return typeof given === 'string' ? given : jsonBeginning(given, limits.message);
}

function readText(facts: ResponseFacts, chunk: GenerateResponse, limits: Limits): ResponseFacts {
  const output = outputAt(facts, 0);
  if (chunk?.thinking) facts.started = true;
  addOutputText(facts, output, chunk?.response, limits.response);
  if (chunk?.image) addOutputText(facts, output, mediaMark('image', chunk.image), limits.response);
  return readEnd(facts, chunk);
}

function readEnd(facts: ResponseFacts, chunk: ChatResponse | GenerateResponse): ResponseFacts {
  facts.model ??= asString(chunk?.model);
  if (!chunk?.done) return facts;
  outputAt(facts, 0).finishReason = asString(chunk.done_reason);
  facts.usage = readUsage(chunk);
  facts.finished = true;
  return facts;
}

/** Older servers leave the count of a prompt out that they still had in memory: then the total is not known either. */
function readUsage({ prompt_eval_count: prompt, eval_count: answer }: ChatResponse | GenerateResponse): Usage {
  const [inputTokens, outputTokens] = [asNumber(prompt), asNumber(answer)];
  const isKnown = inputTokens !== undefined && outputTokens !== undefined;
  return { inputTokens, outputTokens, totalTokens: isKnown ? sumOf(inputTokens, outputTokens) : undefined };
}
