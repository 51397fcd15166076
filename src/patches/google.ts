import type { CopyPoint, MethodPatch, MethodReader, ProviderPatch } from '../types';
import { countTokens, embedContent, generateContent, generateContentStream, images } from './google/methods';
import { servedBy } from './shared/served-by';

/* eslint-disable @typescript-eslint/no-explicit-any -- the exports of several majors, found by feature */

/**
 * The Google Gen AI SDK, for the Gemini API and for Vertex. `generateContent` and its kind are own functions of each
 * `models`, made in the constructor; what they call to send is on the prototype. Chats, automatic function calling and
 * automatic continuation go through the same methods, once a turn.
 */
export const google = {
  name: 'google',
  module: '@google/genai',
  versions: '1 to 3',
  entryFiles: ['dist/node/index', 'dist/index', 'dist/web/index'],
  methods(exports: any): MethodPatch[] {
    const owner: unknown = modelsOf(exports);
    if (typeof owner !== 'object' || owner === null) return [];
    return Object.entries(readers)
      .filter(([method]) => method in owner)
      .map(([method, reader]) => ({ owner, method, readerFor: () => reader }));
  },
  /** With tools, and from turn to turn. Later requests of a stream are sent when it is read, and are copies, too. */
  copyPoints(exports: any): CopyPoint[] {
    const models: any = modelsOf(exports) ?? {};
    const chat: any = [exports, exports?.default].find((each) => each?.Chat)?.Chat?.prototype ?? {};
    return [
      { owner: models, method: 'processParamsMaybeAddMcpUsage', givesCopy: true } as const,
      { owner: models, method: 'generateContentWithContinuation' },
      { owner: chat, method: 'sendMessage' },
      { owner: chat, method: 'sendMessageStream' },
    ].filter(({ owner, method }) => method in owner);
  },
  exportsOf(client: any) {
    const Models: any = client?.apiClient && client.models?.constructor;
    return typeof Models?.prototype.generateContentInternal === 'function' ? { Models } : undefined;
  },
  servedBy(self: any, [request]: readonly any[]) {
    const client = self?.apiClient;
    // The base URL can be a proxy's; the client says for which of the two APIs the request is signed.
    if (client?.isVertexAI?.() === true) return 'google_vertex';
    const baseUrl: unknown = request?.config?.httpOptions?.baseUrl ?? client?.clientOptions?.httpOptions?.baseUrl;
    return servedBy(baseUrl) ?? 'google_compatible';
  },
} as const satisfies ProviderPatch;

const readers: Readonly<Record<string, MethodReader>> = {
  generateContentInternal: generateContent,
  generateContentStreamInternal: generateContentStream,
  embedContentInternal: embedContent,
  generateImagesInternal: images('models.generateImages'),
  editImageInternal: images('models.editImage'),
  upscaleImageInternal: images('models.upscaleImage'),
  recontextImage: images('models.recontextImage'),
  countTokens,
};

/** `Models` is not among the exports of the first versions: there, a client has it. */
function modelsOf(exports: any): unknown {
  const { Models, GoogleGenAI } = [exports, exports?.default].find((each) => each?.Models ?? each?.GoogleGenAI) ?? {
    Models: undefined,
    GoogleGenAI: exports,
  };
  if (Models) return Models.prototype;
  if (!isClass(GoogleGenAI)) return undefined;
  return Object.getPrototypeOf(new GoogleGenAI({ apiKey: 'none', vertexai: false }).models);
}

/** And not the function of a test, which would count that it was called. */
function isClass(value: any): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}
