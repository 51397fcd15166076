import { countingRetries, type RetryCount } from './count-retries';
import { observeResult, observeValue } from './observe-result';
import { isThenable, stopWaitingFor } from './observe-stream';
import type { Observer } from './observer';
import { isAbort, readError } from './read-error';
import { reportProblem, safely } from './safely';
import type {
  Answer,
  ErrorFacts,
  GatewayFacts,
  HeadersLike,
  LlmContext,
  MethodReader,
  Outcome,
  ProviderPatch,
  RequestFacts,
  ResponseFacts,
  SdkCopy,
  Tracer,
} from './types';

/** What is being called: everything that the event says about the method and not about this one call. */
export interface Callee {
  readonly patch: ProviderPatch;
  readonly copy: SdkCopy;
  readonly reader: MethodReader;
  readonly original: (this: unknown, ...args: unknown[]) => unknown;
}

/**
 * Makes one call and watches it until it settles, which is reported exactly once. The original goes first, so the
 * request is on its way before we do anything; the arguments are read in the same tick, before the caller can change
 * them.
 */
export function traceCall(tracer: Tracer, callee: Callee, self: unknown, args: unknown[]): unknown {
  const call = new TracedCall(tracer, callee);
  let result: unknown;
  const given = callee.reader.callbackAt ? withCallback(call, callee.reader, args) : args;
  try {
    result = countingRetries(call, () => callee.original.apply(self, given));
  } catch (error) {
    call.readArguments(self, args);
    call.failed(error);
    throw error;
  }
  call.readArguments(self, args);
  if (given !== args) return result;
  try {
    return observeResult(result, call);
  } catch (error) {
    reportProblem('watch a call', error);
    call.raw();
    return result;
  }
}

/** The arguments with a callback in the place of the caller's that is told the same, and then tells the caller's. */
function withCallback(call: TracedCall, { callbackAt }: MethodReader, args: unknown[]): unknown[] {
  const at = safely('look for a callback', () => callbackAt?.(args));
  const callback = at === undefined ? undefined : args[at];
  if (at === undefined || typeof callback !== 'function') return args;
  return args.with(at, function tappedCallback(this: unknown, error: unknown, ...results: unknown[]): unknown {
    if (error) call.failed(error);
    else observeValue(results[0], call);
    return Reflect.apply(callback, this, [error, ...results]) as unknown;
  });
}

const nothing: LlmContext = {};

class TracedCall implements Observer, RetryCount {
  retries: number | undefined;
  private readonly start: number;
  private readonly startedAt = Date.now();
  private request: RequestFacts = {};
  private response: ResponseFacts = {};
  private provider: string | undefined;
  private framework: string | undefined;
  private context: LlmContext = nothing;
  private callerSignal: AbortSignal | undefined;
  private streamSignal: AbortSignal | undefined;
  private arrivedAt: number | undefined;
  private readingAt: number | undefined;
  private lastSign: number;
  private timeToFirstToken: number | undefined;
  private httpStatus: number | undefined;
  private headers: HeadersLike | undefined;
  private requestId: string | undefined;
  private isStream = false;
  private isApart = false;
  private settled = false;

  constructor(
    private readonly tracer: Tracer,
    private readonly callee: Callee,
  ) {
    this.start = this.lastSign = tracer.now();
    tracer.open.add(this);
  }

  readArguments(self: unknown, args: unknown[]): void {
    const { patch, reader } = this.callee;
    // Guarded one by one, and without a closure each: this is the caller's time.
    try {
      this.request = reader.readRequest(args[0], this.tracer.limits, args, self);
    } catch (error) {
      reportProblem('read the request', error);
    }
    try {
      this.provider = patch.servedBy(self, args);
      if (patch.frameworkOf) this.framework = patch.frameworkOf(self, args);
    } catch (error) {
      reportProblem('read the provider', error);
    }
    try {
      this.callerSignal = reader.signalOf
        ? reader.signalOf(args)
        : (args[1] as { signal?: AbortSignal } | undefined)?.signal;
      this.context = this.tracer.context();
    } catch (error) {
      reportProblem('read the options and the trace', error);
    }
  }

  arrived(response: unknown): void {
    this.arrivedAt = this.lastSign = this.tracer.now();
    try {
      const { status, headers } = (response ?? {}) as Partial<Response>;
      if (typeof status === 'number') this.httpStatus = status;
      this.headers = headers;
    } catch (error) {
      reportProblem('read the response', error);
    }
  }

  reading(): void {
    this.readingAt ??= this.tracer.now();
  }

  isRead(): boolean {
    return this.readingAt !== undefined;
  }

  value(result: unknown): Answer | undefined {
    if (this.settled || this.isStream) return undefined;
    const { reader } = this.callee;
    const answer = reader.answerOf ? this.takeApart(result) : { value: result };
    const { value } = answer;
    if (isThenable(value) && answer.replace) return answer;
    if (safely('recognise a stream', () => reader.readChunk !== undefined && isAsyncIterable(value))) {
      this.isStream = true;
      return answer;
    }
    try {
      this.response = reader.readResponse(value, this.tracer.limits);
      // The SDKs have looked it up in the headers already.
      this.requestId ??= (value as { _request_id?: string } | undefined)?._request_id;
    } catch (error) {
      reportProblem('read the response', error);
    }
    this.settle(this.response.failure ? 'error' : 'ok', this.response.failure);
    return undefined;
  }

