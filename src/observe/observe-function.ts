import { closedContext, readContext } from '../context/check-context';
import { openSpan, type OpenSpan } from '../context/context';
import { activeSession } from '../enable';
import { isApiPromise } from '../observe-result';
import { isThenable } from '../observe-stream';
import { ObservedCall, type Observed } from './observed-call';
import type { LlmContext } from '../operation';
import { isPlainObject } from '../option-checks';
import { isGenerator, runSteps } from './run-steps';
import { reportProblem, safely } from '../safely';
import { watchPromise, watchReturned } from './watch-returned';
import { disguise, type AnyFunction } from '../wrap-method';

/**
 * How a function is observed.
 *
 * @experimental
 */
export interface ObserveOptions {
  /** What events call it. Default: the name of the function. */
  name?: string | undefined;
  /** What it is: the `operation` of its event. Default: `function`. */
  kind?: 'function' | 'tool' | 'agent' | 'retrieval' | undefined;
  /** True: each call is an event of its own, with its time, outcome, input and output. Default: false. */
  trackAs?: boolean | undefined;
  /** Holds for the calls inside, as with `withLlmContext`: an object, or what `serializeLlmContext` gave. */
  context?: LlmContext | string | undefined;
}

const kinds = ['function', 'tool', 'agent', 'retrieval'] as const;

/** What each option has to be. */
const valid: Readonly<Record<keyof ObserveOptions, (value: unknown) => string | undefined>> = {
  name: (value) =>
    typeof value === 'string' && value !== '' && value.length <= 256 ? undefined : 'a string of 1 to 256 characters',
  kind: (value) => (kinds.includes(value as (typeof kinds)[number]) ? undefined : kinds.join(', ')),
  trackAs: (value) => (typeof value === 'boolean' ? undefined : 'true or false'),
  context: (value) => (typeof value === 'string' || isPlainObject(value) ? undefined : 'an object'),
};

/** A function around `fn` in whose calls a span of our own is open. What can not be observed comes back as it is. */
export function observeFunction<Value>(fn: Value, given: ObserveOptions = {}): Value {
  const problem = problemOf(fn);
  if (problem !== undefined) {
    reportProblem('observe a function', new TypeError(problem));
    return fn;
  }
  const options = safely('read the options of an observed function', () => checkOptions(given)) ?? {};
  return safely('observe a function', () => wrap(fn as AnyFunction, options) as Value) ?? fn;
}

function problemOf(fn: unknown): string | undefined {
  if (typeof fn !== 'function') return `${fn === null ? 'null' : typeof fn} is no function`;
  return /^class\b/.test(Function.prototype.toString.call(fn))
    ? 'a class is left alone: observe its methods'
    : undefined;
}

/** What is wrong is told here, once, and not again at each call. */
function checkOptions(given: ObserveOptions): ObserveOptions {
  const checked: Record<string, unknown> = {};
  for (const name of Object.keys(given)) {
    const problem = check(given, name, checked);
    if (problem === undefined) continue;
    reportProblem('observe a function', problem);
    if (name === 'context') checked[name] = closedContext;
  }
  return checked;
}

/** Puts what an option says into `checked`; gives what is wrong with it. */
function check(given: ObserveOptions, name: string, checked: Record<string, unknown>): TypeError | undefined {
  try {
    const value: unknown = given[name as keyof ObserveOptions];
    if (value === undefined || (value === null && name === 'context')) return undefined;
    if (!Object.hasOwn(valid, name)) {
      return new TypeError(`${name} is not one of the options ${Object.keys(valid).join(', ')}`);
    }
    const expected = valid[name as keyof ObserveOptions](value);
    if (expected !== undefined) return new TypeError(`${name} must be ${expected}`);
    const isSerialized = name === 'context' && typeof value === 'string';
    checked[name] = isSerialized ? readContext(value, (problem) => reportProblem('read a context', problem)) : value;
    return undefined;
  } catch (error) {
    return new TypeError(`${name} could not be read`, { cause: error });
  }
}

function wrap(fn: AnyFunction, { name, kind = 'function', trackAs = false, context }: ObserveOptions): AnyFunction {
  const observed: Observed = { name: name ?? (fn.name || undefined), kind, isLazy: isGeneratorFunction(fn) };
  const call = (make: () => unknown, args: readonly unknown[]): unknown => {
    const span = safely('open a span', () => openSpan(context));
    if (!span) return make();
    const tracked = trackAs ? safely('begin an event', () => begin(observed, span, args)) : undefined;
    return tracked ? callTracked(make, span, tracked) : callWithin(make, span, context !== undefined);
  };
  const wrapped = isConstructor(fn) ? aroundConstructor(fn, call) : aroundMethod(fn, call);
  return likeOriginal(wrapped, fn);
}

