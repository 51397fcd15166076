import { annotateCopy, annotationOfCall, whenAnnotated } from './annotate';
import { withLlmContext } from '../context/context';
import { isThenable } from '../observe-stream';
import type { CheckedContext, LlmContext } from '../operation';
import { safely } from '../safely';
import type { CopyPoint, Restore } from '../types';
import { wrapMethod, type AnyFunction } from '../wrap-method';

/**
 * Follows what is annotated into helpers of an SDK that copy it before they call a method that is watched. They are left
 * alone until something is annotated, and go straight through when they are given something that is not.
 */
export function watchCopies(points: () => readonly CopyPoint[]): Restore {
  const restores: Restore[] = [];
  const stopWaiting = whenAnnotated(() => {
    for (const point of safely('find the helpers of an SDK', points) ?? []) {
      const restore = safely('wrap a helper', () => wrapHelper(point));
      if (restore) restores.push(restore);
    }
  });
  return function restore() {
    stopWaiting();
    for (const restoreOne of restores.reverse()) restoreOne();
    restores.length = 0;
  };
}

function wrapHelper({ owner, method, givesCopy }: CopyPoint): Restore | undefined {
  return wrapMethod(owner, method, (original, isLive) => {
    return function helped(this: unknown, ...args: unknown[]): unknown {
      const context = isLive() ? safely('look for an annotation', () => annotationOfCall(args)) : undefined;
      if (!context) return original.apply(this, args) as unknown;
      if (givesCopy) return givingCopy(original, this, args, context);
      // Its calls begin later, in a timer of the helper; what runs in here leads there.
      return withLlmContext(context as LlmContext, () => original.apply(this, args) as unknown);
    };
  });
}

function givingCopy(original: AnyFunction, self: unknown, args: unknown[], context: CheckedContext): unknown {
  const result: unknown = original.apply(self, args);
  if (!isThenable(result)) return result;
  // The helper is one that the SDK awaits itself: that a rejection is seen here as well hides it from nobody.
  void result.then(
    (copy) => annotateCopy(copy, context),
    () => undefined,
  );
  return result;
}
