import { setImmediate } from 'node:timers';
import { CallHttp } from './call-http';
import { CallTimes } from './call-times';
import type { Callee } from './callee';
import { enclosures, isToldWithin, noteCall, type InnerCall } from './enclosing-call';
import { isThenable, stopWaitingFor } from './observe-stream';
import type { CallContext, Tracer } from './operation';
import type { WatchedCall } from './observer';
import { isAbort, readError } from './read-error';
import { reportProblem, safely } from './safely';
import type { Answer, ErrorFacts, GatewayFacts, Limits, Outcome, RequestFacts, ResponseFacts } from './types';
import { responseHeadersOf } from './watch-responses';

/** One call: what is known of it, until it settles, which is reported exactly once. */
export class TracedCall implements WatchedCall, InnerCall {
  isWaitedFor = false;
  private readonly times: CallTimes;
  private request: RequestFacts = {};
  private response: ResponseFacts = {};
  private provider: string | undefined;
  private framework: string | undefined;
  private readonly limits: Limits;
  private callerSignal: { readonly aborted: boolean } | undefined;
  private streamSignal: AbortSignal | undefined;
  private readonly http = new CallHttp();
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
    private readonly context: CallContext,
    private readonly isTold = false,
  ) {
    this.limits = tracer.limitsIn(context);
    this.times = new CallTimes(tracer.now);
    if (!isTold) noteCall(this, this.within);
    this.isWaiting = callee.reader.isLazy === true;
    tracer.open.add(this);
  }

  readArguments(self: unknown, args: unknown[]): void {
    const { patch, reader } = this.callee;
    // Guarded one by one, and without a closure each: this is the caller's time.
    try {
      this.request = reader.readRequest(args[0], this.limits, args, self);
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
    } catch (error) {
      reportProblem('read the options', error);
    }
  }

  arrived(response: unknown, options?: unknown): void {
    this.times.arrive();
    this.http.arrived(response, options);
  }

  reading(): void {
    this.times.read();
    if (!this.isWaiting) return;
    this.isWaiting = false;
    this.times.begin();
  }

  isRead(): boolean {
    return this.times.isRead;
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
      this.response = reader.readResponse(value, this.limits, this.response);
      this.http.answered(value);
    } catch (error) {
      reportProblem('read the response', error);
    }
    const { failure, finished } = this.response;
    // A method may stop at the caller's signal, and resolve to what there is.
    this.settle(failure ? 'error' : finished === false && this.wasAborted() ? 'aborted' : 'ok', failure);
    return undefined;
  }

  told(read: (facts: ResponseFacts, limits: Limits) => void): void {
    if (!this.settled) safely('read what a callback was told', () => read(this.response, this.limits));
  }

  /** A promise within a result comes back as the result: it is the answer then. */
  private takeApart(result: unknown): Answer {
    if (this.isApart) return { value: result };
    this.isApart = true;
    const answer = safely('take a result apart', () =>
      this.callee.reader.answerOf?.(result, responseHeadersOf(result)),
    );
    if (!answer) return { value: result };
    this.provider = answer.provider ?? this.provider;
    const { askedTier = answer.askedTier } = this.request;
    if (askedTier !== undefined) this.request = { ...this.request, askedTier };
    this.http.told(answer);
    return answer;
  }

  chunk(chunk: unknown): void {
    if (this.settled) return;
    try {
      this.response = this.callee.reader.readChunk?.(this.response, chunk, this.limits) ?? this.response;
    } catch (error) {
      reportProblem('read a chunk', error);
    }
    this.times.chunk(this.response.started);
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
    this.http.failed(error);
    const facts = safely('read the error', () => readError(error, this.limits.response));
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
    this.isLost ||= this.isTold && this.times.isSilent;
    this.settle(this.wasAborted() ? 'aborted' : 'abandoned', undefined, this.times.lastSign);
  }

  watchSignal(signal: unknown): void {
    this.streamSignal = signal as AbortSignal | undefined;
  }

  /**
   * What a gateway says beside the answer holds where the answer itself does not say it. Headers are written before a
   * stream has cost anything (BerriAI/litellm#12689), and a call that failed has no answer to pay for.
   */
  private readGateway(isWhole: boolean): GatewayFacts | undefined {
    const { headers } = this.http;
    if (!headers) return undefined;
    const facts = safely('read the headers of a gateway', () =>
      this.callee.patch.readGateway?.(headers, this.provider),
    );
    if (isWhole && facts?.cost !== undefined) this.response.cost ??= facts.cost;
    if (facts?.model !== undefined) this.response.model ??= facts.model;
    if (facts?.isFromCache) this.response.isFromCache = true;
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
        startedAt: this.times.startedAt,
        // A call that is left alone at once ends out of our sight: how long it took is not known.
        latency: this.isLost || (outcome === 'raw' && !this.times.hasArrived) ? undefined : this.times.latency(endedAt),
        timeToFirstToken: this.times.timeToFirstToken,
        httpStatus: this.http.status(error),
        requestId: this.http.requestId(error),
        retryCount: this.http.retryCount(error, countsRetries === true),
        context: this.context,
      }),
    );
  }
}

function isAsyncIterable(value: unknown): boolean {
  return typeof (value as { [Symbol.asyncIterator]?: unknown } | null)?.[Symbol.asyncIterator] === 'function';
}
