import type { MethodPatch, ProviderPatch } from '../types';
import { chatCompletions } from './shared/chat-completions';
import { servedBy } from './shared/served-by';
import { classWith, clientNamed, ofClient, patchOf } from './shared/stainless';
import { textCompletions } from './shared/text-completions';

/* eslint-disable @typescript-eslint/no-explicit-any -- the exports of several majors, found by feature */

/** The Cerebras SDK: OpenAI's wire format, with the seconds that the parts of an answer took beside it. */
export const cerebras = {
  name: 'cerebras',
  module: '@cerebras/cerebras_cloud_sdk',
  versions: '1.91',
  entryFiles: ['index'],
  methods(exports: any): MethodPatch[] {
    const root = clientOf(exports);
    return [
      patchOf(root?.Chat?.Completions, 'create', chatCompletions),
      patchOf(root?.Completions, 'create', textCompletions),
    ].filter((patch) => patch !== undefined);
  },
  // A host that nobody knows is somebody's way to Cerebras.
  servedBy: (self: any) => servedBy(self?._client?.baseURL) ?? 'cerebras',
  exportsOf: (client: any) => classWith('Cerebras', client),
  ...ofClient(clientOf),
} as const satisfies ProviderPatch;

function clientOf(exports: any): any {
  return clientNamed('Cerebras', exports);
}
