import type { GatewayFacts, HeadersLike } from '../../types';
import { asString } from './read-values';
import { mayBeBehindGateway, sentThrough, servedBy } from './served-by';
import { vendorReported } from './vendors';

/**
 * What a gateway says beside the answer. `provider` is who serves the model, where the gateway says it, and the gateway
 * where it does not.
 */
interface Gateway {
  readonly name: string;
  /** Headers that only this gateway sends: one of them is there. */
  readonly signs: readonly string[];
  /** The header that says whether the answer came from a cache of the gateway's: HIT, or SEMANTIC HIT at Portkey. */
  readonly cacheStatus?: string;
  read(headers: HeadersLike): GatewayFacts;
}

/**
 * `get_custom_headers` in litellm/proxy/common_request_processing.py. The cost is Python's `str` of a number; what it
 * does not know is left out, or was the word None in older versions. The id of the model is the one of a deployment: a
 * hash or a UUID, unless somebody gave it a name (`model_info.id`).
 */
const litellm: Gateway = {
  name: 'litellm',
  signs: ['x-litellm-call-id', 'x-litellm-response-cost', 'x-litellm-model-id', 'x-litellm-version'],
  read(headers) {
    const id = asString(headers.get('x-litellm-model-id'));
    return {
      provider: vendorAt(headers.get('x-litellm-model-api-base')) ?? 'litellm',
      model: id === undefined || /^[0-9a-f-]{32,}$/i.test(id) ? undefined : id,
      cost: asDollars(headers.get('x-litellm-response-cost')),
    };
  },
};

/** `ResponseService.updateHeaders` in Portkey-AI/gateway; what a call costs is in its log only. */
const portkey: Gateway = {
  name: 'portkey',
  signs: ['x-portkey-trace-id', 'x-portkey-provider'],
  cacheStatus: 'x-portkey-cache-status',
  read: (headers) => ({ provider: vendorReported(headers.get('x-portkey-provider')) }),
};

/**
 * https://developers.cloudflare.com/ai-gateway/features/dynamic-routing/usage: which provider and model answered on an
 * address that leaves it open (`/compat`, a dynamic route). What it costs is in the log only.
 */
const cloudflare: Gateway = {
  name: 'cloudflare',
  signs: ['cf-aig-log-id', 'cf-aig-provider'],
  cacheStatus: 'cf-aig-cache-status',
  read: (headers) => ({
    provider: vendorReported(headers.get('cf-aig-provider')),
    model: asString(headers.get('cf-aig-model')),
  }),
};

/** `ProxyRequestHandler.ts` in Helicone/helicone: its AI gateway tells of the attempt that succeeded. */
const helicone: Gateway = {
  name: 'helicone',
  signs: ['helicone-id'],
  cacheStatus: 'helicone-cache',
  read: (headers) => ({
    provider: vendorReported(headers.get('helicone-provider')),
    model: asString(headers.get('helicone-model')),
  }),
};

const gateways: readonly Gateway[] = [litellm, portkey, cloudflare, helicone];
const byName: ReadonlyMap<string, Gateway> = new Map(gateways.map((gateway) => [gateway.name, gateway]));

/** Where a base URL leaves it open who listens there: a gateway of somebody's own has any address. */
const isOpen: ReadonlySet<string> = new Set(['local', 'vllm', 'openai_compatible', 'anthropic_compatible']);

/**
 * What the headers of a gateway say. To look up one header costs more than everything else that is done with them, so a
 * call that went to a vendor looks up none, and one to a gateway that the base URL names only the ones of that. Where
 * the base URL names the vendor behind a gateway, only whether the answer came from a cache is left to be said.
 *
 * @param provider - who serves the call as far as the client knows it
 */
export function readGateway(headers: HeadersLike, provider: string | undefined): GatewayFacts | undefined {
  if (provider === undefined) return undefined;
  const gateway = byName.get(provider) ?? (isOpen.has(provider) ? findGateway(headers) : undefined);
  if (!gateway) return mayBeBehindGateway(provider) ? readCacheStatus(headers, gateways) : undefined;
  const facts = gateway.read(headers);
  return { ...facts, provider: facts.provider ?? gateway.name, ...readCacheStatus(headers, [gateway]) };
}

function readCacheStatus(headers: HeadersLike, asked: readonly Gateway[]): GatewayFacts | undefined {
  const isHit = asked.some(
    ({ cacheStatus }) => cacheStatus !== undefined && /\bhit\b/i.test(headers.get(cacheStatus) ?? ''),
  );
  return isHit ? { isFromCache: true } : undefined;
}

function findGateway(headers: HeadersLike): Gateway | undefined {
  return gateways.find(({ signs }) => signs.some((name) => headers.get(name) != null));
}

/* eslint-disable @typescript-eslint/no-explicit-any -- internals of generated clients, found by feature */

/**
 * Gateways that one sends to with the vendor in a header of the request: Portkey's `x-portkey-provider`
 * (https://portkey.ai/docs/api-reference/headers), Helicone's `Helicone-Target-URL` and `Helicone-OpenAI-Api-Base`
 * (https://docs.helicone.ai/helicone-headers).
 */
export function askedThrough(provider: string | undefined, client: any, options: any): string | undefined {
  if (provider !== 'portkey' && provider !== 'helicone' && provider !== 'openai') return provider;
  const defaults = client?._options?.defaultHeaders;
  const given = options?.headers;
  if (!defaults && !given) return provider;
  const header = (name: string): unknown => headerOf(given, name) ?? headerOf(defaults, name);
  const asked =
    provider === 'portkey'
      ? vendorReported(header('x-portkey-provider') as string)
      : vendorAt(header('Helicone-Target-URL') ?? header('Helicone-OpenAI-Api-Base'));
  return sentThrough(asked) ?? provider;
}

/** As it is written in the documents, and in lower case. */
function headerOf(headers: any, name: string): unknown {
  if (!headers) return undefined;
  return typeof headers.get === 'function' ? headers.get(name) : (headers[name] ?? headers[name.toLowerCase()]);
}

/**
 * `{ gateway: { cost: '0.0006669', routing: {...} } }`: what Vercel's AI gateway puts beside an answer
 * (https://vercel.com/docs/ai-gateway/models-and-providers/provider-options). Zero is what it says of a call that was
 * billed elsewhere, to a key of the user's own.
 */
export function readMetadataCost(metadata: any): number | undefined {
  return asDollars(metadata?.gateway?.cost) || undefined;
}
/* eslint-enable @typescript-eslint/no-explicit-any */

/** An address as the gateway sees it: what is local there is not on this machine. */
function vendorAt(url: unknown): string | undefined {
  const vendor = servedBy(url);
  return vendor === 'local' ? undefined : vendor;
}

function asDollars(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^\d/.test(text)) return undefined;
  const dollars = Number(text);
  return Number.isFinite(dollars) ? dollars : undefined;
}
