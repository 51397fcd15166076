import { timeoutOf, type FlushOptions } from './ask-within';
import { disable, enable, flushAll, status, type LlmTracingHandle, type LlmTracingStatus } from './enable';
import type { AmplitudeClient, LlmTracingOptions } from './options';
import type { ProviderName } from './patches';

export type { FlushOptions } from './ask-within';
export type { Counters } from './deliver-events';
export type { LlmTracingHandle, LlmTracingStatus } from './enable';
export type { TracedSdk } from './seen-sdks';
export type { TextKind } from './content';
export type { LlmContext } from './operation';
export type { AmplitudeClient, EventSchema, LlmTracingOptions, ModelPrice, PricedCall, Prices } from './options';
export type { ProviderName } from './patches';
export type {
  Answer,
  ErrorFacts,
  HeadersLike,
  JsonValue,
  Limits,
  LlmEvent,
  MessageFacts,
  MethodPatch,
  MethodReader,
  Operation,
  OutputFacts,
  ProviderPatch,
  RequestFacts,
  ResponseFacts,
  Text,
  ToolCallFacts,
  Usage,
} from './types';
export type { LlmEventFacts } from './manual/check-facts';
export type { ObserveDecorator } from './observe/observe';
export type { ObserveOptions } from './observe/observe-function';
export type { LlmEventOptions } from './manual/reach-client';
export type { Redaction, RedactFunction, RedactKind } from './redact/redact';
export type { LlmFeedback, LlmFeedbackOptions, LlmTracePlace } from './manual/track-feedback';
export { annotate, annotateClient } from './wrappers/annotate';
export { serializeLlmContext, setLlmContext, withLlmContext } from './context/context';
export {
  llmContextForHono,
  llmContextMiddleware,
  withLlmRequestContext,
  type FromRequest,
  type LlmContextMiddlewareOptions,
} from './context/context-middleware';
export { definePatch } from './define-patch';
export type { TracingClientOptions } from './delivery/client-options';
export { createTracingClient, type TracingClient, type TracingClientStatus } from './delivery/tracing-client';
export {
  llmObservabilityPlugin,
  type LlmObservabilityPlugin,
  type LlmObservabilityPluginOptions,
} from './plugin/observability-plugin';
export { createLlmEvent, trackLlmOperation } from './manual/manual-event';
export { observe } from './observe/observe';
export { reading } from './reading';
export { traceClient, untraceClient, type TraceClientOptions } from './wrappers/trace-client';
export { currentLlmTrace, trackLlmFeedback } from './manual/track-feedback';
export { extractLlmContext, injectLlmContext } from './context/trace-context';
export { withLlmFlush, type FlushingHandler, type LlmFlushOptions } from './with-llm-flush';
export { withLlmTracing, type LlmTracingMethods } from './wrappers/with-llm-tracing';

/**
 * Makes every LLM call of this process one `llm_operation` event, from now on: calls of clients that exist already,
 * of SDKs that are loaded already, and of those that will be. Calling it again replaces the configuration.
 *
 * @experimental
 * @param client - where events go: an initialised `@amplitude/analytics-node`, or any object with `track(event)`.
 * @param options - an array of provider names, or {@link LlmTracingOptions}. Default: all providers.
 * @returns a handle with `ready`, `disable()`, `flush()` and `status()`.
 * @throws TypeError that names each wrong option, what came, and what is valid. Nothing is traced then.
 * @example
 * ```ts
 * import * as amplitude from '@amplitude/analytics-node';
 * import { enableLlmTracing } from '@amp/llm-trace';
 *
 * amplitude.init(process.env.AMPLITUDE_API_KEY);
 * enableLlmTracing(amplitude, ['openai', 'anthropic']);
 * ```
 */
export function enableLlmTracing(
  client: AmplitudeClient,
  options?: LlmTracingOptions | readonly ProviderName[],
): LlmTracingHandle {
  const { ready, disable: end, flush, status: tell } = enable(client, options);
  return { ready, disable: end, flush, status: tell };
}

/**
 * Takes everything back: each patched method has the very property descriptor it had. Functions that others have put
 * around ours are left alone. Calls and streams that have begun end normally and still become events.
 *
 * @experimental
 * @example
 * ```ts
 * disableLlmTracing();
 * await amplitude.flush().promise;
 * ```
 */
export function disableLlmTracing(): void {
  disable();
}

/**
 * Waits for every call that has ended, whoever traced it: a session, `traceClient`, or one that has been disabled since,
 * and whichever client its event went to: until that has answered. Never rejects.
 *
 * @experimental
 * @param options - a number of milliseconds after which it resolves in any case, or `{ timeout }`, 600,000 at the most.
 * Default: 10,000. What is no such number is counted, and the default holds.
 * @example
 * ```ts
 * const openai = traceClient(new OpenAI(), { client: amplitude });
 * await openai.responses.create({ model: 'gpt-5', input: question });
 * await flushLlmTracing();
 * ```
 */
export function flushLlmTracing(options?: FlushOptions | number): Promise<void> {
  return flushAll(timeoutOf(options));
}

/**
 * Which copies of SDKs are traced, and what became of their calls.
 *
 * @experimental
 * @example
 * ```ts
 * console.log(llmTracingStatus());
 * // { enabled: true, sdks: [{ sdk: 'openai', version: '6.49.0', format: 'module', methods: 12, ... }], counters: ... }
 * ```
 */
export function llmTracingStatus(): LlmTracingStatus {
  return status();
}
