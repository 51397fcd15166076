import { watchRetries } from './count-retries';
import { enclosures } from './enclosing-call';
import { safely } from './safely';
import { contextOf, givenBy, traceCall } from './trace-call';
import type { Tracer } from './operation';
import type { MethodPatch, ProviderPatch, Restore, SdkCopy } from './types';
import { watchCopies } from './wrappers/watch-copies';
import { followObjects, namingCalls, traceEnclosing } from './watch-framework';
import { watchResponses } from './watch-responses';
import { wrapMethod, type AnyFunction } from './wrap-method';

export interface InstalledPatch {
  /** The methods that are watched now. Several files of a copy can lead to the same ones. */
  readonly methods: readonly Pick<MethodPatch, 'owner' | 'method'>[];
  readonly restore: Restore;
}

/**
 * Owners of methods whose retries are seen. Not for each file that was loaded: the methods of @anthropic-ai/sdk are
 * wrapped when `resources/index` comes, which knows no client, and its retries when `client` does.
 */
const counted = new WeakSet<object>();

/**
 * Who traces a call; undefined: nobody.
 *
 * @param owner - the object that has the method.
 */
export type TracerFor = (patch: ProviderPatch, self?: unknown, owner?: object) => Tracer | undefined;

type Wrap = (original: AnyFunction, isLive: () => boolean) => AnyFunction;

/**
 * Puts one patch onto one loaded copy of an SDK.
 *
 * @param tracerFor - asked at each call; undefined: pass straight through.
 * @param functionsOf - the file whose functions `exports` holds, where they are no exports.
 */
export function installPatch(
  patch: ProviderPatch,
  exports: unknown,
  copy: SdkCopy,
  tracerFor: TracerFor,
  functionsOf?: string,
): InstalledPatch {
  const restores: Restore[] = [];
  const methods: MethodPatch[] = [];
  const objects = followObjects(wrap);
  for (const method of safely('find the methods of an SDK', methodsOf) ?? []) {
    const restore = wrap(method);
    if (!restore) continue;
    methods.push(method);
    restores.push(restore);
  }
  const hasClients = methods.length > 0 && functionsOf === undefined;
  const retryPoint = hasClients ? safely('find the retries of an SDK', () => patch.retryPoint?.(exports)) : undefined;
  const restoreRetries = retryPoint && safely('watch the retries of an SDK', () => watchRetries(retryPoint));
  if (restoreRetries) {
    for (const { owner } of methods) counted.add(owner);
    restores.push(restoreRetries);
  }
  const responses = hasClients
    ? safely('find the responses of an SDK', () => patch.responsePoint?.(exports))
    : undefined;
  const restoreResponses = responses && safely('watch the responses of an SDK', () => watchResponses(responses));
  if (restoreResponses) restores.push(restoreResponses);
  if (hasClients && patch.copyPoints) restores.push(watchCopies(() => patch.copyPoints?.(exports) ?? []));
  return {
    methods,
    restore() {
      objects.restore();
      for (const restore of restores.reverse()) restore();
      restores.length = 0;
    },
  };

  function methodsOf(): readonly MethodPatch[] | undefined {
    return functionsOf === undefined ? patch.methods(exports) : patch.functionMethods?.(exports, functionsOf);
  }

  function wrap(method: MethodPatch): Restore | undefined {
    const { owner, method: name, leadsTo, enclosedIn, encloses } = method;
    const wrapping = leadsTo ? following(leadsTo) : encloses ? enclosing(method) : tracedWith(method);
    const makeLive: Wrap = (original, isLive) => {
      if (!enclosedIn) return wrapping(original, isLive);
      const named = namingCalls(enclosedIn, original);
      return function namedCall(this: unknown, ...args: unknown[]): unknown {
        return (isLive() && tracerFor(patch, this, owner) ? named : original).apply(this, args) as unknown;
      };
    };
    return safely('wrap a method', () => wrapMethod(owner, name, makeLive));
  }

  function following(leadsTo: NonNullable<MethodPatch['leadsTo']>): Wrap {
    return (original, isLive) =>
      function followed(this: unknown, ...args: unknown[]): unknown {
        const result: unknown = original.apply(this, args);
        if (isLive()) safely('follow an object', () => objects.follow(leadsTo(args, result)));
        return result;
      };
  }

  function enclosing({ owner, readerFor }: MethodPatch): Wrap {
    return (original, isLive) =>
      function enclosed(this: unknown, ...args: unknown[]): unknown {
        const tracer = isLive() ? tracerFor(patch, this, owner) : undefined;
        if (!tracer) return original.apply(this, args) as unknown;
        return traceEnclosing(tracer, { patch, copy, original }, (name) => readerFor(args, this, name), this, args);
      };
  }

  function tracedWith({ owner, readerFor }: MethodPatch): Wrap {
    return (original, isLive) =>
      function traced(this: unknown, ...args: unknown[]): unknown {
        const tracer = isLive() ? tracerFor(patch, this, owner) : undefined;
        const reader = tracer && safely('pick a reader', () => readerFor(args, this));
        if (!tracer || !reader) return original.apply(this, args) as unknown;
        const context = contextOf(tracer, this, args, enclosures.getStore()?.drawn);
        if (!context.drawn) return original.apply(this, givenBy(reader, args)) as unknown;
        const countsRetries = counted.has(owner);
        return traceCall(tracer, { patch, copy, reader, original, countsRetries }, context, this, args);
      };
  }
}

/** Each method once, through however many files it was reached. */
export function countMethods(installed: Iterable<InstalledPatch | undefined>): number {
  const names = new Map<object, Set<string>>();
  for (const { owner, method } of [...installed].flatMap((each) => each?.methods ?? [])) {
    names.set(owner, (names.get(owner) ?? new Set()).add(method));
  }
  return [...names.values()].reduce((count, { size }) => count + size, 0);
}
