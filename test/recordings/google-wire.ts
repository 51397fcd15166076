import type { Recording } from './replay-server';
import type { Told, ToldCall } from './wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- what stands on the wire */

/** What an answer of Gemini says on the wire, in one body or in the chunks of a stream; without code of the package. */
export function tellGemini(bodies: readonly any[]): Told {
  const last = (field: string): any => bodies.map((body) => body[field]).findLast((value) => value !== undefined);
  const all: any[] = bodies.flatMap((body) => body.candidates ?? []);
  const indexes = [...new Set<number>(all.map(({ index }) => index ?? 0))];
  const candidates = indexes.map((at) => all.filter(({ index }) => (index ?? 0) === at));
  const usage = last('usageMetadata');
  return {
    model: last('modelVersion'),
    id: last('responseId'),
    texts: candidates.map(textOf).filter((text) => text !== ''),
    calls: candidates.flatMap((pieces) => partsOf(pieces).flatMap(callsOf)),
    reasons: candidates.map((pieces) => pieces.findLast(({ finishReason }) => finishReason)?.finishReason),
    tier: usage?.serviceTier,
    tokens: tokensOf(usage),
  };
}

/** A total that the provider sends is the sum of what it says beside it: this is how its counts are to be read. */
export function tokensOf(usage: any): Record<string, number | undefined> {
  const sum = (...counts: (number | undefined)[]): number | undefined =>
    counts.every((count) => count === undefined)
      ? undefined
      : counts.reduce<number>((total, count) => total + (count ?? 0), 0);
  return {
    input: sum(usage?.promptTokenCount, usage?.toolUsePromptTokenCount),
    output: sum(usage?.candidatesTokenCount, usage?.thoughtsTokenCount),
    total: usage?.totalTokenCount,
    cached: usage?.cachedContentTokenCount,
    reasoning: usage?.thoughtsTokenCount,
    audioInput: usage?.promptTokensDetails?.find(({ modality }: any) => modality === 'AUDIO')?.tokenCount,
  };
}

/** The chunks of a stream, or the whole body. */
export function bodiesOf({ response }: Recording): any[] {
  if (response.text === undefined) return [response.body];
  return response.text
    .split(/\r?\n\r?\n/)
    .filter((event) => event.startsWith('data:'))
    .map((event) => JSON.parse(event.slice('data:'.length)));
}

export function modelOf({ request }: Recording): string {
  return /models\/([^/:]+):/.exec(request.url)?.[1] ?? '';
}

/** What was asked, as the event has to tell it. */
export function expectedGeminiRequest(recording: Recording): Record<string, unknown> {
  const { body } = recording.request;
  const model = modelOf(recording);
  if (body.requests) {
    const texts = body.requests.map(({ content }: any) => content.parts[0].text);
    return { model, streaming: false, input: texts.join('\n'), input_count: texts.length, message_count: undefined };
  }
  if (body.content) {
    return { model, streaming: false, input: body.content.parts[0].text, message_count: undefined };
  }
  const { generationConfig: config = {}, contents, tools } = body;
  const hasSchema = config.responseJsonSchema ?? config.responseSchema;
  return {
    model,
    streaming: recording.kind === 'streamGenerateContent',
    message_count: contents.length,
    messages: contents.slice(-5).map(expectedMessage),
    tool_count: tools?.flatMap((tool: any) => tool.functionDeclarations ?? [tool]).length,
    temperature: config.temperature,
    top_p: config.topP,
    max_tokens: config.maxOutputTokens,
    seed: config.seed,
    response_format: hasSchema ? 'json_schema' : config.responseMimeType,
  };
}

function expectedMessage({ role, parts }: any): unknown {
  const [{ text }] = parts;
  const isOneText = parts.length === 1 && typeof text === 'string';
  return { role, content: isOneText ? cut(text, 200) : expect.any(String) };
}

function partsOf(pieces: readonly any[]): any[] {
  return pieces.flatMap(({ content }) => content?.parts ?? []);
}

function textOf(pieces: readonly any[]): string {
  return partsOf(pieces)
    .map(({ text, thought }) => (thought ? '' : (text ?? '')))
    .join('');
}

function callsOf({ functionCall, executableCode }: any): ToldCall[] {
  if (executableCode) return [{ name: 'code_execution', arguments: executableCode.code }];
  return functionCall ? [{ name: functionCall.name, arguments: JSON.stringify(functionCall.args) }] : [];
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}
