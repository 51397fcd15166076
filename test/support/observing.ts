import { disableLlmTracing, enableLlmTracing, type LlmEvent, type LlmTracingOptions } from '../../src';

export type Properties = LlmEvent['event_properties'];

/** Two turns: reports run in the next one. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** What one test has seen. Tracing is off after each test, and what was still on its way does not reach the next one. */
export class Bench {
  events: LlmEvent[] = [];
  problems: string[] = [];

  constructor() {
    beforeEach(() => {
      this.events = [];
      this.problems = [];
    });
    afterEach(async () => {
      disableLlmTracing();
      await nextTurn();
    });
  }

  readonly client = { track: (event: LlmEvent): void => void this.events.push(event) };

  /** Traces no SDK, unless the options say so. */
  start(options: LlmTracingOptions = {}): ReturnType<typeof enableLlmTracing> {
    const onError = (error: unknown): void => void this.problems.push(String(error));
    return enableLlmTracing(this.client, { noWarning: true, providers: [], onError, ...options });
  }

  async properties(): Promise<Properties[]> {
    await nextTurn();
    return this.events.map((event) => event.event_properties);
  }
}

/** Reads to the end. */
export async function valuesOf<Value>(steps: AsyncIterable<Value> | Iterable<Value>): Promise<Value[]> {
  const values: Value[] = [];
  for await (const value of steps) values.push(value);
  return values;
}

export function fail(error: unknown = new Error('broken')): never {
  throw error;
}

export function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
