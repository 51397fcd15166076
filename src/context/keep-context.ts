import { safely } from '../safely';
import { sharedState } from '../shared-state';

interface Emitter {
  readonly emit?: unknown;
  /** What a request of Fastify stands for. */
  readonly raw?: Emitter;
}

/**
 * Makes what is emitted run in the context that holds now. Node emits the events of a request where its parser runs:
 * a body that is read with `on('data')` leads out of every context (nodejs/node#33723). body-parser and Fastify 5 keep
 * theirs, multipart parsers and Fastify 4 do not. OpenTelemetry binds requests for the same reason.
 *
 * Only our own store is set, and only where nobody has entered another context since.
 *
 * @param request - of Node or of Fastify.
 * @param outside - the store before this context was entered.
 */
export function keepContext(request: unknown, outside: unknown): void {
  const { frames } = sharedState();
  const inside = frames?.getStore();
  if (!frames || inside === undefined) return;
  safely('keep the context of a request', () => {
    const given = request as Emitter | null | undefined;
    const emitter = typeof given?.emit === 'function' ? given : given?.raw;
    const emit = emitter?.emit;
    if (!emitter || typeof emit !== 'function') return;
    const emitInContext = function (this: unknown, ...args: unknown[]): unknown {
      const here = frames.getStore();
      if (here !== undefined && here !== outside) return Reflect.apply(emit, this, args);
      return frames.run<unknown>(inside, () => Reflect.apply(emit, this, args));
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
