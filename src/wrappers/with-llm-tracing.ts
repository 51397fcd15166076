import { enable, type LlmTracingHandle } from '../enable';
import type { AmplitudeClient, LlmTracingOptions } from '../options';
import type { ProviderName } from '../patches';
import { sharedState } from '../shared-state';

/**
 * What {@link withLlmTracing} adds to a client.
 *
 * @experimental
 */
export interface LlmTracingMethods {
  /** `enableLlmTracing` with this client. */
  enableLlmTracing(options?: LlmTracingOptions | readonly ProviderName[]): LlmTracingHandle;
  /** Ends what this client enabled; what another one enabled since goes on. */
  disableLlmTracing(): void;
}

/**
 * A client with `enableLlmTracing` and `disableLlmTracing` as methods of its own.
 *
 * @experimental
 * @param client - an initialised `@amplitude/analytics-node`, or any object with `track(event)`.
 * @returns the same object, or where that can not be extended (`import * as amplitude`, a frozen object) a new one that
 * inherits everything from it.
 * @throws TypeError where the client has no `track`.
 * @example
 * ```ts
 * import * as analytics from '@amplitude/analytics-node';
 *
 * const amplitude = withLlmTracing(analytics);
 * amplitude.init(process.env.AMPLITUDE_API_KEY);
 * amplitude.enableLlmTracing(['openai']);
 * ```
 */
export function withLlmTracing<Client extends AmplitudeClient>(client: Client): Client & LlmTracingMethods {
  if (typeof (client as AmplitudeClient | undefined)?.track !== 'function') {
    throw new TypeError('withLlmTracing: client must be an object with a track(event) method');
  }
  const known = (sharedState().tracingClients ??= new WeakMap());
  const former = known.get(client);
  if (former) return former as Client & LlmTracingMethods;
  const methods = methodsFor(client);
  const canExtend = Object.isExtensible(client) && tryDefine(client, methods);
  const extended: object = canExtend
    ? client
    : (Object.create(client, { ...forwardersOf(client), ...methods }) as object);
  known.set(client, extended).set(extended, extended);
  return extended as Client & LlmTracingMethods;
}

function methodsFor(client: AmplitudeClient): PropertyDescriptorMap {
  let handle: LlmTracingHandle | undefined;
  const methods: LlmTracingMethods = {
    enableLlmTracing(options) {
      const { ready, disable, flush, status } = enable(client, options);
      return (handle = { ready, disable, flush, status });
    },
    disableLlmTracing: () => handle?.disable(),
  };
  const { enableLlmTracing, disableLlmTracing } = methods;
  return { enableLlmTracing: hidden(enableLlmTracing), disableLlmTracing: hidden(disableLlmTracing) };
}

/** Not enumerable: a copy, a spread or a printed client is what it was. */
function hidden(value: unknown): PropertyDescriptor {
  return { value, enumerable: false, configurable: true, writable: true };
}

/** An object may refuse in other ways than by being frozen: a proxy, a property of that name that is fixed. */
function tryDefine(client: object, methods: PropertyDescriptorMap): boolean {
  try {
    Object.defineProperties(client, methods);
    return true;
  } catch {
    return false;
  }
}

/**
 * Methods of a class may need their very object, for private fields. The functions of a module and of analytics-node
 * need none: those are inherited as they are, and its classes stay the same.
 */
function forwardersOf(client: object): PropertyDescriptorMap {
  const forwarders: PropertyDescriptorMap = {};
  let owner = Object.getPrototypeOf(client) as object | null;
  for (; owner && owner !== Object.prototype; owner = Object.getPrototypeOf(owner) as object | null) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      if (name !== 'constructor') forwarders[name] ??= forwarded(client, descriptor);
    }
  }
  return forwarders;
}

function forwarded(client: object, { value, get, set }: PropertyDescriptor): PropertyDescriptor {
  const bound = (method: unknown): never => (typeof method === 'function' ? method.bind(client) : method) as never;
  if (!get && !set) return hidden(bound(value));
  return { get: bound(get), set: bound(set), enumerable: false, configurable: true };
}
