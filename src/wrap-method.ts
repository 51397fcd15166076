import shimmer from 'shimmer';
import type { Restore } from './types';

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- any method of any SDK */
export type AnyFunction = (this: any, ...args: any[]) => any;

interface Wrapping {
  readonly wrapped: AnyFunction;
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
 * then passes straight through (`shimmer.unwrap` would remove theirs: opentelemetry-js-contrib#970). Wrapping such a
 * method again finds ours still in the chain and adds no second one.
 *
 * @returns undefined when the method can not be wrapped (not a function, or a property that can not be written).
 */
export function wrapMethod(
  owner: object,
  method: string,
  wrap: (original: AnyFunction) => AnyFunction,
): Restore | undefined {
  const slot = owner as Record<string, unknown>;
  const before = Object.getOwnPropertyDescriptor(owner, method);
  if (typeof slot[method] !== 'function' || !isReplaceable(owner, before)) return undefined;
  const known = wrappings.get(owner)?.get(method);
  if (known && before?.value !== known.before?.value) return restoreOf(owner, method, known);
  shimmer.wrap(slot as Record<string, AnyFunction>, method, (current) => {
    const original = originals.get(current) ?? current;
    const wrapped = disguise(wrap(original), original);
    originals.set(wrapped, original);
    return wrapped;
  });
  const wrapping = { wrapped: slot[method] as AnyFunction, before };
  hideMarkers(wrapping.wrapped);
  remember(owner, method, wrapping);
  return restoreOf(owner, method, wrapping);
}

function isReplaceable(owner: object, descriptor: PropertyDescriptor | undefined): boolean {
  if (!descriptor) return Object.isExtensible(owner);
  return descriptor.configurable === true && descriptor.writable === true;
}

function disguise(wrapped: AnyFunction, original: AnyFunction): AnyFunction {
  for (const property of Reflect.ownKeys(original)) {
    if (property === 'prototype' || property === 'arguments' || property === 'caller') continue;
    const descriptor = Object.getOwnPropertyDescriptor(original, property);
    if (descriptor) Object.defineProperty(wrapped, property, descriptor);
  }
  return wrapped;
}

/**
 * Other instrumentations unwrap whatever carries shimmer's marks before they wrap it themselves
 * (open-telemetry/opentelemetry-js#4692), and our function would be gone.
 */
function hideMarkers(wrapped: AnyFunction): void {
  for (const mark of ['__original', '__unwrap', '__wrapped'])
    delete (wrapped as unknown as Record<string, unknown>)[mark];
}

function remember(owner: object, method: string, wrapping: Wrapping): void {
  const methods = wrappings.get(owner) ?? new Map<string, Wrapping>();
  wrappings.set(owner, methods.set(method, wrapping));
}

function restoreOf(owner: object, method: string, { wrapped, before }: Wrapping): Restore {
  return function restore() {
    if (Object.getOwnPropertyDescriptor(owner, method)?.value !== wrapped) return;
    if (before) Object.defineProperty(owner, method, before);
    else delete (owner as Record<string, unknown>)[method];
    wrappings.get(owner)?.delete(method);
  };
}
