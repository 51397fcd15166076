import type { Recording } from './replay-server';

/* eslint-disable @typescript-eslint/no-explicit-any -- the classes of several majors, called by path */

export interface Sent {
  /** Chunks that the SDK gave to the reader of the stream. */
  readonly chunks: number;
  readonly error?: unknown;
}

/** Makes the recorded call through an SDK, and reads its stream to the end, or `take` chunks of it. */
export async function sendRecording(
  sdk: any,
  recording: Recording,
  base: string,
  take = Number.POSITIVE_INFINITY,
): Promise<Sent> {
  let chunks = 0;
  try {
    const result = await callOf(sdk, recording, base)();
    if (recording.request.body?.stream !== true) return { chunks };
    for await (const chunk of result) {
      void chunk;
      chunks += 1;
      if (chunks >= take) break;
    }
    return { chunks };
  } catch (error) {
    return { chunks, error };
  }
}

/** Whether this major of the SDK has the recorded endpoint. */
export function hasEndpoint(sdk: any, recording: Recording): boolean {
  if (!(recording.kind in methods)) return false;
  return typeof methodOf(clientOf(sdk, recording, 'http://127.0.0.1'), recording) === 'function';
}

function callOf(sdk: any, recording: Recording, base: string): () => Promise<any> {
  const client = clientOf(sdk, recording, base);
  const { body, form } = recording.request;
  const method = methodOf(client, recording);
  if (!method) throw new Error(`this SDK has no ${recording.kind}`);
  return () => method(form ? withFile(form) : body);
}

function clientOf(sdk: any, { provider, request }: Recording, base: string): any {
  const settings = { apiKey: 'none', maxRetries: 0 };
  const url = new URL(request.url);
  if (provider === 'anthropic') return new sdk.Anthropic({ ...settings, baseURL: base });
  if (provider !== 'azure-openai') return new sdk.OpenAI({ ...settings, baseURL: base + basePath(url.pathname) });
  const deployment = /deployments\/([^/]+)/.exec(url.pathname)?.[1];
  const apiVersion = url.searchParams.get('api-version') ?? '2025-04-01-preview';
  return new sdk.AzureOpenAI({ ...settings, endpoint: base, apiVersion, ...(deployment && { deployment }) });
}

/** What stands before the endpoint: `/v1`, `/api/v1`, or nothing. */
function basePath(path: string): string {
  return path.replace(/\/(chat\/completions|responses|completions|embeddings|moderations|images\/.*|audio\/.*)$/, '');
}

const methods: Readonly<Record<string, (client: any) => [owner: any, method: string]>> = {
  chat: (client) => [client.chat?.completions, 'create'],
  responses: (client) => [client.responses, 'create'],
  completions: (client) => [client.completions, 'create'],
  complete: (client) => [client.completions, 'create'],
  embeddings: (client) => [client.embeddings, 'create'],
  moderations: (client) => [client.moderations, 'create'],
  messages: (client) => [client.messages, 'create'],
  'messages.beta': (client) => [client.beta?.messages, 'create'],
  'images.generate': (client) => [client.images, 'generate'],
  'images.edit': (client) => [client.images, 'edit'],
  'images.variation': (client) => [client.images, 'createVariation'],
  'audio.transcriptions': (client) => [client.audio?.transcriptions, 'create'],
  'audio.translations': (client) => [client.audio?.translations, 'create'],
};

function methodOf(client: any, { kind, request }: Recording): ((body: any) => Promise<any>) | undefined {
  const key = request.url.endsWith('?beta=true') ? `${kind}.beta` : kind;
  const find = methods[key];
  if (!find) throw new Error(`no method is known for ${key}`);
  const [owner, method] = find(client);
  return owner?.[method]?.bind(owner);
}

/** The text fields of a recorded multipart body, and a small file for each that was left out of the recording. */
function withFile({ _files: files = [], ...fields }: Record<string, any>): Record<string, any> {
  const body: Record<string, any> = { ...fields };
  for (const name of ['n', 'temperature']) if (name in body) body[name] = Number(body[name]);
  for (const name of files) {
    const isImage = name === 'image';
    body[name] = new File(['tiny'], isImage ? 'tiny.png' : 'tiny.mp3', { type: isImage ? 'image/png' : 'audio/mpeg' });
  }
  return body;
}
