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

/** `openai/gpt-5`. */
function vendorNamedIn(model: unknown): string | undefined {
  const [vendor, rest] = typeof model === 'string' ? model.split('/', 2) : [];
  return rest === undefined ? undefined : named(vendor);
}

export function named(name: string | undefined): string | undefined {
  const own = name?.toLowerCase();
  return own !== undefined && Object.hasOwn(ownNames, own) ? ownNames[own] : vendorReported(name);
}
