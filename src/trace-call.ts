import { retriesOf } from './count-retries';
import { enclosures, isToldWithin, noteCall, type Enclosure, type InnerCall } from './enclosing-call';
import { observeResult, observeValue } from './observe-result';
import { isThenable, stopWaitingFor } from './observe-stream';
import type { Observer } from './observer';
import { headersOf, isAbort, readError } from './read-error';
import { reportProblem, safely } from './safely';
import { responseHeadersOf } from './watch-responses';
import type {
  Answer,
  ErrorFacts,
  GatewayFacts,
  HeadersLike,
  Limits,
  LlmContext,
  MethodReader,
  Outcome,
  ProviderPatch,
  RequestFacts,
  ResponseFacts,
  SdkCopy,
  Tell,
  Tracer,
} from './types';

/** What is being called: everything that the event says about the method and not about this one call. */
export interface Callee {
  readonly patch: ProviderPatch;
  readonly copy: SdkCopy;
  readonly reader: MethodReader;
  readonly original: (this: unknown, ...args: unknown[]) => unknown;
  /** Where calls that this one makes are kept. */
  readonly enclosure?: Enclosure | undefined;
  /** Whether the SDK shows how often it tries again. */
  readonly countsRetries?: boolean;
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
  const passed = givenBy(callee.reader, given, (read) => call.told(read));
  try {
    result = callee.original.apply(self, passed);
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

/** A call that the SDK tells about by itself. */
export interface WatchedCall extends Observer {
  /** It failed out of our sight: when, nobody knows, and perhaps not how. */
  lost(error: unknown): void;
  /** It is no event: others say all of it. */
  forget(): void;
}

/** Watches a call that the SDK tells about by itself; what it tells then goes to the observer. */
export function watchCall(tracer: Tracer, callee: Omit<Callee, 'original'>, request: object): WatchedCall {
  const call = new TracedCall(tracer, callee, true);
  call.readArguments(request, [request]);
  return call;
}

/** What a method is given: the caller's arguments, or what its reader makes of them. */
export function givenBy(reader: MethodReader, args: unknown[], tell?: Tell): unknown[] {
  if (!reader.given) return args;
  return safely('prepare the arguments', () => reader.given?.(args, tell)) ?? args;
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

class TracedCall implements WatchedCall, InnerCall {
  private retries: number | undefined;
  private start: number;
  private startedAt = Date.now();
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
  /** What stands for the attempts of this call in the count of retries. */
  private attempts: unknown;
  private requestId: string | undefined;
  private isStream = false;
  private isApart = false;
  private isWaiting: boolean;
  private isLost = false;
  private isStopped = false;
  private settled = false;
  private readonly within = enclosures.getStore();

  constructor(
    private readonly tracer: Tracer,
    private readonly callee: Omit<Callee, 'original'>,
    private readonly isTold = false,
  ) {
    this.start = this.lastSign = tracer.now();
    if (!isTold) noteCall(this, this.within);
    this.isWaiting = callee.reader.isLazy === true;
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

  arrived(response: unknown, options?: unknown): void {
    this.arrivedAt = this.lastSign = this.tracer.now();
    this.attempts = options;
    try {
      const { status, headers } = (response ?? {}) as Partial<Response>;
      if (typeof status === 'number') this.httpStatus = status;
      this.headers = headers;
    } catch (error) {
      reportProblem('read the response', error);
    }
  }

  reading(): void {
    const now = this.tracer.now();
    this.readingAt ??= now;
    if (!this.isWaiting) return;
    // Only now it begins.
    this.isWaiting = false;
    this.start = this.lastSign = now;
    this.startedAt = Date.now();
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
    this.isWaiting = false;
    try {
      this.response = reader.readResponse(value, this.tracer.limits, this.response);
      // The SDKs have looked it up in the headers already.
      this.requestId ??= (value as { _request_id?: string } | undefined)?._request_id;
    } catch (error) {
      reportProblem('read the response', error);
    }
    const { failure, finished } = this.response;
    // A method may stop at the caller's signal, and resolve to what there is.
    this.settle(failure ? 'error' : finished === false && this.wasAborted() ? 'aborted' : 'ok', failure);
    return undefined;
  }

  told(read: (facts: ResponseFacts, limits: Limits) => void): void {
    if (!this.settled) safely('read what a callback was told', () => read(this.response, this.tracer.limits));
  }

  /** A promise within a result comes back as the result: it is the answer then. */
  private takeApart(result: unknown): Answer {
    if (this.isApart) return { value: result };
    this.isApart = true;
    const answer = safely('take a result apart', () =>
      this.callee.reader.answerOf?.(result, responseHeadersOf(result)),
    );
    if (!answer) return { value: result };
    this.httpStatus = answer.status ?? this.httpStatus;
    this.headers = answer.headers ?? this.headers;
    this.requestId = answer.requestId;
    this.provider = answer.provider ?? this.provider;
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
    if (this.isStopped) return;
    const { failure, finished } = this.response;
    if (failure) return this.settle('error', failure);
    // An aborted stream of these SDKs just ends, without an error.
    if (!finished && this.wasAborted()) return this.settle('aborted');
    this.settle(finished || this.callee.reader.endsUnmarked ? 'ok' : 'incomplete');
  }

  stopped(reason?: unknown): void {
    if (this.response.finished) return this.ended();
    if (this.wasAborted() || isAbort(reason)) return this.settle('aborted');
    if (!this.isTold) return this.settle('cancelled');
    // An SDK that keeps the signal to itself tells a moment later that somebody has used it.
    const stoppedAt = this.tracer.now();
    this.isStopped = true;
    setImmediate(() => this.settle('cancelled', undefined, stoppedAt));
  }

  failed(error: unknown): void {
    if (this.settled) return;
    this.attempts ??= error;
    const facts = safely('read the error', () => readError(error, this.tracer.limits.response));
    this.headers ??= safely('read the error', () => headersOf(error));
    // Not by the stream's own signal: these SDKs abort it themselves when the connection breaks.
    const wasAborted = this.callerSignal?.aborted === true;
    const isOwn = !wasAborted && this.callee.reader.timesOutByAbort === true;
    const aborted = wasAborted || (!isOwn && safely('read the error', () => isAbort(error)));
    this.settle(aborted ? 'aborted' : 'error', facts);
  }

  lost(error: unknown): void {
    this.isLost = true;
    if (error === undefined) this.settle('error');
    else this.failed(error);
  }

  forget(): void {
    this.settled = true;
    this.tracer.open.delete(this);
  }

  facts(): ReturnType<InnerCall['facts']> {
    const { request, response } = this;
    return { operation: request.operation ?? response.operation ?? this.callee.reader.operation, request, response };
  }

  raw(): void {
    this.isWaiting = false;
    this.settle('raw');
  }

  abandon(): void {
    if (this.settled) return;
    this.isLost ||= this.isTold && this.lastSign === this.start;
    this.settle(this.wasAborted() ? 'aborted' : 'abandoned', undefined, this.lastSign);
  }

  watchSignal(signal: unknown): void {
    this.streamSignal = signal as AbortSignal | undefined;
  }

  private readRequestId(): string | undefined {
    const header = (name: string): string | undefined => this.headers?.get(name) ?? undefined;
    return header('x-request-id') ?? header('request-id') ?? header('apim-request-id');
  }

  /**
   * What a gateway says beside the answer holds where the answer itself does not say it. Headers are written before a
   * stream has cost anything (BerriAI/litellm#12689), and a call that failed has no answer to pay for.
   */
  private readGateway(isWhole: boolean): GatewayFacts | undefined {
    const { headers, provider } = this;
    if (!headers) return undefined;
    const facts = safely('read the headers of a gateway', () => this.callee.patch.readGateway?.(headers, provider));
    if (isWhole && facts?.cost !== undefined) this.response.cost ??= facts.cost;
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
    // Nobody ever asked, so nothing was sent.
    if (this.isWaiting) return;
    const { patch, copy, reader, enclosure, countsRetries } = this.callee;
    if (enclosure && safely('compare calls', () => isToldWithin(this, enclosure))) return;
    const streaming = this.isStream || this.request.streaming === true;
    const gateway = patch.readGateway ? this.readGateway(!streaming && !error) : undefined;
    safely('report a call', () =>
      this.tracer.report({
        provider: gateway?.provider ?? this.response.provider ?? this.provider ?? patch.name,
        framework: this.framework ?? this.within?.framework,
        sdk: copy.sdk,
        sdkVersion: copy.version,
        operation: this.facts().operation,
        method: reader.method,
        request: this.request,
        response: this.response,
        outcome,
        error,
        streaming,
        startedAt: this.startedAt,
        // A call that is left alone at once ends out of our sight: how long it took is not known.
        latency:
          this.isLost || (outcome === 'raw' && !this.arrivedAt) ? undefined : endedAt - this.start - this.idleTime(),
        timeToFirstToken: this.timeToFirstToken,
        httpStatus: error?.status ?? this.httpStatus,
        requestId: this.requestId ?? this.readRequestId() ?? error?.requestId,
        retryCount: this.retries ?? error?.retryCount ?? (countsRetries ? retriesOf(this.attempts) : undefined),
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
