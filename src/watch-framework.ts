import { enclosures, type Enclosure } from './enclosing-call';
import { safely } from './safely';
import { contextOf, traceCall } from './trace-call';
import type { Callee } from './callee';
import type { Tracer } from './operation';
import type { MethodPatch, MethodReader, Restore } from './types';
import type { AnyFunction } from './wrap-method';

/** A function of a framework that is no call itself, but that calls are part of: what they are called after. */
export function namingCalls(enclosedIn: NonNullable<MethodPatch['enclosedIn']>, original: AnyFunction): AnyFunction {
  return function named(this: unknown, ...args: unknown[]): unknown {
    const method = safely('name the calls of a framework', () => enclosedIn(args));
    if (method === undefined) return original.apply(this, args);
    return enclosures.run({ ...enclosures.getStore(), method }, () => original.apply(this, args) as unknown);
  };
}

/** Makes one call that may make others; which of them is the event shows when it has settled. */
export function traceEnclosing(
  tracer: Tracer,
  callee: Omit<Callee, 'reader'>,
  pickReader: (method: string | undefined) => MethodReader | undefined,
  self: unknown,
  args: unknown[],
): unknown {
  const { patch, original } = callee;
  const outer = enclosures.getStore();
  const reader = safely('pick a reader', () => pickReader(outer?.method));
  if (!reader) return original.apply(self, args);
  const context = contextOf(tracer, self, args, outer?.drawn);
  const { drawn } = context;
  const framework = safely('read the framework', () => patch.frameworkOf?.(self, args));
  const enclosure: Enclosure = { method: reader.method, drawn, framework, calls: [] };
  function enclosed(this: unknown, ...given: unknown[]): unknown {
    return enclosures.run(enclosure, () => original.apply(this, given));
  }
  if (!drawn) return enclosed.apply(self, args);
  return traceCall(tracer, { ...callee, reader, original: enclosed, enclosure }, context, self, args);
}

/**
 * Methods of objects that a framework is given while it runs. A class is there for good, but an object with methods of
 * its own may be made for one call: it is held no longer than the application holds it.
 */
export function followObjects(wrap: (method: MethodPatch) => Restore | undefined): {
  follow(methods: readonly MethodPatch[]): void;
  restore: Restore;
} {
  const restores = new WeakMap<object, Map<string, Restore | undefined>>();
  const owners = new Set<WeakRef<object>>();
  const collected = new FinalizationRegistry<WeakRef<object>>((owner) => owners.delete(owner));
  return {
    follow(methods) {
      for (const method of methods) {
        const known = restores.get(method.owner) ?? addOwner(method.owner);
        if (!known.has(method.method)) known.set(method.method, wrap(method));
      }
    },
    restore() {
      for (const owner of owners)
        for (const restore of restores.get(owner.deref() ?? owner)?.values() ?? []) restore?.();
      owners.clear();
    },
  };

  function addOwner(owner: object): Map<string, Restore | undefined> {
    const reference = new WeakRef(owner);
    owners.add(reference);
    collected.register(owner, reference);
    const methods = new Map<string, Restore | undefined>();
    restores.set(owner, methods);
    return methods;
  }
}
