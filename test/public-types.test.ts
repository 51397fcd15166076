import { createInstance } from '@amplitude/analytics-node';
import type * as amplitude from '@amplitude/analytics-node';
import type Anthropic from '@anthropic-ai/sdk';
import { expectTypeOf } from 'expect-type';
import OpenAI from 'openai';
import * as trace from '../src';
import {
  annotate,
  annotateClient,
  createLlmEvent,
  createTracingClient,
  enableLlmTracing,
  extractLlmContext,
  flushLlmTracing,
  injectLlmContext,
  llmContextMiddleware,
  llmObservabilityPlugin,
  observe,
  serializeLlmContext,
  setLlmContext,
  traceClient,
  trackLlmOperation,
  withLlmContext,
  withLlmTracing,
  type AmplitudeClient,
  type LlmContext,
  type LlmContextMiddlewareOptions,
  type LlmEvent,
  type LlmFeedback,
  type LlmFeedbackOptions,
  type LlmTracePlace,
  type LlmTracingHandle,
  type LlmTracingOptions,
  type TracingClient,
  type TracingClientStatus,
} from '../src';

// Checked by the compiler (`npm run typecheck`): none of this is called.
const never: boolean = false;
const openai = never ? new OpenAI() : ({} as OpenAI);

describe('the types of the front door', () => {
  it('name every function', () => {
    const functions = Object.entries(trace).filter(([, value]) => typeof value === 'function');
    expect(functions.map(([name]) => name).sort()).toEqual(
      [
        ...['annotate', 'annotateClient', 'createLlmEvent', 'createTracingClient', 'currentLlmTrace', 'definePatch'],
        ...['disableLlmTracing', 'enableLlmTracing', 'extractLlmContext', 'flushLlmTracing', 'injectLlmContext'],
        ...['llmContextForHono'],
        ...['llmContextMiddleware', 'llmObservabilityPlugin', 'llmTracingStatus', 'observe', 'serializeLlmContext'],
        ...['setLlmContext', 'traceClient', 'trackLlmFeedback', 'trackLlmOperation', 'untraceClient'],
        ...['withLlmContext', 'withLlmFlush', 'withLlmRequestContext', 'withLlmTracing'],
      ].sort(),
    );
  });

  it('take the real client of Amplitude, and one of our own', () => {
    expectTypeOf<typeof amplitude>().toExtend<AmplitudeClient>();
    expectTypeOf(createInstance()).toExtend<AmplitudeClient>();
    expectTypeOf(createTracingClient).returns.toEqualTypeOf<TracingClient>();
    expectTypeOf<TracingClient>().toExtend<AmplitudeClient>();
    expectTypeOf(enableLlmTracing).returns.toEqualTypeOf<LlmTracingHandle>();
    // @ts-expect-error -- a provider that there is not
    expectTypeOf(enableLlmTracing).toBeCallableWith({} as typeof amplitude, ['opnai']);
    expectTypeOf(enableLlmTracing).toBeCallableWith({} as typeof amplitude, {
      redact: ['email'],
      schema: 'agent',
      prices: {},
    });
    expectTypeOf<LlmTracingOptions['redact']>().not.toBeAny();
    expectTypeOf<ReturnType<LlmTracingHandle['status']>['delivery']>().toEqualTypeOf<TracingClientStatus | undefined>();
    expectTypeOf<TracingClientStatus['onDisk']>().toEqualTypeOf<number>();
    expectTypeOf<TracingClient['flush']>().parameters.toEqualTypeOf<Parameters<LlmTracingHandle['flush']>>();
    expectTypeOf(flushLlmTracing).parameters.toEqualTypeOf<Parameters<LlmTracingHandle['flush']>>();
    expectTypeOf(flushLlmTracing).returns.toEqualTypeOf<Promise<void>>();
  });

  it('hand on what a function in a context gives back', () => {
    expectTypeOf(withLlmContext<Promise<number>>).returns.toEqualTypeOf<Promise<number>>();
    // The promise of the SDK with its `withResponse`, and not a promise of ours.
    expectTypeOf(withLlmContext<ReturnType<typeof openai.chat.completions.create>>).returns.toHaveProperty(
      'withResponse',
    );
    expectTypeOf(setLlmContext).parameter(0).toExtend<LlmContext | string>();
    expectTypeOf(serializeLlmContext).returns.toBeString();
    // @ts-expect-error -- Amplitude's session is a number
    expectTypeOf(setLlmContext).toBeCallableWith({ sessionId: 'session-1' });
    // @ts-expect-error -- a field that there is not
    expectTypeOf(setLlmContext).toBeCallableWith({ user: 'user-1' });
  });

  it('leave parameters and clients the types that they have', () => {
    const parameters = { model: 'gpt-5', messages: [], stream: true } as const;
    expectTypeOf(annotate(parameters, {})).toEqualTypeOf(parameters);
    expectTypeOf(annotateClient(openai, {})).toEqualTypeOf<OpenAI>();
    expectTypeOf(traceClient<OpenAI>).returns.toEqualTypeOf<OpenAI>();
    expectTypeOf(traceClient<Anthropic>).returns.toEqualTypeOf<Anthropic>();
    expectTypeOf(injectLlmContext(new Headers())).toEqualTypeOf<Headers>();
    expectTypeOf(extractLlmContext).returns.toEqualTypeOf<Pick<LlmContext, 'traceId' | 'parentSpanId'>>();
  });

  it('leave an observed function its type, whatever its kind', () => {
    const plain = (one: string, two?: number): string => one + String(two);
    async function* chunks(this: Date, count: number): AsyncGenerator<number, string, boolean> {
      yield await Promise.resolve(count);
      return 'done';
    }
    expectTypeOf(observe(plain, { name: 'plain' })).toEqualTypeOf<typeof plain>();
    expectTypeOf(observe(chunks)).toEqualTypeOf<typeof chunks>();
    expectTypeOf(observe({ kind: 'tool' })(plain)).toEqualTypeOf<typeof plain>();
    expectTypeOf(observe).toBeCallableWith(plain, { context: serializeLlmContext() });
    // @ts-expect-error -- a kind that there is not
    expectTypeOf(observe).toBeCallableWith(plain, { kind: 'llm' });
  });

  it('add methods to a client, and take its plugin', () => {
    const client = createInstance();
    expectTypeOf(withLlmTracing(client)).toExtend<typeof client>();
    expectTypeOf(withLlmTracing(client).enableLlmTracing).toBeCallableWith(['openai']);
    expectTypeOf(client.add).toBeCallableWith(llmObservabilityPlugin({ includePrompts: false }));
    expectTypeOf(createLlmEvent).returns.toEqualTypeOf<LlmEvent>();
    expectTypeOf(trackLlmOperation).toBeCallableWith(client, { model: 'my-model', input: 'Hi', output: 'Hello' });
    expectTypeOf(llmContextMiddleware).toBeFunction();
  });

  // With `exactOptionalPropertyTypes`, too.
  it('take undefined for what there is nothing to say of', () => {
    expectTypeOf<{ traceId: string | undefined; label: string | undefined }>().toExtend<LlmFeedback>();
    expectTypeOf<{ client: AmplitudeClient | undefined }>().toExtend<LlmFeedbackOptions>();
    expectTypeOf<{ traceparent: boolean | undefined }>().toExtend<LlmContextMiddlewareOptions>();
    expectTypeOf<{ traceId: string | undefined; spanId: string | undefined }>().toExtend<LlmTracePlace>();
  });
});
