import type { Recording } from './replay-server';

/* eslint-disable @typescript-eslint/no-explicit-any -- what stands on the wire, of any provider */

export interface ToldCall {
  name?: string | undefined;
  arguments: string;
}

/** What an answer says on the wire, before it has our names. Built without any code of the package. */
export interface Told {
  readonly model?: string | undefined;
  readonly id?: string | undefined;
  /** The text of each choice. */
  readonly texts: readonly string[];
  readonly calls?: readonly ToldCall[];
  readonly reasons: readonly (string | null | undefined)[];
  readonly tier?: string | null | undefined;
  readonly tokens?: Readonly<Record<string, number | null | undefined>> | undefined;
  readonly cost?: number | undefined;
  /** A failure told in an answer of status 200. */
  readonly failure?: any;
}

/** The events of a stream, in the order in which the SDK hands them on; of any other answer the whole body. */
export function eventsOf({ response }: Recording): any[] {
  if (response.text === undefined) return [response.body];
  return response.text
    .split(/\r?\n\r?\n/)
    .map((block) => /^data: ?(.*)$/m.exec(block)?.[1] ?? '')
    .filter((data) => data !== '' && data !== '[DONE]')
    .map((data) => JSON.parse(data))
    .filter((event) => event.type !== 'ping');
}

/** What these events, or this body, tell. */
export function tell(recording: Recording, events: readonly any[]): Told {
  const failing = events.findIndex((event) => event?.error && event.status === undefined);
  const failure = events[failing]?.error;
  const told = readers[recording.kind]?.(failing < 0 ? events : events.slice(0, failing), recording);
  if (!told) throw new Error(`nobody reads ${recording.kind}`);
  return { ...told, ...(failure && { failure }) };
}

type Reader = (events: readonly any[], recording: Recording) => Told;

const readers: Readonly<Record<string, Reader>> = {
  chat: tellChoices,
  completions: tellChoices,
  responses: tellResponse,
  messages: tellMessage,
  complete: (events) => ({
    model: events[0]?.model,
    id: events[0]?.id,
    texts: [events.map((event) => event.completion).join('')].filter((text) => text !== ''),
    reasons: [events.at(-1)?.stop_reason],
  }),
  embeddings: ([body]) => ({ ...head(body), texts: [], reasons: [], tokens: chatTokens(body.usage) }),
  moderations: ([body]) => ({ ...head(body), texts: [], reasons: [] }),
  'images.generate': tellImages,
  'images.edit': tellImages,
  'images.variation': tellImages,
  'audio.transcriptions': ([body]) => ({
    texts: [body.text],
    reasons: [],
    tokens: {
      input: body.usage?.input_tokens,
      output: body.usage?.output_tokens,
      total: body.usage?.total_tokens,
      audioInput: body.usage?.input_token_details?.audio_tokens,
    },
  }),
  'audio.translations': ([body]) => ({ texts: [body.text], reasons: [] }),
};

function head(body: any): Pick<Told, 'model' | 'id'> {
  return { model: body?.model, id: body?.id };
}

function tellImages([body]: readonly any[]): Told {
  return { texts: [body.data.map(() => '[image/png]').join(' ')], reasons: [] };
}

function lastOf(events: readonly any[], field: string): any {
  return events.map((event) => event[field]).findLast((value) => value !== null && value !== undefined);
}

function tellChoices(events: readonly any[]): Told {
  const all = events.flatMap((event) => event.choices ?? []);
  const indexes = [...new Set<number>(all.map((choice) => choice.index))].sort((one, other) => one - other);
  const choices = indexes.map((index) => all.filter((choice) => choice.index === index));
  const usage = lastOf(events, 'usage');
  return {
    model: events.find((event) => event.model)?.model,
    id: events.find((event) => event.id)?.id,
    texts: choices.map((pieces) => pieces.map(textOfPiece).join('')).filter((text) => text !== ''),
    calls: choices.flatMap(callsOfChoice),
    reasons: choices.map((pieces) => lastOf(pieces, 'finish_reason')),
    tier: lastOf(events, 'service_tier'),
    tokens: chatTokens(usage),
    cost: costIn(usage),
  };
}

function textOfPiece({ text, delta, message = delta }: any): string {
  const said = Array.isArray(message?.content)
    ? message.content.map((part: any) => part.text ?? '').join('')
    : undefined;
  return text ?? (said ?? message?.content ?? '') + (message?.refusal ?? '');
}

function callsOfChoice(pieces: readonly any[]): ToldCall[] {
  const calls: any[] = [];
  for (const { delta, message = delta } of pieces) {
    const legacy = message?.function_call ? [{ index: 0, function: message.function_call }] : [];
    for (const [position, call] of [...(message?.tool_calls ?? []), ...legacy].entries()) {
      const known = (calls[call.index ?? position] ??= { arguments: '' });
      known.name ??= call.function?.name;
      known.arguments += call.function?.arguments ?? '';
    }
  }
  return calls.filter(Boolean);
}

