import type { ErrorFacts, JsonValue, Limits, Operation, Outcome, RequestFacts, ResponseFacts } from './types';

/**
 * Whose calls these are, what they belong to, and what may leave of them. Each field is absent where nothing is to be
 * said; what is wrong is left out and counted, and never an error of the caller.
 *
 * @experimental
 */
export interface LlmContext {
  /** The user of the event: 5 characters or more. */
  userId?: string | undefined;
  /** The device of the event: 5 characters or more. */
  deviceId?: string | undefined;
  /** Amplitude's session: its start in milliseconds since the epoch. */
  sessionId?: number | undefined;
  /** A conversation or a task of the application, as it calls it: property `llm_session_id`. */
  llmSessionId?: string | undefined;
  /** Amplitude groups, added to those outside. */
  groups?: Record<string, string | readonly string[]> | undefined;
  /** The trace that calls belong to. 32 hexadecimal digits, where it has to travel in a `traceparent`. */
  traceId?: string | undefined;
  /** The span that calls are children of. */
  parentSpanId?: string | undefined;
  /** Properties of your own, added to those outside, under names that this package does not use. */
  properties?: Record<string, unknown> | undefined;
  /** True: no text at all leaves. Nothing inside can take that back. */
  privacyMode?: boolean | undefined;
  /** Whether prompts leave. */
  includePrompts?: boolean | undefined;
  /** Whether answers leave. */
  includeResponses?: boolean | undefined;
  /** True: the same as `includePrompts: false`, and stronger than `includePrompts: true`. */
  excludeInput?: boolean | undefined;
  /** True: the same as `includeResponses: false`, and stronger than `includeResponses: true`. */
  excludeOutput?: boolean | undefined;
  /** Whether numbers of tokens leave. */
  trackTokens?: boolean | undefined;
  /** Whether the cost leaves. */
  trackCost?: boolean | undefined;
  /** The share of traces that become events, 0 to 1. The first call of a trace decides for all of it. */
  sampleRate?: number | undefined;
}

/** A context that was checked, and merged with what is around it. */
export interface CheckedContext extends Omit<LlmContext, 'userId' | 'deviceId' | 'properties'> {
  /** Null: nobody that is known. An id that can not be sent must not leave the call to the user of the context outside. */
  userId?: string | null | undefined;
  deviceId?: string | null | undefined;
  properties?: Record<string, JsonValue> | undefined;
}

/** Whether a call becomes an event: by its trace, so that a trace is whole or absent. */
export type Drawn = boolean | 'if it fails';

/** What calls have in common: the same object for all of them, wherever they run. */
export interface Trace {
  readonly id: string;
  /** Whether the application named it: then it holds, whatever trace OpenTelemetry is in. */
  readonly isGiven: boolean;
  /** The rate by which the first call of it was drawn. */
  sampleRate?: number | undefined;
}

/** What surrounds one call. */
export interface CallContext {
  /** Absent: the call is a trace of its own. */
  readonly traceId?: string | undefined;
  /** Where it had to be known before the event: calls inside have it as their parent. */
  readonly spanId?: string | undefined;
  readonly parentSpanId?: string | undefined;
  readonly trace?: Trace | undefined;
  readonly told?: CheckedContext | undefined;
  /** Absent: it was not asked yet. */
  readonly drawn?: Drawn | undefined;
}

/** One finished call: the one record that crosses the middle of the house. */
export interface LlmOperation {
  readonly provider?: string | undefined;
  readonly framework?: string | undefined;
  /** Absent where no SDK made the call. */
  readonly sdk?: string | undefined;
  readonly sdkVersion?: string | undefined;
  readonly operation: Operation;
  readonly method?: string | undefined;
  /** What the application calls it. */
  readonly name?: string | undefined;
  readonly request: RequestFacts;
  readonly response: ResponseFacts;
  readonly outcome: Outcome;
  readonly error?: ErrorFacts | undefined;
  readonly streaming?: boolean | undefined;
  /** Milliseconds since the epoch at which the call began. */
  readonly startedAt: number;
  /** Milliseconds from the call to its end, without the time in which nobody asked for the answer. */
  readonly latency?: number | undefined;
  /** Milliseconds from the call to the first generated chunk of a stream. */
  readonly timeToFirstToken?: number | undefined;
  readonly httpStatus?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryCount?: number | undefined;
  readonly context: CallContext;
}

/** The effects of tracing, as one argument. */
export interface Tracer {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** How much text is read of a call in this context. */
  limitsIn(context: CallContext): Limits;
  /**
   * What surrounds the running code, and whether a call that it makes is drawn.
   *
   * @param self - what the method is called on.
   * @param drawn - where it is part of a call whose lot is cast.
   */
  context(self: unknown, args: readonly unknown[], drawn?: Drawn): CallContext;
  /** Whether what is in this context becomes an event. */
  draw(context: CallContext): Drawn;
  /** Calls that have begun and not ended, so that they can be reported when the process ends. */
  readonly open: Set<{ abandon(): void }>;
  report(operation: LlmOperation): void;
}
