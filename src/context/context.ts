import { AsyncLocalStorage } from 'node:async_hooks';
import { mergeContexts, readContext } from './check-context';
import { activeSpan, type ActiveSpan } from './open-telemetry';
import { isGenerator, runSteps } from '../observe/run-steps';
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
  /** The request that is answered here, as a middleware of ours was given it. */
  readonly request?: WeakRef<object> | undefined;
  /** Where the body of a generator that was made here goes on with its next step. */
  place?: Place | undefined;
}

/** `setLlmContext` moves it: each step of a generator runs anew from here. */
interface Place {
  frame: Frame;
}

/** A span of our own: calls made in `run` are its children. */
export interface OpenSpan {
  readonly context: CallContext;
  run<Result>(work: () => Result): Result;
}

/** Shared by copies of this package: what one of them was told holds for calls that another one watches. */
const frames = (sharedState().frames ??= new AsyncLocalStorage<Frame>());
const nowhere: CallContext = {};

/** The frame whose function is on the stack of calls: what is called directly in it, and not merely started by it. */
let onStack: Frame | undefined;

/**
 * Runs `fn` in a context: calls made in it, and in everything it starts, are of this user, in this session, with these
 * properties, and share one trace. Contexts inside one another merge. A call keeps the context in which it began,
 * wherever its stream ends.
 *
 * Where `fn` gives a generator, its body runs in the context, too, whoever reads it. Where it gives a promise of one, it
 * does not: read it inside of `fn`, or say the context where the generator is made.
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
  return withChecked(read(context), fn);
}

/** The same with a context that was checked. */
export function withChecked<Result>(checked: CheckedContext, fn: () => Result): Result {
  return enter(
    safely('enter a context', () => frameIn(checked, frames.getStore(), true)),
    fn,
  );
}

/**
 * A context for what is done to answer one request. The context around it holds there, too, but its trace only where it is
 * one of this request: the server may have been started inside of a context, which is then around all of its requests.
 *
 * @param request - the same object for all middlewares of it.
 * @param readTrace - what the request says of its trace. Only asked where it is in none.
 */
export function withinRequest<Result>(request: unknown, readTrace: () => LlmContext, fn: () => Result): Result {
  return enter(
    safely('enter a request', () => {
      const outer = frames.getStore();
      const around = outer && !isOfRequest(outer, request) ? { context: outer.context } : outer;
      const isTraced = (around?.trace ?? spanHere()) !== undefined;
      const frame = frameIn(isTraced ? {} : read(readTrace()), around, true);
      return isObject(request) ? { ...frame, request: new WeakRef(request) } : frame;
    }),
    fn,
  );
}

/** An outer middleware was given the same request, or the handler is called directly inside of an observed function. */
function isOfRequest(frame: Frame, request: unknown): boolean {
  return (frame.request !== undefined && frame.request.deref() === request) || frame.trace === onStack?.trace;
}

/**
 * Adds to the context from here on: for the rest of the running function, and for what it starts.
 *
 * Before the first `await` of a function it holds for its caller, too, and for what that starts next: until then the two
 * run in one piece (`AsyncLocalStorage.enterWith`). In `map` with `Promise.all`, in loops, and in functions that only
 * help, use {@link withLlmContext}. In a generator that is observed it holds until the generator ends.
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
  safely('set the context', () => {
    const checked = read(context);
    const outer = frames.getStore();
    const isMoved = checked.traceId !== undefined || checked.parentSpanId !== undefined;
    // Else the place stays: what follows may be outside of the span of OpenTelemetry that is active here.
    const frame = isMoved
      ? frameIn(checked, outer, false)
      : { ...outer, context: mergeContexts(outer?.context, checked) };
    frame.place = outer?.place;
    if (frame.place) frame.place.frame = frame;
    frames.enterWith(frame);
  });
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
  const place = placeIn(frame, spanHere());
  const { traceId, parentSpanId } = place;
  const sampleRate = frame?.trace?.sampleRate ?? frame?.context.sampleRate;
  return JSON.stringify({ ...frame?.context, traceId, parentSpanId, sampleRate });
}

/** The trace that the running code is part of, and the innermost span of it. */
export function currentPlace(): { traceId?: string | undefined; spanId?: string | undefined } {
  const { traceId, parentSpanId } = placeIn(frames.getStore(), spanHere());
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
  const span = spanHere();
  if (!frame && !span && !ofClient && !ofCall) return nowhere;
  const context = mergeContexts(ofClient, frame?.context);
  const told = mergeContexts(context, ofCall);
  const here = placeIn(frame, span);
  const { traceId: asked = here.traceId } = ofCall ?? {};
  const place = asked === undefined || asked === here.traceId ? here : named(asked, frame);
  const { trace, traceId = told.traceId, parentSpanId } = place;
  // A parent is a span of its trace: what is said of the client holds outside of any, and in the one that it names.
  const isOfClient = traceId === ofClient?.traceId || ofClient?.traceId === undefined;
  return {
    trace,
    traceId,
    parentSpanId: ofCall?.parentSpanId ?? parentSpanId ?? (isOfClient ? ofClient?.parentSpanId : undefined),
    told,
  };
}

