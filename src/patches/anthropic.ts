import type { MethodPatch, MethodReader, ProviderPatch } from '../types';
import { betaMessages, countTokens, messages, textCompletions } from './anthropic/messages';
import { askedThrough } from './shared/gateways';
import { servedBy } from './shared/served-by';
import { byClassName, classWith, copyPointsOf, ofClient } from './shared/stainless';

/* eslint-disable @typescript-eslint/no-explicit-any -- the exports of several majors, found by feature */

/**
 * The Anthropic SDK. `stream`, `parse` and `toolRunner` go through `create`; the Bedrock, Vertex and Foundry clients
 * share its resource classes, and load them without the main entry.
 */
export const anthropic = {
  name: 'anthropic',
  module: '@anthropic-ai/sdk',
  versions: '0.20 to 1',
  entryFiles: ['client', 'index', 'resources/index'],
  methods(exports: any): MethodPatch[] {
    const root = clientOf(exports);
    return [
      ...patchesOf(root?.Messages, { create: messages, countTokens }),
      ...patchesOf(root?.Beta?.Messages, { create: betaMessages, countTokens: betaCountTokens }),
      // What only exists under `beta` in older versions.
      ...patchesOf(root?.Beta?.PromptCaching?.Messages, { create: named('beta.promptCaching.messages.create') }),
      ...patchesOf(root?.Beta?.Tools?.Messages, { create: named('beta.tools.messages.create') }),
      ...patchesOf(root?.Completions, { create: textCompletions }),
    ];
  },
  /** `parse` hands on the very object; a tool runner sends nothing before somebody reads it, and copies as well. */
  copyPoints(exports: any) {
    const root = clientOf(exports);
    const { PromptCaching, Tools } = root?.Beta ?? {};
    const resources = [root?.Messages, root?.Beta?.Messages, PromptCaching?.Messages, Tools?.Messages];
    return resources.flatMap((resource) => copyPointsOf(resource, ['stream']));
  },
  /** The clients of other clouds have the resources of this SDK, and not its classes. */
  exportsOf(client: any) {
    const owner = classWith('Anthropic', client);
    if (owner === undefined || owner.Messages !== undefined) return owner;
    const [Messages, BetaMessages] = [client.messages?.constructor, client.beta?.messages?.constructor];
    return { Messages, Beta: { Messages: BetaMessages }, prototype: owner.prototype };
  },
  servedBy(self: any, args: readonly any[]) {
    const client = self?._client;
    const named = byClassName(client, classes);
    return named ?? askedThrough(servedBy(client?.baseURL), client, args[1]) ?? 'anthropic_compatible';
  },
  ...ofClient(clientOf),
} as const satisfies ProviderPatch;

const betaCountTokens: MethodReader = { ...countTokens, method: 'beta.messages.countTokens' };

/** A base URL can be a proxy's; the class says for whom the request is signed. */
const classes: Readonly<Record<string, string>> = {
  AnthropicBedrock: 'aws_bedrock',
  AnthropicBedrockMantle: 'aws_bedrock',
  AnthropicVertex: 'google_vertex',
  AnthropicFoundry: 'azure_foundry',
};

/** `resources/index`, which the clients of other clouds load, exports the resource classes themselves. */
function clientOf(exports: any): any {
  return [exports?.Anthropic, exports?.BaseAnthropic, exports?.default, exports].find(
    (candidate) => candidate?.Messages !== undefined || candidate?.Completions !== undefined,
  );
}

function named(method: string): MethodReader {
  return { ...messages, method };
}

function patchesOf(resource: any, readers: Record<string, MethodReader>): MethodPatch[] {
  const owner: unknown = resource?.prototype;
  if (typeof owner !== 'object' || owner === null) return [];
  return Object.entries(readers)
    .filter(([method]) => method in owner)
    .map(([method, reader]) => ({ owner, method, readerFor: () => reader }));
}
