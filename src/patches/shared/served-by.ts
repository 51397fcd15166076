import { vendorNamed } from './vendors';

/**
 * Who answers at a base URL. Hosts are compared by whole labels: `api.openai.com.example.org` is not OpenAI.
 * Sources: the default base URLs of the SDKs, the vendors' documentation of their OpenAI-compatible endpoints.
 */
const hosts: ReadonlyMap<string, string> = new Map([
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
  ['api.novita.ai', 'novita'],
  ['api.studio.nebius.ai', 'nebius'],
  ['api.studio.nebius.com', 'nebius'],
  ['api.tokenfactory.nebius.com', 'nebius'],
  ['inference.baseten.co', 'baseten'],
  ['dashscope.aliyuncs.com', 'alibaba'],
  ['dashscope-intl.aliyuncs.com', 'alibaba'],
  ['dashscope-us.aliyuncs.com', 'alibaba'],
  ['api.moonshot.ai', 'moonshot'],
  ['api.moonshot.cn', 'moonshot'],
  ['open.bigmodel.cn', 'zhipu'],
  ['api.z.ai', 'zhipu'],
  ['api.minimax.io', 'minimax'],
  ['api.minimax.chat', 'minimax'],
  ['api.minimaxi.com', 'minimax'],
  ['api.siliconflow.cn', 'siliconflow'],
  ['api.siliconflow.com', 'siliconflow'],
  ['models.github.ai', 'github'],
  ['models.inference.ai.azure.com', 'github'],
  ['ollama.com', 'ollama'],
  // Gateways of one name; those that stand for the vendor behind them are below.
  ['litellm.ai', 'litellm'],
  ['ai-gateway.vercel.sh', 'vercel'],
  ['api.portkey.ai', 'portkey'],
  ['api.cloudflare.com', 'cloudflare'],
]);

/** Names with a part that varies: a region, or an account. */
const patterns: readonly (readonly [RegExp, string])[] = [
  // `us-central1-aiplatform.googleapis.com`, and `aiplatform.eu.rep.googleapis.com` for several regions.
  [/^([a-z0-9-]+-)?aiplatform(\.[a-z]+\.rep)?\.googleapis\.com$/, 'google_vertex'],
  // With a VPC endpoint, its id stands in front.
  [
    /^(vpce-[a-z0-9-]+\.)?bedrock-(runtime|mantle)(-fips)?\.[a-z0-9-]+\.(vpce\.)?(amazonaws\.com(\.cn)?|api\.aws)$/,
    'aws_bedrock',
  ],
  [/^ark\.[a-z0-9-]+\.volces\.com$/, 'volcengine'],
  [/\.(cloud\.databricks\.com|azuredatabricks\.net|gcp\.databricks\.com)$/, 'databricks'],
  [/^[a-z0-9-]+\.ml\.cloud\.ibm\.com$/, 'watsonx'],
];

/** Where these servers listen by default, on this machine or in a container of that name. */
const localPorts: Readonly<Record<string, string>> = { 11434: 'ollama', 4000: 'litellm', 8000: 'vllm' };
const localNames: readonly string[] = ['ollama', 'litellm', 'vllm'];

/** A client has one base URL for all of its calls, and a program has few clients: no more than these are kept. */
const longestKept = 2_048;
const mostKept = 64;
const kept = new Map<string, string | undefined>();
/** RFC 1035. */
const longestHost = 253;

/** Vendors that a call of this process was sent to through a gateway that stands for them. */
const behind = new Set<string>();

/** Remembers that the headers of what answers for this vendor may be a gateway's. */
export function sentThrough<Vendor extends string | undefined>(vendor: Vendor): Vendor {
  if (vendor !== undefined && behind.size < mostKept) behind.add(vendor);
  return vendor;
}

/** Whether a call to this vendor may go through a gateway, as far as base URLs and requests have said so far. */
export function mayBeBehindGateway(vendor: string): boolean {
  return behind.has(vendor);
}

/**
 * The provider behind a base URL.
 *
 * @returns undefined for a host that nobody here knows.
 */
export function servedBy(baseUrl: unknown): string | undefined {
  if (typeof baseUrl !== 'string') return undefined;
  const known = kept.get(baseUrl);
  // The same string is found by its identity; only what is kept as undefined is asked for twice.
  if (known !== undefined || kept.has(baseUrl)) return known;
  const provider = findProvider(baseUrl);
  if (baseUrl.length > longestKept) return provider;
  if (kept.size >= mostKept) kept.clear();
  kept.set(baseUrl, provider);
  return provider;
}

function findProvider(baseUrl: string): string | undefined {
  const { host, port, path } = partsOf(baseUrl) ?? {};
  if (host === undefined) return undefined;
  const known =
    byHost(host) ?? behindGateway(host, path ?? '') ?? patterns.find(([pattern]) => pattern.test(host))?.[1];
  if (known !== undefined) return known;
  const named = localNames.find((name) => host === name || host.startsWith(`${name}.`));
  if (named) return named;
  if (!isThisMachine(host)) return undefined;
  return localPorts[port ?? ''] ?? 'local';
}

/** The host itself, then without its first label, and so on: `eu.api.openai.com`. */
function byHost(host: string): string | undefined {
  for (let at = 0; ;) {
    const provider = hosts.get(at === 0 ? host : host.slice(at));
    if (provider !== undefined) return provider;
    const dot = host.indexOf('.', at);
    if (dot < 0) return undefined;
    at = dot + 1;
  }
}

/**
 * Gateways that name the vendor in the address: a segment of the path at Cloudflare
 * (https://developers.cloudflare.com/ai-gateway/usage/providers), a label of the host at Helicone
 * (https://docs.helicone.ai/getting-started/integration-method/gateway).
 */
function behindGateway(host: string, path: string): string | undefined {
  if (host === 'gateway.ai.cloudflare.com') {
    return sentThrough(vendorNamed(/^\/v1\/[^/]+\/[^/]+\/([^/?#]+)/.exec(path)?.[1])) ?? 'cloudflare';
  }
  const label = /^([a-z0-9-]+)\.(?:helicone\.ai|hconeai\.com)$/.exec(host)?.[1];
  return label === undefined ? undefined : (sentThrough(vendorNamed(label)) ?? 'helicone');
}

/** A base URL by hand: `new URL` costs more than the rest of reading a call. */
function partsOf(baseUrl: string): { host: string; port: string | undefined; path: string } | undefined {
  const beginning = baseUrl.slice(0, longestKept);
  const match = /^https?:\/\/(?:[^/\\?#]*@)?(\[[^\]]*\]|[^/\\?#:]+)(?::(\d+))?/i.exec(beginning);
  // A fully qualified name may end in a dot.
  const host = match?.[1]?.toLowerCase().replace(/\.$/, '');
  if (match === null || host === undefined || host.length > longestHost) return undefined;
  return { host, port: match[2], path: beginning.slice(match[0].length) };
}

/** Also from inside a container; `127.0.0.1.example.org` is somebody else's. */
function isThisMachine(host: string): boolean {
  const isLocalName = host === 'localhost' || host.endsWith('.localhost') || host === 'host.docker.internal';
  return isLocalName || /^127(\.\d{1,3}){3}$/.test(host) || host === '[::1]' || host === '0.0.0.0';
}
