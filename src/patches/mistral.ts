import type { MethodPatch, MethodReader, ProviderPatch } from '../types';
import { completions } from './mistral/completions';
import { embeddings, moderations } from './mistral/inputs';
import { servedBy } from './shared/served-by';

/* eslint-disable @typescript-eslint/no-explicit-any -- the exports of several majors, found by feature */

/**
 * The Mistral SDK. Its resource classes are not among its exports, but each has a file of its own. `parse` and the
 * like do not go through `complete`: all of them call functions of the module.
 */
export const mistral = {
  name: 'mistral',
  module: '@mistralai/mistralai',
  versions: '1 to 2',
  entryFiles: [
    // Where no load hook sees what it imports: loaded before us, or an ES module that is required (Node 20). The first one
    // is where such a copy is looked for.
    'esm/index',
    ...['chat', 'agents', 'fim', 'embeddings', 'classifiers'].flatMap((file) => [`sdk/${file}`, `esm/sdk/${file}`]),
  ],
  methods(exports: any): MethodPatch[] {
    const ownerOf = ownersOf(exports);
    return Object.entries(readers).flatMap(([resource, methods]) => {
      const owner = ownerOf(resource);
      if (!owner) return [];
      return Object.entries(methods)
        .filter(([method]) => method in owner)
        .map(([method, reader]) => ({ owner, method, readerFor: () => reader }));
    });
  },
  exportsOf(client: any) {
    const isClient = typeof client?._options?.hooks === 'object' && clientOf(client.constructor) !== undefined;
    return isClient ? client.constructor : undefined;
  },
  /** An address can be given to each call. */
  servedBy(self: any, args: readonly any[]) {
    const url = args[1]?.serverURL ?? self?._baseURL;
    return servedBy(url?.href ?? url) ?? 'mistral_compatible';
  },
} as const satisfies ProviderPatch;

const fim = { operation: 'text_completion' } as const;

const readers: Readonly<Record<string, Readonly<Record<string, MethodReader>>>> = {
  chat: {
    complete: completions('chat.complete', { streaming: false }),
    stream: completions('chat.stream', { streaming: true }),
    parse: completions('chat.parse', { streaming: false, parses: true }),
    parseStream: completions('chat.parseStream', { streaming: true, parses: true }),
  },
  agents: {
    complete: completions('agents.complete', { streaming: false }),
    stream: completions('agents.stream', { streaming: true }),
  },
  fim: {
    complete: completions('fim.complete', { ...fim, streaming: false }),
    stream: completions('fim.stream', { ...fim, streaming: true }),
  },
  embeddings: { create: embeddings },
  classifiers: {
    moderate: moderations('classifiers.moderate'),
    moderateChat: moderations('classifiers.moderateChat'),
  },
};

/** The prototype of a resource: its file exports the class, and for the rest a client has one. */
function ownersOf(exports: any): (resource: string) => object | undefined {
  const Client = clientOf(exports);
  const client = Client && new Client({ apiKey: 'none' });
  return (resource) => {
    const className = resource.charAt(0).toUpperCase() + resource.slice(1);
    const owner: unknown = client ? client[resource]?.constructor.prototype : exports?.[className]?.prototype;
    return typeof owner === 'object' && owner !== null ? owner : undefined;
  };
}

/**
 * The SDK's own class, and not one of the caller's that extends it. A client of it is made and thrown away, which sends
 * nothing: its getters make a resource when they are first read, and read on the prototype they would leave a resource
 * without a key there, for every client to find.
 */
function clientOf(exports: any): (new (options: object) => any) | undefined {
  const given = [exports?.Mistral, exports?.default?.Mistral, exports?.default, exports].find(
    (candidate) => typeof candidate === 'function',
  );
  for (let owner = given?.prototype; owner; owner = Object.getPrototypeOf(owner)) {
    if (Object.getOwnPropertyDescriptor(owner, 'chat')?.get) return owner.constructor;
  }
  return undefined;
}
