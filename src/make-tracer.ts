import { annotationsOf } from './wrappers/annotate';
import { changesLimits, limitsIn, type EventOptions } from './context/apply-context';
import { callContext } from './context/context';
import type { CallContext, Drawn, Tracer } from './operation';
import type { ResolvedOptions } from './options';
import { isDrawn } from './context/sample';

const withoutContext: CallContext = { drawn: true };

/**
 * The tracer of one session.
 *
 * @param onLeftOut - told about each call that was not drawn.
 */
export function makeTracer(
  options: EventOptions & Pick<ResolvedOptions, 'sampleRate' | 'sampleErrors'>,
  report: Tracer['report'],
  onLeftOut: () => void,
): Tracer {
  const { sampleRate, sampleErrors } = options;
  const limits = limitsIn(options);
  return {
    now: () => performance.now(),
    limitsIn: ({ told }) => (told && changesLimits(told) ? limitsIn(options, told) : limits),
    context,
    draw,
    open: new Set(),
    report,
  };

  function context(self: unknown, args: readonly unknown[], lot?: Drawn): CallContext {
    const annotations = annotationsOf(self, args);
    const surrounding = annotations ? callContext(annotations.ofClient, annotations.ofCall) : callContext();
    if (!surrounding.told && lot === undefined && sampleRate === 1) return withoutContext;
    return { ...surrounding, drawn: lot ?? draw(surrounding) };
  }

  /** A trace is whole or absent: its first call decides by which rate. */
  function draw({ traceId, trace, told }: CallContext): Drawn {
    let rate = trace?.sampleRate ?? told?.sampleRate ?? sampleRate;
    if (trace) rate = trace.sampleRate ??= rate;
    if (rate === 1) return true;
    if (traceId === undefined ? Math.random() < rate : isDrawn(traceId, rate)) return true;
    if (sampleErrors) return 'if it fails';
    onLeftOut();
    return false;
  }
}
