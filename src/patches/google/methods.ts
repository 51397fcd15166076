import type {
  CountTokensParameters,
  CountTokensResponse,
  EmbedContentParameters,
  EmbedContentResponse,
  GenerateContentParameters,
  GenerateContentResponse,
  GenerateImagesParameters,
  GenerateImagesResponse,
} from '@google/genai' with { 'resolution-mode': 'import' };
import type { Answer, MethodReader, RequestFacts, ResponseFacts } from '../../types';
import { readGeminiAnswer, readTokenCount } from '../shared/gemini-answers';
import { modelName, readSettings, withContents, withEmbedded } from '../shared/gemini-requests';
import { withInput } from '../shared/read-input';
import { addOutputText, outputAt } from '../shared/read-outputs';
import { mediaMark } from '../shared/read-text';
import { asArray, asNumber, asString, readTolerantly, sumOf } from '../shared/read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- fields that only one of the two APIs has */

/** The signal is in the request, and the headers are in the answer. */
const inRequest = {
  timesOutByAbort: true as const,
  signalOf: ([request]: readonly any[]): AbortSignal | undefined => request?.config?.abortSignal as AbortSignal,
  answerOf(result: any): Answer {
    const headers: unknown = result?.sdkHttpResponse?.headers;
    if (typeof headers !== 'object' || headers === null) return { value: result };
    return { value: result, headers: { get: (name) => asString((headers as Record<string, unknown>)[name]) } };
  },
};

export const generateContent: MethodReader<GenerateContentParameters, GenerateContentResponse> = {
  ...inRequest,
  operation: 'chat_completion',
  method: 'models.generateContent',
  readRequest: (request, limits) =>
    readTolerantly(request, ({ model, contents, config }) =>
      withContents({ model: modelName(model), ...readSettings(config, config?.tools) }, contents, limits),
    ),
  readResponse: (response, limits) => readGeminiAnswer({}, response, limits),
};

export const generateContentStream: MethodReader<
  GenerateContentParameters,
  GenerateContentResponse,
  GenerateContentResponse
> = {
  ...generateContent,
  method: 'models.generateContentStream',
  readRequest: (request, limits) => ({ ...generateContent.readRequest(request, limits), streaming: true }),
  readChunk: readGeminiAnswer,
};

/** The vectors are never looked at. */
export const embedContent: MethodReader<EmbedContentParameters, EmbedContentResponse> = {
  ...inRequest,
  operation: 'embedding',
  method: 'models.embedContent',
  readRequest: (request, limits) =>
    readTolerantly(request, ({ model, contents }) => withEmbedded({ model: modelName(model) }, contents, limits)),
  readResponse(response) {
    // Vertex counts the tokens of each text; the Gemini API those of all, and only for its newer models.
    const counts = asArray(response?.embeddings)?.map((each: any) => asNumber(each?.statistics?.tokenCount));
    const inputTokens = asNumber((response as any)?.usageMetadata?.promptTokenCount) ?? sumOf(...(counts ?? []));
    return { usage: { inputTokens } };
  },
};

export const countTokens: MethodReader<CountTokensParameters, CountTokensResponse> = {
  ...inRequest,
  operation: 'token_count',
  method: 'models.countTokens',
  readRequest: (request, limits) =>
    readTolerantly(request, ({ model, contents, config }) =>
      withContents(
        { model: modelName(model), ...readSettings(config?.generationConfig, config?.tools) },
        contents,
        limits,
      ),
    ),
  readResponse: readTokenCount,
};

/** `generateImages`, and the methods of Vertex that make pictures out of pictures. */
export function images(method: string): MethodReader<GenerateImagesParameters, GenerateImagesResponse> {
  return {
    ...inRequest,
    operation: 'image_generation',
    method,
    readRequest: (request, limits) =>
      readTolerantly(request, (given) => {
        const facts: RequestFacts = { model: modelName(given.model), seed: asNumber(given.config?.seed) };
        return withInput(facts, given.prompt ?? (given as any).source?.prompt, limits.prompt);
      }),
    readResponse(response, limits) {
      const facts: ResponseFacts = {};
      for (const generated of asArray(response?.generatedImages) ?? []) {
        const image = (generated as any)?.image;
        // What was filtered has a reason in its place.
        if (!image) continue;
        const output = outputAt(facts, 0);
        const mark = mediaMark(asString(image.mimeType) ?? 'image', image.imageBytes);
        addOutputText(facts, output, (output.text ? ' ' : '') + mark, limits.response);
      }
      return facts;
    },
  };
}
