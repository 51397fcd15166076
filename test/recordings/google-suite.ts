import { enableLlmTracing, llmTracingStatus, type LlmTracingHandle } from '../../src';
import type { LlmEvent } from '../../src/types';
import { expectedAnswer } from './expected-event';
import { bodiesOf, expectedGeminiRequest, modelOf, tellGemini } from './google-wire';
import { loadRecordings, startReplayServer, type Recording, type ReplayServer } from './replay-server';

/* eslint-disable @typescript-eslint/no-explicit-any -- the classes of two SDKs */

/** One SDK, as the recordings want to know it. */
export interface GoogleSdk {
  readonly title: string;
  readonly provider: 'google' | 'google-generative-ai';
  readonly exports: any;
  /** Kinds of recordings that it can make. */
  readonly kinds: readonly string[];
  readonly errorType: string;
  /** Makes the recorded call; `take` chunks of a stream are read. */
  send(recording: Recording, base: string, take: number): Promise<unknown>;
  /** It reads a stream to its end whatever the caller does. */
  readonly readsOn: boolean;
}

export function genAi(title: string, exports: any): GoogleSdk {
  return {
    title,
    provider: 'google',
    exports,
    kinds: ['generateContent', 'streamGenerateContent', 'batchEmbedContents'],
    errorType: 'ApiError',
    readsOn: false,
    async send(recording, baseUrl, take) {
      const client = new exports.GoogleGenAI({ apiKey: 'none', vertexai: false, httpOptions: { baseUrl, fetch } });
      const { contents, generationConfig, requests, ...rest } = recording.request.body;
      const request = { model: modelOf(recording), contents, config: { ...generationConfig, ...rest } };
      if (requests) {
        return client.models.embedContent({
          model: modelOf(recording),
          contents: requests.map(({ content }: any) => content),
        });
      }
      if (recording.kind === 'generateContent') return client.models.generateContent(request);
      return readSome(await client.models.generateContentStream(request), take);
    },
  };
}

export function generativeAi(title: string, exports: any): GoogleSdk {
  return {
    title,
    provider: 'google-generative-ai',
    exports,
    kinds: ['generateContent', 'streamGenerateContent', 'batchEmbedContents', 'embedContent'],
    errorType: 'GoogleGenerativeAIFetchError',
    readsOn: true,
    async send(recording, baseUrl, take) {
      const { contents, requests, ...settings } = recording.request.body;
      const model = new exports.GoogleGenerativeAI('none').getGenerativeModel(
        { model: modelOf(recording), ...settings },
        { baseUrl },
      );
      if (requests) return model.batchEmbedContents({ requests });
      if (recording.kind === 'embedContent') return model.embedContent({ content: settings.content });
      if (recording.kind === 'generateContent') return model.generateContent({ contents });
      const { stream, response } = await model.generateContentStream({ contents });
      const failure = response.catch((error: unknown) => error);
      await readSome(stream, take);
      return failure;
    },
  };
}

async function readSome(stream: AsyncIterable<unknown>, take: number): Promise<void> {
  let chunks = 0;
  for await (const chunk of stream) {
    void chunk;
    if (++chunks >= take) break;
  }
}

