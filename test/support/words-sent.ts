import { disableLlmTracing, enableLlmTracing, type LlmEvent, type LlmTracingOptions } from '../../src';
import type { ProviderName } from '../../src/patches';

/** Stand for what the user wrote, and for what the model said. */
export const asked = 'CANARY_ASKED';
export const answered = 'CANARY_ANSWERED';

export interface Confided {
  readonly provider: ProviderName;
  readonly sdk: unknown;
  /** How many calls `everyCall` makes. */
  readonly calls: number;
  /** Makes calls that have the two words in every place there is; how they end does not matter. */
  everyCall(): Promise<void>;
}

/** What leaves of calls that have a word of the user and one of the model everywhere. */
export function describePrivacy({ provider, sdk, calls, everyCall }: Confided): void {
  async function sent(options: LlmTracingOptions): Promise<LlmEvent[]> {
    const events: LlmEvent[] = [];
    const handle = enableLlmTracing(
      { track: (event) => events.push(event) },
      { noWarning: true, modules: { [provider]: sdk }, ...options },
    );
    try {
      await everyCall();
      await handle.flush();
    } finally {
      disableLlmTracing();
    }
    expect(events).toHaveLength(calls);
    return events;
  }

  describe(`what leaves of calls of ${provider} that have a word of the user and one of the model everywhere`, () => {
    it.each<[string, LlmTracingOptions, string[]]>([
      ['by default: both', {}, [asked, answered]],
      ['in privacy mode: neither', { privacyMode: true }, []],
      ['without prompts and answers: neither', { includePrompts: false, includeResponses: false }, []],
      ['without prompts: what the model said', { includePrompts: false }, [answered]],
      ['without answers: what the user said', { includeResponses: false }, [asked]],
    ])('%s', async (...[, options, words]) => {
      const events = (await sent(options)).map((event) => JSON.stringify(event));
      expect([asked, answered].filter((word) => events.some((event) => event.includes(word)))).toEqual(words);
    });

    it('are numbers and names all the same, in privacy mode', async () => {
      const events = (await sent({ privacyMode: true })).map(({ event_properties: properties }) => properties);
      expect(events.some((event) => Number(event['input_length']) > 0)).toBe(true);
      expect(events.some((event) => Number(event['output_length']) > 0)).toBe(true);
      expect(events.some((event) => event['outcome'] === 'error')).toBe(true);
    });
  });
}

/** A `fetch` that answers every request alike: JSON, or the text of a stream. */
export function fetchOf(body: unknown, status = 200, type = 'application/json'): typeof fetch {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return () => Promise.resolve(new Response(text, { status, headers: { 'content-type': type } }));
}

/** The text of a stream of server-sent events. */
export function serverEvents(events: readonly unknown[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
}

/** Reads what can be read, and hears of no failure. */
export async function settle(call: () => Promise<unknown>): Promise<void> {
  try {
    const answer = (await call()) as AsyncIterable<unknown> | undefined;
    if (typeof answer?.[Symbol.asyncIterator] !== 'function') return;
    for await (const chunk of answer) void chunk;
  } catch {
    // An error that echoes both words is one of the calls.
  }
}
