import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout } from 'node:timers';
import { isTimeout, type FlushOptions } from './ask-within';
import { flushAll, openCalls } from './enable';
import type { Invocation, OpenCall } from './open-calls';
import { ignoreRejection, reportProblem, safely } from './safely';
import { sharedState } from './shared-state';
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
/** Milliseconds that the end of a stream is waited for, after the answer has gone. */
const longestStream = 300_000;

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
  const invocations = (sharedState().invocations ??= new AsyncLocalStorage<Invocation>());
  const flushing = function (this: unknown, ...args: unknown[]): unknown {
    const invocation: Invocation = { outer: invocations.getStore() };
    const end = begin(invocation, args, options);
    const callback = callbackOf(args);
    if (callback) args[2] = (...answer: unknown[]) => void end().then(() => callback(...answer));
    let result: unknown;
    try {
      result = invocations.run(invocation, () => handler.apply(this, args) as unknown);
    } catch (error) {
      return end().then(() => {
        throw error;
      });
    }
    if (isThenable(result)) return settled(result, end);
    // The answer comes by the callback, whatever is returned.
    if (callback && handler.length > 2) return result;
    // There may be no answer at all: then the platform waits until nothing goes on any more, and so for this.
    if (callback && result === undefined) return void end();
    return end(result).then(() => result);
  };
  return disguise(flushing, handler) as FlushingHandler<Handler>;
}

async function settled(result: PromiseLike<unknown>, end: (value?: unknown) => Promise<void>): Promise<unknown> {
  let value: unknown;
  try {
    value = await result;
  } catch (error) {
    await end();
    throw error;
  }
  await end(value);
  return value;
}

/** One invocation begins; what is returned ends it, and resolves when the answer can go. It never rejects. */
function begin(
  invocation: Invocation,
  args: readonly unknown[],
  options: LlmFlushOptions,
): (value?: unknown) => Promise<void> {
  const remaining = methodOf(args, 'getRemainingTimeInMillis');
  const waitUntil = options.waitUntil ?? methodOf(args, 'waitUntil');
  return async function end(value) {
    const open = openCalls().within(invocation);
    const isStreamed = open.length > 0 && isStream((value as { body?: unknown } | null | undefined)?.body);
    if (!isStreamed && !waitUntil) return flush();
    // Whoever waits for the end of a stream before anybody reads it waits for ever.
    const flushed = untilEnded(open).then(flush);
    if (waitUntil && !handedOver(waitUntil, flushed) && !isStreamed) await flushed;
  };

  async function flush(): Promise<void> {
    const { timeout = defaultTimeout } = options;
    const left = safely('read the remaining time', () => remaining?.());
    const limit =
      typeof left === 'number' && !Number.isNaN(left) ? Math.max(0, Math.min(timeout, left - reserve)) : timeout;
    await flushAll(limit).catch((error: unknown) => reportProblem('flush at the end of an invocation', error));
  }
}

function handedOver(waitUntil: NonNullable<LlmFlushOptions['waitUntil']>, work: Promise<void>): boolean {
  return (
    safely('hand a flush to waitUntil', () => {
      ignoreRejection(waitUntil(work));
      return true;
    }) ?? false
  );
}

/** Looks now and then, and holds no process. */
async function untilEnded(calls: readonly OpenCall[]): Promise<void> {
  const end = performance.now() + longestStream;
  while (performance.now() < end) {
    if (!calls.some((call) => openCalls().has(call))) return;
    await new Promise((resolve) => setTimeout(resolve, 20).unref());
  }
}

/** Of any realm. */
function isStream(body: unknown): boolean {
  return typeof (body as ReadableStream | null | undefined)?.getReader === 'function';
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
  if (timeout !== undefined && !isTimeout(timeout)) {
    throw new TypeError('withLlmFlush: timeout must be a number from 0 to 600000');
  }
  if (waitUntil !== undefined && typeof waitUntil !== 'function') {
    throw new TypeError('withLlmFlush: waitUntil must be a function');
  }
}
