import type { Recording } from './replay-server';
import { tell, type Told } from './wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- what stands on the wire, of any family of models */

/** The events of a binary stream, as the SDK hands them on; of any other answer the whole body. Without any of our code. */
export function eventsOf({ response }: BedrockRecording): any[] {
  if (response.base64 === undefined) return [response.body];
  return framesOf(Buffer.from(response.base64, 'base64')).map(eventOf);
}

export type BedrockRecording = Recording & { readonly response: { readonly base64?: string } };

function framesOf(buffer: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < buffer.length; at += frames.at(-1)?.length ?? 1) {
    frames.push(buffer.subarray(at, at + buffer.readUInt32BE(at)));
  }
  return frames;
}

const names = ['messageStart', 'messageStop', 'metadata', 'contentBlockStart', 'contentBlockDelta', 'contentBlockStop'];

/** Lengths and checksum, headers, payload, checksum. The name of the event stands among the headers. */
function eventOf(frame: Buffer): any {
  const payloadAt = 12 + frame.readUInt32BE(4);
  const headers = frame.subarray(12, payloadAt).toString('latin1');
  const payload = JSON.parse(frame.subarray(payloadAt, -4).toString());
  if (payload.bytes) return JSON.parse(Buffer.from(payload.bytes, 'base64').toString());
  return { [names.find((name) => headers.includes(name)) ?? 'unknown']: payload };
}

/** What these events, or this body, tell. */
export function tellBedrock(recording: BedrockRecording, events: readonly any[]): Told {
  const told = families.find(([name]) => recording.features.includes(name))?.[1] ?? tellChat;
  const said = recording.kind.startsWith('converse') ? tellConverse(events) : told(events, recording);
  return { ...said, tokens: { ...countsOf(recording, events), ...known(said.tokens) } };
}

type Reader = (events: readonly any[], recording: Recording) => Told;

const families: readonly [feature: string, reader: Reader][] = [
  ['fam:claude', (events, recording) => tell({ ...recording, kind: 'messages' }, events)],
  ['fam:claude-legacy', (events, recording) => tell({ ...recording, kind: 'complete' }, events)],
  ['fam:nova', tellConverse],
  ['fam:cohere-embed', ([body]) => ({ id: body.id, texts: [], reasons: [] })],
  ['fam:titan-embed', ([body]) => ({ texts: [], reasons: [], tokens: { input: body.inputTextTokenCount } })],
  [
    'fam:cohere-command',
    ([{ id, generations }]) => ({ id, texts: [generations[0].text], reasons: [generations[0].finish_reason] }),
  ],
  [
    'fam:cohere-command-r',
    (events) => ({
      id: events.map((event) => event.generation_id ?? event.response?.generation_id).find(Boolean),
      texts: [events.map((event) => event.text ?? '').join('')].filter((text) => text !== ''),
      reasons: [events.at(-1)?.finish_reason],
    }),
  ],
  [
    'fam:meta',
    (events) => ({
      texts: [events.map((event) => event.generation).join('')].filter((text) => text !== ''),
      reasons: [events.at(-1)?.stop_reason],
      tokens: { input: events[0]?.prompt_token_count },
    }),
  ],
];

function tellChat(events: readonly any[], recording: Recording): Told {
  return tell({ ...recording, kind: 'chat' }, events);
}

function tellConverse(events: readonly any[]): Told {
  const last = (name: string): any => events.findLast((event) => event[name])?.[name];
  const blocks: any[] = events[0]?.output?.message.content ?? blocksOf(events);
  const usage = last('usage') ?? last('metadata')?.usage ?? {};
  const cached = usage.cacheReadInputTokens ?? usage.cacheReadInputTokenCount;
  const created = usage.cacheWriteInputTokens ?? usage.cacheWriteInputTokenCount;
  return {
    texts: [blocks.map((block) => block.text ?? '').join('')].filter((text) => text !== ''),
    calls: blocks
      .filter((block) => block.toolUse)
      .map(({ toolUse: { name, input } }) => ({
        name,
        arguments: typeof input === 'string' ? input : JSON.stringify(input),
      })),
    reasons: [last('stopReason') ?? last('messageStop')?.stopReason],
    tokens: {
      input: usage.inputTokens === undefined ? undefined : usage.inputTokens + (cached ?? 0) + (created ?? 0),
      output: usage.outputTokens,
      total: usage.totalTokens,
      cached,
      created,
    },
  };
}

function blocksOf(events: readonly any[]): any[] {
  const deltas = events.flatMap((event) => event.contentBlockDelta ?? []);
  const starts = events.flatMap((event) => event.contentBlockStart ?? []);
  const indexes = [...new Set<number>([...starts, ...deltas].map((event) => event.contentBlockIndex))];
  return indexes.map((index) => {
    const mine = deltas.filter((event) => event.contentBlockIndex === index).map(({ delta }) => delta);
    const start = starts.find((event) => event.contentBlockIndex === index)?.start?.toolUse;
    if (start) return { toolUse: { ...start, input: mine.map(({ toolUse }) => toolUse.input).join('') } };
    return { text: mine.map(({ text }) => text ?? '').join('') };
  });
}

/** What Amazon counts itself: in the headers of an answer, and in the last chunk of a stream. */
function countsOf({ response }: Recording, events: readonly any[]): Record<string, number | undefined> {
  const metrics = events.at(-1)?.['amazon-bedrock-invocationMetrics'] ?? {};
  const header = (name: string): number | undefined => {
    const value = response.headers[`x-amzn-bedrock-${name}-token-count`];
    return value === undefined ? undefined : Number(value);
  };
  const input: number | undefined = header('input') ?? metrics.inputTokenCount;
  const output: number | undefined = header('output') ?? metrics.outputTokenCount;
  return { input, output, total: input === undefined || output === undefined ? undefined : input + output };
}

function known(tokens: object = {}): object {
  return Object.fromEntries(Object.entries(tokens).filter(([, value]) => value !== undefined && value !== null));
}
