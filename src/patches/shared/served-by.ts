/**
 * Who answers at a base URL. Hosts are compared by whole labels: `api.openai.com.example.org` is not OpenAI.
 * Sources: the default base URLs of the SDKs, the vendors' documentation of their OpenAI-compatible endpoints.
 */
const hosts: readonly (readonly [suffix: string, provider: string])[] = [
  ['api.openai.com', 'openai'],
  ['openai.azure.com', 'azure_openai'],
  ['openai.azure.us', 'azure_openai'],
  ['cognitiveservices.azure.com', 'azure_openai'],
  ['services.ai.azure.com', 'azure_openai'],
  ['api.anthropic.com', 'anthropic'],
  ['openrouter.ai', 'openrouter'],
  ['api.deepseek.com', 'deepseek'],
  ['api.groq.com', 'groq'],
  ['api.x.ai', 'xai'],
  ['api.mistral.ai', 'mistral'],
  ['codestral.mistral.ai', 'mistral'],
  ['api.together.xyz', 'together'],
  ['api.together.ai', 'together'],
  ['api.fireworks.ai', 'fireworks'],
  ['api.cerebras.ai', 'cerebras'],
  ['api.perplexity.ai', 'perplexity'],
  ['generativelanguage.googleapis.com', 'google'],
  ['api.cohere.com', 'cohere'],
  ['api.cohere.ai', 'cohere'],
  ['router.huggingface.co', 'huggingface'],
  ['api-inference.huggingface.co', 'huggingface'],
  ['endpoints.huggingface.cloud', 'huggingface'],
  ['api.deepinfra.com', 'deepinfra'],
  ['api.sambanova.ai', 'sambanova'],
  ['integrate.api.nvidia.com', 'nvidia'],
  ['ollama.com', 'ollama'],
  ['litellm.ai', 'litellm'],
];

/** Where these servers listen by default, on this machine or in a container of that name. */
const localPorts: Readonly<Record<string, string>> = { 11434: 'ollama', 4000: 'litellm', 8000: 'vllm' };
const localNames: readonly string[] = ['ollama', 'litellm', 'vllm'];

/**
 * The provider behind a base URL.
 *
 * @returns undefined for a host that nobody here knows.
 */
export function servedBy(baseUrl: unknown): string | undefined {
  const { host, port } = hostOf(baseUrl) ?? {};
  if (host === undefined) return undefined;
  const known = hosts.find(([suffix]) => host === suffix || host.endsWith(`.${suffix}`));
  if (known) return known[1];
  if (isVertex(host)) return 'google_vertex';
  if (isBedrock(host)) return 'aws_bedrock';
  const named = localNames.find((name) => host === name || host.startsWith(`${name}.`));
  if (named) return named;
  if (!isThisMachine(host)) return undefined;
  return localPorts[port ?? ''] ?? 'local';
}

/** A base URL by hand: `new URL` costs more than the rest of reading a call. */
function hostOf(baseUrl: unknown): { host: string; port: string | undefined } | undefined {
  if (typeof baseUrl !== 'string') return undefined;
  const match = /^https?:\/\/(?:[^/\\?#]*@)?(\[[^\]]*\]|[^/\\?#:]+)(?::(\d+))?/i.exec(baseUrl.slice(0, 2_048));
  // A fully qualified name may end in a dot.
  const host = match?.[1]?.toLowerCase().replace(/\.$/, '');
  return host === undefined ? undefined : { host, port: match?.[2] };
}

/** `us-central1-aiplatform.googleapis.com`, and `aiplatform.eu.rep.googleapis.com` for several regions. */
function isVertex(host: string): boolean {
  return /^([a-z0-9-]+-)?aiplatform(\.[a-z]+\.rep)?\.googleapis\.com$/.test(host);
}

/** With a VPC endpoint, its id stands in front. */
function isBedrock(host: string): boolean {
  const name = /^(vpce-[a-z0-9-]+\.)?bedrock-(runtime|mantle)(-fips)?\.[a-z0-9-]+\.(vpce\.)?/.exec(host)?.[0];
  return name !== undefined && /^(amazonaws\.com(\.cn)?|api\.aws)$/.test(host.slice(name.length));
}

/** Also from inside a container; `127.0.0.1.example.org` is somebody else's. */
function isThisMachine(host: string): boolean {
  const isLocalName = host === 'localhost' || host.endsWith('.localhost') || host === 'host.docker.internal';
  return isLocalName || /^127(\.\d{1,3}){3}$/.test(host) || host === '[::1]' || host === '0.0.0.0';
}
