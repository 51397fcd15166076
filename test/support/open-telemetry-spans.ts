import { AsyncLocalStorage } from 'node:async_hooks';
import { context, ROOT_CONTEXT, trace, type Context, type ContextManager } from '@opentelemetry/api';

/** The context manager of OpenTelemetry for Node, as far as spans need one. */
class Manager implements ContextManager {
  private readonly store = new AsyncLocalStorage<Context>();
  active(): Context {
    return this.store.getStore() ?? ROOT_CONTEXT;
  }
  with<Args extends unknown[], Fn extends (...args: Args) => ReturnType<Fn>>(
    active: Context,
    fn: Fn,
    self?: ThisParameterType<Fn>,
    ...args: Args
  ): ReturnType<Fn> {
    return this.store.run(active, () => fn.apply(self, args));
  }
  bind<Target>(_active: Context, target: Target): Target {
    return target;
  }
  enable(): this {
    return this;
  }
  disable(): this {
    return this;
  }
}

/** With the real API of OpenTelemetry, for the tests of one `describe`. */
export function manageSpans(): void {
  beforeAll(() => expect(context.setGlobalContextManager(new Manager())).toBe(true));
  afterAll(() => context.disable());
}

/** `work` with this span as the active one. */
export function inSpan<Result>(span: { traceId: string; spanId: string }, work: () => Result): Result {
  return context.with(trace.setSpan(context.active(), trace.wrapSpanContext({ ...span, traceFlags: 1 })), work);
}
