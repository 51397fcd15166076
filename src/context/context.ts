import { AsyncLocalStorage } from 'node:async_hooks';
import { checkContext, mergeContexts } from './check-context';
import { activeSpan, type ActiveSpan } from './open-telemetry';
import type { CallContext, CheckedContext, LlmContext, Trace } from '../operation';
import { reportProblem, safely } from '../safely';
import { sharedState } from '../shared-state';
import { newTraceId, spanIdOf } from './trace-ids';

/** What holds at one place of the running code, and wherever that leads. */
export interface Frame {
  readonly context: CheckedContext;
  readonly trace?: Trace | undefined;
  /** What calls made here are children of. */
  readonly spanId?: string | undefined;
  /** The span of OpenTelemetry in which this place was entered: another one is further inside. */
  readonly enteredIn?: string | undefined;
}

/** A span of our own: calls made in `run` are its children. */
export interface OpenSpan {
  readonly context: CallContext;
  run<Result>(work: () => Result): Result;
}

/** Shared by copies of this package: what one of them was told holds for calls that another one watches. */
const frames = (sharedState().frames ??= new AsyncLocalStorage<Frame>());
const nowhere: CallContext = {};

/**
 * Runs `fn` in a context: calls made in it, and in everything it starts, are of this user, in this session, with these
 * properties, and share one trace. Contexts inside one another merge. A call keeps the context in which it began,
 * wherever its stream ends.
 *
 * @experimental
 * @param context - what to say of the calls, or what {@link serializeLlmContext} gave. A wrong field is left out.
 * @returns what `fn` returns.
 * @throws what `fn` throws, and nothing else.
 * @example
 * ```ts
 * const answer = await withLlmContext({ userId: 'user-1', llmSessionId: chat.id }, () =>
 *   openai.chat.completions.create({ model: 'gpt-5', messages }),
 * );
 * ```
 */
export function withLlmContext<Result>(context: LlmContext | string, fn: () => Result): Result {
  const frame = safely('enter a context', () => frameIn(read(context), true));
  return frame ? frames.run(frame, fn) : fn();
}

/**
 * Adds to the context from here on: for the rest of the running function, and for what it starts. A function that is
 * awaited does not change the context of its caller; where that is wanted, use {@link withLlmContext}.
 *
 * Not in a bare listener of a server: on Node 20 and 22 what is set there still holds for the next request of the same
 * connection, which may be of somebody else. Inside of `llmContextMiddleware` or {@link withLlmContext} it ends there.
 *
 * @experimental
 * @param context - what to say of the calls. A wrong field is left out. No trace begins with it.
 * @example
 * ```ts
 * async function answer(message: Message): Promise<string> {
 *   const user = await findUser(message);
 *   setLlmContext({ userId: user.id });
 *   return chat(message);
 * }
 * ```
 */
export function setLlmContext(context: LlmContext | string): void {
  safely('set the context', () => frames.enterWith(frameIn(read(context), false)));
}

/**
 * The context that holds here, with its trace, as JSON: for a worker, a queue, another process.
 *
 * @experimental
 * @returns what {@link withLlmContext} takes on the other side.
 * @example
 * ```ts
 * const worker = new Worker('./summarize.js', { workerData: { llmContext: serializeLlmContext() } });
 * // in the worker
 * withLlmContext(workerData.llmContext, () => summarize());
 * ```
 */
export function serializeLlmContext(): string {
  const frame = frames.getStore();
  const place = placeIn(frame, safely('read the active span', activeSpan));
  const { traceId, parentSpanId } = place;
  const sampleRate = frame?.trace?.sampleRate ?? frame?.context.sampleRate;
  return JSON.stringify({ ...frame?.context, traceId, parentSpanId, sampleRate });
}

/** The trace that the running code is part of, and the innermost span of it. */
export function currentPlace(): { traceId?: string | undefined; spanId?: string | undefined } {
  const { traceId, parentSpanId } = placeIn(frames.getStore(), activeSpan());
  return { traceId, spanId: parentSpanId };
}

/**
 * What surrounds a call that is made here.
 *
 * @param ofClient - what is remembered of the client: what the context says holds against it.
 * @param ofCall - what is remembered of the very call, which holds against everything.
 */
export function callContext(ofClient?: CheckedContext, ofCall?: CheckedContext): CallContext {
  const frame = frames.getStore();
  const span = activeSpan();
  if (!frame && !span && !ofClient && !ofCall) return nowhere;
  const context = mergeContexts(ofClient, frame?.context);
  const told = mergeContexts(context, ofCall);
  const place = ofCall?.traceId === undefined ? placeIn(frame, span) : { trace: given(ofCall.traceId) };
  return {
    trace: place.trace,
    traceId: place.trace?.id ?? place.traceId ?? told.traceId,
    parentSpanId: ofCall?.parentSpanId ?? place.parentSpanId,
    told,
  };
}

/** Opens a span of our own in the current trace, or in a new one. */
export function openSpan(context: LlmContext = {}): OpenSpan {
  const frame = frameIn(context, true);
  const spanId = spanIdOf(crypto.randomUUID());
  const { trace, context: told } = frame;
  const { parentSpanId } = placeIn(frame, activeSpan());
  const inner: Frame = { ...frame, spanId };
  return {
    context: { trace, traceId: trace?.id, spanId, parentSpanId, told },
    run: (work) => frames.run(inner, work),
  };
}

/** The place inside the current one. `beginsTrace`: where no trace is, one begins. */
function frameIn(context: LlmContext, beginsTrace: boolean): Frame {
  const outer = frames.getStore();
  const span = activeSpan();
  const checked = checkContext(context, (problem) => reportProblem('read a context', problem));
  const merged = mergeContexts(outer?.context, checked);
  const enteredIn = span?.spanId;
  const { traceId, parentSpanId } = checked;
  if (traceId !== undefined && traceId !== outer?.trace?.id) {
    return { context: merged, trace: given(traceId), spanId: parentSpanId, enteredIn };
  }
  const place = placeIn(outer, span);
  const begun = place.traceId ?? (beginsTrace ? newTraceId() : undefined);
  const trace = place.trace ?? (begun === undefined ? undefined : { id: begun, isGiven: false });
  return { context: merged, trace, spanId: parentSpanId ?? place.parentSpanId, enteredIn };
}

function given(traceId: string): Trace {
  return { id: traceId, isGiven: true };
}

/**
 * The trace here, and what a call made here is a child of. OpenTelemetry's active span says both, unless the
 * application named the trace itself, or a span of our own is further inside.
 */
function placeIn(
  frame: Frame | undefined,
  span: ActiveSpan | undefined,
): { trace?: Trace | undefined; traceId?: string | undefined; parentSpanId?: string | undefined } {
  const trace = frame?.trace;
  if (!span || (trace?.isGiven && trace.id !== span.traceId)) {
    return { trace, traceId: trace?.id, parentSpanId: frame?.spanId };
  }
  const isInside = trace?.id === span.traceId && frame?.enteredIn === span.spanId;
  return {
    trace: trace?.id === span.traceId ? trace : undefined,
    traceId: span.traceId,
    parentSpanId: (isInside ? frame.spanId : undefined) ?? span.spanId,
  };
}

function read(context: LlmContext | string): LlmContext {
  return typeof context === 'string' ? (JSON.parse(context) as LlmContext) : context;
}
