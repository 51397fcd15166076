import { annotationsOf } from './wrappers/annotate';
import { changesLimits, limitsIn, type EventOptions } from './context/apply-context';
import { callContext } from './context/context';
import type { CallContext, Drawn, Tracer } from './operation';
import type { ResolvedOptions } from './options';
import { isDrawn } from './context/sample';

const withoutContext: CallContext = { drawn: true };
/** Traces whose rate is remembered: more than are under way at a time. */
const mostTraces = 1_000;

/**
 * The tracer of one session.
 *
 * @param onLeftOut - told about each call that was not drawn.
 * @param open - where calls are that have begun and not ended.
 */
export function makeTracer(
  options: EventOptions & Pick<ResolvedOptions, 'sampleRate' | 'sampleErrors'>,
  report: Tracer['report'],
  onLeftOut: () => void,
  open: Tracer['open'],
): Tracer {
  const { sampleRate, sampleErrors } = options;
  const limits = limitsIn(options);
  const rates = new Map<string, number>();
  return {
    now: () => performance.now(),
    limitsIn: ({ told }) => (told && changesLimits(told) ? limitsIn(options, told) : limits),
    context,
    draw,
    open,
    report,
  };

  function context(self: unknown, args: readonly unknown[], lot?: Drawn): CallContext {
    const annotations = annotationsOf(self, args);
    const surrounding = annotations ? callContext(annotations.ofClient, annotations.ofCall) : callContext();
    if (!surrounding.told && lot === undefined && sampleRate === 1) return withoutContext;
    return { ...surrounding, drawn: lot ?? draw(surrounding) };
  }

  function draw(surrounding: CallContext): Drawn {
    const { traceId } = surrounding;
    const rate = rateOf(surrounding);
    if (rate === 1) return true;
    if (traceId === undefined ? Math.random() < rate : isDrawn(traceId, rate)) return true;
    if (sampleErrors) return 'if it fails';
    onLeftOut();
    return false;
  }

  /** A trace is whole or absent: its first call decides by which rate. */
  function rateOf({ traceId, trace, told }: CallContext): number {
    if (trace?.sampleRate !== undefined) return trace.sampleRate;
    const own = told?.sampleRate ?? sampleRate;
    if (traceId === undefined) return own;
    // Contexts in a trace of OpenTelemetry, and in one that was named twice, have nothing but its id in common.
    const rate = rates.get(traceId) ?? own;
    if (!rates.has(traceId)) remember(traceId, rate);
    if (trace) trace.sampleRate = rate;
    return rate;
  }

  function remember(traceId: string, rate: number): void {
    if (rates.size >= mostTraces) rates.delete(rates.keys().next().value as string);
    rates.set(traceId, rate);
  }
}
