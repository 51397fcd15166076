import type { MethodPatch, MethodReader, ProviderPatch } from '../types';
import { betaResponses, responses } from './openai/responses';
import { embeddings, images, moderations, speech, transcriptions } from './openai/inputs';
import { textCompletions } from './openai/text-completions';
import { chatCompletions } from './shared/chat-completions';
import { servedBy } from './shared/served-by';
import { byClassName, retryPointOf, versionOfClient } from './shared/stainless';

/* eslint-disable @typescript-eslint/no-explicit-any -- the exports of several majors, found by feature */

/**
 * The OpenAI SDK. Only the lowest methods are patched: `parse`, `stream`, `runTools` and the `beta` aliases go through
 * them. `AzureOpenAI` and every client of an OpenAI-compatible vendor share the same prototypes.
 */
export const openai = {
  name: 'openai',
  module: 'openai',
  versions: '4 to 7',
  entryFiles: ['client', 'index', 'azure'],
  methods(exports: any): MethodPatch[] {
    const root = clientOf(exports);
    return [
      patchOf(root?.Chat?.Completions, 'create', chatCompletions),
      patchOf(root?.Responses, 'create', responses),
      patchOf(root?.Beta?.Responses, 'create', betaResponses),
      patchOf(root?.Completions, 'create', textCompletions),
      patchOf(root?.Embeddings, 'create', embeddings),
      patchOf(root?.Images, 'generate', images('images.generate')),
      patchOf(root?.Images, 'edit', images('images.edit')),
      patchOf(root?.Images, 'createVariation', images('images.createVariation')),
      patchOf(root?.Audio?.Transcriptions, 'create', transcriptions('audio.transcriptions.create', 'transcription')),
      patchOf(root?.Audio?.Translations, 'create', transcriptions('audio.translations.create', 'translation')),
      patchOf(root?.Audio?.Speech, 'create', speech),
      patchOf(root?.Moderations, 'create', moderations),
    ].filter((patch) => patch !== undefined);
  },
  retryPoint: (exports: any) => retryPointOf(clientOf(exports)),
  versionOf: (exports: any) => versionOfClient(clientOf(exports)),
  servedBy(self: any) {
    const client = self?._client;
    return byClassName(client, classes) ?? servedBy(client?.baseURL) ?? 'openai_compatible';
  },
} as const satisfies ProviderPatch;

/** A base URL can be a proxy's; the class says for whom the request is signed. */
const classes: Readonly<Record<string, string>> = { AzureOpenAI: 'azure_openai', BedrockOpenAI: 'aws_bedrock' };

/** The class with the resource classes on it: what `require` gives, a namespace, or the class itself. */
function clientOf(exports: any): any {
  return [exports?.OpenAI, exports?.AzureOpenAI, exports?.default?.OpenAI, exports?.default, exports].find(
    (candidate) => candidate?.Chat !== undefined || candidate?.Completions !== undefined,
  );
}

function patchOf(resource: any, method: string, reader: MethodReader): MethodPatch | undefined {
  const owner: unknown = resource?.prototype;
  if (typeof owner !== 'object' || owner === null || !(method in owner)) return undefined;
  return { owner, method, readerFor: () => reader };
}
