import { askWithin, timeoutOf, type FlushOptions } from './ask-within';
import { activeSession, flushAll } from './enable';
import { reportProblem, safely } from './safely';
import { disguise, type AnyFunction } from './wrap-method';

/**
 * How {@link withLlmFlush} waits.
 *
 * @experimental
 */
export interface LlmFlushOptions extends FlushOptions {
  /** Milliseconds that an invocation may take longer, 0 to 600,000. Default: 2,000. */
  timeout?: number;
  /**
   * Takes what the platform is to wait for after the answer: `waitUntil` of `@vercel/functions`, `after` of Next.js.
   * Default: `waitUntil` of an argument of the handler, where one has it.
   */
  waitUntil?: (work: Promise<unknown>) => unknown;
}

/**
 * What {@link withLlmFlush} makes of a handler: the same, and where it answered at once, now it promises to.
 *
 * @experimental
 */
export type FlushingHandler<Handler extends AnyFunction> =
  ReturnType<Handler> extends PromiseLike<unknown> | void
    ? Handler
    : (this: ThisParameterType<Handler>, ...args: Parameters<Handler>) => Promise<Awaited<ReturnType<Handler>>>;

const defaultTimeout = 2_000;
/** Milliseconds that are left to the platform, where it says how many there are. */
const reserve = 50;

/**
 * Wraps a handler of a function that may be frozen when it has answered: events of its calls are sent before that. The
 * answer, the error, `this`, name and own properties stay what they are. A handler may be asynchronous, or take a
 * callback as its third argument; one that answers at once answers by a promise.
 *
 * Where the platform offers `waitUntil`, nobody waits for the flush. Otherwise the answer does, for `timeout`
 * milliseconds at the most, and no longer than `context.getRemainingTimeInMillis()` says. A streamed answer of a model that
 * goes on when a `Response` is returned is never waited for: its events are sent when it has ended.
 *
 * @experimental
 * @param handler - of AWS Lambda, Vercel, Netlify, Google Cloud or the like.
 * @param options - {@link LlmFlushOptions}.
 * @throws TypeError where the handler is no function, or an option is wrong.
 * @example
 * ```ts
 * export const handler = withLlmFlush(async (event) => {
 *   const answer = await openai.responses.create({ model: 'gpt-5', input: event.question });
 *   return { statusCode: 200, body: answer.output_text };
 * });
 * ```
 */
export function withLlmFlush<Handler extends AnyFunction>(
  handler: Handler,
  options: LlmFlushOptions = {},
): FlushingHandler<Handler> {
  check(handler, options);
  const flushing = function (this: unknown, ...args: unknown[]): unknown {
    const invocation = new Invocation(args, options);
    const done = callbackOf(args);
    // Only once, as the callback itself.
    if (done) args[2] = (...answer: unknown[]) => void invocation.end().then(() => done(...answer));
    let result: unknown;
    try {
      result = handler.apply(this, args) as unknown;
    } catch (error) {
      return invocation.end().then(() => {
        throw error;
      });
    }
    if (isThenable(result)) return invocation.after(result);
    // The answer comes by the callback, or there is none: the platform waits for what is going on.
    if (done && result === undefined) return void (handler.length < 3 && invocation.end());
    return invocation.end(result).then(() => result);
  };
  return disguise(flushing, handler) as FlushingHandler<Handler>;
}

/** One call of a handler. */
class Invocation {
  private readonly waitUntil: LlmFlushOptions['waitUntil'];
  private readonly timeout: number;
  private readonly remaining: (() => unknown) | undefined;

  constructor(args: readonly unknown[], { waitUntil, timeout }: LlmFlushOptions) {
    this.waitUntil = waitUntil ?? methodOf(args, 'waitUntil');
    this.timeout = timeout ?? defaultTimeout;
    this.remaining = methodOf(args, 'getRemainingTimeInMillis');
  }

  async after(result: PromiseLike<unknown>): Promise<unknown> {
    let value: unknown;
    try {
      value = await result;
    } catch (error) {
      await this.end();
      throw error;
    }
    await this.end(value);
    return value;
  }

  /** Resolves when the answer can go. Never rejects. */
  async end(value?: unknown): Promise<void> {
    const open = openCalls();
    const { waitUntil } = this;
    if (waitUntil) {
      // Whoever is asked to wait for a stream waits for its reader.
      const flushed = this.flush(open, longestStream);
      return safely('hand a flush to waitUntil', () => void waitUntil(flushed));
    }
    const isStreamed = open.length > 0 && (value as { body?: unknown } | undefined)?.body instanceof ReadableStream;
    if (isStreamed) return void this.flush(open, longestStream);
    await this.flush([], 0);
  }

  private async flush(open: readonly object[], patience: number): Promise<void> {
    try {
      if (open.length > 0) await untilEnded(open, patience);
      await flushAll(this.limit());
    } catch (error) {
      reportProblem('flush at the end of an invocation', error);
    }
  }

  private limit(): number {
    const left = safely('read the remaining time', () => this.remaining?.());
    return typeof left === 'number' ? Math.max(0, Math.min(this.timeout, left - reserve)) : this.timeout;
  }
}

/** Milliseconds that the end of a stream is waited for, where nobody waits for that. */
const longestStream = 300_000;

function untilEnded(calls: readonly object[], patience: number): Promise<void> {
  return askWithin(patience, () => Promise.resolve(!calls.some((call) => openCalls().includes(call))));
}

/** Calls that have begun and not ended: of this invocation, or of another one in the same process. */
function openCalls(): readonly object[] {
  return [...(activeSession()?.tracer.open ?? [])];
}

function callbackOf(args: readonly unknown[]): AnyFunction | undefined {
  return typeof args[2] === 'function' ? (args[2] as AnyFunction) : undefined;
}

function methodOf(args: readonly unknown[], name: string): (() => unknown) | undefined {
  return safely('look at the arguments of a handler', () => {
    for (const argument of args) {
      const method = (argument as Record<string, unknown> | null | undefined)?.[name];
      if (typeof method === 'function') return method.bind(argument) as () => unknown;
    }
    return undefined;
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
}

function check(handler: unknown, options: LlmFlushOptions): void {
  if (typeof handler !== 'function') throw new TypeError('withLlmFlush: handler must be a function');
  if (typeof options !== 'object' || options === null) throw new TypeError('withLlmFlush: options must be an object');
  const { timeout, waitUntil } = options;
  if (timeout !== undefined && timeoutOf({ timeout }) === undefined) {
    throw new TypeError('withLlmFlush: timeout must be a number from 0 to 600000');
  }
  if (waitUntil !== undefined && typeof waitUntil !== 'function') {
    throw new TypeError('withLlmFlush: waitUntil must be a function');
  }
}
