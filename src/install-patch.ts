import { watchRetries } from './count-retries';
import { safely } from './safely';
import { traceCall } from './trace-call';
import type { MethodPatch, ProviderPatch, Restore, SdkCopy, Tracer } from './types';
import { wrapMethod, type AnyFunction } from './wrap-method';

export interface InstalledPatch {
  /** How many methods of this copy are watched now. */
  readonly methods: number;
  readonly restore: Restore;
}

/**
 * Puts one patch onto one loaded copy of an SDK.
 *
 * @param tracerFor - asked at each call; undefined: pass straight through.
 */
export function installPatch(
  patch: ProviderPatch,
  exports: unknown,
  copy: SdkCopy,
  tracerFor: (patch: ProviderPatch) => Tracer | undefined,
): InstalledPatch {
  const restores: Restore[] = [];
  let methods = 0;
  for (const method of safely('find the methods of an SDK', () => patch.methods(exports)) ?? []) {
    const restore = safely('wrap a method', () => wrapMethod(method.owner, method.method, tracedWith(method)));
    if (!restore) continue;
    methods += 1;
    restores.push(restore);
  }
  const retryPoint = methods > 0 ? safely('find the retries of an SDK', () => patch.retryPoint?.(exports)) : undefined;
  const restoreRetries = retryPoint && safely('watch the retries of an SDK', () => watchRetries(retryPoint));
  if (restoreRetries) restores.push(restoreRetries);
  return {
    methods,
    restore() {
      for (const restore of restores.reverse()) restore();
      restores.length = 0;
    },
  };

  function tracedWith({ readerFor }: MethodPatch): (original: AnyFunction, isLive: () => boolean) => AnyFunction {
    return (original, isLive) =>
      function traced(this: unknown, ...args: unknown[]): unknown {
        const tracer = isLive() ? tracerFor(patch) : undefined;
        const reader = tracer && safely('pick a reader', () => readerFor(args, this));
        if (!tracer || !reader || !tracer.sampled()) return original.apply(this, args) as unknown;
        return traceCall(tracer, { patch, copy, reader, original }, this, args);
      };
  }
}
