import type { EmbeddingsRequest, EmbeddingsResponse, EmbedRequest, EmbedResponse } from 'ollama';
import type { MethodReader } from '../../types';
import { withInput } from '../shared/read-input';
import { asNumber, asString, readTolerantly } from '../shared/read-values';

/** `embed`. The vectors are never looked at. */
export const embed: MethodReader<EmbedRequest, EmbedResponse> = {
  operation: 'embedding',
  method: 'embed',
  readRequest: (request, limits) =>
    readTolerantly(request, (given) => withInput({ model: asString(given.model) }, given.input, limits.prompt)),
  readResponse: (response) => ({
    model: asString(response?.model),
    usage: { inputTokens: asNumber(response?.prompt_eval_count) },
  }),
};

/** The older `embeddings`, whose answer is the vector and nothing else. */
export const embeddings: MethodReader<EmbeddingsRequest, EmbeddingsResponse> = {
  operation: 'embedding',
  method: 'embeddings',
  readRequest: (request, limits) =>
    readTolerantly(request, (given) => withInput({ model: asString(given.model) }, given.prompt, limits.prompt)),
  readResponse: () => ({}),
};