/** Sends every recorded call through one SDK, and compares its one event with the wire. */
export function describeGoogleRecordings(sdk: GoogleSdk): void {
  const recordings = loadRecordings(['google-genai']).filter(({ kind }) => sdk.kinds.includes(kind));
  const streams = recordings.filter(({ response }) => response.text !== undefined);
  const named = recordings.map((recording) => [recording.id, recording] as const);
  const streaming = streams.map((recording) => [recording.id, recording] as const);
  let events: LlmEvent[] = [];
  let server: ReplayServer;
  let tracing: LlmTracingHandle;

  describe(sdk.title, () => {
    beforeAll(async () => {
      server = await startReplayServer(['google-genai']);
      const client = { track: (event: LlmEvent) => void events.push(event) };
      tracing = enableLlmTracing(client, { modules: { [sdk.provider]: sdk.exports }, noWarning: true });
    });
    afterAll(() => {
      tracing.disable();
      server.close();
    });

    it('has recordings to send', () => {
      expect(recordings.length).toBeGreaterThan(16);
      expect(streams.length).toBeGreaterThan(5);
    });

    it.each(named)('tells of %s what the wire says, in one event', async (id, recording) => {
      expectToTell(await oneEvent(recording, `/${id}`), expectedOf(recording));
    });

    it.each(streaming)('tells the same of %s where it comes in pieces of seven bytes', async (id, recording) => {
      expectToTell(await oneEvent(recording, `/bytes-7/${id}`), expectedOf(recording));
    });

    it.each(streams.flatMap((recording) => cutsOf(recording).map((at) => [recording.id, at, recording] as const)))(
      'keeps what %s had told when its connection broke after %i events',
      async (id, at, recording) => {
        const event = await oneEvent(recording, `/cut-${at}/${id}`);
        expectToTell(event, expectedGeminiRequest(recording));
        expect(['error', 'incomplete']).toContain(event['outcome']);
        const all = bodiesOf(recording);
        const beginnings = [...all.keys(), all.length].map((count) => partOf(told(all.slice(0, count))));
        expect(beginnings).toContainEqual(partOf(event));
      },
    );

    it.each(streaming)('reports %s once where its reader stops after two chunks', async (id, recording) => {
      const all = bodiesOf(recording);
      const event = await oneEvent(recording, `/${id}`, 2);
      const expected = told(sdk.readsOn ? all : all.slice(0, 2));
      expectToTell(event, expectedGeminiRequest(recording));
      expect(event['outcome']).toBe(expected['finish_reason'] === undefined ? 'cancelled' : 'ok');
      expect(partOf(event)).toEqual(partOf(expected));
    });

    it('had no trouble with any of them', () => {
      // One is about hooks for modules, which Jest does not let us install.
      expect(llmTracingStatus().lastError ?? 'load hook').toContain('load hook');
    });
  });

  async function oneEvent(
    recording: Recording,
    path: string,
    take = Number.POSITIVE_INFINITY,
  ): Promise<LlmEvent['event_properties']> {
    events = [];
    const error: unknown = await sdk.send(recording, server.url + path, take).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    await tracing.flush();
    expect(events).toHaveLength(1);
    const properties = events[0]?.event_properties ?? {};
    expect(properties['outcome'] === 'error').toBe(error !== undefined);
    return properties;
  }

  function expectedOf(recording: Recording): Record<string, unknown> {
    const request = expectedGeminiRequest(recording);
    const { status, body } = recording.response;
    if (status !== 200) {
      const message: unknown = expect.stringContaining(body.error.message as string);
      return { ...request, outcome: 'error', http_status: status, error_type: sdk.errorType, error: message };
    }
    return { ...request, ...told(bodiesOf(recording)), outcome: 'ok', error: undefined };
  }
}

function told(bodies: readonly any[]): Record<string, unknown> {
  return expectedAnswer(tellGemini(bodies));
}

/** A property that is expected to be undefined must not be there: absent means absent. */
function expectToTell(event: Record<string, unknown>, expected: Record<string, unknown>): void {
  const found = Object.fromEntries(Object.keys(expected).map((name) => [name, event[name]]));
  expect(found).toEqual(expected);
}

function cutsOf({ response }: Recording): number[] {
  const count = (response.text ?? '').split(/(?<=\r?\n\r?\n)/).filter((event) => event.trim() !== '').length;
  return [...new Set([0, 1, count >> 2, count >> 1, count - 2])].filter((at) => at >= 0 && at < count - 1);
}

function partOf(event: Record<string, unknown>): Record<string, unknown> {
  const names = ['response_model', 'response_id', 'output', 'output_length', 'tool_call_count', 'tool_calls'];
  const counts = ['input_tokens', 'output_tokens', 'total_tokens', 'reasoning_tokens', 'finish_reason'];
  return Object.fromEntries([...names, ...counts].map((name) => [name, event[name]]));
}
