import type { MethodPatch, MethodReader } from '../../types';
import { languageModelCall } from './language-model';
import { embedding, generateImage, generateSpeech, rerank, transcribe } from './other-models';

/* eslint-disable @typescript-eslint/no-explicit-any -- models of any provider, by the specifications 2 to 4 */

type Pick = (method: string | undefined) => MethodReader;

/** The methods of a kind of model, and what calls them. A call that the application makes itself has their own name. */
type Kind = Readonly<Record<string, Pick>>;

const language: Kind = {
  doGenerate: oneOf(['generateText', 'generateObject', 'doGenerate'], (name) => languageModelCall(name, false)),
  doStream: oneOf(['streamText', 'streamObject', 'doStream'], (name) => languageModelCall(name, true)),
};
const embeddings: Kind = { doEmbed: oneOf(['embed', 'embedMany', 'doEmbed'], embedding) };
const reranking: Kind = { doRerank: () => rerank };
const images: Kind = { doGenerate: () => generateImage };
const speech: Kind = { doGenerate: () => generateSpeech };
const transcription: Kind = { doGenerate: () => transcribe };

/**
 * What every call of `ai` 5 and 6 goes through on its way to a model, whatever the application made it of: the functions
 * that make a model of what they are given. Version 7 has them as well, and tells of itself all but images.
 */
const resolvers: Readonly<Record<string, Kind>> = {
  resolveLanguageModel: language,
  resolveEmbeddingModel: embeddings,
  resolveRerankingModel: reranking,
  resolveImageModel: images,
  resolveSpeechModel: speech,
  resolveTranscriptionModel: transcription,
};

/** The span that `ai` 5 and 6 put around each call, traced or not; its name says which function made it. */
const namer = 'recordSpan';
/** Only a version that tells of itself has it. */
const teller = 'runWithTracingChannelSpan';

export const functionNames: readonly string[] = [...Object.keys(resolvers), namer, teller];

export function functionPatches(holder: any): MethodPatch[] {
  const names = Object.keys(resolvers).filter((name) => typeof holder?.[name] === 'function');
  if (typeof holder?.[teller] === 'function') return names.filter((name) => name === 'resolveImageModel').map(resolver);
  const patches = names.map(resolver);
  return typeof holder?.[namer] === 'function' ? [...patches, naming()] : patches;

  function resolver(name: string): MethodPatch {
    return {
      owner: holder,
      method: name,
      readerFor: () => undefined,
      leadsTo: ([model], result) => modelPatches(typeof model === 'string' ? result : model, resolvers[name] as Kind),
    };
  }

  function naming(): MethodPatch {
    return { owner: holder, method: namer, readerFor: () => undefined, enclosedIn: ([span]) => methodOf(span?.name) };
  }
}

/** `ai.generateText.doGenerate` is the call itself; a tool may call what it likes. */
function methodOf(span: unknown): string | undefined {
  if (span === 'ai.toolCall') return '';
  return typeof span === 'string' ? /^ai\.([a-z]+)/i.exec(span)?.[1] : undefined;
}

/** The methods of a model, where they live: on its class, or on itself if it was made by `wrapLanguageModel` or by hand. */
export function modelPatches(model: any, kind = kindOf(model)): MethodPatch[] {
  if (typeof model !== 'object' || model === null) return [];
  return Object.entries(kind).flatMap(([method, pick]) => {
    const owner = ownerOf(model, method);
    if (!owner) return [];
    return [{ owner, method, encloses: true, readerFor: (_args, _self, name) => pick(name) } as const];
  });
}

/** For a model that the application hands to us. */
function kindOf(model: any): Kind {
  if (typeof model?.doStream === 'function') return language;
  if (typeof model?.doEmbed === 'function') return embeddings;
  if (typeof model?.doRerank === 'function') return reranking;
  return typeof model?.doGenerate === 'function' && 'maxImagesPerCall' in model ? images : {};
}

/**
 * A model of an older specification is handed on as a proxy that makes its methods anew at each access, out of those of
 * the model: only what a class or an object really owns is wrapped.
 */
function ownerOf(model: any, method: string): object | undefined {
  for (let owner = model; owner && owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
    const own = Object.getOwnPropertyDescriptor(owner, method);
    if (own) return typeof own.value === 'function' && owner[method] === own.value ? owner : undefined;
  }
  return undefined;
}

function oneOf(names: readonly string[], make: (name: string) => MethodReader): Pick {
  const readers = new Map(names.map((name) => [name, make(name)]));
  const last = readers.get(names.at(-1) ?? '') as MethodReader;
  return (name) => (name === undefined ? undefined : readers.get(name)) ?? last;
}
