import type { MethodPatch, MethodReader, ProviderPatch } from '../types';
import { embeddings, images, speech, summaries, transcriptions, translations } from './huggingface/inputs';
import { chat, chatStream, requestOf, text, textStream } from './huggingface/tasks';
import { servedBy } from './shared/served-by';
import { vendorReported } from './shared/vendors';

/* eslint-disable @typescript-eslint/no-explicit-any -- the exports of several majors, found by feature */

type Pick = (args: readonly any[]) => MethodReader | undefined;

/** The tasks that are calls of a language model, or of one that makes or hears something, by the file they are in. */
const tasks: Readonly<Record<string, Readonly<Record<string, Pick>>>> = {
  'nlp/chatCompletion': { chatCompletion: () => chat },
  'nlp/chatCompletionStream': { chatCompletionStream: () => chatStream },
  'nlp/textGeneration': { textGeneration: () => text },
  'nlp/textGenerationStream': { textGenerationStream: () => textStream },
  'nlp/featureExtraction': { featureExtraction: () => embeddings },
  'nlp/summarization': { summarization: () => summaries },
  'nlp/translation': { translation: () => translations },
  'cv/textToImage': { textToImage: () => images },
  'audio/automaticSpeechRecognition': { automaticSpeechRecognition: () => transcriptions },
  'audio/textToSpeech': { textToSpeech: () => speech },
  'custom/request': { request: (args) => requestOf('request', args) },
  'custom/streamingRequest': { streamingRequest: (args) => requestOf('streamingRequest', args) },
};

const builds = ['dist/esm', 'dist/commonjs'];
const folders = builds.map((build) => `${build}/tasks/`);

/**
 * Hugging Face's client. Its methods are arrows that each instance has for itself and that nobody can replace, but all
 * of them, and the functions that are exported, are the same functions in the files of the tasks. What lies below those
 * (`innerRequest`) calls itself to try again, and gives what a provider said in its own words.
 */
export const huggingface = {
  name: 'huggingface',
  module: '@huggingface/inference',
  versions: '3.15 to 4',
  entryFiles: builds.map((build) => `${build}/index`),
  /** An object of one's own with the functions in it; the exports themselves can not be changed. */
  methods: (exports: any): MethodPatch[] => Object.values(tasks).flatMap((readers) => patchesOf(exports, readers)),
  functions: Object.fromEntries(
    folders.flatMap((folder) => Object.entries(tasks).map(([file, readers]) => [folder + file, Object.keys(readers)])),
  ),
  functionMethods(holder: any, file: string): MethodPatch[] {
    const folder = folders.find((candidate) => file.startsWith(candidate));
    return folder === undefined ? [] : patchesOf(holder, tasks[file.slice(folder.length)] ?? {});
  },
  servedBy: (_self: unknown, [request]: readonly any[]) => providerOf(request ?? {}),
} as const satisfies ProviderPatch;

function patchesOf(owner: any, readers: Readonly<Record<string, Pick>>): MethodPatch[] {
  if (typeof owner !== 'object' || owner === null) return [];
  return Object.entries(readers)
    .filter(([name]) => isReplaceable(Object.getOwnPropertyDescriptor(owner, name)))
    .map(([method, pick]) => ({ owner: owner as object, method, readerFor: pick }));
}

function isReplaceable(descriptor: PropertyDescriptor | undefined): boolean {
  return typeof descriptor?.value === 'function' && descriptor.writable === true && descriptor.configurable === true;
}

/**
 * With a token of theirs, or none, Hugging Face takes the call and passes it on; with a key of a vendor, the SDK asks
 * that vendor itself.
 */
function providerOf({ endpointUrl, provider, accessToken }: any): string {
  if (typeof endpointUrl === 'string') return servedBy(endpointUrl) ?? 'huggingface_compatible';
  const isKey = typeof accessToken === 'string' && accessToken !== '' && !accessToken.startsWith('hf_');
  if (!isKey || provider === 'hf-inference' || provider === 'auto') return 'huggingface';
  return vendorReported(provider) ?? 'huggingface';
}
