import { closedContext, checkContext } from './check-context';
import { withChecked, withinRequest } from './context';
import { keepContext, storeHere } from './keep-context';
import type { CheckedContext, LlmContext } from '../operation';
import { reportProblem, safely } from '../safely';
import { extractLlmContext } from './trace-context';
import { disguise } from '../wrap-method';

/**
 * What is said of the calls of one request; `undefined` or null where there is nothing to say. It may be a promise: the
 * request then waits for it. Where it fails, the request goes on as nobody's and without text, and the error is reported.
 *
 * @experimental
 */
export type FromRequest<Request> = (
  request: Request,
) => LlmContext | null | undefined | PromiseLike<LlmContext | null | undefined>;

/**
 * How requests get their context.
 *
 * @experimental
 */
export interface LlmContextMiddlewareOptions {
  /**
   * Whether a `traceparent` header of the request says which trace its calls belong to. Default: true. With false, a
   * request from outside can not join a trace.
   */
  traceparent?: boolean | undefined;
}

/**
 * One context per request, for Express, Connect and Fastify: every call that is made while the request is answered is
 * of this user, in this session, and in one trace. Requests never mix.
 *
 * @experimental
 * @param fromRequest - what to say of the calls of this request. Default: nothing but the trace.
 * @throws TypeError where an argument is none of these. The function that is returned throws nothing of its own.
 * @example
 * ```ts
 * // Express: after what finds out who the user is.
 * app.use(llmContextMiddleware((request: express.Request) => ({ userId: request.user?.id })));
 * // Fastify
 * fastify.addHook('onRequest', llmContextMiddleware((request: FastifyRequest) => ({ userId: request.user?.id })));
 * ```
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a function without annotation takes any request
export function llmContextMiddleware<Request = any>(
  fromRequest?: FromRequest<Request>,
  options?: LlmContextMiddlewareOptions,
): (request: Request, response: unknown, next: (error?: Error) => void) => void {
  const enter = contextOf('llmContextMiddleware', fromRequest, options);
  return function llmContext(request, _response, next) {
    const outside = storeHere();
    // Nothing is returned: Fastify takes a hook that returns a promise for one that does not call `next`.
    void enter(request, () => {
      keepContext(request, outside);
      next();
    });
  };
}

/**
 * One context per request, for Hono.
 *
 * @experimental
 * @param fromContext - what to say of the calls of this request. Default: nothing but the trace.
 * @throws TypeError where an argument is none of these. The function that is returned throws nothing of its own.
 * @example
 * ```ts
 * app.use(llmContextForHono((c: Context) => ({ userId: c.get('user')?.id })));
 * ```
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a function without annotation takes any context
export function llmContextForHono<Context = any>(
  fromContext?: FromRequest<Context>,
  options?: LlmContextMiddlewareOptions,
): (context: Context, next: () => Promise<void>) => Promise<void> {
  const enter = contextOf('llmContextForHono', fromContext, options);
  return async function llmContext(context, next) {
    await enter(context, next);
  };
}

/**
 * One context per request, for handlers that are given a `Request`: route handlers of Next.js, `fetch` of Bun, Deno and
 * the like. The same function otherwise: `this`, name, length, what it returns and throws.
 *
 * @experimental
 * @param fromRequest - what to say of the calls of this request. Default: nothing but the trace. Where it gives a
 * promise, the handler gives one, too.
 * @throws TypeError where an argument is none of these. The function that is returned throws nothing of its own.
 * @example
 * ```ts
 * // app/api/chat/route.ts
 * export const POST = withLlmRequestContext(
 *   async (request: Request) => Response.json(await answer(await request.json())),
 *   (request) => ({ llmSessionId: request.headers.get('x-chat') ?? undefined }),
 * );
 * ```
 */
export function withLlmRequestContext<Handler extends FetchHandler>(
  handler: Handler,
  fromRequest?: (request: Parameters<Handler>[0]) => LlmContext | null | undefined,
  options?: LlmContextMiddlewareOptions,
): Handler;
export function withLlmRequestContext<Handler extends FetchHandler>(
  handler: Handler,
  fromRequest: FromRequest<Parameters<Handler>[0]>,
  options?: LlmContextMiddlewareOptions,
): (...args: Parameters<Handler>) => Promise<Awaited<ReturnType<Handler>>>;
export function withLlmRequestContext(
  handler: FetchHandler,
  fromRequest?: FromRequest<unknown>,
  options?: LlmContextMiddlewareOptions,
): FetchHandler {
  if (typeof handler !== 'function') throw new TypeError('withLlmRequestContext: handler must be a function');
  const enter = contextOf('withLlmRequestContext', fromRequest, options);
  const handleInContext = function (this: unknown, ...args: unknown[]): unknown {
    return enter(args[0], () => Reflect.apply(handler, this, args));
  };
  return disguise(handleInContext, handler);
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each framework has a request of its own
type FetchHandler = (request: any, ...rest: any[]) => unknown;

type Thenable = { readonly then?: unknown } | null | undefined;
type Enter<Request> = (request: Request, work: () => unknown) => unknown;

/** Checks what was given at start-up; from then on nothing of ours is in the way of a request. */
function contextOf<Request>(
  caller: string,
  fromRequest: FromRequest<Request> = () => undefined,
  options: LlmContextMiddlewareOptions = {},
): Enter<Request> {
  if (typeof fromRequest !== 'function') {
    throw new TypeError(`${caller}: fromRequest must be a function of the request`);
  }
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${caller}: options must be an object with traceparent`);
  }
  const unknown = Object.keys(options).find((name) => name !== 'traceparent');
  if (unknown !== undefined) throw new TypeError(`${caller}: ${unknown} is not one of the options traceparent`);
  const { traceparent = true } = options;
  if (typeof traceparent !== 'boolean') throw new TypeError(`${caller}: traceparent must be true or false`);
  return function enter(request, work) {
    const readTrace = (): LlmContext => (traceparent ? extractLlmContext(headersOf(request)) : {});
    return withinRequest(underlying(request), readTrace, () => {
      const run = (told: CheckedContext): unknown => withChecked(told, work);
      const unasked = (error: unknown): unknown => {
        reportProblem('ask for the context of a request', error);
        return run(closedContext);
      };
      let told: unknown;
      try {
        told = fromRequest(request);
      } catch (error) {
        return unasked(error);
      }
      const isPromise = safely('read the context of a request', () => typeof (told as Thenable)?.then === 'function');
      return isPromise ? Promise.resolve(told).then((later) => run(checked(later)), unasked) : run(checked(told));
    });
  };
}

/** A string is not taken for a serialized context: it may be a header, and say anything. */
function checked(told: unknown): CheckedContext {
  return checkContext(told as LlmContext, (problem) => reportProblem('read the context of a request', problem));
}

/** Of a request of Node, Fastify or `fetch`, or of the context of Hono. */
function headersOf(request: unknown): object | undefined {
  return safely('find the headers of a request', () => {
    const { headers, req } = request as { headers?: object; req?: { raw?: { headers?: object } } };
    return headers ?? req?.raw?.headers;
  });
}

/** The one object of a request for whatever is in between: Fastify and Hono have requests of their own around it. */
function underlying(request: unknown): unknown {
  return safely('recognise a request', () => {
    const { raw, req } = (request ?? {}) as { raw?: unknown; req?: { raw?: unknown } };
    return raw ?? req?.raw ?? request;
  });
}
