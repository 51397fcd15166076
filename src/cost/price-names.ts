import { vendorNamed } from '../patches/shared/vendors';

/** One way to ask the table for the price of a call. */
export interface PriceName {
  /** As the table calls it. */
  readonly provider: string;
  readonly model: string;
}

/**
 * The providers of the table, by our names. Not there: who has other prices at one of its addresses (Moonshot, Zhipu
 * and MiniMax bill in yuan in China), and who is only a part of what it is called there.
 */
const providers: Readonly<Record<string, string>> = {
  openai: 'openai',
  azure_openai: 'azure',
  azure_foundry: 'azure',
  anthropic: 'anthropic',
  aws_bedrock: 'aws',
  google: 'google',
  google_vertex: 'google',
  mistral: 'mistral',
  cohere: 'cohere',
  groq: 'groq',
  deepseek: 'deepseek',
  xai: 'x-ai',
  together: 'together',
  fireworks: 'fireworks',
  cerebras: 'cerebras',
  perplexity: 'perplexity',
  novita: 'novita',
  baseten: 'baseten',
  openrouter: 'openrouter',
};

/** In front of the vendors, at their prices: `openai/gpt-4o`. */
const gateways: ReadonlySet<string> = new Set(['litellm', 'vercel', 'portkey', 'helicone', 'cloudflare']);

/**
 * What to ask the table for, the best first. Empty where the names do not say which price it is.
 *
 * @param region - of a cloud, where the call was sent to and that is known.
 */
export function namesOf(
  provider: string | undefined,
  requestModel: string | undefined,
  responseModel: string | undefined,
  region?: string,
): PriceName[] {
  if (provider === undefined) return [];
  if (gateways.has(provider)) return behindGateway(requestModel, responseModel);
  const table = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  if (table === undefined) return [];
  return named(provider, requestModel, responseModel, region).map((model) => ({ provider: table, model }));
}

function behindGateway(requestModel = '', responseModel: string | undefined): PriceName[] {
  const [vendor, asked] = splitVendor(requestModel);
  if (vendor === undefined || gateways.has(vendor)) return [];
  const [answering, answered] = splitVendor(responseModel ?? '');
  // Another vendor took over: what it is called there is said as well.
  return answering === undefined ? namesOf(vendor, asked, responseModel) : namesOf(answering, asked, answered);
}

function named(
  provider: string,
  requestModel: string | undefined,
  responseModel: string | undefined,
  region: string | undefined,
): string[] {
  switch (provider) {
    // Deployments have any name: only the answer names the model.
    case 'azure_openai':
    case 'azure_foundry':
      return responseModel === undefined ? [] : [responseModel];
    case 'aws_bedrock':
      return [requestModel, responseModel].flatMap((model) => bedrockId(model, region) ?? []);
    case 'google':
    case 'google_vertex':
      return geminiNames(provider, requestModel, responseModel);
    default:
      return modelsOf(requestModel, responseModel).flatMap((model) => withoutVendor(provider, model));
  }
}

/** The model that answered. What was asked for says the same where that is one of its dated versions. */
function modelsOf(requestModel: string | undefined, responseModel: string | undefined): string[] {
  if (responseModel === undefined) return requestModel === undefined ? [] : [requestModel];
  const isVersion = requestModel !== undefined && responseModel.startsWith(`${requestModel}-20`);
  return isVersion ? [responseModel, requestModel] : [responseModel];
}

/** `openai/gpt-4o` at OpenAI is `gpt-4o`; at Groq, `openai/gpt-oss-120b` is the whole name. */
function withoutVendor(provider: string, model: string): string[] {
  const [vendor, rest] = splitVendor(model);
  return vendor === provider && rest !== undefined ? [model, rest] : [model];
}

function splitVendor(model: string): [vendor: string | undefined, rest: string | undefined] {
  const slash = model.indexOf('/');
  return slash < 0 ? [undefined, undefined] : [vendorNamed(model.slice(0, slash)), model.slice(slash + 1)];
}

/**
 * The id of a model, with the geography that its price depends on (`us.anthropic.claude-...`, `global. ...`). The ARN of a
 * foundation model or of a system's inference profile ends in it. One of an application's inference profile, of
 * provisioned throughput or of a custom model does not say what it costs, and neither does the answer, which names the
 * model as its maker does. LiteLLM has the method in front: `bedrock/converse/us.anthropic.claude-...`.
 */
function bedrockId(model: string | undefined, region: string | undefined): string | undefined {
  if (model === undefined) return undefined;
  const arn = /^arn:[^:]*:bedrock:([^:]*):[^:]*:(?:foundation-model|inference-profile)\/(.+)$/.exec(model);
  const id = arn?.[2] ?? model.replace(/^(converse|invoke)\//, '');
  const parts = id.includes('/') ? null : /^(?:([a-z-]+)\.)?[a-z0-9]+\.[a-z0-9]/.exec(id);
  // Without a geography, it runs in the region of the ARN, or of the client.
  return parts && isPricedIn(parts[1] ?? arn?.[1] ?? region, id) ? id : undefined;
}

/**
 * The table has the prices of other models than these in the United States, and they cost more elsewhere. What is for the
 * government there (`us-gov-west-1`) has prices of its own.
 */
function isPricedIn(place: string | undefined, id: string): boolean {
  if (place?.startsWith('us-gov')) return false;
  return place === 'global' || place === 'us' || place?.startsWith('us-') || /\b(anthropic|writer)\./.test(id);
}

/** `models/gemini-2.5-pro`, `projects/p/locations/l/publishers/google/models/gemini-2.5-pro`; not what somebody tuned. */
function geminiNames(provider: string, requestModel: string | undefined, responseModel: string | undefined): string[] {
  if (requestModel !== undefined && /(^|\/)(tunedModels|endpoints)\//.test(requestModel)) return [];
  const isGlobal = requestModel?.includes('/locations/global/') === true;
  return modelsOf(requestModel, responseModel)
    .map((model) => model.replace(/^.*models\//, ''))
    .flatMap((model) => withoutVendor(provider, model))
    .filter((model) => !model.includes('/') && (isGlobal || !isRegional(model)));
}

/**
 * https://cloud.google.com/vertex-ai/generative-ai/pricing: from 4.5 on, Claude costs a tenth more at the endpoint of a
 * region, and calls do not say which it was.
 */
function isRegional(model: string): boolean {
  return /^claude-/.test(model) && !/^claude-(3|(opus|sonnet)-4(-1)?(@|-20\d{6}|$))/.test(model);
}
