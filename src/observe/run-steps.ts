import { defineHidden, isThenable } from '../observe-stream';
import { disguise, type AnyFunction } from '../wrap-method';

/** A generator, synchronous or not, of the language or of a compiler. */
export type Generator = Record<'next' | 'return' | 'throw', AnyFunction>;

interface Step {
  readonly done?: boolean;
  readonly value: unknown;
}

/** Told what a generator does. */
export interface StepObserver {
  /** Somebody asks for a step. To end a generator, or to throw into it, does not begin it. */
  reading(): void;
  chunk(value: unknown): void;
  /** It has ended by itself, and gave this back. */
  returned(value: unknown): void;
  /** Whoever reads it wants no more. */
  stopped(): void;
  failed(error: unknown): void;
}

/** By its tag; those that a compiler for older JavaScript makes are objects with methods of their own. */
export function isGenerator(value: unknown): value is Generator {
  if (typeof value !== 'object' || value === null) return false;
  const tag = Object.prototype.toString.call(value);
  if (tag === '[object Generator]' || tag === '[object AsyncGenerator]') return true;
  return ['next', 'return', 'throw'].every((name) => Object.hasOwn(value, name));
}

/**
 * Makes the body of a generator run in a context, whoever asks for its steps: it runs inside of `next`, `return` and
 * `throw`. They are replaced on the generator itself, which stays the one that the function has made.
 *
 * Without an observer the steps are handed on untouched. With one, a step that is a promise is replaced by one derived
 * from it, as everywhere here (see `observeResult`).
 */
export function runSteps(
  generator: Generator,
  run: <Result>(work: () => Result) => Result,
  observer?: StepObserver,
): void {
  for (const name of ['next', 'return', 'throw'] as const) {
    const step = generator[name];
    const stepped = function (this: unknown, ...args: unknown[]): unknown {
      if (this !== generator) return step.apply(this, args) as unknown;
      if (!observer) return run(() => step.apply(generator, args) as unknown);
      return watchStep(() => run(() => step.apply(generator, args) as unknown), name, observer);
    };
    defineHidden(generator, name, disguise(stepped, step));
  }
}

function watchStep(take: () => unknown, name: keyof Generator, observer: StepObserver): unknown {
  const onStep = (step: unknown): unknown => {
    const { done, value } = step as Step;
    // A body may yield on while it is being ended.
    if (!done) observer.chunk(value);
    else if (name === 'return') observer.stopped();
    else observer.returned(value);
    return step;
  };
  const onError = (error: unknown): never => {
    observer.failed(error);
    throw error;
  };
  if (name === 'next') observer.reading();
  let step: unknown;
  try {
    step = take();
  } catch (error) {
    return onError(error);
  }
  return isThenable(step) ? step.then(onStep, onError) : onStep(step);
}
