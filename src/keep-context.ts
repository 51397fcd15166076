import { safely } from './safely';
import { sharedState } from './shared-state';

interface Emitter {
  readonly emit?: unknown;
  /** What Fastify's requests and replies stand for. */
  readonly raw?: Emitter;
}

/**
 * Makes what is emitted run in the context that holds now. Node emits the events of a request where its parser runs:
 * a body that is read with `on('data')` leads out of every context (nodejs/node#33723), and so does a pipe that goes
 * on after `drain`. OpenTelemetry binds requests and responses for the same reason.
 *
 * Only our own store is set, and only where nobody has entered another context since.
 *
 * @param side - a request or a response, of Node or of Fastify.
 * @param outside - the store before this context was entered.
 */
export function keepContext(side: unknown, outside: unknown): void {
  const { frames } = sharedState();
  const inside = frames?.getStore();
  if (!frames || inside === undefined) return;
  safely('keep the context of a request', () => {
    const emitter =
      typeof (side as Emitter | undefined)?.emit === 'function' ? side : (side as Emitter | undefined)?.raw;
    const emit = (emitter as Emitter | undefined)?.emit;
    if (typeof emit !== 'function') return;
    const emitInContext = function (this: unknown, ...args: unknown[]): unknown {
      const here = frames.getStore();
      if (here !== undefined && here !== outside) return Reflect.apply(emit, this, args);
      return frames.run(inside, () => Reflect.apply(emit, this, args) as unknown);
    };
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
