import { CallTimes } from '../call-times';
import { describeArguments, describeValue } from './describe-value';
import { stopWaitingFor, waitForReader } from '../observe-stream';
import type { Observer } from '../observer';
import type { CallContext, Tracer } from '../operation';
import { addText } from '../patches/shared/read-text';
import { isAbort, readError } from '../read-error';
import { isGenerator, runSteps, type Generator, type StepObserver } from './run-steps';
import { safely } from '../safely';
import type { Answer, ErrorFacts, Limits, Operation, Outcome, Text } from '../types';

/** What an observed function is called, and what kind it is. */
export interface Observed {
  readonly name: string | undefined;
  readonly kind: Extract<Operation, 'function' | 'tool' | 'agent' | 'retrieval'>;
  /** Its body begins with the first step that somebody asks for. */
  readonly isLazy: boolean;
}

type Run = <Result>(work: () => Result) => Result;

/** One call of a function that is an event of its own: what is known of it, until it settles, exactly once. */
export class ObservedCall implements Observer, StepObserver {
  isWaitedFor = false;
  private readonly times: CallTimes;
  private readonly limits: Limits;
  private readonly input: Text | undefined;
  private output: Text | undefined;
  private signal: { readonly aborted: boolean } | undefined;
  private isStream = false;
  private isWaiting: boolean;
  private isAsked = false;
  private settled = false;

  constructor(
    private readonly tracer: Tracer,
    private readonly observed: Observed,
    private readonly context: CallContext,
    private readonly run: Run,
    args: readonly unknown[],
  ) {
    this.times = new CallTimes(tracer.now);
    this.isWaiting = observed.isLazy;
    this.limits = tracer.limitsIn(context);
    this.input = safely('read the arguments of a function', () => describeArguments(args, this.limits.prompt));
    tracer.open.add(this);
  }

  arrived(): void {
    // Of an SDK's promise: no more than that the function goes on.
  }

  reading(): void {
    this.isAsked = true;
    if (!this.isWaiting) return;
    this.isWaiting = false;
    this.times.begin();
  }

  isRead(): boolean {
    return this.isAsked;
  }

  value(value: unknown): Answer | undefined {
    if (this.settled || this.isStream) return undefined;
    if (safely('recognise a generator', () => isGenerator(value))) {
      this.follow(value as Generator);
      return undefined;
    }
    this.isStream = safely('recognise a stream', () => isTeeable(value)) ?? false;
    if (this.isStream) return { value };
    this.returned(value);
    return undefined;
  }

  /** The steps of a generator are the rest of the call. */
  follow(generator: Generator): void {
    const followed = safely('follow a generator', () => {
      runSteps(generator, this.run, this);
      this.isStream = true;
      waitForReader(generator, this);
      return true;
    });
    if (!followed) this.raw();
  }

  /** Strings are pieces of one text, as they are when an answer is handed on; everything else has lines of its own. */
  chunk(value: unknown): void {
    if (this.settled) return;
    this.times.chunk(undefined);
    safely('read a step of a function', () => this.add(value));
  }

  returned(value: unknown): void {
    if (this.settled) return;
    this.output ??= safely('read the result of a function', () => describeValue(value, this.limits.response));
    this.settle('ok');
  }

  ended(): void {
    this.settle(this.signal?.aborted ? 'aborted' : 'ok');
  }

  stopped(reason?: unknown): void {
    this.settle(this.signal?.aborted || isAbort(reason) ? 'aborted' : 'cancelled');
  }

  /** At once: that it makes a generator does not matter where it makes none. */
  threw(error: unknown): void {
    this.isWaiting = false;
    this.failed(error);
  }

  failed(error: unknown): void {
    if (this.settled) return;
    const facts = safely('read the error', () => readError(error, this.limits.response));
    this.settle(safely('read the error', () => isAbort(error)) ? 'aborted' : 'error', facts);
  }

  raw(): void {
    this.settle('raw');
  }

  abandon(): void {
    this.settle(this.signal?.aborted ? 'aborted' : 'abandoned', undefined, this.times.lastSign);
  }

  watchSignal(signal: unknown): void {
    this.signal = signal as AbortSignal | undefined;
  }

  private add(value: unknown): void {
    const limit = this.limits.response;
    if (typeof value === 'string') {
      this.output = addText(this.output, value, limit);
      return;
    }
    const room = limit - (this.output?.text.length ?? 0);
    const line = room > 0 ? describeValue(value, room) : undefined;
    if (line) this.output = addText(this.output, this.output ? `\n${line.text}` : line.text, limit);
    if (!this.output || (room > 0 && !line?.isLonger)) return;
    this.output.isLonger = true;
    this.output.length = Math.max(this.output.length, this.output.text.length + 1);
  }

  private settle(outcome: Outcome, error?: ErrorFacts, endedAt = this.tracer.now()): void {
    if (this.settled) return;
    this.settled = true;
    this.tracer.open.delete(this);
    stopWaitingFor(this);
    // Nobody ever asked for a step, so nothing has run.
    if (this.isWaiting) return;
    const { input, output, observed, times, context } = this;
    safely('report a function', () =>
      this.tracer.report({
        operation: observed.kind,
        name: observed.name,
        request: { input, inputLength: input?.isLonger ? undefined : input?.length },
        response: output ? { outputs: [{ text: output }] } : {},
        outcome,
        error,
        streaming: this.isStream,
        startedAt: times.startedAt,
        latency: times.latency(endedAt),
        context,
      }),
    );
  }
}

/**
 * A stream that has an answer in it: those of the SDKs and of the web can be teed. Anything else that can be iterated
 * may have other ways to be read (a cursor, a file), and may never end: for those the call ends when it returns.
 */
function isTeeable(value: unknown): boolean {
  const stream = value as { tee?: unknown; [Symbol.asyncIterator]?: unknown } | null | undefined;
  return (
    typeof stream === 'object' &&
    stream !== null &&
    typeof stream.tee === 'function' &&
    typeof stream[Symbol.asyncIterator] === 'function'
  );
}
