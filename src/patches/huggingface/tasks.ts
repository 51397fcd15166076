import type { Limits, MethodReader, OutputFacts, RequestFacts, ResponseFacts } from '../../types';
import { chatCompletions } from '../shared/chat-completions';
import { withInput } from '../shared/read-input';
import { addOutputText, outputAt } from '../shared/read-outputs';
import { asArray, asNumber, asString, countOf, readTolerantly } from '../shared/read-values';
import { textCompletions } from '../shared/text-completions';

/* eslint-disable @typescript-eslint/no-explicit-any -- the answers of many providers */

/** `chatCompletion`: OpenAI's wire format, whoever answers. */
export const chat: MethodReader = {
  operation: 'chat_completion',
  method: 'chatCompletion',
  readRequest: chatCompletions.readRequest,
  readResponse: chatCompletions.readResponse,
};

export const chatStream: MethodReader = streamOf('chatCompletionStream', { ...chat, readChunk: readChatChunk });

/** `textGeneration`: a prompt and its continuation. */
export const text: MethodReader = {
  operation: 'text_completion',
  method: 'textGeneration',
  readRequest: (request, limits) => readTolerantly(request, (given) => readGeneration(given, limits)),
  readResponse: readGenerated,
};

export const textStream: MethodReader = streamOf('textGenerationStream', { ...text, readChunk: readToken });

/** The deprecated `request` and `streamingRequest`: any task, in the words of the provider. */
export function requestOf(
  method: 'request' | 'streamingRequest',
  [request, options]: readonly any[],
): MethodReader | undefined {
  const isChat = options?.task === 'conversational' || Array.isArray(request?.messages);
  if (!isChat && options?.task !== 'text-generation') return undefined;
  const reader = { ...(isChat ? chat : text), method };
  if (method === 'request') return reader;
  return streamOf(method, { ...reader, readChunk: isChat ? readChatChunk : readToken });
}

/** The streaming functions are generators, and say it to the provider themselves. */
function streamOf(method: string, reader: MethodReader): MethodReader {
  return {
    ...reader,
    method,
    isLazy: true,
    readRequest: (request, limits, args) => ({ ...reader.readRequest(request, limits, args), streaming: true }),
  };
}

function readChatChunk(facts: ResponseFacts, chunk: any, limits: Limits): ResponseFacts {
  return chatCompletions.readChunk?.(facts, chunk, limits) ?? facts;
}

function readGeneration(given: any, limits: Limits): RequestFacts {
  const parameters = given.parameters ?? {};
  return withInput(
    {
      model: asString(given.model),
      temperature: asNumber(parameters.temperature),
      topP: asNumber(parameters.top_p),
      maxTokens: asNumber(parameters.max_new_tokens) ?? asNumber(parameters.max_tokens),
      stopSequenceCount: countOf(parameters.stop ?? parameters.stop_sequences),
      seed: asNumber(parameters.seed),
    },
    given.inputs ?? given.prompt,
    limits.prompt,
  );
}

/** `{ generated_text, details? }`, alone or in a list; `request` gives what the provider said. */
function readGenerated(response: any, limits: Limits): ResponseFacts {
  const [answer]: readonly any[] = asArray(response) ?? [response];
  if (asArray(answer?.choices)) return textCompletions.readResponse(answer, limits);
  const facts: ResponseFacts = {};
  const { generated_text: generated, details } = answer ?? {};
  const output = outputAt(facts, 0);
  addOutputText(facts, output, generated, limits.response);
  if (typeof generated === 'string') facts.finished = true;
  readDetails(facts, output, details);
  return facts;
}

/** A token of a server of Hugging Face's, or what an OpenAI-compatible provider sends. */
function readToken(facts: ResponseFacts, chunk: any, limits: Limits): ResponseFacts {
  if (asArray(chunk?.choices)) return textCompletions.readChunk?.(facts, chunk, limits) ?? facts;
  const output = outputAt(facts, 0);
  // `</s>` is no text.
  if (chunk?.token?.special !== true) addOutputText(facts, output, chunk?.token?.text, limits.response);
  // The last one has the whole text, of which we have the pieces.
  if (typeof chunk?.generated_text === 'string') facts.finished = true;
  readDetails(facts, output, chunk?.details);
  return facts;
}

function readDetails(facts: ResponseFacts, output: OutputFacts, details: any): void {
  output.finishReason = asString(details?.finish_reason) ?? output.finishReason;
  const outputTokens = asNumber(details?.generated_tokens);
  const inputTokens = asNumber(details?.input_length) ?? asNumber(details?.prompt_tokens);
  if (outputTokens !== undefined || inputTokens !== undefined) facts.usage = { inputTokens, outputTokens };
}