  /** A promise within a result comes back as the result: it is the answer then. */
  private takeApart(result: unknown): Answer {
    if (this.isApart) return { value: result };
    this.isApart = true;
    const answer = safely('take a result apart', () => this.callee.reader.answerOf?.(result));
    if (!answer) return { value: result };
    this.httpStatus = answer.status ?? this.httpStatus;
    this.headers = answer.headers ?? this.headers;
    this.requestId = answer.requestId;
    this.retries = answer.retryCount ?? this.retries;
    return answer;
  }

  chunk(chunk: unknown): void {
    if (this.settled) return;
    this.lastSign = this.tracer.now();
    try {
      this.response = this.callee.reader.readChunk?.(this.response, chunk, this.tracer.limits) ?? this.response;
    } catch (error) {
      reportProblem('read a chunk', error);
    }
    if (this.timeToFirstToken === undefined && this.response.started) {
      this.timeToFirstToken = this.lastSign - this.start;
    }
  }

  ended(): void {
    const { failure, finished } = this.response;
    if (failure) return this.settle('error', failure);
    // An aborted stream of these SDKs just ends, without an error.
    if (!finished && this.wasAborted()) return this.settle('aborted');
    this.settle(finished ? 'ok' : 'incomplete');
  }

  stopped(): void {
    if (this.response.finished) return this.ended();
    this.settle(this.wasAborted() ? 'aborted' : 'cancelled');
  }

  failed(error: unknown): void {
    if (this.settled) return;
    const facts = safely('read the error', () => readError(error, this.tracer.limits.response));
    // Not by the stream's own signal: these SDKs abort it themselves when the connection breaks.
    const aborted = this.callerSignal?.aborted === true || safely('read the error', () => isAbort(error));
    this.settle(aborted ? 'aborted' : 'error', facts);
  }

  raw(): void {
    this.settle('raw');
  }

  abandon(): void {
    if (this.settled) return;
    this.settle(this.wasAborted() ? 'aborted' : 'abandoned', undefined, this.lastSign);
  }

  watchSignal(signal: unknown): void {
    this.streamSignal = signal as AbortSignal | undefined;
  }

  private readRequestId(): string | undefined {
    const header = (name: string): string | undefined => this.headers?.get(name) ?? undefined;
    return header('x-request-id') ?? header('request-id') ?? header('apim-request-id');
  }

  /** What a gateway says beside the answer holds where the answer itself does not say it. */
  private readGateway(): GatewayFacts | undefined {
    const { headers } = this;
    if (!headers) return undefined;
    const facts = safely('read the headers of a gateway', () => this.callee.patch.readGateway?.(headers));
    if (facts?.cost !== undefined) this.response.cost ??= facts.cost;
    if (facts?.model !== undefined) this.response.model ??= facts.model;
    return facts;
  }

  private wasAborted(): boolean {
    return (this.callerSignal?.aborted ?? false) || (this.streamSignal?.aborted ?? false);
  }

  private settle(outcome: Outcome, error?: ErrorFacts, endedAt = this.tracer.now()): void {
    if (this.settled) return;
    this.settled = true;
    this.tracer.open.delete(this);
    stopWaitingFor(this);
    const { patch, copy, reader } = this.callee;
    const gateway = patch.readGateway ? this.readGateway() : undefined;
    safely('report a call', () =>
      this.tracer.report({
        provider: gateway?.provider ?? this.provider ?? patch.name,
        framework: this.framework,
        sdk: copy.sdk,
        sdkVersion: copy.version,
        operation: reader.operation,
        method: reader.method,
        request: this.request,
        response: this.response,
        outcome,
        error,
        streaming: this.isStream || this.request.streaming === true,
        startedAt: this.startedAt,
        // A call that is left alone at once ends out of our sight: how long it took is not known.
        latency: outcome === 'raw' && !this.arrivedAt ? undefined : endedAt - this.start - this.idleTime(),
        timeToFirstToken: this.timeToFirstToken,
        httpStatus: error?.status ?? this.httpStatus,
        requestId: this.requestId ?? this.readRequestId() ?? error?.requestId,
        retryCount: this.retries,
        context: this.context,
      }),
    );
  }

  /** A result that is awaited late waits in the SDK, unread: that is no latency of the provider. */
  private idleTime(): number {
    if (this.arrivedAt === undefined || this.readingAt === undefined) return 0;
    return Math.max(0, this.readingAt - this.arrivedAt);
  }
}

function isAsyncIterable(value: unknown): boolean {
  return typeof (value as { [Symbol.asyncIterator]?: unknown } | null)?.[Symbol.asyncIterator] === 'function';
}
