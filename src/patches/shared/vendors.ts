/**
 * What gateways call the vendors behind them, in our names. Sources: the type `AIGatewayProviders` of
 * @cloudflare/workers-types, `src/globals.ts` of Portkey-AI/gateway, the hosts of docs.helicone.ai, and `LlmProviders` in
 * litellm/types/utils.py, which has a `_` where the others have a `-`.
 */
const vendors: ReadonlyMap<string, string> = new Map([
  ...[
    ...['alibaba', 'anthropic', 'baseten', 'cerebras', 'cohere', 'databricks', 'deepinfra', 'deepseek', 'fireworks'],
    ...['github', 'google', 'groq', 'huggingface', 'minimax', 'mistral', 'moonshot', 'nebius', 'novita'],
    ...['nvidia', 'ollama', 'openai', 'openrouter', 'perplexity', 'replicate', 'sambanova', 'siliconflow', 'together'],
    ...['vllm', 'volcengine', 'watsonx', 'xai', 'zhipu'],
  ].map((name) => [name, name] as const),
  ['oai', 'openai'],
  ['azure', 'azure_openai'],
  ['azure-ai', 'azure_openai'],
  ['azure-openai', 'azure_openai'],
  ['aws-bedrock', 'aws_bedrock'],
  ['bedrock', 'aws_bedrock'],
  ['gemini', 'google'],
  ['google-ai-studio', 'google'],
  ['google-vertex-ai', 'google_vertex'],
  ['vertex', 'google_vertex'],
  ['vertex-ai', 'google_vertex'],
  ['dashscope', 'alibaba'],
  ['fireworks-ai', 'fireworks'],
  ['grok', 'xai'],
  ['x-ai', 'xai'],
  ['mistral-ai', 'mistral'],
  ['novita-ai', 'novita'],
  ['perplexity-ai', 'perplexity'],
  ['together-ai', 'together'],
  ['workers-ai', 'cloudflare'],
]);

/** A vendor by the name that a gateway has for it; undefined for a name that nobody here knows. */
export function vendorNamed(name: string | undefined): string | undefined {
  return name === undefined ? undefined : vendors.get(name.toLowerCase().replaceAll('_', '-'));
}

/** The same for a gateway that tells it of its own accord: a vendor that is new here keeps the name that it has there. */
export function vendorReported(name: string | null | undefined): string | undefined {
  // `@openai-prod` is what a user of Portkey calls a key of theirs.
  if (typeof name !== 'string' || !/^[a-z0-9][a-z0-9_.-]{0,63}$/i.test(name)) return undefined;
  return vendorNamed(name) ?? name.toLowerCase().replaceAll('-', '_');
}
