import type { MethodPatch, MethodReader, ProviderPatch } from '../types';
import {
  batchEmbedContents,
  countTokens,
  embedContent,
  generateContent,
  generateContentStream,
  sendMessage,
  sendMessageStream,
} from './google-generative-ai/methods';
import { servedBy } from './shared/served-by';

/* eslint-disable @typescript-eslint/no-explicit-any -- internals of the SDK */

/**
 * The SDK before `@google/genai`, for the Gemini API only. A chat does not go through the model that it was started
 * from: both call the same functions of their modules.
 */
export const googleGenerativeAi = {
  name: 'google-generative-ai',
  module: '@google/generative-ai',
  versions: '0.24',
  entryFiles: ['dist/index'],
  methods(exports: any): MethodPatch[] {
    const { GenerativeModel, ChatSession } = exports?.ChatSession ? exports : (exports?.default ?? {});
    return [...patchesOf(GenerativeModel, ofModel), ...patchesOf(ChatSession, ofChat)];
  },
  /** From a client, one of its models, or a chat. What is made to find the classes sends nothing. */
  exportsOf(client: any) {
    if (typeof client?.sendMessageStream === 'function' && '_history' in client)
      return { ChatSession: client.constructor };
    const model = client?.getGenerativeModel?.({ model: 'none' }) ?? client;
    if (typeof model?.startChat !== 'function' || typeof model.batchEmbedContents !== 'function') return undefined;
    return { GenerativeModel: model.constructor, ChatSession: model.startChat().constructor };
  },
  servedBy(self: any, [, options]: readonly any[]) {
    const baseUrl: unknown = options?.baseUrl ?? self?._requestOptions?.baseUrl;
    return baseUrl ? (servedBy(baseUrl) ?? 'google_compatible') : 'google';
  },
} as const satisfies ProviderPatch;

const ofModel: Readonly<Record<string, MethodReader>> = {
  generateContent,
  generateContentStream,
  embedContent,
  batchEmbedContents,
  countTokens,
};
const ofChat: Readonly<Record<string, MethodReader>> = { sendMessage, sendMessageStream };

function patchesOf(resource: any, readers: Readonly<Record<string, MethodReader>>): MethodPatch[] {
  const owner: unknown = resource?.prototype;
  if (typeof owner !== 'object' || owner === null) return [];
  return Object.entries(readers)
    .filter(([method]) => method in owner)
    .map(([method, reader]) => ({ owner, method, readerFor: () => reader }));
}
