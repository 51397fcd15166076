import * as cohere8 from 'cohere-ai';
import * as cohere7 from 'cohere-v7';
import * as cohere714 from 'cohere-7.14';
import { camelCase } from './camel-case';
import { describeRecordings } from './describe-recordings';
import { expectedAnswer, expectedRequest as expectedOf } from './expected-event';
import type { Recording } from './replay-server';
import { eventsOf as serverEventsOf, type Told, type ToldCall } from './wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- bodies as they were recorded */

for (const [title, sdk, hasResponse] of [
  ['cohere-ai 8', cohere8, true],
  ['cohere-ai 7.21', cohere7, true],
  ['cohere-ai 7.14', cohere714, false],
] as const) {
  describeRecordings({
    title,
    provider: 'cohere',
    sdk,
    file: 'cohere',
    call(recording, environment) {
      const { kind, features, request } = recording;
      const Client: any = features.includes('v2') ? sdk.CohereClientV2 : sdk.CohereClient;
      const method = request.body.stream === true ? `${kind}Stream` : kind;
      return new Client({ token: 'none', environment })[method](camelCase(request.body), { maxRetries: 0 });
    },
    eventsOf,
    tell,
    expectedRequest,
    expectedEvent: (recording) => ({
      ...expectedRequest(recording),
      ...expectedAnswer(tell(recording, eventsOf(recording))),
      outcome: 'ok',
      error: undefined,
      http_status: hasResponse ? 200 : undefined,
      request_id: hasResponse ? recording.response.headers['x-debug-trace-id'] : undefined,
    }),
  });
}

/** Version 1 of the API streams documents, one a line. */
function eventsOf(recording: Recording): any[] {
  const { text = '' } = recording.response;
  if (!text.startsWith('{')) return serverEventsOf(recording);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function tell({ features, kind }: Recording, events: readonly any[]): Told {
  if (kind === 'embed' || kind === 'rerank') return tellInputs(events[0]);
  return features.includes('v2') ? tellChat(events) : tellOld(events);
}

function tellInputs({ id, meta }: any): Told {
  return {
    id,
    texts: [],
    reasons: [],
    tokens: { input: meta.billed_units.input_tokens },
  };
}

function tellChat(events: readonly any[]): Told {
  const [whole] = events.filter((event) => event.message);
  const deltas = events.map((event) => event.delta?.message).filter(Boolean);
  const end = whole ?? events.find((event) => event.type === 'message-end')?.delta;
  const parts: any[] = whole?.message.content ?? deltas.map((delta) => delta.content);
  return {
    id: (whole ?? events.find((event) => event.type === 'message-start'))?.id,
    texts: [parts.map((part) => part?.text ?? '').join('')].filter((text) => text !== ''),
    calls: whole ? (whole.message.tool_calls ?? []).map((call: any) => call.function) : callsOf(events),
    reasons: [end?.finish_reason],
    tokens: tokensOf(end?.usage),
  };
}

function callsOf(events: readonly any[]): ToldCall[] {
  const starts = events.filter((event) => event.type === 'tool-call-start');
  return starts.map(({ index, delta }) => {
    const mine = events.filter((event) => /^tool-call-/.test(event.type) && event.index === index);
    const pieces = mine.map((event) => event.delta?.message.tool_calls.function.arguments ?? '');
    return { name: delta.message.tool_calls.function.name, arguments: pieces.join('') };
  });
}

function tellOld(events: readonly any[]): Told {
  const [whole] = events.filter((event) => event.generation_id && !event.event_type);
  const end = events.find((event) => event.event_type === 'stream-end');
  const said = events.filter((event) => event.event_type === 'text-generation').map((event) => event.text);
  return {
    id: whole?.generation_id ?? end?.response.id,
    texts: [whole?.text ?? said.join('')].filter((text) => text !== ''),
    reasons: [(whole ?? end)?.finish_reason],
    tokens: tokensOf((whole ?? end?.response)?.meta),
  };
}

/** What went through the model; what is billed only where nothing else is told. */
function tokensOf(usage: any): Told['tokens'] {
  const { input_tokens: input, output_tokens: output } = usage?.tokens ?? usage?.billed_units ?? {};
  return { input, output, total: input === undefined ? undefined : input + output, cached: usage?.cached_tokens };
}

function expectedRequest(recording: Recording): Record<string, unknown> {
  const { body } = recording.request;
  const input: string | undefined = body.query ?? body.prompt ?? body.texts?.join('\n');
  return {
    ...expectedOf(recording),
    provider: 'local',
    message_count: body.messages?.length ?? (body.message && 1),
    ...(body.message && { messages: [{ role: 'USER', content: body.message }] }),
    input: input && (input.length > 500 ? `${input.slice(0, 500)}…` : input),
    input_count: (body.texts ?? body.documents)?.length,
  };
}
