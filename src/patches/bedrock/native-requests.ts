import type { Limits, Operation, RequestFacts } from '../../types';
import { messages } from '../anthropic/messages';
import { chatCompletions } from '../shared/chat-completions';
import { withInput } from '../shared/read-input';
import { withConversation } from '../shared/read-messages';
import { asArray, asNumber, asString, countOf } from '../shared/read-values';
import { readConversation } from './converse';

/* eslint-disable @typescript-eslint/no-explicit-any -- the bodies of all families of models */

/** Reads the body of a request: which format it has is seen in its fields, as ARNs do not name the model. */
export function readNativeRequest(body: any, model: string | undefined, limits: Limits): RequestFacts {
  const operation = operationOf(body, model);
  if (typeof body !== 'object' || body === null) return { operation, model };
  return { ...readBody(body, operation, limits), operation, model };
}

function readBody(body: any, operation: Operation, limits: Limits): RequestFacts {
  if (Array.isArray(body.messages)) return readChat(body, limits);
  const facts = readParameters(body);
  if (typeof body.message === 'string') return withConversation(facts, turnsOf(body), limits, () => undefined);
  return withInput(facts, inputOf(body, operation), limits.prompt);
}

function readChat(body: any, limits: Limits): RequestFacts {
  // Amazon asks for it from everybody who sends to Claude.
  if ('anthropic_version' in body) return messages.readRequest(body, limits);
  if (isNova(body)) return readConversation(body, limits);
  return chatCompletions.readRequest(body, limits);
}

/** Amazon's own models: parts of a content have no type, they are an object with one field. */
function isNova(body: any): boolean {
  if (body.schemaVersion || body.inferenceConfig || body.toolConfig) return true;
  const parts = asArray(body.messages.at(-1)?.content);
  return parts !== undefined && parts.length > 0 && (parts[0] as any)?.type === undefined;
}

/** The names that the families have for the same parameters. */
function readParameters(body: any): RequestFacts {
  const titan = body.textGenerationConfig ?? {};
  const stops = body.stop ?? body.stop_sequences ?? body.stopSequences ?? titan.stopSequences;
  return {
    temperature: firstNumber(body.temperature, titan.temperature),
    topP: firstNumber(body.top_p, body.topP, body.p, titan.topP),
    maxTokens: firstNumber(
      ...[body.max_tokens, body.max_gen_len, body.max_tokens_to_sample, body.maxTokens, titan.maxTokenCount],
    ),
    stopSequenceCount: typeof stops === 'string' ? 1 : countOf(stops),
    seed: firstNumber(body.seed, body.imageGenerationConfig?.seed),
    toolCount: countOf(body.tools),
    responseFormat: asString(body.response_format?.type),
  };
}

function firstNumber(...values: unknown[]): number | undefined {
  return values.map(asNumber).find((value) => value !== undefined);
}

/** Cohere's Command R: what was said before stands apart from the last message. */
function turnsOf(body: any): { role: unknown; content: unknown }[] {
  const before = (asArray(body.chat_history) ?? []).map((turn: any) => ({ role: turn?.role, content: turn?.message }));
  return [...before, { role: 'USER', content: body.message }];
}

/** The text of a request that is no conversation. */
function inputOf(body: any, operation: Operation): unknown {
  if (operation === 'rerank') return body.query;
  const { taskType, text_prompts: prompts } = body;
  if (prompts) return asArray(prompts)?.map((prompt: any) => prompt?.text as unknown);
  if (typeof taskType === 'string') return textOfTask(body);
  return body.prompt ?? body.inputText ?? body.texts ?? body.inputPrompt;
}

/** Titan and Nova name the parameters after the task: `TEXT_IMAGE` has `textToImageParams`. */
function textOfTask(body: any): unknown {
  const name = Object.keys(body as object).find((key) => key.endsWith('Params'));
  const text: unknown = name === undefined ? undefined : body[name]?.text;
  return typeof text === 'object' ? (text as any)?.value : text;
}

/** What is asked for. Only where the fields leave it open, the id of the model says it. */
export function operationOf(body: any, model: string | undefined): Operation {
  const byBody = typeof body === 'object' && body !== null ? operationOfBody(body) : undefined;
  if (byBody) return byBody;
  const isText = typeof (body?.prompt ?? body?.inputText) === 'string';
  return operationOfModel(model) ?? (isText ? 'text_completion' : 'chat_completion');
}

function operationOfBody(body: any): Operation | undefined {
  if (Array.isArray(body.messages) || typeof body.message === 'string') return 'chat_completion';
  if (Array.isArray(body.texts) || body.embeddingConfig || body.input_type || 'normalize' in body) return 'embedding';
  if (typeof body.taskType === 'string') return /EMBEDDING/.test(body.taskType) ? 'embedding' : 'image_generation';
  if (Array.isArray(body.text_prompts)) return 'image_generation';
  if (typeof body.query === 'string' && Array.isArray(body.documents)) return 'rerank';
  if (body.textGenerationConfig) return 'text_completion';
  return undefined;
}

/** Also where the answer says so later: a name in an ARN is only somebody's name for it. */
function operationOfModel(model: string | undefined): Operation | undefined {
  if (model === undefined) return undefined;
  if (/embed/i.test(model)) return 'embedding';
  if (/rerank/i.test(model)) return 'rerank';
  if (/stability\.|image|canvas/i.test(model)) return 'image_generation';
  return /titan-t(ext|g)/i.test(model) ? 'text_completion' : undefined;
}
