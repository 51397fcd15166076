import shimmer from 'shimmer';
import type { Restore } from './types';

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- any method of any SDK */
export type AnyFunction = (this: any, ...args: any[]) => any;

interface Wrapping {
  /** Whether it is in use; one that is not passes straight through, wherever somebody has kept it. */
  isLive: boolean;
  wrapped: AnyFunction;
  readonly before: PropertyDescriptor | undefined;
}

/** The methods that hold a function of ours, or lost it to somebody's function on top. */
const wrappings = new WeakMap<object, Map<string, Wrapping>>();

/** What is under each function of ours: a subclass that inherits one would report each call twice. */
const originals = new WeakMap<AnyFunction, AnyFunction>();

/**
 * Puts a function of ours around a method, so that nobody notices: name, length, own properties and the property
 * descriptor stay. The undo puts the very descriptor back, or deletes the property where it was inherited.
 *
 * Where somebody has wrapped the method after us, the undo leaves their function alone and ours underneath, which
 * then passes straight through for good (`shimmer.unwrap` would remove theirs: opentelemetry-js-contrib#970). Wrapping
 * such a method again puts a new function on top: whether the old one is still in the chain can not be seen.
 *
 * @param wrap - makes our function, which asks `isLive` at each call and passes straight through where that is false.
 * @returns undefined when the method can not be wrapped (not a function, or a property that can not be written).
 */
export function wrapMethod(
  owner: object,
  method: string,
  wrap: (original: AnyFunction, isLive: () => boolean) => AnyFunction,
): Restore | undefined {
  const slot = owner as Record<string, unknown>;
  const before = Object.getOwnPropertyDescriptor(owner, method);
  if (typeof slot[method] !== 'function' || !isReplaceable(owner, before)) return undefined;
  const known = wrappings.get(owner)?.get(method);
  if (known && before?.value === known.wrapped) return restoreOf(owner, method, known);
  if (known) known.isLive = false;
  const current = slot[method] as AnyFunction;
  const original = originals.get(current) ?? current;
  const wrapping: Wrapping = { isLive: true, wrapped: original, before };
  wrapping.wrapped = disguise(
    wrap(original, () => wrapping.isLive),
    original,
  );
  originals.set(wrapping.wrapped, original);
  shimmer.wrap(slot as Record<string, AnyFunction>, method, () => wrapping.wrapped);
  keepMarkers(wrapping.wrapped, original);
  remember(owner, method, wrapping);
  return restoreOf(owner, method, wrapping);
}

function isReplaceable(owner: object, descriptor: PropertyDescriptor | undefined): boolean {
  if (!descriptor) return Object.isExtensible(owner);
  return descriptor.configurable === true && descriptor.writable === true;
}

/** Name, length and own properties of the function in whose place it stands. */
export function disguise(wrapped: AnyFunction, original: AnyFunction): AnyFunction {
  for (const property of Reflect.ownKeys(original)) {
    if (property === 'prototype' || property === 'arguments' || property === 'caller') continue;
    const descriptor = Object.getOwnPropertyDescriptor(original, property);
    if (descriptor) Object.defineProperty(wrapped, property, descriptor);
  }
  return wrapped;
}

/**
 * Other instrumentations unwrap whatever carries shimmer's marks before they wrap it themselves
 * (open-telemetry/opentelemetry-js#4692), and our function would be gone. So ours has the marks that the function below
 * has, or none: to take off somebody else's from under ours does nothing, without an error line.
 */
function keepMarkers(ours: AnyFunction, original: AnyFunction): void {
  for (const mark of ['__original', '__unwrap', '__wrapped']) {
    const descriptor = Object.getOwnPropertyDescriptor(original, mark);
    if (descriptor) Object.defineProperty(ours, mark, descriptor);
    else delete (ours as unknown as Record<string, unknown>)[mark];
  }
}

function remember(owner: object, method: string, wrapping: Wrapping): void {
  const methods = wrappings.get(owner) ?? new Map<string, Wrapping>();
  wrappings.set(owner, methods.set(method, wrapping));
}

function restoreOf(owner: object, method: string, wrapping: Wrapping): Restore {
  return function restore() {
    wrapping.isLive = false;
    const methods = wrappings.get(owner);
    if (methods?.get(method) === wrapping) methods.delete(method);
    if (Object.getOwnPropertyDescriptor(owner, method)?.value !== wrapping.wrapped) return;
    if (wrapping.before) Object.defineProperty(owner, method, wrapping.before);
    else delete (owner as Record<string, unknown>)[method];
  };
}
