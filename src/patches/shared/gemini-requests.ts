import type { Limits, RequestFacts } from '../../types';
import { withConversation } from './read-messages';
import { jsonBeginning } from './read-outputs';
import { joinTexts, mediaMark } from './read-text';
import { asArray, asNumber, asString, countOf, sumOf } from './read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- contents and parts of two SDKs, in every form that they take */

/** The server cuts longer strings (Amplitude, HTTP V2 API). */
const longestString = 1_024;

/** The name of a model without the path in front of it: `models/gemini-2.5-pro`, `publishers/google/models/...`. */
export function modelName(name: unknown): string | undefined {
  return asString(name)?.replace(/^(.*\/)?models\//, '');
}

/** What Gemini calls generation config, and the tools. */
export function readSettings(config: any, tools: unknown): RequestFacts {
  const hasSchema = Boolean(config?.responseSchema ?? config?.responseJsonSchema);
  return {
    toolCount: countTools(tools),
    temperature: asNumber(config?.temperature),
    topP: asNumber(config?.topP),
    maxTokens: asNumber(config?.maxOutputTokens),
    stopSequenceCount: countOf(config?.stopSequences),
    seed: asNumber(config?.seed),
    responseFormat: hasSchema ? 'json_schema' : asString(config?.responseMimeType),
    reasoningEffort: asString(config?.thinkingConfig?.thinkingLevel),
  };
}

/** One entry holds all the functions of the caller; the others are a tool of the provider's each. */
function countTools(tools: unknown): number | undefined {
  const counts = asArray(tools)?.map((tool: any) => countOf(tool?.functionDeclarations) ?? 1);
  return counts && sumOf(0, ...counts);
}

/** Adds the contents of a request: messages, or what the SDKs make one message of the user of. */
export function withContents(facts: RequestFacts, contents: unknown, limits: Limits): RequestFacts {
  if (contents === undefined || contents === null) return facts;
  const list = asArray(contents) ?? [contents];
  const messages = list.length === 0 || isContent(list[0]) ? list : [{ role: 'user', parts: list }];
  return withConversation(facts, messages, limits, describeGeminiPart);
}

function isContent(value: any): boolean {
  return Array.isArray(value?.parts);
}

/** Adds what is embedded: one text, or a list of them. */
export function withEmbedded(facts: RequestFacts, contents: unknown, limits: Limits): RequestFacts {
  const list = asArray(contents);
  if (contents === undefined || contents === null) return facts;
  if (list) facts.inputCount = list.length;
  facts.input = joinTexts((list ?? [contents]).flatMap(partsOf).map(describeGeminiPart), limits.prompt);
  facts.inputLength = facts.input?.length;
  return facts;
}

function partsOf(content: any): readonly unknown[] {
  return asArray(content?.parts) ?? [content];
}

/** Says a part of a content in words: its text, or a mark that stands for something else. */
export function describeGeminiPart(part: any): string | undefined {
  if (typeof part === 'string') return part;
  // Nobody is shown what a model only thought, not where it is sent again either.
  if (part?.thought) return '[thinking]';
  if (typeof part?.text === 'string') return part.text as string;
  if (part?.inlineData) return mediaMark(asString(part.inlineData.mimeType) ?? 'media', part.inlineData.data);
  if (part?.fileData) return mediaMark(asString(part.fileData.mimeType) ?? 'file');
  if (part?.functionCall) return `[tool_call ${asString(part.functionCall.name) ?? ''}]`;
  if (part?.functionResponse) return jsonBeginning(part.functionResponse.response ?? {}, longestString);
  if (part?.toolCall) return `[tool_call ${asString(part.toolCall.toolType) ?? ''}]`;
  if (part?.toolResponse) return jsonBeginning(part.toolResponse.response ?? {}, longestString);
  if (part?.executableCode) return `[tool_call ${codeTool}]`;
  return textOf(part?.codeExecutionResult?.output);
}

/** The provider writes and runs code by itself; the part has no name of its own. */
export const codeTool = 'code_execution';

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
