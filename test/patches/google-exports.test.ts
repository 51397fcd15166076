import * as generativeAi from '@google/generative-ai';
import { google } from '../../src/patches/google';
import { googleGenerativeAi } from '../../src/patches/google-generative-ai';
import type { ProviderPatch } from '../../src/types';

/* eslint-disable @typescript-eslint/no-explicit-any -- exports in every form that they take */

/* eslint-disable @typescript-eslint/no-require-imports -- two majors, one after the other */
const majors: readonly [string, any][] = ['google-genai-v1', 'google-genai-v2'].map((name) => [name, require(name)]);
/* eslint-enable @typescript-eslint/no-require-imports */

const namesOf = (patch: ProviderPatch, exports: unknown): string[] =>
  patch.methods(exports).map(({ method }) => method);
const all = [
  ...['generateContentInternal', 'generateContentStreamInternal', 'embedContentInternal', 'generateImagesInternal'],
  ...['editImageInternal', 'upscaleImageInternal', 'recontextImage', 'countTokens'],
];

describe.each(majors)('%s', (_name, sdk) => {
  it.each<[string, (exports: any) => unknown]>([
    ['what require gives', (exports) => exports],
    ['a namespace with a default', (exports) => ({ default: exports })],
    // 1.0 does not export `Models`.
    ['exports without the class of the models', ({ GoogleGenAI }) => ({ GoogleGenAI })],
    ['the class of the client', ({ GoogleGenAI }) => GoogleGenAI],
  ])('is patched where it is given as %s', (_what, given) => {
    expect(namesOf(google, given(sdk))).toEqual(all);
    expect(google.methods(given(sdk)).map(({ owner }) => owner)).toEqual(all.map(() => sdk.Models.prototype));
  });

  it.each<[provider: string, options: object, request: object]>([
    ['google', {}, {}],
    ['google_vertex', { vertexai: true }, {}],
    ['google_vertex', { vertexai: true, httpOptions: { baseUrl: 'http://127.0.0.1:9' } }, {}],
    ['local', { httpOptions: { baseUrl: 'http://127.0.0.1:9' } }, {}],
    ['google_compatible', { httpOptions: { baseUrl: 'https://gemini.example.org' } }, {}],
    ['local', {}, { config: { httpOptions: { baseUrl: 'http://localhost:9' } } }],
  ])('is served by %s with %j and %j', (provider, options, request) => {
    const client = new sdk.GoogleGenAI({ apiKey: 'none', vertexai: false, ...options });
    expect(google.servedBy(client.models, [request])).toBe(provider);
  });
});

it.each([
  ['nothing', undefined],
  ['an empty object', {}],
  ['exports of something else', { OpenAI: class OpenAI {}, default: () => 1 }],
  ['a string', 'exports'],
  ['null', null],
])('%s has no methods to be patched', (_what, exports) => {
  expect(google.methods(exports)).toEqual([]);
  expect(googleGenerativeAi.methods(exports)).toEqual([]);
});

// A test of the application's that counts how often its own stand-in was called must not see us.
it('calls nothing that is not a class to find the methods', () => {
  const GoogleGenAI = jest.fn(() => ({ models: {} }));
  expect(google.methods({ GoogleGenAI })).toEqual([]);
  expect(GoogleGenAI).not.toHaveBeenCalled();
});

describe('@google/generative-ai', () => {
  const names = ['generateContent', 'generateContentStream', 'embedContent', 'batchEmbedContents', 'countTokens'];

  it.each([
    ['what require gives', generativeAi],
    ['a namespace with a default', { default: generativeAi }],
  ])('is patched where it is given as %s', (_what, exports) => {
    expect(namesOf(googleGenerativeAi, exports)).toEqual([...names, 'sendMessage', 'sendMessageStream']);
  });

  it.each<[string, { baseUrl?: string }, { baseUrl?: string }]>([
    ['google', {}, {}],
    ['local', { baseUrl: 'http://127.0.0.1:9' }, {}],
    ['google_compatible', { baseUrl: 'http://127.0.0.1:9' }, { baseUrl: 'https://gemini.example.org' }],
    ['google', { baseUrl: 'https://generativelanguage.googleapis.com' }, {}],
  ])('is served by %s with %j and %j', (provider, ofModel, ofCall) => {
    const model = new generativeAi.GoogleGenerativeAI('none').getGenerativeModel({ model: 'm' }, ofModel);
    expect(googleGenerativeAi.servedBy(model, ['hello', ofCall])).toBe(provider);
    expect(googleGenerativeAi.servedBy(model.startChat(), ['hello', ofCall])).toBe(provider);
  });
});
