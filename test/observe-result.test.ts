import { enableLlmTracing, disableLlmTracing } from '../src';
import type { LlmEvent } from '../src';

/* What a test of an application puts in the place of an SDK: no shape of the real ones. */
function mockSdk(create: () => unknown): {
  OpenAI: { Chat: { Completions: new () => { create(body: object): unknown } } };
} {
  const Completions = class {
    create(): unknown {
      return create();
    }
  };
  return { OpenAI: { Chat: { Completions } } };
}

async function call(create: () => unknown): Promise<LlmEvent[]> {
  const events: LlmEvent[] = [];
  const sdk = mockSdk(create);
  const tracing = enableLlmTracing(
    { track: (event) => events.push(event) },
    { modules: { openai: sdk }, noWarning: true },
  );
  await new sdk.OpenAI.Chat.Completions().create({ model: 'mock', messages: [] });
  await tracing.flush();
  disableLlmTracing();
  return events;
}

it.each<[string, () => unknown]>([
  ['a frozen stream', () => Promise.resolve(Object.freeze({ async *[Symbol.asyncIterator]() {} }))],
  ['a thenable of unknown shape', () => ({ then: (resolve: (value: unknown) => void) => resolve('answer') })],
])('%s is left alone, and is one event that claims no latency', async (...[, create]) => {
  const events = await call(create);
  expect(events.map(({ event_properties: { outcome } }) => outcome)).toEqual(['raw']);
  expect(events[0]?.event_properties).not.toHaveProperty('latency_ms');
});
