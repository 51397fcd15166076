import { enableLlmTracing, llmTracingStatus, type LlmTracingHandle } from '../../src';
import type { ProviderName } from '../../src/patches';
import type { LlmEvent } from '../../src/types';
import { expectedAnswer } from './expected-event';
import { haveRecordings, loadRecordings, startReplayServer, type Recording, type ReplayServer } from './replay-server';
import type { Told } from './wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- SDKs and events of any provider */

type Properties = Record<string, unknown>;

/** The recordings of one provider, sent through its own SDK. */
export interface Recorded {
  readonly title: string;
  readonly provider: ProviderName;
  readonly sdk: any;
  readonly file: string;
  /** Makes the recorded call: a promise of the answer, or of its stream. */
  call(recording: Recording, base: string): Promise<any>;
  /** What the wire says, read without any code of the package. */
  eventsOf(recording: Recording): any[];
  tell(recording: Recording, events: readonly any[]): Told;
  expectedRequest(recording: Recording): Properties;
  expectedEvent(recording: Recording): Properties;
}

export function describeRecordings(recorded: Recorded): void {
  if (!haveRecordings) {
    it.skip(`${recorded.title}: the recordings are not beside this checkout`, () => undefined);
    return;
  }
  describe(recorded.title, () => describeThem(recorded));
}

function describeThem(recorded: Recorded): void {
  const recordings = loadRecordings([recorded.file]);
  const streams = recordings.filter(({ response }) => response.text !== undefined);
  const events: LlmEvent[] = [];
  let server: ReplayServer;
  let tracing: LlmTracingHandle;

  beforeAll(async () => {
    server = await startReplayServer([recorded.file]);
    tracing = enableLlmTracing(
      { track: (event) => events.push(event) },
      { modules: { [recorded.provider]: recorded.sdk }, noWarning: true },
    );
  });
  afterAll(() => {
    tracing.disable();
    server.close();
  });

  async function oneEvent(recording: Recording, path: string, take = Number.POSITIVE_INFINITY): Promise<Properties> {
    events.length = 0;
    const error = await send(recorded, recording, server.url + path, take);
    await tracing.flush();
    expect(events).toHaveLength(1);
    const properties = events[0]?.event_properties ?? {};
    expect(properties['outcome'] === 'error').toBe(error !== undefined);
    return properties;
  }

  it.each(recordings.map((recording) => [recording.id, recording] as const))(
    'tells of %s what the wire says, in one event',
    async (id, recording) => expectToTell(await oneEvent(recording, `/${id}`), recorded.expectedEvent(recording)),
  );

  if (streams.length === 0) return;

  it.each(streams.map((recording) => [recording.id, recording] as const))(
    'tells the same of %s where the network cuts it into pieces of seven bytes',
    async (id, recording) =>
      expectToTell(await oneEvent(recording, `/bytes-7/${id}`), recorded.expectedEvent(recording)),
  );

  it.each(
    streams.flatMap((recording) => cutsOf(recorded, recording).map((at) => [recording.id, at, recording] as const)),
  )('keeps what %s had told when its connection broke after %i events', async (id, at, recording) => {
    const event = await oneEvent(recording, `/cut-${at}/${id}`);
    const all = recorded.eventsOf(recording);
    const told = [...all.keys(), all.length].map((count) => recorded.tell(recording, all.slice(0, count)));
    expectToTell(event, recorded.expectedRequest(recording));
    expect(['error', 'incomplete']).toContain(event['outcome']);
    // A broken connection may lose the last of the events that were sent.
    expect(told.map((each) => partOf(expectedAnswer(each)))).toContainEqual(partOf(event));
  });

  it.each(streams.map((recording) => [recording.id, recording] as const))(
    'reports %s once where its reader stops after two chunks',
    async (id, recording) => {
      const event = await oneEvent(recording, `/${id}`, 2);
      const told = expectedAnswer(recorded.tell(recording, recorded.eventsOf(recording).slice(0, 2)));
      expectToTell(event, recorded.expectedRequest(recording));
      expect(event['outcome']).toBe(told['finish_reason'] === undefined ? 'cancelled' : 'ok');
      expect(partOf(event)).toEqual(partOf(told));
    },
  );

  it('had no trouble with any of them', () => {
    // One is about hooks for modules, which Jest does not let us install.
    expect(llmTracingStatus().lastError ?? 'load hook').toContain('load hook');
  });
}

/** Makes the call and reads its stream to the end, or `take` chunks of it; what it rejected with, if it did. */
async function send({ call }: Recorded, recording: Recording, base: string, take: number): Promise<unknown> {
  try {
    const result = await call(recording, base);
    if (recording.request.body?.stream !== true) return undefined;
    let chunks = 0;
    for await (const chunk of result) {
      void chunk;
      if (++chunks >= take) break;
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

/** A property that is expected to be undefined must not be there: absent means absent. */
function expectToTell(event: Properties, expected: Properties): void {
  const told = Object.fromEntries(Object.keys(expected).map((name) => [name, event[name]]));
  expect(told).toEqual(expected);
}

function cutsOf({ eventsOf }: Recorded, recording: Recording): number[] {
  const count = eventsOf(recording).length;
  return [...new Set([0, 1, count >> 2, count >> 1, count - 1])].filter((at) => at >= 0 && at < count);
}

function partOf(event: Properties): Properties {
  const names = ['response_model', 'response_id', 'output', 'output_length', 'tool_call_count', 'tool_calls'];
  const counts = ['input_tokens', 'output_tokens', 'total_tokens', 'cached_input_tokens', 'finish_reason'];
  return Object.fromEntries([...names, ...counts].map((name) => [name, event[name]]));
}
