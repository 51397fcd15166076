import { enableLlmTracing, llmTracingStatus, type LlmTracingHandle } from '../../src';
import type { LlmEvent } from '../../src/types';
import { expectedAnswer, expectedEvent, expectedRequest } from './expected-event';
import { haveRecordings, loadRecordings, startReplayServer, type Recording, type ReplayServer } from './replay-server';
import { hasEndpoint, sendRecording, type Sent } from './send-recording';
import { eventsOf, tell } from './wire';

/** Vendors whose answers have OpenAI's wire format, most of them with something of their own in it. */
const vendors = ['azure-openai', 'deepseek', 'openrouter', 'cerebras', 'groq', 'together', 'mistral', 'huggingface'];
const files = ['openai', 'anthropic', ...vendors];
const suites = [
  { module: 'openai', provider: 'openai', files: ['openai', ...vendors] },
  { module: 'openai-v5', provider: 'openai', files: ['openai'] },
  { module: 'openai-v4', provider: 'openai', files: ['openai'] },
  { module: '@anthropic-ai/sdk', provider: 'anthropic', files: ['anthropic'] },
  { module: 'anthropic-0.6x', provider: 'anthropic', files: ['anthropic'] },
  { module: 'anthropic-0.3x', provider: 'anthropic', files: ['anthropic'] },
] as const;

let events: LlmEvent[] = [];
let server: ReplayServer;
let tracing: LlmTracingHandle;

if (!haveRecordings) {
  it.skip('compares events with recorded traffic (the recordings are not beside this checkout)', () => undefined);
} else {
  beforeAll(async () => {
    server = await startReplayServer(files);
  });
  afterAll(() => {
    tracing.disable();
    server.close();
  });
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the majors are named in a table
  for (const suite of suites) describe(suite.module, () => describeSuite(suite, require(suite.module)));
}

function describeSuite({ provider, files: names }: (typeof suites)[number], sdk: unknown): void {
  const recordings = loadRecordings(names).filter((recording) => hasEndpoint(sdk, recording));
  const streams = recordings.filter(({ response }) => response.text !== undefined);

  beforeAll(() => {
    tracing = enableLlmTracing(
      { track: (event) => events.push(event) },
      { modules: { [provider]: sdk }, noWarning: true },
    );
  });

  it('has recordings to send', () => {
    expect(recordings.length).toBeGreaterThan(20);
    expect(streams.length).toBeGreaterThan(5);
  });

  it.each(recordings.map((recording) => [recording.id, recording] as const))(
    'tells of %s what the wire says, in one event',
    async (id, recording) => {
      const event = await oneEvent(sdk, recording, `/${id}`);
      expectToTell(event, expectedEvent(recording));
    },
  );

  it.each(streams.map((recording) => [recording.id, recording] as const))(
    'tells the same of %s where the network cuts it into pieces of seven bytes',
    async (id, recording) => {
      const event = await oneEvent(sdk, recording, `/bytes-7/${id}`);
      expectToTell(event, expectedEvent(recording));
    },
  );

  it.each(streams.flatMap((recording) => cutsOf(recording).map((at) => [recording.id, at, recording] as const)))(
    'keeps what %s had told when its connection broke after %i events',
    async (id, at, recording) => {
      const event = await oneEvent(sdk, recording, `/cut-${at}/${id}`);
      expectToTell(event, expectedRequest(recording));
      expect(['error', 'incomplete']).toContain(event['outcome']);
      expect(toldBeginnings(recording)).toContainEqual(partOf(event));
    },
  );

  it.each(streams.map((recording) => [recording.id, recording] as const))(
    'reports %s once where its reader stops after two chunks',
    async (id, recording) => {
      const all = eventsOf(recording);
      const event = await oneEvent(sdk, recording, `/${id}`, 2);
      const told = expectedAnswer(tell(recording, all.slice(0, 2)));
      expectToTell(event, expectedRequest(recording));
      expect(event['outcome']).toBe(told['finish_reason'] === undefined ? 'cancelled' : 'ok');
      expect(partOf(event)).toEqual(partOf(told));
    },
  );

  it('had no trouble with any of them', () => {
    // One is about hooks for modules, which Jest does not let us install.
    expect(llmTracingStatus().lastError ?? 'load hook').toContain('load hook');
  });
}

async function oneEvent(
  sdk: unknown,
  recording: Recording,
  path: string,
  take?: number,
): Promise<LlmEvent['event_properties']> {
  events = [];
  const sent: Sent = await sendRecording(sdk, recording, server.url + path, take);
  await tracing.flush();
  expect(events).toHaveLength(1);
  const properties = events[0]?.event_properties ?? {};
  expect(properties['outcome'] === 'error').toBe(sent.error !== undefined);
  return properties;
}

/** A property that is expected to be undefined must not be there: absent means absent. */
function expectToTell(event: Record<string, unknown>, expected: Record<string, unknown>): void {
  const told = Object.fromEntries(Object.keys(expected).map((name) => [name, event[name]]));
  expect(told).toEqual(expected);
}

function cutsOf({ response }: Recording): number[] {
  const count = (response.text ?? '').split(/(?<=\r?\n\r?\n)/).filter((event) => event !== '').length;
  return [...new Set([0, 1, count >> 2, count >> 1, count - 2])].filter((at) => at >= 0 && at < count - 1);
}

/** What the stream had told after each of its events: a broken connection may lose the last of those that were sent. */
function toldBeginnings(recording: Recording): unknown[] {
  const all = eventsOf(recording);
  return [...all.keys(), all.length].map((count) => partOf(expectedAnswer(tell(recording, all.slice(0, count)))));
}

function partOf(event: Record<string, unknown>): Record<string, unknown> {
  const names = ['response_model', 'response_id', 'output', 'output_length', 'tool_call_count', 'tool_calls'];
  const counts = ['input_tokens', 'output_tokens', 'total_tokens', 'cached_input_tokens', 'finish_reason'];
  return Object.fromEntries([...names, ...counts].map((name) => [name, event[name]]));
}
