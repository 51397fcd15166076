import type OpenAI from 'openai';
import type { Limits, MethodReader, ResponseFacts, Usage } from '../../types';
import { readChatUsage } from './chat-completions';
import { readCost } from './read-charges';
import { withInput } from './read-input';
import { addOutputText, outputAt } from './read-outputs';
import { mediaMark } from './read-text';
import { asArray, asNumber, asString, readTolerantly } from './read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- answers whose shape depends on `response_format` */

/** `embeddings.create`. The vectors are never looked at. */
export const embeddings: MethodReader<OpenAI.EmbeddingCreateParams, OpenAI.CreateEmbeddingResponse> = {
  operation: 'embedding',
  method: 'embeddings.create',
  readRequest: (request, limits) =>
    readTolerantly(request, (given) => withInput({ model: asString(given.model) }, given.input, limits.prompt)),
  readResponse: (response) => ({
    model: asString(response?.model),
    // OpenRouter's answers have an id, and say what they cost.
    id: asString((response as any)?.id),
    usage: response?.usage && readChatUsage(response.usage),
    cost: readCost(response?.usage),
  }),
};

/** `moderations.create`. */
export const moderations: MethodReader<OpenAI.ModerationCreateParams, OpenAI.ModerationCreateResponse> = {
  operation: 'moderation',
  method: 'moderations.create',
  readRequest: (request, limits) =>
    readTolerantly(request, (given) => withInput({ model: asString(given.model) }, given.input, limits.prompt)),
  readResponse: (response) => ({ model: asString(response?.model), id: asString(response?.id) }),
};

/** `images.generate`, `images.edit` and `images.createVariation`: prompts in, marks for the pictures out. */
export function images(method: string): MethodReader {
  return {
    operation: 'image_generation',
    method,
    readRequest: (request, limits) =>
      readTolerantly(request, (given) =>
        withInput(
          {
            model: asString(given.model),
            streaming: given.stream === true,
          },
          given.prompt,
          limits.prompt,
        ),
      ),
    readResponse(response, limits) {
      const facts: ResponseFacts = { usage: response?.usage && readTokenUsage(response.usage) };
      const type = `image/${asString(response?.output_format) ?? 'png'}`;
      for (const image of asArray(response?.data) ?? []) addImage(facts, image, type, limits);
      return facts;
    },
    readChunk(facts, event, limits) {
      const type = asString(event?.type);
      if (type?.endsWith('.partial_image')) facts.started = true;
      if (!type?.endsWith('.completed')) return facts;
      if (event.usage) facts.usage = readTokenUsage(event.usage);
      addImage(facts, event, `image/${asString(event.output_format) ?? 'png'}`, limits);
      facts.finished = true;
      return facts;
    },
  };
}

function addImage(facts: ResponseFacts, image: any, type: string, limits: Limits): void {
  const output = outputAt(facts, 0);
  addOutputText(facts, output, (output.text ? ' ' : '') + mediaMark(type, image?.b64_json), limits.response);
}

/** `audio.transcriptions.create` and `audio.translations.create`: the answer is a string in some formats. */
export function transcriptions(method: string, operation: 'transcription' | 'translation'): MethodReader {
  return {
    operation,
    method,
    readRequest: (request, limits) =>
      readTolerantly(request, (given) =>
        withInput(
          {
            model: asString(given.model),
            streaming: given.stream === true,
            temperature: asNumber(given.temperature),
            responseFormat: asString(given.response_format),
          },
          given.prompt,
          limits.prompt,
        ),
      ),
    readResponse(response, limits) {
      const facts: ResponseFacts = { usage: readTokenUsage(response?.usage) };
      addOutputText(facts, outputAt(facts, 0), response?.text ?? response, limits.response);
      return facts;
    },
    readChunk(facts, event, limits) {
      if (event?.type === 'transcript.text.delta') {
        addOutputText(facts, outputAt(facts, 0), event.delta, limits.response);
      } else if (event?.type === 'transcript.text.done') {
        const output = outputAt(facts, 0);
        if (!output.text) addOutputText(facts, output, event.text, limits.response);
        facts.usage = readTokenUsage(event.usage);
        facts.finished = true;
      }
      return facts;
    },
  };
}

/** `audio.speech.create`: the answer is a raw `Response`, whose body belongs to the caller. */
export const speech: MethodReader = {
  operation: 'speech',
  method: 'audio.speech.create',
  readRequest: (request, limits) =>
    readTolerantly(request, (given) =>
      withInput(
        {
          model: asString(given.model),
          responseFormat: asString(given.response_format),
        },
        given.input,
        limits.prompt,
      ),
    ),
  readResponse: () => ({}),
};

/** Usage of images and transcriptions; models billed by duration report seconds instead of tokens. */
function readTokenUsage(usage: any): Usage | undefined {
  if (!usage || usage.type === 'duration') return undefined;
  return {
    inputTokens: asNumber(usage.input_tokens),
    outputTokens: asNumber(usage.output_tokens),
    totalTokens: asNumber(usage.total_tokens),
    audioInputTokens: asNumber(usage.input_token_details?.audio_tokens),
    imageInputTokens: asNumber(usage.input_tokens_details?.image_tokens),
    imageOutputTokens: asNumber(usage.output_tokens_details?.image_tokens),
  };
}
