import type { MethodPatch, MethodReader, ProviderPatch } from '../types';
import * as v1 from './cohere/chat-v1';
import * as v2 from './cohere/chat-v2';
import { embed, rerank } from './cohere/inputs';
import { asString } from './shared/read-values';
import { servedBy } from './shared/served-by';

/* eslint-disable @typescript-eslint/no-explicit-any -- the exports of several majors, found by feature */

/**
 * The Cohere SDK: a client for each of the two versions of the API. What users call makes an `HttpResponsePromise` around
 * an inner method (`__chat`), which is patched where there is one. `CohereClientV2` has bound copies of the methods of
 * the second, which look up the inner ones at each call; before 7.15 there are none, and a `CohereClientV2` that was
 * made before tracing was enabled is not traced.
 */
export const cohere = {
  name: 'cohere',
  module: 'cohere-ai',
  versions: '7 to 8',
  entryFiles: ['Client', 'api/resources/v2/client/Client'],
  methods(exports: any): MethodPatch[] {
    const { first, second } = prototypesOf(exports);
    return [...patchesOf(second, v2Readers), ...patchesOf(first, v1Readers)];
  },
  /** A `CohereClientV2` has methods of its own, bound to those of another client: in 7.14 they reach nothing below. */
  exportsOf(client: any) {
    const second = client?.clientV2 ?? client;
    if (typeof second?.__chat === 'function' && !('v2' in second)) return { V2Client: second.constructor };
    return typeof client?.chatStream === 'function' && 'v2' in client ? client.constructor : undefined;
  },
  versionOf(exports: any) {
    const { first } = prototypesOf(exports);
    const headers = first && clientOf(first)?._options?.headers;
    return asString(headers?.['x-fern-sdk-version'] ?? headers?.['X-Fern-SDK-Version']);
  },
  servedBy(self: any, args: readonly any[]) {
    const { baseUrl, environment, fetcher, token } = self?._options ?? {};
    // What the clients of AWS write there, who sign the requests with a `fetcher` of their own.
    if (fetcher && token === 'n/a') return isBedrockModel(args[0]?.model) ? 'aws_bedrock' : 'aws_sagemaker';
    const url: unknown = baseUrl ?? environment;
    // A function that gives the address is not called: it may be asynchronous, and it is the caller's.
    return typeof url === 'string' ? (servedBy(url) ?? 'cohere_compatible') : 'cohere';
  },
} as const satisfies ProviderPatch;

/** `cohere.command-r-v1:0`, also behind a region or in an ARN; SageMaker has names of endpoints. */
function isBedrockModel(model: unknown): boolean {
  return typeof model === 'string' && /(^|[./])cohere\.|^arn:aws[\w-]*:bedrock:/.test(model.slice(0, 2_048));
}

const v2Readers: Readonly<Record<string, MethodReader>> = {
  chat: v2.chat('v2.chat', false),
  chatStream: v2.chat('v2.chatStream', true),
  embed: embed('v2.embed'),
  rerank: rerank('v2.rerank'),
};

const v1Readers: Readonly<Record<string, MethodReader>> = {
  chat: v1.chat('chat', false),
  chatStream: v1.chat('chatStream', true),
  generate: v1.generate('generate', false),
  generateStream: v1.generate('generateStream', true),
  embed: embed('embed'),
  rerank: rerank('rerank'),
};

/** The inner method, which users do not call, or the public one where there is no inner one. */
function patchesOf(owner: any, readers: Readonly<Record<string, MethodReader>>): MethodPatch[] {
  if (!owner) return [];
  return Object.entries(readers)
    .map(([name, reader]) => ({ owner, method: `__${name}` in owner ? `__${name}` : name, readerFor: () => reader }))
    .filter(({ method }) => method in owner);
}

/** The prototypes that own the methods of the two versions: the SDK's own, and not those of classes that extend them. */
function prototypesOf(exports: any): { first: any; second: any } {
  const given = exports?.default ?? exports;
  const Second = given?.V2Client ?? given?.V2;
  if (Second) return { first: undefined, second: Second.prototype };
  const First = given?.CohereClient ?? (typeof given?.prototype?.chat === 'function' ? given : undefined);
  const first = First && ownerOf(First.prototype, 'v2');
  return { first, second: first && clientOf(first)?.v2?.constructor.prototype };
}

/** A client that is made and thrown away, because its `v2` is made when it is first read. It sends nothing. */
function clientOf(prototype: any): any {
  try {
    return new prototype.constructor({ token: 'none' });
  } catch {
    // Of a version that wants more than that: its first API can be traced all the same.
    return undefined;
  }
}

function ownerOf(prototype: any, property: string): any {
  for (let owner = prototype; owner; owner = Object.getPrototypeOf(owner)) {
    if (Object.hasOwn(owner, property)) return owner;
  }
  return undefined;
}
