import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import {
  disableLlmTracing,
  enableLlmTracing,
  withLlmContext,
  type LlmContext,
  type LlmEvent,
  type LlmTracingHandle,
  type LlmTracingOptions,
} from '../../src';
import { startProviderServer } from './start-provider';

export const messages = [{ role: 'user' as const, content: 'A private question' }];

export interface ContextBench {
  url(): string;
  /** What was told as a problem since tracing was enabled. */
  problems: string[];
  enable(options: LlmTracingOptions): void;
  /** One call with the real SDK. */
  ask(path?: string): Promise<void>;
  /** The events of what `work` did, once they are tracked. */
  eventsOf(work: () => unknown): Promise<LlmEvent[]>;
  eventIn(context: LlmContext | string): Promise<LlmEvent | undefined>;
}

/** A provider, tracing into a list of events, and calls to make: anew for each test. */
export function startContextBench(): ContextBench {
  let server: Awaited<ReturnType<typeof startProviderServer>>;
  let events: LlmEvent[] = [];
  let handle: LlmTracingHandle | undefined;
  beforeAll(async () => {
    server = await startProviderServer();
  });
  afterAll(() => server.close());
  beforeEach(() => bench.enable({}));
  afterEach(() => disableLlmTracing());

  const bench: ContextBench = {
    problems: [],
    url: () => server.url,
    enable(options) {
      handle = enableLlmTracing(
        { track: (event) => events.push(event) },
        {
          noWarning: true,
          modules: { openai: OpenAI, anthropic: Anthropic },
          onError: (error) => bench.problems.push(String(error)),
          ...options,
        },
      );
      // Jest refuses hooks on module loading.
      bench.problems = [];
    },
    async ask(path = '/v1') {
      const openai = new OpenAI({ apiKey: 'k', baseURL: `${server.url}${path}`, maxRetries: 0 });
      await openai.chat.completions.create({ model: 'gpt-5', messages });
    },
    async eventsOf(work) {
      events = [];
      await work();
      // A call that is over is one turn later handed to its tracer.
      await new Promise(setImmediate);
      await handle?.flush();
      return events;
    },
    async eventIn(context) {
      const [event] = await bench.eventsOf(() => withLlmContext(context, () => bench.ask()));
      return event;
    },
  };
  return bench;
}

export function said(list: readonly LlmEvent[], name: string): unknown[] {
  return list.map((event) => event.event_properties[name]);
}
