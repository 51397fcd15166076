import type { MethodPatch, MethodReader, ProviderPatch } from '../types';
import { betaResponses, responses } from './openai/responses';
import { chatCompletions } from './shared/chat-completions';
import { askedThrough } from './shared/gateways';
import { embeddings, images, moderations, speech, transcriptions } from './shared/inputs';
import { asString } from './shared/read-values';
import { servedBy } from './shared/served-by';
import { byClassName, classWith, copyPointsOf, ofClient, patchOf } from './shared/stainless';
import { textCompletions } from './shared/text-completions';

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
      deployable(root?.Chat?.Completions, 'create', chatCompletions),
      patchOf(root?.Responses, 'create', responses),
      patchOf(root?.Beta?.Responses, 'create', betaResponses),
      deployable(root?.Completions, 'create', textCompletions),
      deployable(root?.Embeddings, 'create', embeddings),
      deployable(root?.Images, 'generate', images('images.generate')),
      deployable(root?.Images, 'edit', images('images.edit')),
      patchOf(root?.Images, 'createVariation', images('images.createVariation')),
      deployable(root?.Audio?.Transcriptions, 'create', transcriptions('audio.transcriptions.create', 'transcription')),
      deployable(root?.Audio?.Translations, 'create', transcriptions('audio.translations.create', 'translation')),
      deployable(root?.Audio?.Speech, 'create', speech),
      patchOf(root?.Moderations, 'create', moderations),
    ].filter((patch) => patch !== undefined);
  },
  /** `parse` hands on the very object. */
  copyPoints(exports: any) {
    const root = clientOf(exports);
    const helpers = ['stream', 'runTools', 'runFunctions'];
    const completions = root?.Chat?.Completions;
    // In 4 they are below `beta`, in a class that nothing leads to but an instance. It sends nothing.
    const isBelowBeta = completions !== undefined && !('stream' in completions.prototype);
    const beta = isBelowBeta && root?.Beta ? new root.Beta({}).chat?.completions?.constructor : undefined;
    const resources = [completions, beta, root?.Responses];
    return resources.flatMap((resource) => copyPointsOf(resource, helpers));
  },
  exportsOf: (client: any) => classWith('OpenAI', client),
  servedBy(self: any, args: readonly any[]) {
    const client = self?._client;
    const named = byClassName(client, classes);
    return named ?? askedThrough(servedBy(client?.baseURL), client, args[1]) ?? 'openai_compatible';
  },
  ...ofClient(clientOf),
} as const satisfies ProviderPatch;

/** A base URL can be a proxy's; the class says for whom the request is signed. */
const classes: Readonly<Record<string, string>> = { AzureOpenAI: 'azure_openai', BedrockOpenAI: 'aws_bedrock' };

/** The class with the resource classes on it: what `require` gives, a namespace, or the class itself. */
function clientOf(exports: any): any {
  return [exports?.OpenAI, exports?.AzureOpenAI, exports?.default?.OpenAI, exports?.default, exports].find(
    (candidate) => candidate?.Chat !== undefined || candidate?.Completions !== undefined,
  );
}

/**
 * An Azure client that was made for one deployment sends every call to it, by the path, so that requests need not name
 * a model: `_deployments_endpoints` in azure.ts, the same from 4 to 7. Where one does, that is what was asked for.
 */
function deployable(resource: any, method: string, reader: MethodReader): MethodPatch | undefined {
  const patch = patchOf(resource, method, reader);
  if (!patch) return undefined;
  const deployed: MethodReader = {
    ...reader,
    readRequest(request, limits, args, self) {
      const facts = reader.readRequest(request, limits, args, self);
      facts.model ??= asString(self?._client?.deploymentName);
      return facts;
    },
  };
  return { ...patch, readerFor: (_args, self) => (self?._client?.deploymentName ? deployed : reader) };
}