/** Undefined where no event becomes of it: tracing is off, or its trace was not drawn. */
function begin(observed: Observed, span: OpenSpan, args: readonly unknown[]): ObservedCall | undefined {
  const tracer = activeSession()?.tracer;
  const drawn = tracer?.draw(span.context);
  return tracer && drawn ? new ObservedCall(tracer, observed, { ...span.context, drawn }, span.run, args) : undefined;
}

/**
 * Nothing that the function gives back is touched, but the steps of a generator, in which its body runs. Where a context
 * has to hold in there, a promise is watched as well: it may be one of a generator.
 */
function callWithin(make: () => unknown, span: OpenSpan, isTold: boolean): unknown {
  const result = span.run(make);
  const follow = (value: unknown): void => {
    safely('follow a generator', () => {
      if (isGenerator(value)) runSteps(value, span.run);
    });
  };
  try {
    if (isTold && isThenable(result) && !isApiPromise(result)) {
      return watchPromise(result, { value: follow, failed: () => undefined });
    }
  } catch (error) {
    reportProblem('watch a function', error);
  }
  follow(result);
  return result;
}

function callTracked(make: () => unknown, span: OpenSpan, call: ObservedCall): unknown {
  let result: unknown;
  try {
    result = span.run(make);
  } catch (error) {
    call.threw(error);
    throw error;
  }
  try {
    return watchReturned(result, call);
  } catch (error) {
    reportProblem('watch a function', error);
    call.raw();
    return result;
  }
}

type Call = (make: () => unknown, args: readonly unknown[]) => unknown;

/** For a function of the kind that can be called with `new`: then it still makes what it made. */
function aroundConstructor(fn: AnyFunction, call: Call): AnyFunction {
  return function observed(this: unknown, ...args: unknown[]): unknown {
    const target = new.target as AnyFunction | undefined;
    if (!target) return call(() => fn.apply(this, args) as unknown, args);
    return call(() => Reflect.construct(fn, args, target === observed ? fn : target) as unknown, args);
  };
}

/** A method has no `prototype` and is no constructor, like arrow functions, methods and async functions. */
function aroundMethod(fn: AnyFunction, call: Call): AnyFunction {
  const { observed } = {
    observed(this: unknown, ...args: unknown[]): unknown {
      return call(() => fn.apply(this, args) as unknown, args);
    },
  };
  return observed;
}

interface Metadata {
  getOwnMetadataKeys?(target: object): unknown[];
  getOwnMetadata?(key: unknown, target: object): unknown;
  defineMetadata?(key: unknown, value: unknown, target: object): void;
}

/**
 * Name, length, own properties and prototypes, so that it is an `AsyncFunction` or a `GeneratorFunction` to whoever looks
 * at its constructor or its tag. Decorators of frameworks (NestJS) keep what they know of a method under the function
 * itself, by `reflect-metadata`: a function in its place has to have the same.
 */
function likeOriginal(observed: AnyFunction, fn: AnyFunction): AnyFunction {
  disguise(observed, fn);
  const prototype = Object.getOwnPropertyDescriptor(fn, 'prototype');
  if (prototype) Object.defineProperty(observed, 'prototype', prototype);
  const kind: unknown = Object.getPrototypeOf(fn);
  if (kind !== Object.getPrototypeOf(observed)) Object.setPrototypeOf(observed, kind as object | null);
  const { getOwnMetadataKeys, getOwnMetadata, defineMetadata } = Reflect as Metadata;
  if (!getOwnMetadataKeys || !getOwnMetadata || !defineMetadata) return observed;
  for (const key of getOwnMetadataKeys(fn)) defineMetadata(key, getOwnMetadata(key, fn), observed);
  return observed;
}

function isGeneratorFunction(fn: AnyFunction): boolean {
  return /^\[object (Async)?GeneratorFunction\]$/.test(Object.prototype.toString.call(fn));
}

/** `Reflect.construct` looks at its third argument before it calls anything. */
function isConstructor(fn: AnyFunction): boolean {
  try {
    Reflect.construct(Object, [], fn);
    return true;
  } catch {
    return false;
  }
}
