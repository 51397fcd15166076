import { observeFunction, type ObserveOptions } from './observe-function';
import { reportProblem, safely } from '../safely';

/* eslint-disable @typescript-eslint/no-explicit-any -- any function; what it takes and gives is kept by `Fn` */
type AnyFunction = (this: any, ...args: any[]) => any;

/** What a standard decorator is told, as far as it is read. */
export interface DecoratorContext {
  readonly kind: string;
  readonly name: string | symbol;
  addInitializer(initializer: (this: any) => void): void;
}

/**
 * What `observe(options)` gives: a decorator for methods, standard and legacy, which takes a function as well.
 *
 * @experimental
 */
export interface ObserveDecorator {
  /** A standard decorator of a method. */
  <Fn extends AnyFunction>(method: Fn, context: DecoratorContext): Fn;
  /** A standard decorator of a field that holds a function. */
  (field: undefined, context: DecoratorContext): (value: any) => any;
  /** A legacy TypeScript decorator (`experimentalDecorators`). */
  <Fn>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<Fn>): TypedPropertyDescriptor<Fn>;
  /** A function. */
  <Fn extends AnyFunction>(fn: Fn): Fn;
}

/**
 * A function like `fn`, of the very same type, whose calls are a span of the current trace: LLM calls inside are its
 * children, and share its trace. It keeps `this`, name, length and own properties, and hands on the very result, or
 * the very error. With `trackAs: true` each call is an event of its own.
 *
 * Generators and async generators stay generators; their body is inside whoever asks for its steps. A class, and what
 * is no function, comes back as it is. Wrong options are left out and counted.
 *
 * Also a decorator for methods, `@observe` or `@observe({ ... })`, standard and legacy.
 *
 * @experimental
 * @param fn - the function.
 * @param options - {@link ObserveOptions}.
 * @example
 * ```ts
 * const answer = observe(
 *   async (question: string) => {
 *     const found = await search(question);
 *     return openai.responses.create({ model: 'gpt-5', input: prompt(question, found) });
 *   },
 *   { name: 'answer', kind: 'agent', trackAs: true },
 * );
 *
 * class Tools {
 *   @observe({ kind: 'tool', trackAs: true })
 *   async weather(city: string) {}
 * }
 * ```
 */
export function observe<Fn extends AnyFunction>(fn: Fn, options?: ObserveOptions): Fn;
export function observe(options?: ObserveOptions): ObserveDecorator;
export function observe<Fn extends AnyFunction>(method: Fn, context: DecoratorContext): Fn;
export function observe(field: undefined, context: DecoratorContext): (value: any) => any;
export function observe<Fn>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<Fn>,
): TypedPropertyDescriptor<Fn>;
export function observe(first?: unknown, second?: unknown, third?: unknown): unknown {
  if (typeof first === 'function' && !isDecorating(second)) {
    return observeFunction(first, second as ObserveOptions | undefined);
  }
  if (isDecorating(second)) return decorate({}, first, second, third);
  const options = first ?? {};
  if (typeof options !== 'object') return observeFunction(first);
  return function observed(target: unknown, place?: unknown, descriptor?: unknown): unknown {
    return isDecorating(place) ? decorate(options, target, place, descriptor) : observeFunction(target, options);
  };
}
/* eslint-enable @typescript-eslint/no-explicit-any */

/** A standard decorator is told a context, a legacy one the name of a property. */
function isDecorating(second: unknown): second is DecoratorContext | string | symbol {
  if (typeof second === 'string' || typeof second === 'symbol') return true;
  return typeof (second as Partial<DecoratorContext> | null | undefined)?.addInitializer === 'function';
}

function decorate(
  options: ObserveOptions,
  target: unknown,
  place: DecoratorContext | string | symbol,
  descriptor: unknown,
): unknown {
  const key = typeof place === 'object' ? place.name : place;
  // Compiled for older JavaScript, a method may have no name of its own.
  const named = { ...options, name: options.name ?? (typeof key === 'symbol' ? key.description : key) };
  if (typeof place !== 'object') return decorateProperty(named, descriptor as PropertyDescriptor | undefined);
  if (place.kind === 'field') return (value: unknown) => (typeof value === 'function' ? around(named, value) : value);
  if (place.kind === 'method') return around(named, target);
  leaveAlone(place.kind);
  return undefined;
}

/** Legacy: what comes back takes the place of the descriptor. */
function decorateProperty(options: ObserveOptions, descriptor: PropertyDescriptor | undefined): unknown {
  if (typeof descriptor?.value !== 'function') return leaveAlone(descriptor ? 'getter' : 'property');
  return { ...descriptor, value: around(options, descriptor.value) };
}

function around(options: ObserveOptions, fn: unknown): unknown {
  return safely('decorate a method', () => observeFunction(fn, options)) ?? fn;
}

function leaveAlone(kind: string): void {
  reportProblem('observe a function', new TypeError(`a ${kind} is left alone: observe decorates methods`));
}
