import type { MethodPatch, ProviderPatch } from '../types';
import { chatCompletions } from './groq/chat-completions';
import { embeddings, speech, transcriptions } from './shared/inputs';
import { servedBy } from './shared/served-by';
import { classWith, clientNamed, ofClient, patchOf } from './shared/stainless';

/* eslint-disable @typescript-eslint/no-explicit-any -- the exports of several majors, found by feature */

/** The Groq SDK: OpenAI's wire format, and a client that is built like OpenAI's. */
export const groq = {
  name: 'groq',
  module: 'groq-sdk',
  versions: '0.37 to 1',
  entryFiles: ['client', 'index'],
  methods(exports: any): MethodPatch[] {
    const root = clientOf(exports);
    const audio = root?.Audio;
    return [
      patchOf(root?.Chat?.Completions, 'create', chatCompletions),
      patchOf(root?.Embeddings, 'create', embeddings),
      patchOf(audio?.Transcriptions, 'create', transcriptions('audio.transcriptions.create', 'transcription')),
      patchOf(audio?.Translations, 'create', transcriptions('audio.translations.create', 'translation')),
      patchOf(audio?.Speech, 'create', speech),
    ].filter((patch) => patch !== undefined);
  },
  // A host that nobody knows is somebody's way to Groq: nobody else has its paths.
  servedBy: (self: any) => servedBy(self?._client?.baseURL) ?? 'groq',
  exportsOf: (client: any) => classWith('Groq', client),
  ...ofClient(clientOf),
} as const satisfies ProviderPatch;

function clientOf(exports: any): any {
  return clientNamed('Groq', exports);
}
