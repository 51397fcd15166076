import type { Callee } from './callee';
import { observeResult, observeValue } from './observe-result';
import type { WatchedCall } from './observer';
import type { CallContext, Drawn, Tracer } from './operation';
import { reportProblem, safely } from './safely';
import { TracedCall } from './traced-call';
import type { MethodReader, Tell } from './types';

/**
 * Makes one call and watches it until it settles, which is reported exactly once. The original goes first, so the
 * request is on its way before we do anything; the arguments are read in the same tick, before the caller can change
 * them.
 */
export function traceCall(
  tracer: Tracer,
  callee: Callee,
  context: CallContext,
  self: unknown,
  args: unknown[],
): unknown {
  const call = new TracedCall(tracer, callee, context);
  let result: unknown;
  const given = callee.reader.callbackAt ? withCallback(call, callee.reader, args) : args;
  const passed = callee.reader.given ? givenBy(callee.reader, given, (read) => call.told(read)) : given;
  try {
    result = callee.original.apply(self, passed);
  } catch (error) {
    call.readArguments(self, args);
    call.failed(error);
    throw error;
  }
  call.readArguments(self, args);
  if (given !== args) return result;
  try {
    return observeResult(result, call);
  } catch (error) {
    reportProblem('watch a call', error);
    call.raw();
    return result;
  }
}

/** What surrounds a call. Where that can not be read, what may leave is not known: then no text does. */
export function contextOf(tracer: Tracer, self: unknown, args: readonly unknown[], drawn?: Drawn): CallContext {
  try {
    return tracer.context(self, args, drawn);
  } catch (error) {
    reportProblem('read the context', error);
    return { drawn: drawn ?? true, told: { privacyMode: true } };
  }
}

/** Watches a call that the SDK tells about by itself; what it tells then goes to the observer. */
export function watchCall(
  tracer: Tracer,
  callee: Omit<Callee, 'original'>,
  context: CallContext,
  request: object,
): WatchedCall {
  const call = new TracedCall(tracer, callee, context, true);
  call.readArguments(request, [request]);
  return call;
}

/** What a method is given: the caller's arguments, or what its reader makes of them. */
export function givenBy(reader: MethodReader, args: unknown[], tell?: Tell): unknown[] {
  if (!reader.given) return args;
  return safely('prepare the arguments', () => reader.given?.(args, tell)) ?? args;
}

/** The arguments with a callback in the place of the caller's that is told the same, and then tells the caller's. */
function withCallback(call: TracedCall, { callbackAt }: MethodReader, args: unknown[]): unknown[] {
  const at = safely('look for a callback', () => callbackAt?.(args));
  const callback = at === undefined ? undefined : args[at];
  if (at === undefined || typeof callback !== 'function') return args;
  return args.with(at, function tappedCallback(this: unknown, error: unknown, ...results: unknown[]): unknown {
    if (error) call.failed(error);
    else observeValue(results[0], call);
    return Reflect.apply(callback, this, [error, ...results]) as unknown;
  });
}
