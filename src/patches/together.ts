import type { MethodPatch, ProviderPatch } from '../types';
import { chatCompletions } from './shared/chat-completions';
import { embeddings, transcriptions } from './shared/inputs';
import { servedBy } from './shared/served-by';
import { classWith, clientNamed, copyPointsOf, ofClient, patchOf } from './shared/stainless';
import { images, rerank, speech, textCompletions } from './together/readers';

/* eslint-disable @typescript-eslint/no-explicit-any -- the exports of several majors, found by feature */

/** The Together SDK. `chat.completions.stream` goes through `create`. */
export const together = {
  name: 'together',
  module: 'together-ai',
  versions: '0.52',
  entryFiles: ['client', 'index'],
  methods(exports: any): MethodPatch[] {
    const root = clientOf(exports);
    const audio = root?.Audio;
    return [
      patchOf(root?.Chat?.Completions, 'create', chatCompletions),
      patchOf(root?.Completions, 'create', textCompletions),
      patchOf(root?.Embeddings, 'create', embeddings),
      patchOf(root?.Images, 'generate', images),
      patchOf(root?.Rerank, 'create', rerank),
      patchOf(audio?.Transcriptions, 'create', transcriptions('audio.transcriptions.create', 'transcription')),
      patchOf(audio?.Translations, 'create', transcriptions('audio.translations.create', 'translation')),
      patchOf(audio?.Speech, 'create', speech),
    ].filter((patch) => patch !== undefined);
  },
  // A host that nobody knows is somebody's way to Together.
  servedBy: (self: any) => servedBy(self?._client?.baseURL) ?? 'together',
  copyPoints: (exports: any) =>
    copyPointsOf(clientOf(exports)?.Chat?.Completions, ['stream', 'runTools', 'runFunctions']),
  exportsOf: (client: any) => classWith('Together', client),
  ...ofClient(clientOf),
} as const satisfies ProviderPatch;

function clientOf(exports: any): any {
  return clientNamed('Together', exports);
}