/** Opens a span of our own in the current trace, or in a new one. */
export function openSpan(context?: LlmContext | string): OpenSpan {
  const span = spanHere();
  const frame = frameIn(read(context), frames.getStore(), true);
  const spanId = spanIdOf(crypto.randomUUID());
  const { trace, context: told } = frame;
  const { parentSpanId } = placeIn(frame, span);
  const place = placeOf({ context: told, trace, spanId, enteredIn: span?.spanId, request: frame.request });
  return {
    context: { trace, traceId: trace?.id, spanId, parentSpanId, told },
    run: (work) => runIn(place.frame, work),
  };
}

/** Without a frame something went wrong: then `fn` is as it is. */
function enter<Result>(frame: Frame | undefined, fn: () => Result): Result {
  if (!frame) return fn();
  const place = placeOf(frame);
  const result = runIn(frame, fn);
  safely('follow a generator', () => {
    if (isGenerator(result)) runSteps(result, (work) => runIn(place.frame, work));
  });
  return result;
}

function placeOf(frame: Frame): Place {
  return (frame.place = { frame });
}

function runIn<Result>(frame: Frame, work: () => Result): Result {
  const below = onStack;
  onStack = frame;
  try {
    return frames.run(frame, work);
  } finally {
    onStack = below;
  }
}

/** The place inside of `outer`. `beginsTrace`: where no trace is, one begins. */
function frameIn(checked: CheckedContext, outer: Frame | undefined, beginsTrace: boolean): Frame {
  const span = spanHere();
  const context = mergeContexts(outer?.context, checked);
  const { request } = outer ?? {};
  const enteredIn = span?.spanId;
  const { traceId, parentSpanId } = checked;
  const here = placeIn(outer, span);
  if (traceId !== undefined && traceId !== here.traceId) {
    const place = named(traceId, outer);
    return { context, trace: place.trace, spanId: parentSpanId ?? place.parentSpanId, enteredIn, request };
  }
  const id = here.traceId ?? (beginsTrace ? newTraceId() : undefined);
  const trace = here.trace ?? (id === undefined ? undefined : { id, isGiven: traceId !== undefined });
  return { context, trace, spanId: parentSpanId ?? here.parentSpanId, enteredIn, request };
}

/** The place in a trace that the application named. That around may be the same one, past a span of OpenTelemetry. */
function named(traceId: string, outer: Frame | undefined): InTrace {
  const isBack = outer?.trace?.id === traceId;
  const sampleRate = isBack ? outer.trace?.sampleRate : undefined;
  return {
    trace: { id: traceId, isGiven: true, sampleRate },
    traceId,
    parentSpanId: isBack ? outer.spanId : undefined,
  };
}

interface InTrace {
  readonly trace?: Trace | undefined;
  readonly traceId?: string | undefined;
  readonly parentSpanId?: string | undefined;
}

/**
 * The trace here, and what a call made here is a child of. OpenTelemetry's active span says both, unless the
 * application named the trace itself, or a span of our own is further inside.
 */
function placeIn(frame: Frame | undefined, span: ActiveSpan | undefined): InTrace {
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

function read(context: LlmContext | string | undefined): CheckedContext {
  return readContext(context, (problem) => reportProblem('read a context', problem));
}

/** Whatever OpenTelemetry's context manager does: a context of ours is not lost with it. */
function spanHere(): ActiveSpan | undefined {
  return safely('read the active span', activeSpan);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
