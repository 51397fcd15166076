import type { RequestFacts } from '../../types';
import { servedBy } from '../shared/served-by';
import { vendorReported } from '../shared/vendors';

/** What providers of the AI SDK call themselves, where it is not what the vendor is called: https://ai-sdk.dev/providers */
const ownNames: Readonly<Record<string, string>> = {
  'amazon-bedrock': 'aws_bedrock',
  'azure-openai-responses': 'azure_openai',
  'google-generative-ai': 'google',
  'google-vertex': 'google_vertex',
  vertexanthropic: 'google_vertex',
  googlevertex: 'google_vertex',
  togetherai: 'together',
  moonshotai: 'moonshot',
  'ollama-ai-provider': 'ollama',
};

/**
 * Who serves a model: `openai.chat` and `openai.responses` are OpenAI, `google.vertex.chat` is Vertex AI. A provider
 * that nobody here knows keeps the name that it was given.
 */
export function vendorOf(provider: unknown, model: unknown): string | undefined {
  if (typeof provider !== 'string' || provider === '') return undefined;
  if (/^google[.-]?vertex\b/i.test(provider)) return 'google_vertex';
  const name = provider.split('.', 1)[0] as string;
  // Vercel's gateway names the vendor in the model: `anthropic/claude-sonnet-4.5`.
  if (name === 'gateway' || name === 'vercel') return vendorNamedIn(model) ?? 'vercel';
  return named(name);
}

/**
 * Another vendor than the package is for: `createOpenAI({ baseURL })` is how compatible servers are called. What only says
 * that it is this machine, or Vercel's gateway in front of somebody, says less than the package.
 */
export function vendorAt(url: unknown): string | undefined {
  const vendor = servedBy(url);
  return vendor === 'local' || vendor === 'vercel' ? undefined : vendor;
}

/** Where the models of `@ai-sdk/*` send to: a function of the path, or a base. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the models of any package
export function urlOf(model: any): unknown {
  const { url, baseURL } = model?.config ?? {};
  if (typeof url !== 'function') return baseURL;
  try {
    return url({ path: '/', modelId: model.modelId }) as unknown;
  } catch {
    // A model of somebody else's, whose `config` is something else.
    return undefined;
  }
}

/** Where Bedrock's models send to: `https://bedrock-runtime.eu-central-1.amazonaws.com`. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the models of any package
export function placeOf(model: any): RequestFacts['place'] {
  try {
    const base: unknown = model?.config?.baseUrl;
    if (typeof base !== 'function') return undefined;
    const region = /\bbedrock-runtime(?:-fips)?\.([a-z0-9-]+)\./.exec(String(base()))?.[1];
    return region === undefined ? undefined : { region };
  } catch {
    // Without a region the call fails too, and says so.
    return undefined;
  }
}

/** `openai/gpt-5`. */
function vendorNamedIn(model: unknown): string | undefined {
  const [vendor, rest] = typeof model === 'string' ? model.split('/', 2) : [];
  return rest === undefined ? undefined : named(vendor);
}

export function named(name: string | undefined): string | undefined {
  const own = name?.toLowerCase();
  return own !== undefined && Object.hasOwn(ownNames, own) ? ownNames[own] : vendorReported(name);
}
