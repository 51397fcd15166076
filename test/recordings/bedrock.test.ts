import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk';
import * as anthropic from '@anthropic-ai/sdk';
import * as aws from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { enableLlmTracing, llmTracingStatus, type LlmTracingHandle } from '../../src';
import type { LlmEvent } from '../../src/types';
import { eventsOf, tellBedrock, type BedrockRecording } from './bedrock-wire';
import { expectedAnswer } from './expected-event';
import { haveRecordings, loadRecordings, startReplayServer, type ReplayServer } from './replay-server';

/* eslint-disable @typescript-eslint/no-explicit-any -- two generations of the SDK, and bodies of any model */

let events: LlmEvent[] = [];
let server: ReplayServer;
let tracing: LlmTracingHandle;

/** What the older generation does not know: it drops it from its answers, and can not send a tool of the system's. */
const unknownToOld = new Set(['rs:cached', 'rs:cachewrite', 'rq:tool-systemTool']);

if (!haveRecordings) {
  it.skip('compares events with recorded traffic (the recordings are not beside this checkout)', () => undefined);
} else {
  beforeAll(async () => {
    server = await startReplayServer(['bedrock']);
  });
  afterAll(() => {
    tracing.disable();
    server.close();
  });
  for (const name of ['@aws-sdk/client-bedrock-runtime', 'bedrock-runtime-3.6xx']) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the generations are named in a table
    describe(name, () => describeSuite(name, require(name)));
  }
  describe('@anthropic-ai/bedrock-sdk', describeAnthropic);
}

