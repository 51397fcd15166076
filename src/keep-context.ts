import { safely } from './safely';
import { sharedState } from './shared-state';

interface Emitter {
  emit?: unknown;
}

/**
 * Makes what is emitted run in the context that holds now. Node emits the events of a request where its parser runs:
 * a body that is read with `on('data')` leads out of every context (nodejs/node#33723), and so does a pipe that goes
 * on after `drain`. OpenTelemetry binds requests and responses for the same reason.
 *
 * Only our own store is set, and only where nobody has entered another context since.
 *
 * @param outside - the store before this context was entered.
 */
export function keepContext(emitter: unknown, outside: unknown): void {
  const { frames } = sharedState();
  const inside = frames?.getStore();
  const emit = (emitter as Emitter | null | undefined)?.emit;
  if (!frames || inside === undefined || typeof emit !== 'function') return;
  const emitInContext = function (this: unknown, ...args: unknown[]): unknown {
    const here = frames.getStore();
    if (here !== undefined && here !== outside) return emit.apply(this, args) as unknown;
    return frames.run(inside, () => emit.apply(this, args) as unknown);
  };
  safely('keep the context of a request', () => {
    Object.defineProperty(emitter, 'emit', {
      value: emitInContext,
      enumerable: false,
      configurable: true,
      writable: true,
    });
  });
}

/** What {@link keepContext} has to know of the place outside. */
export function storeHere(): unknown {
  return sharedState().frames?.getStore();
}
