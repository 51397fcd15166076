import { headers } from './openai-wire';
import type { Answer } from './servers';

/* eslint-disable @typescript-eslint/no-explicit-any -- every field there is, of every vendor */

// --- Gemini ---------------------------------------------------------------------------------------------------------

const geminiSchema = {
  type: 'OBJECT',
  description: 'A place',
  properties: { city: { type: 'STRING', description: 'City', enum: ['Paris'] } },
};

export const geminiRequest: any = {
  model: 'gemini-x',
  contents: [
    {
      role: 'user',
      parts: [{ text: 'Hi' }, { fileData: { mimeType: 'text/plain', fileUri: 'https://example.org/f' } }],
    },
    {
      role: 'model',
      parts: [
        { text: 'Thought', thought: true },
        { text: 'Before' },
        { functionCall: { name: 'get_weather', args: { city: 'Paris' } } },
      ],
    },
    { role: 'user', parts: [{ functionResponse: { name: 'get_weather', response: { output: 'It rains' } } }] },
    { role: 'user', parts: [{ text: 'Weather?' }, { inlineData: { mimeType: 'text/plain', data: 'AAAA' } }] },
  ],
  config: {
    systemInstruction: 'Be brief',
    stopSequences: ['END'],
    responseMimeType: 'application/json',
    responseSchema: geminiSchema,
    tools: [{ functionDeclarations: [{ name: 'get_weather', description: 'Weather', parameters: geminiSchema }] }],
  },
};

const geminiAnswer = {
  responseId: 'r1a2b3c4d5',
  modelVersion: 'gemini-x-001',
  candidates: [
    {
      index: 0,
      content: {
        role: 'model',
        parts: [
          { text: 'Thought', thought: true },
          { text: 'It is sunny' },
          { functionCall: { name: 'get_weather', args: { city: 'Paris' } } },
          { executableCode: { language: 'PYTHON', code: 'print(1)' } },
          { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
        ],
      },
      finishReason: 'STOP',
      finishMessage: 'Done',
      citationMetadata: { citationSources: [{ uri: 'https://example.org/c', license: 'mit' }] },
      groundingMetadata: { webSearchQueries: ['weather'], searchEntryPoint: { renderedContent: '<p>' } },
    },
  ],
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, trafficType: 'ON_DEMAND' },
};

const geminiError = {
  error: {
    code: 400,
    message: 'You said',
    status: 'INVALID_ARGUMENT',
    details: [{ '@type': 'x', reason: 'R', fieldViolations: [{ field: 'contents', description: 'D' }] }],
  },
};

export const geminiAnswers: Record<string, Answer> = {
  whole: { json: geminiAnswer, headers },
  blocked: {
    json: { promptFeedback: { blockReason: 'SAFETY', blockReasonMessage: 'You said' }, modelVersion: 'gemini-x' },
  },
  streamed: { events: [geminiAnswer, geminiAnswer] },
  'streamed and failing': { events: [geminiAnswer, geminiError] },
  refused: { status: 400, json: geminiError },
};
