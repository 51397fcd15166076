'use strict';

// Gemini, as the Gemini API and Vertex speak it: https://ai.google.dev/api/generate-content. Besides the usual words of a
// prompt: "blocked" is refused before there is an answer, "picture" gives one, "code" lets the provider run some, and
// "continue" ends in the middle, with a token to go on with.

const { textOf } = require('../provider-server.js');

const cities = ['Paris', 'Tokyo'];
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const vector = [0.25, -0.5, 0.125];

// Thoughts stand beside the candidates, cached tokens are within the prompt.
const usage = {
  promptTokenCount: 20,
  candidatesTokenCount: 8,
  totalTokenCount: 32,
  cachedContentTokenCount: 8,
  promptTokensDetails: [{ modality: 'TEXT', tokenCount: 20 }],
  thoughtsTokenCount: 4,
  serviceTier: 'standard',
};
const ran = { ...usage, toolUsePromptTokenCount: 6, totalTokenCount: 38 };
const statuses = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
};

function promptOf(body) {
  const contents = body.generateContentRequest?.contents ?? body.contents ?? [body.content ?? {}];
  const parts = contents.at(-1)?.parts ?? [];
  const embedded = body.requests?.map(({ content }) => content.parts[0].text) ?? [];
  return [...parts.map(({ text }) => text ?? ''), ...embedded, body.instances?.[0]?.prompt ?? ''].join(' ').trim();
}

function partsOf(body) {
  const prompt = promptOf(body);
  const functions = (body.tools ?? []).flatMap(({ functionDeclarations }) => functionDeclarations ?? []);
  const thought = /think/i.test(prompt) ? [{ text: 'Let me think.', thought: true }] : [];
  if (/weather/i.test(prompt) && functions.length > 0) {
    return [...thought, ...cities.map((city) => ({ functionCall: { name: functions[0].name, args: { city } } }))];
  }
  if (/picture/i.test(prompt)) return [...thought, { inlineData: { mimeType: 'image/png', data: pixel } }];
  if (/\bcode\b/i.test(prompt)) {
    return [
      { executableCode: { language: 'PYTHON', code: 'print(1 + 1)' } },
      { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '2\n' } },
      { text: 'Two.' },
    ];
  }
  return [...thought, { text: textOf(prompt) }];
}

function generate(body, model, isStream) {
  const prompt = promptOf(body);
  const head = { modelVersion: `${model}-001`, responseId: 'resp-standin' };
  const counts = /\bcode\b/i.test(prompt) ? ran : usage;
  if (/blocked/i.test(prompt)) {
    const usageMetadata = { promptTokenCount: 20, totalTokenCount: 20, serviceTier: 'standard' };
    return [{ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata, ...head }];
  }
  if (/refuse/i.test(prompt)) {
    return [{ candidates: [{ content: {}, finishReason: 'SAFETY', index: 0 }], usageMetadata: counts, ...head }];
  }
  const count = body.generationConfig?.candidateCount ?? 1;
  const candidates = Array.from({ length: count }, (_, index) => index);
  const parts = partsOf(body);
  const isHalf = /continue/i.test(prompt) && !body.continuationToken;
  const reason = isHalf ? { finishReason: 'CONTINUATION', continuationToken: 'token' } : { finishReason: 'STOP' };
  const candidate = (given, index, isLast) => ({
    content: { parts: given, role: 'model' },
    ...(isLast && reason),
    index,
  });
  if (!isStream) {
    return [{ candidates: candidates.map((index) => candidate(parts, index, true)), usageMetadata: counts, ...head }];
  }
  const pieces = chunksOf(parts);
  // Each chunk counts what there is so far.
  return pieces.flatMap((piece, at) => {
    const isLast = at === pieces.length - 1;
    const soFar = isLast ? counts : { ...counts, candidatesTokenCount: 1, totalTokenCount: 25 };
    return candidates.map((index) => ({
      candidates: [candidate(piece, index, isLast)],
      usageMetadata: soFar,
      ...head,
    }));
  });
}

// Text comes in pieces; the calls that are made at the same time come in one chunk.
function chunksOf(parts) {
  const calls = parts.filter(({ functionCall }) => functionCall);
  const chunks = parts
    .filter(({ functionCall }) => !functionCall)
    .flatMap((part) => (part.text ? part.text.match(/.{1,4}/gsu).map((text) => [{ ...part, text }]) : [[part]]));
  return calls.length > 0 ? [...chunks, calls] : chunks;
}

const answers = {
  generateContent: (body, model) => ({ json: generate(body, model, false)[0] }),
  streamGenerateContent: (body, model) => ({
    events: generate(body, model, true).map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`),
  }),
  countTokens: () => ({ json: { totalTokens: 11 } }),
  embedContent: () => ({ json: { embedding: { values: vector } } }),
  batchEmbedContents: ({ requests }) => ({ json: { embeddings: requests.map(() => ({ values: vector })) } }),
  // Imagen, and the embeddings of Vertex.
  predict: ({ instances, parameters }, model) =>
    !model.startsWith('imagen')
      ? {
          json: {
            predictions: instances.map(() => ({
              embeddings: { values: vector, statistics: { token_count: 5, truncated: false } },
            })),
          },
        }
      : {
          json: {
            predictions: Array.from({ length: parameters?.sampleCount ?? 1 }, () => ({
              mimeType: 'image/png',
              bytesBase64Encoded: pixel,
            })),
          },
        },
};

const path =
  /^\/v1(?:alpha|beta1?)?\/(?:(?:projects\/[^/]+\/locations\/[^/]+\/)?publishers\/google\/)?models\/(?<model>[^/:]+):(?<call>\w+)$/;

module.exports = {
  routes: [
    {
      path,
      answer: ({ body, match }) => answers[match.groups.call]?.(body, match.groups.model) ?? { status: 404, json: {} },
      prompt: promptOf,
      error: (code, message) => ({ json: { error: { code, message, status: statuses[code] ?? 'INTERNAL' } } }),
    },
  ],
};
