import type { MethodPatch, ProviderPatch } from '../types';
import { chatCompletions } from './shared/chat-completions';
import { frameworkOf } from './shared/framework';
import { readGateway } from './shared/gateways';
import { servedBy } from './shared/served-by';
import { clientNamed, patchOf, retryPointOf, versionOfClient } from './shared/stainless';
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
  retryPoint: (exports: any) => retryPointOf(clientOf(exports)),
  versionOf: (exports: any) => versionOfClient(clientOf(exports)),
  // A host that nobody knows is somebody's way to Cerebras.
  servedBy: (self: any) => servedBy(self?._client?.baseURL) ?? 'cerebras',
  frameworkOf: (self: any, args: readonly any[]) => frameworkOf(self?._client, args[1]),
  readGateway,
} as const satisfies ProviderPatch;

const clientOf = (exports: any): any => clientNamed('Cerebras', exports);
