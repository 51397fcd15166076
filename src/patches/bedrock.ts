import type { MethodPatch, MethodReader, ProviderPatch, ResponsePoint } from '../types';
import { converse, converseStream } from './bedrock/converse';
import { invokeModel, invokeModelWithResponseStream } from './bedrock/invoke-model';
import { asArray } from './shared/read-values';
import { byClassName } from './shared/stainless';

/* eslint-disable @typescript-eslint/no-explicit-any -- the exports of several generations, found by feature */

/**
 * Amazon Bedrock. Everything goes through `send`, which the client inherits from the base class of all AWS clients: an
 * own one is put on the prototype of this client, and the others are not touched. `BedrockRuntime`, with a method for
 * each command, is a subclass that calls it.
 */
export const bedrock = {
  name: 'bedrock',
  module: '@aws-sdk/client-bedrock-runtime',
  versions: '3.645 to 3.1163',
  entryFiles: ['dist-cjs/index', 'dist-es/index'],
  methods(exports: any): MethodPatch[] {
    const root = rootOf(exports);
    const owner: unknown = root?.BedrockRuntimeClient?.prototype;
    if (typeof owner !== 'object' || owner === null || !('send' in owner)) return [];
    return [{ owner, method: 'send', readerFor: ([command]) => readerOf(command, root) }];
  },
  /** The commands of models that say nothing of tokens: those are in the headers. */
  responsePoint(exports: any): ResponsePoint | undefined {
    const owner: unknown = rootOf(exports)?.InvokeModelCommand?.prototype;
    return owner ? { owner, method: 'resolveMiddleware' } : undefined;
  },
  exportsOf: (client: any) =>
    client?.config?.serviceId === 'Bedrock Runtime' ? ownerOfSend(client)?.constructor : undefined,
  servedBy: () => 'aws_bedrock',
} as const satisfies ProviderPatch;

/** The prototype right above that of the base class of all AWS clients, which has `send` as its own. */
function ownerOfSend(client: any): any {
  const chain = [];
  for (let owner = Object.getPrototypeOf(client); owner; owner = Object.getPrototypeOf(owner)) chain.push(owner);
  return chain[chain.findLastIndex((owner) => Object.hasOwn(owner, 'send')) - 1];
}

/** By the names of the operations in Amazon's own model of the service. */
const readers: Readonly<Record<string, MethodReader>> = {
  Converse: converse,
  ConverseStream: converseStream,
  InvokeModel: invokeModel,
  InvokeModelWithResponseStream: invokeModelWithResponseStream,
};

const operations = Object.keys(readers);
const classes = Object.fromEntries(operations.map((name) => [`${name}Command`, name]));

/** A namespace, what `require` gives, or the class of the client alone. */
function rootOf(exports: any): any {
  const root = [exports, exports?.default].find((candidate) => candidate?.BedrockRuntimeClient);
  if (root || typeof exports !== 'function') return root;
  return { BedrockRuntimeClient: exports };
}

/** Every other command is left alone: it is no call of a model, or one whose answer is somewhere else (async, speech). */
function readerOf(command: any, exports: any): MethodReader | undefined {
  const name = operationOf(command, exports);
  if (name !== undefined) return Object.hasOwn(readers, name) ? readers[name] : undefined;
  return isNamed(command) ? undefined : readerByShape(command?.input);
}

/** Newer commands carry the schema of their operation. Older ones have only their class, whose name a bundler shortens. */
function operationOf(command: any, exports: any): string | undefined {
  const name = asArray(command?.schema)?.[2] ?? byClassName(command, classes);
  if (typeof name === 'string') return name;
  return operations.find((operation) => isInstance(command, exports?.[`${operation}Command`]));
}

function isInstance(command: unknown, owner: unknown): boolean {
  return typeof owner === 'function' && command instanceof owner;
}

function isNamed(command: any): boolean {
  return /Command$/.test(String(command?.constructor?.name));
}

/** Whether it is a stream is then seen in the answer. */
function readerByShape(input: any): MethodReader | undefined {
  if (typeof input?.modelId !== 'string') return undefined;
  if (Array.isArray(input.messages)) return converse;
  return typeof input.body === 'string' || ArrayBuffer.isView(input.body) ? invokeModel : undefined;
}
