import type { MethodPatch, MethodReader, ProviderPatch } from '../types';
import { chat, generate } from './ollama/answers';
import { embed, embeddings } from './ollama/embeddings';
import { systemone } from './ollama/systemone';

/* eslint-disable @typescript-eslint/no-explicit-any -- the exports of several majors, found by feature */

/**
 * The Ollama SDK. `Ollama` of the main entry inherits its methods from the class of `ollama/browser`, and the default
 * export is an instance of it: they are patched where they live, which covers both entries and every client.
 */
export const ollama = {
  name: 'ollama',
  module: 'ollama',
  versions: '0.6',
  entryFiles: ['dist/index', 'dist/browser'],
  methods(exports: any): MethodPatch[] {
    const prototype: unknown = classOf(exports)?.prototype;
    const readers: Readonly<Record<string, MethodReader>> = { chat, generate, embed, embeddings, systemone };
    return Object.entries(readers).flatMap(([method, reader]) => {
      const owner = ownerOf(prototype, method);
      return owner ? [{ owner, method, readerFor: () => reader }] : [];
    });
  },
  exportsOf: (client: any) => (client?.ongoingStreamedRequests && classOf(client) ? client.constructor : undefined),
  // Nothing else speaks this protocol: on this machine, on another one and at ollama.com it is Ollama that serves.
  servedBy: () => 'ollama',
} as const satisfies ProviderPatch;

/** What `require` gives, a namespace, the class itself, or an instance such as the default export. */
function classOf(exports: any): any {
  const given = exports?.default;
  const candidates = [exports?.Ollama, exports, given?.Ollama, given, exports?.constructor, given?.constructor];
  return candidates.find((candidate) => typeof candidate?.prototype?.chat === 'function');
}

/** The object on the chain of prototypes that has the method as its own. */
function ownerOf(prototype: unknown, method: string): object | undefined {
  for (let owner = prototype; isObject(owner); owner = Object.getPrototypeOf(owner)) {
    if (Object.hasOwn(owner, method)) return owner;
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
