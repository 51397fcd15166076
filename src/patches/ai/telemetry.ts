import type { MethodReader, Telemetry, TelemetryNote, TelemetrySpan } from '../../types';
import { asArray, asString } from '../shared/read-values';
import { languageModelCall } from './language-model';
import { embedding, generateSpeech, rerank, transcribe } from './other-models';

/* eslint-disable @typescript-eslint/no-explicit-any -- what `ai` 7 tells, and any later version */

const languageReaders: Readonly<Record<string, MethodReader>> = {
  generateText: languageModelCall('generateText', false),
  streamText: languageModelCall('streamText', true),
  generateObject: languageModelCall('generateObject', false),
  streamObject: languageModelCall('streamObject', true),
};

/** Operations whose calls the listener is told about, and those (`generateSpeech`, `transcribe`) of which it is not. */
const wholeReaders: Readonly<Record<string, MethodReader>> = {
  embed: embedding('embed'),
  embedMany: embedding('embedMany'),
  rerank,
  generateSpeech,
  transcribe,
};

/**
 * The telemetry of `ai` 7. The channel tells each call of a language model in `generateText` and `streamText`, and whole
 * operations of the other models; only the listener is told about single embeddings and about `generateObject`.
 */
export const telemetry: Telemetry = {
  channel: 'ai:telemetry',
  list: 'AI_SDK_TELEMETRY_INTEGRATIONS',
  methods: [...Object.keys(languageReaders), ...Object.keys(wholeReaders)],
  isSpokenBy: (exports) => exports?.AI_SDK_TELEMETRY_TRACING_CHANNEL === 'ai:telemetry',
  versionOf: (event) => asString(event?.aiVersion),
  spanOf({ type, event }, method): TelemetrySpan {
    switch (type) {
      case 'languageModelCall':
        return {
          method,
          reader: languageReaders[method ?? ''] ?? languageReaders['generateText'],
          group: event?.callId,
        };
      case 'step':
        return { method };
      case 'executeTool':
        // A tool may call what it likes.
        return {};
    }
    const reader = Object.hasOwn(wholeReaders, type) ? wholeReaders[type] : undefined;
    return { method: asString(type), reader, isWhole: true, group: event?.callId };
  },
  listener: {
    onStart: ({ callId, operationId, ...request }) =>
      operationId === 'ai.generateObject' || operationId === 'ai.streamObject'
        ? { kind: 'prepares', group: callId, request: { ...request, method: operationId.slice('ai.'.length) } }
        : undefined,
    onObjectStepStart: (event) => ({
      kind: 'begins',
      key: event.callId,
      group: event.callId,
      reader: (operation) => languageReaders[operation?.method ?? 'generateObject'] as MethodReader,
      request: event,
      holder: event.promptMessages,
    }),
    onObjectStepEnd: ends((event) => event.callId),
    onLanguageModelCallEnd: ends((event) => event.callId),
    onEmbedStart: (event) => ({
      kind: 'begins',
      key: event.embedCallId,
      group: event.callId,
      reader: () =>
        (event.operationId === 'ai.embed.doEmbed' ? wholeReaders['embed'] : wholeReaders['embedMany']) as MethodReader,
      request: event,
    }),
    onEmbedEnd: ends((event) => event.embedCallId),
    onRerankStart: (event) => ({
      kind: 'begins',
      key: event.callId,
      group: event.callId,
      reader: () => rerank,
      request: event,
    }),
    onRerankEnd: ends((event) => event.callId),
    onError: ({ callId, error }) => ({ kind: 'fails', group: callId, errors: attemptsOf(error) }),
    onAbort: ({ callId, reason }) => ({ kind: 'is over', group: callId, reason: reason ?? { name: 'AbortError' } }),
    onEnd: ({ callId }) => ({ kind: 'is over', group: callId }),
  },
};

function ends(keyOf: (event: any) => unknown): (event: any) => TelemetryNote {
  return (event) => ({ kind: 'ends', key: keyOf(event), value: event });
}

/** After its last attempt, `ai` throws an error that holds those of all of them. */
function attemptsOf(error: any): readonly unknown[] {
  const errors = asArray(error?.errors);
  return errors && error?.lastError !== undefined ? errors : [error];
}
