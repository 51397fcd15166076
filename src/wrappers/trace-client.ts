import { isObject } from './client-parts';
import { problemOfPatch } from '../define-patch';
import { activeSession, addClient, removeClient, type ClientSdk } from '../enable';
import { mergeOptions } from '../merge-options';
import { providerNames } from '../option-checks';
import { checkClient, resolveOptions, type AmplitudeClient, type LlmTracingOptions } from '../options';
import { patches, type ProviderName } from '../patches';
import { safely } from '../safely';
import type { ClientSettings } from './traced-clients';
import type { ProviderPatch } from '../types';

/** Options that concern more than one client. */
const ofSession = ['providers', 'patches', 'modules', 'onError', 'spool'] as const;

/**
 * How one client is traced. What is not said is as `enableLlmTracing` was told, before or after, or has its default; groups
 * and properties are added to those of the session.
 *
 * @experimental
 */
export interface TraceClientOptions extends Omit<LlmTracingOptions, (typeof ofSession)[number]> {
  /** Where its events go. Default: where those of `enableLlmTracing` go, which has to be on then. */
  client?: AmplitudeClient;
  /** Whose client it has to be, or a patch made with `definePatch`. Default: as can be seen from the client. */
  provider?: ProviderName | ProviderPatch;
}

/**
 * Traces one client of an SDK, and clients that are made out of it by `withOptions`. No other client, whatever its class.
 * The client stays what it is: no proxy, no subclass, private fields and `instanceof` as before. Calling it again
 * replaces its options, and those of the clients that were made out of it. Where `enableLlmTracing` traces the same SDK, a
 * call is one event, by the options given here. {@link flushLlmTracing} waits for the events.
 *
 * @experimental
 * @param instance - a client of an SDK whose methods are on a prototype: all but Hugging Face's.
 * @param options - as for `enableLlmTracing`, and `client`, which is where its events go.
 * @returns the same client. `disableLlmTracing()` and {@link untraceClient} end it.
 * @throws TypeError where the client is of no known SDK, can not be traced by itself, or an option is wrong.
 * @example
 * ```ts
 * const openai = traceClient(new OpenAI(), { client: amplitude, userId: 'nightly-job', includePrompts: false });
 * ```
 */
export function traceClient<Client extends object>(instance: Client, options: TraceClientOptions = {}): Client {
  const { provider, ...own } = check(options);
  const settings = settingsOf(own);
  const session = activeSession();
  const amplitude = settings.client ?? session?.client;
  checkClient(amplitude, 'traceClient');
  const found = findPatch(instance, provider, session?.options.patches ?? []);
  addClient(instance, found, settings, amplitude);
  return instance;
}

/**
 * Ends what {@link traceClient} began: for this client, and for those that were made out of it.
 *
 * @experimental
 * @param instance - the client, or one that was made out of it. Any other object: nothing happens.
 * @returns the same client.
 * @example
 * ```ts
 * untraceClient(openai);
 * ```
 */
export function untraceClient<Client extends object>(instance: Client): Client {
  if (isObject(instance)) safely('end the tracing of a client', () => removeClient(instance));
  return instance;
}

function check(options: TraceClientOptions): TraceClientOptions {
  if (!isObject(options)) throw new TypeError('traceClient: options must be an object');
  const wrong = ofSession.find((name) => (options as LlmTracingOptions)[name] !== undefined);
  if (wrong) throw new TypeError(`traceClient: ${wrong} is an option of enableLlmTracing, and not of one client`);
  const { provider } = options;
  if (typeof provider === 'object' && problemOfPatch(provider) === undefined) return options;
  if (provider === undefined || providerNames.includes(provider as ProviderName)) return options;
  throw new TypeError(`traceClient: provider must be ${quoted(providerNames)}, or a patch made with definePatch`);
}

/** Copied once: what the application does with its objects later is not a change of configuration. */
function settingsOf({ client, ...own }: Omit<TraceClientOptions, 'provider'>): ClientSettings {
  const resolved = resolveOptions(own, 'traceClient');
  const said = Object.keys(own).filter((name) => own[name as keyof typeof own] !== undefined);
  return { client, optionsIn: (outer) => (outer ? mergeOptions(outer, resolved, said) : resolved) };
}

function findPatch(
  instance: unknown,
  provider: TraceClientOptions['provider'],
  others: readonly ProviderPatch[],
): ClientSdk {
  const candidates: readonly ProviderPatch[] =
    typeof provider === 'object'
      ? [provider]
      : [...others, ...patches].filter(({ name }) => name === (provider ?? name));
  for (const patch of candidates) {
    const exports = safely('look at a client', () => exportsOf(patch, instance, provider !== undefined));
    const methods = exports === undefined ? [] : safely('find the methods of an SDK', () => patch.methods(exports));
    if (methods?.length) return { patch, methods, exports };
  }
  const able = patches.filter(({ exportsOf }: ProviderPatch) => exportsOf).map(({ name }) => name);
  const whose = provider === undefined ? 'any SDK' : 'the provider that was named';
  throw new TypeError(
    `traceClient: the instance is no client of ${whose} that can be traced by itself (${quoted(able)}); ` +
      'enableLlmTracing traces the others',
  );
}

/** An own patch that was named need not say how a client is known: what it patches is found by the class. */
function exportsOf(patch: ProviderPatch, instance: unknown, isNamed: boolean): unknown {
  if (!isObject(instance)) return undefined;
  const isOwn = !providerNames.includes(patch.name as ProviderName);
  return patch.exportsOf?.(instance) ?? (isNamed && isOwn ? instance.constructor : undefined);
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
