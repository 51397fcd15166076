/** What the providers of the AI SDK call themselves, in front of the first dot: https://ai-sdk.dev/providers */
const vendors: Readonly<Record<string, string>> = {
  'amazon-bedrock': 'aws_bedrock',
  bedrock: 'aws_bedrock',
  azure: 'azure_openai',
  'azure-openai': 'azure_openai',
  'azure-openai-responses': 'azure_openai',
  google: 'google',
  'google-generative-ai': 'google',
  vertex: 'google_vertex',
  'google-vertex': 'google_vertex',
  googleVertex: 'google_vertex',
  vertexAnthropic: 'google_vertex',
  togetherai: 'together',
  xai: 'xai',
  'open-router': 'openrouter',
  'ollama-ai-provider': 'ollama',
  lmstudio: 'lmstudio',
  moonshotai: 'moonshot',
};

/**
 * Who serves a model: `openai.chat` and `openai.responses` are OpenAI, `google.vertex.chat` is Vertex AI. A provider that
 * nobody here knows keeps the name that it was given.
 */
export function vendorOf(provider: unknown, model: unknown): string | undefined {
  if (typeof provider !== 'string' || provider === '') return undefined;
  if (/^google[.-]?vertex\b/i.test(provider)) return 'google_vertex';
  const name = provider.split('.', 1)[0] ?? provider;
  // Vercel's gateway names the vendor in the model: `anthropic/claude-sonnet-4.5`.
  if (name === 'gateway' || name === 'vercel') return vendorOfModel(model) ?? 'vercel';
  return named(name);
}

/** `openai/gpt-5`. */
function vendorOfModel(model: unknown): string | undefined {
  const slash = typeof model === 'string' ? model.indexOf('/') : -1;
  return slash > 0 ? named((model as string).slice(0, slash)) : undefined;
}

export function named(name: string): string {
  return (Object.hasOwn(vendors, name) ? vendors[name] : undefined) ?? name.slice(0, 100).replaceAll('-', '_');
}