function describeSuite(name: string, sdk: any): void {
  const all = loadRecordings(['bedrock']) as BedrockRecording[];
  const isOld = name === 'bedrock-runtime-3.6xx';
  const recordings = all.filter(
    ({ kind, features }) =>
      !isOld || !kind.startsWith('converse') || !features.some((feature) => unknownToOld.has(feature)),
  );
  const streams = recordings.filter(({ response }) => response.base64 !== undefined);
  const named = (list: BedrockRecording[]): [string, BedrockRecording][] => list.map((each) => [each.id, each]);

  beforeAll(() => {
    tracing = enableLlmTracing(
      { track: (event) => events.push(event) },
      { modules: { bedrock: sdk }, noWarning: true },
    );
  });

  it('has recordings to send', () => {
    expect(recordings.length).toBeGreaterThan(20);
    expect(streams.length).toBeGreaterThan(8);
  });

  it.each(named(recordings))('tells of %s what the wire says, in one event', async (id, recording) => {
    expectToTell(await oneEvent(sdk, recording, `/${id}`), expectedEvent(recording));
  });

  it.each(named(streams))(
    'tells the same of %s where the network cuts it into pieces of seven bytes',
    async (id, recording) => {
      expectToTell(await oneEvent(sdk, recording, `/bytes-7/${id}`), expectedEvent(recording));
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

  it.each(named(streams))('reports %s once where its reader stops after two chunks', async (id, recording) => {
    const event = await oneEvent(sdk, recording, `/${id}`, 2);
    const told = expectedAnswer(tellBedrock(recording, eventsOf(recording).slice(0, 2)));
    expectToTell(event, expectedRequest(recording));
    expect(event['outcome']).toBe(told['finish_reason'] === undefined ? 'cancelled' : 'ok');
    expect(partOf(event)).toEqual(partOf(told));
  });

  it('had no trouble with any of them', () => {
    // One is about hooks for modules, which Jest does not let us install.
    expect(llmTracingStatus().lastError ?? 'load hook').toContain('load hook');
  });
}

/** Anthropic's own client reads the same answers, binary streams among them, with both patches on. */
function describeAnthropic(): void {
  const recordings = (loadRecordings(['bedrock']) as BedrockRecording[]).filter(
    ({ kind, features }) => kind.startsWith('invoke') && features.includes('fam:claude'),
  );

  beforeAll(() => {
    const modules = { bedrock: aws, anthropic };
    tracing = enableLlmTracing({ track: (event) => events.push(event) }, { modules, noWarning: true });
  });

  it.each(recordings.map((recording) => [recording.id, recording] as const))(
    'tells of %s what the wire says, in one event',
    async (id, recording) => {
      events = [];
      const baseURL = `${server.url}/${id}`;
      const client = new AnthropicBedrock({ baseURL, apiKey: 'none', awsRegion: 'us-east-1', maxRetries: 0 });
      const stream = recording.kind.endsWith('stream');
      const request: any = { ...recording.request.body, model: modelOf(recording.request.url), stream };
      const answer: any = await client.messages.create(request);
      if (stream) for await (const event of answer) void event;
      await tracing.flush();
      expect(events).toHaveLength(1);
      const told = expectedAnswer(tellBedrock(recording, eventsOf(recording)));
      expectToTell(events[0]?.event_properties ?? {}, { ...told, provider: 'aws_bedrock', outcome: 'ok' });
    },
  );
}

async function oneEvent(
  sdk: any,
  recording: BedrockRecording,
  path: string,
  take?: number,
): Promise<LlmEvent['event_properties']> {
  events = [];
  const error = await send(sdk, recording, server.url + path, take).catch((reason: unknown) => reason);
  await tracing.flush();
  expect(events).toHaveLength(1);
  const properties = events[0]?.event_properties ?? {};
  expect(properties['outcome'] === 'error').toBe(error !== undefined);
  return properties;
}

/** Makes the recorded call, and reads its stream to the end, or `take` chunks of it. */
async function send(sdk: any, recording: BedrockRecording, endpoint: string, take = Infinity): Promise<undefined> {
  const client = new sdk.BedrockRuntimeClient({
    ...{ region: 'us-east-1', endpoint, requestHandler: new NodeHttpHandler(), maxAttempts: 1 },
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  });
  const answer = await client.send(commandOf(sdk, recording));
  let chunks = 0;
  for await (const chunk of answer.stream ?? (recording.kind.endsWith('stream') ? answer.body : [])) {
    void chunk;
    chunks += 1;
    if (chunks >= take) break;
  }
  return undefined;
}

function commandOf(sdk: any, { kind, request }: BedrockRecording): any {
  const modelId = modelOf(request.url);
  const [Converse, Invoke] = kind.endsWith('stream')
    ? [sdk.ConverseStreamCommand, sdk.InvokeModelWithResponseStreamCommand]
    : [sdk.ConverseCommand, sdk.InvokeModelCommand];
  if (kind.startsWith('converse')) return new Converse({ modelId, ...withBytes(request.body) });
  const body = JSON.stringify(request.body);
  return new Invoke({ modelId, contentType: 'application/json', body: kind === 'invoke' ? body : Buffer.from(body) });
}

function modelOf(url: string): string {
  return decodeURIComponent(/\/model\/([^/]+)\//.exec(url)?.[1] ?? '');
}

/** Media are bytes in the SDK, and base64 on the wire. */
function withBytes(value: any): any {
  if (Array.isArray(value)) return value.map(withBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as object).map(([key, inner]) => {
      return [key, key === 'bytes' && typeof inner === 'string' ? Buffer.from(inner, 'base64') : withBytes(inner)];
    }),
  );
}

/** The properties that the event has to have, by the wire alone; undefined: it must not have this one. */
function expectedEvent(recording: BedrockRecording): Record<string, unknown> {
  const { status, headers, body } = recording.response;
  const isOk = status === 200;
  const told = isOk ? tellBedrock(recording, eventsOf(recording)) : { texts: [], reasons: [] };
  return {
    ...expectedRequest(recording),
    ...expectedAnswer(told),
    outcome: isOk ? 'ok' : 'error',
    error: isOk ? undefined : expect.stringContaining(body.message),
    http_status: status,
    request_id: headers['x-amzn-requestid'],
    retry_count: 0,
  };
}

const operations: Readonly<Record<string, string>> = {
  'fam:cohere-embed': 'embedding',
  'fam:titan-embed': 'embedding',
  'fam:claude-legacy': 'text_completion',
  'fam:cohere-command': 'text_completion',
};
const methods: Readonly<Record<string, string>> = {
  converse: 'converse',
  'converse-stream': 'converseStream',
  invoke: 'invokeModel',
  'invoke-with-response-stream': 'invokeModelWithResponseStream',
};

function expectedRequest({ kind, request, features }: BedrockRecording): Record<string, unknown> {
  const { body } = request;
  const isChat = body.messages !== undefined || body.message !== undefined;
  const operation = features.map((feature) => operations[feature]).find(Boolean);
  const settings = { ...body, ...body.inferenceConfig };
  return {
    provider: 'aws_bedrock',
    model: modelOf(request.url),
    operation: operation ?? (isChat ? 'chat_completion' : 'text_completion'),
    method: methods[kind],
    streaming: kind.endsWith('stream'),
    message_count: isChat ? (body.messages?.length ?? 1) : undefined,
    input: isChat ? undefined : cut(body.prompt ?? body.inputText ?? body.texts?.join('\n')),
    temperature: settings.temperature,
    top_p: settings.topP ?? settings.top_p ?? settings.p,
    max_tokens: settings.maxTokens ?? settings.max_tokens ?? settings.max_gen_len ?? settings.max_tokens_to_sample,
    stop_sequence_count: (settings.stopSequences ?? settings.stop_sequences)?.length,
    tool_count: (body.tools ?? body.toolConfig?.tools)?.filter((tool: any) => !tool.cachePoint).length,
  };
}

function cut(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}

/** A property that is expected to be undefined must not be there: absent means absent. */
function expectToTell(event: Record<string, unknown>, expected: Record<string, unknown>): void {
  expect(Object.fromEntries(Object.keys(expected).map((name) => [name, event[name]]))).toEqual(expected);
}

function cutsOf(recording: BedrockRecording): number[] {
  const count = eventsOf(recording).length;
  return [...new Set([0, 1, count >> 2, count >> 1, count - 3])].filter((at) => at >= 0 && at < count - 1);
}

/** What the stream had told after each of its events: a broken connection may lose the last of those that were sent. */
function toldBeginnings(recording: BedrockRecording): unknown[] {
  const all = eventsOf(recording);
  return [...all.keys()].map((count) => partOf(expectedAnswer(tellBedrock(recording, all.slice(0, count)))));
}

function partOf(event: Record<string, unknown>): Record<string, unknown> {
  const names = ['response_model', 'response_id', 'output', 'output_length', 'tool_call_count', 'tool_calls'];
  const counts = ['input_tokens', 'output_tokens', 'total_tokens', 'cached_input_tokens', 'finish_reason'];
  return Object.fromEntries([...names, ...counts].map((name) => [name, event[name]]));
}