function chatTokens(usage: any): Told['tokens'] {
  return {
    input: usage?.prompt_tokens,
    output: usage?.completion_tokens,
    total: usage?.total_tokens,
    cached: usage?.prompt_tokens_details?.cached_tokens ?? usage?.prompt_cache_hit_tokens,
    created: usage?.prompt_tokens_details?.cache_write_tokens,
    reasoning: usage?.completion_tokens_details?.reasoning_tokens,
    audioInput: usage?.prompt_tokens_details?.audio_tokens,
    audioOutput: usage?.completion_tokens_details?.audio_tokens,
  };
}

function tellResponse(events: readonly any[]): Told {
  const [first] = events;
  const ending = events.findLast((event) => /^response\.(completed|incomplete|failed)$/.test(event.type));
  const final = ending?.response ?? (first?.object === 'response' ? first : undefined);
  const items: any[] = final?.output ?? itemsSoFar(events);
  const { usage } = final ?? {};
  const { input_tokens_details: input, output_tokens_details: output } = usage ?? {};
  const isOver = final && !['queued', 'in_progress'].includes(final.status);
  return {
    ...head(final ?? first?.response),
    texts: [
      items
        .flatMap((item) => item.content ?? [])
        .map(textOfPart)
        .join(''),
    ].filter((text) => text !== ''),
    calls: items.filter((item) => item.type.endsWith('_call')).map(callOfItem),
    reasons: [final?.incomplete_details?.reason ?? (isOver ? final.status : undefined)],
    tier: final?.service_tier === 'auto' ? undefined : final?.service_tier,
    tokens: {
      input: usage?.input_tokens,
      output: usage?.output_tokens,
      total: usage?.total_tokens,
      cached: input?.cached_tokens,
      created: input?.cache_write_tokens,
      reasoning: output?.reasoning_tokens,
    },
    cost: costIn(usage),
  };
}

function textOfPart(part: any): string {
  return part.type === 'reasoning_text' ? '' : (part.text ?? part.refusal ?? '');
}

function callOfItem(item: any): ToldCall {
  const told = item.arguments ?? item.input ?? item.code ?? item.queries ?? item.action ?? item.operation;
  const name = item.name ?? item.type.replace(/_call$/, '');
  return { name, arguments: typeof told === 'string' ? told : told ? JSON.stringify(told) : '' };
}

/** A stream without its end has told its text and its calls in pieces. */
function itemsSoFar(events: readonly any[]): any[] {
  const texts = events.filter((event) => /^response\.(output_text|refusal)\.delta$/.test(event.type));
  const content = texts.map((event) => ({ type: 'output_text', text: event.delta }));
  const added = events.filter(({ type, item }) => type === 'response.output_item.added' && item.type.endsWith('_call'));
  return [{ type: 'message', content }, ...added.map((event) => callSoFar(event, events))];
}

function callSoFar({ item, output_index: index }: any, events: readonly any[]): any {
  const mine = events.filter((event) => event.output_index === index);
  const done = mine.find((event) => event.type === 'response.output_item.done');
  const deltas = mine.filter((event) => /_call_(arguments|input)\.delta$/.test(event.type));
  return done?.item ?? { type: item.type, name: item.name, arguments: deltas.map(({ delta }) => delta).join('') };
}

function tellMessage(events: readonly any[]): Told {
  const start = events.find((event) => event.type === 'message_start')?.message;
  const whole = events.find((event) => event.type === 'message');
  const delta = events.find((event) => event.type === 'message_delta');
  const blocks: any[] = whole?.content ?? blocksOf(events);
  const usage = whole?.usage ?? { ...start?.usage, output_tokens: undefined, ...withoutNulls(delta?.usage) };
  const { cache_read_input_tokens: cached, cache_creation_input_tokens: created } = usage;
  const input = usage.input_tokens === undefined ? undefined : usage.input_tokens + (cached ?? 0) + (created ?? 0);
  return {
    ...head(whole ?? start),
    texts: [blocks.map((block) => (block.type === 'text' ? block.text : '')).join('')].filter((text) => text !== ''),
    calls: blocks
      .filter((block) => block.type.endsWith('tool_use'))
      .map(({ name, input, json = JSON.stringify(input) }) => ({ name, arguments: json })),
    reasons: [whole?.stop_reason ?? delta?.delta.stop_reason],
    tier: (whole ?? start)?.usage.service_tier,
    tokens: {
      input,
      output: usage.output_tokens,
      total: usage.output_tokens === undefined || input === undefined ? undefined : input + usage.output_tokens,
      cached,
      created,
      reasoning: usage.output_tokens_details?.thinking_tokens,
    },
  };
}

function withoutNulls(usage: object = {}): object {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null));
}

function blocksOf(events: readonly any[]): any[] {
  const starts = events.filter((event) => event.type === 'content_block_start');
  return starts.map(({ index, content_block: block }) => {
    const deltas = events.filter((event) => event.type === 'content_block_delta' && event.index === index);
    const join = (field: string): string => deltas.map(({ delta }) => delta[field] ?? '').join('');
    const hasEnd = events.some((event) => event.type === 'content_block_stop' && event.index === index);
    const json = join('partial_json') || (hasEnd ? JSON.stringify(block.input) : '');
    return { ...block, text: (block.text ?? '') + join('text'), json };
  });
}

/** With a key of the user's own, OpenRouter's fee is beside what the vendor charges. */
function costIn(usage: any): number | undefined {
  return usage?.is_byok ? usage.cost + usage.cost_details.upstream_inference_cost : usage?.cost;
}
