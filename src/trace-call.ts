import type { Callee } from './callee';
import { observeResult, observeValue } from './observe-result';
import type { WatchedCall } from './observer';
import { reportProblem, safely } from './safely';
import { TracedCall } from './traced-call';
import type { MethodReader, Tell, Tracer } from './types';

/**
 * Makes one call and watches it until it settles, which is reported exactly once. The original goes first, so the
 * request is on its way before we do anything; the arguments are read in the same tick, before the caller can change
 * them.
 */
export function traceCall(tracer: Tracer, callee: Callee, self: unknown, args: unknown[]): unknown {
  const call = new TracedCall(tracer, callee);
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

/** Watches a call that the SDK tells about by itself; what it tells then goes to the observer. */
export function watchCall(tracer: Tracer, callee: Omit<Callee, 'original'>, request: object): WatchedCall {
  const call = new TracedCall(tracer, callee, true);
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
