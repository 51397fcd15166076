import { createInstance } from '@amplitude/analytics-node';
import { enableLlmTracing, withLlmContext, type LlmEvent, type LlmTracingOptions } from '../../src';
import { Canaries, ofReasoning, type Style } from './canaries';
import { startAnswerServer, startIngestion, type Answer, type AnswerServer, type Ingestion } from './servers';
import type { Call, Subject } from './subject';

/** What `docs/privacy.md` says may leave in `privacyMode`: names of models, and the ids of answers. */
const allowed =
  /^(request\.(model|modelId)|answer(\[\d+\])?(\.(message|response))?\.(model|modelVersion|id|responseId|generation_id)|answer\.trace\.promptRouter\.invokedModelId)$/;

/** Outside of it, the tools that a model called leave by their names. */
const toolName = /(?:^|\.)(?:name|toolName)$/;

let provider: AnswerServer;
let ingestion: Ingestion;
beforeAll(async () => {
  provider = await startAnswerServer();
});
afterAll(() => provider.close());
beforeEach(async () => {
  ingestion = await startIngestion();
});
afterEach(() => ingestion.close());

interface Sent {
  /** Of each call: its title, and where the canaries were planted that left. */
  readonly left: ReadonlyMap<string, string[]>;
  readonly calls: number;
  readonly planted: number;
}

/** Makes all calls of a provider, ending in all ways that there are. */
async function sendAll(
  { provider: name, exports, calls }: Subject,
  options: LlmTracingOptions,
  style: Style,
  around: <Result>(run: () => Result) => Result = (run) => run(),
): Promise<Sent> {
  const client = createInstance();
  await client.init('a-key', { serverUrl: ingestion.url, flushIntervalMillis: 20, logLevel: 0 }).promise;
  const runs: { title: string; canaries: Canaries }[] = [];
  let planted = 0;
  const handle = enableLlmTracing(client, {
    noWarning: true,
    userId: 'user-1',
    ...options,
    modules: { [name]: exports('http://127.0.0.1:9') },
  });
  try {
    for (const call of calls) {
      for (const [ending, answer] of Object.entries(call.answers)) {
        const canaries = new Canaries(style, planted);
        const request: unknown = canaries.plant(call.request, 'request', call.keep);
        const url = provider.at(plantAnswer(answer, canaries, call));
        planted += canaries.count;
        runs.push({ title: `${call.title} ${ending}`, canaries });
        await around(() => call.run(url, request, ending.startsWith('streamed')).catch(() => undefined));
      }
    }
    await handle.flush();
  } finally {
    handle.disable();
  }
  await arrived(runs.length);
  const received = ingestion.received();
  // The name of a file, and the class of an error, which no walk over an object reaches.
  if (options.privacyMode) expect(received).not.toContain('Kanari99999z');
  return {
    left: new Map(
      runs.map(({ title, canaries }) => [
        title,
        canaries.placesIn(received).filter((place) => !place.startsWith('unknown')),
      ]),
    ),
    calls: runs.length,
    planted,
  };
}

/** The client uploads in its own time: until as many events are there as calls were made, and no more come. */
async function arrived(count: number): Promise<void> {
  let before = -1;
  for (let tries = 0; tries < 100 && (events().length < count || events().length > before); tries++) {
    before = events().length;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}

function plantAnswer(
  { json, events, lines, frames, chunks, headers, ...rest }: Answer,
  canaries: Canaries,
  { keep }: Call,
): Answer {
  return {
    ...rest,
    ...(json !== undefined && { json: canaries.plant(json, 'answer', keep) }),
    ...(events && { events: canaries.plant(events, 'answer', keep) }),
    ...(chunks && { chunks: canaries.plant(chunks, 'answer', keep) }),
    ...(lines && { lines: canaries.plant(lines, 'answer', keep) }),
    ...(frames && { frames: frames.map(([name, body]) => [name, canaries.plant(body, 'answer', keep)] as const) }),
    ...(headers && { headers: canaries.plant(headers, 'header') }),
  };
}

const events = (): ReturnType<Ingestion['events']> => ingestion.events();

/** What leaves of the calls of one provider, in each mode. `subjectOf` is asked when tests run. */
export function describeCanaries(subjectOf: () => Subject): void {
  it('shows the canaries where text may leave: of what was asked and of what was answered', async () => {
    const { left, calls } = await sendAll(subjectOf(), {}, 'word');
    expect(events().filter(({ event_type: type }) => type === 'llm_operation')).toHaveLength(calls);
    const places = [...left.values()].flat();
    expect(places.filter((place) => place.startsWith('request') && !allowed.test(place)).length).toBeGreaterThan(1);
    expect(places.filter((place) => place.startsWith('answer') && !allowed.test(place)).length).toBeGreaterThan(1);
  });

  it.each<[string, LlmTracingOptions, Style]>([
    ['as a part of a word', {}, 'word'],
    ['as a sentence', {}, 'sentence'],
    ['with the events of Agent Analytics beside', { schema: 'both' }, 'word'],
    ['with the names of OpenTelemetry', { schema: 'otel' }, 'word'],
    ['asked for prompts and answers all the same', { includePrompts: true, includeResponses: true }, 'word'],
  ])('lets none leave in privacy mode, %s', async (_title, options, style) => {
    const { left, calls } = await sendAll(subjectOf(), { privacyMode: true, ...options }, style);
    expect(events().length).toBeGreaterThanOrEqual(calls);
    for (const [title, places] of left)
      expect([title, places.filter((place) => !allowed.test(place))]).toEqual([title, []]);
  });

  it.each<[string, LlmTracingOptions]>([
    ['whole conversations', { maxMessages: 20, maxMessageLength: 1_000, maxResponseLength: 1_000 }],
    ['what was asked alone', { maxMessages: 20, maxMessageLength: 1_000, includeResponses: false }],
  ])('lets no reasoning leave in any mode, of the history neither: %s', async (_title, options) => {
    // An error may quote the whole answer: that of the AI SDK does where an answer is not as it should be.
    const withoutError = (event: LlmEvent): LlmEvent => {
      delete event.event_properties['error'];
      return event;
    };
    const { left } = await sendAll(subjectOf(), { ...options, beforeSend: withoutError }, 'word');
    expect([...left.values()].flat().length).toBeGreaterThan(1);
    for (const [title, places] of left)
      expect([title, places.filter((place) => place.endsWith(ofReasoning))]).toEqual([title, []]);
  });

  it('lets none leave in the privacy mode of a context', async () => {
    const { left, calls } = await sendAll(subjectOf(), {}, 'word', (run) => withLlmContext({ privacyMode: true }, run));
    expect(events()).toHaveLength(calls);
    for (const [title, places] of left)
      expect([title, places.filter((place) => !allowed.test(place))]).toEqual([title, []]);
  });

  it.each<[string, LlmTracingOptions, RegExp]>([
    ['neither', { includePrompts: false, includeResponses: false }, /^(request|answer)/],
    ['nothing of what was asked', { excludeInput: true }, /^request/],
    ['nothing of what was answered', { excludeOutput: true }, /^answer/],
  ])('lets %s leave without privacy mode, but names and ids', async (_title, options, shut) => {
    const { left } = await sendAll(subjectOf(), options, 'sentence');
    for (const [title, places] of left) {
      const wrong = places.filter((place) => shut.test(place) && !allowed.test(place) && !toolName.test(place));
      expect([title, wrong]).toEqual([title, []]);
    }
  });
}
