import * as anthropicReaders from '../../src/patches/anthropic/messages';
import { embeddings, images, moderations, speech, transcriptions } from '../../src/patches/shared/inputs';
import { betaResponses, responses } from '../../src/patches/openai/responses';
import { textCompletions } from '../../src/patches/shared/text-completions';
import { chatCompletions } from '../../src/patches/shared/chat-completions';
import type { MethodReader, ResponseFacts } from '../../src/types';
import { fold, limits, text } from './expect-facts';

const readers: readonly MethodReader[] = [
  ...Object.values(anthropicReaders),
  ...[chatCompletions, responses, betaResponses, textCompletions, embeddings, moderations, speech],
  images('images.generate'),
  transcriptions('audio.transcriptions.create', 'transcription'),
  transcriptions('audio.translations.create', 'translation'),
];
const streaming = readers.filter(({ readChunk }) => readChunk);
const table = readers.map((reader) => [`${reader.method} (${reader.operation})`, reader] as const);
const streamingTable = streaming.map((reader) => [`${reader.method} (${reader.operation})`, reader] as const);

const oddValues: readonly unknown[] = [null, undefined, 0, Number.NaN, 'text', '', true, [], [null], [[]], {}, () => 1];

/** Every field that readers look at, with a value that has nothing to do with it. */
function oddObjects(): object[] {
  const fields = [
    ...['model', 'id', 'messages', 'input', 'prompt', 'tools', 'stop', 'usage', 'choices', 'output', 'content', 'data'],
    ...['status', 'error', 'type', 'delta', 'message', 'item', 'response', 'content_block', 'output_index', 'index'],
    ...['incomplete_details', 'response_format', 'text', 'reasoning', 'output_config', 'stop_reason', 'x_groq'],
  ];
  return fields.flatMap((field) => oddValues.map((value) => ({ [field]: value })));
}

const odd = [...oddValues, ...oddObjects()];

it.each(table)('%s reads any request without throwing', (...[, reader]) => {
  for (const request of odd) expect(() => reader.readRequest(request, limits)).not.toThrow();
});

it.each(table)('%s reads any answer without throwing', (...[, reader]) => {
  for (const response of odd) expect(() => reader.readResponse(response, limits)).not.toThrow();
});

it.each(streamingTable)('%s reads any chunk without throwing, also among others', (...[, reader]) => {
  for (const chunk of odd) expect(() => fold(reader, [chunk, chunk])).not.toThrow();
});

it.each(streamingTable)('%s learns nothing from an event of an unknown type', (...[, reader]) => {
  const learnt: ResponseFacts = { id: 'x', model: 'm', outputs: [{ text: text('Hi') }], usage: { inputTokens: 1 } };
  const unknown = { type: 'something.new', delta: 'secret', text: 'secret', item: { type: 'message' }, index: 3 };
  const facts = reader.readChunk?.(structuredClone(learnt), unknown, limits);
  expect(facts).toEqual(learnt);
});

it.each(table)('%s reads what it can of a request with a getter that throws', (...[, reader]) => {
  for (const field of ['messages', 'input', 'prompt', 'tools', 'temperature', 'response_format']) {
    const request = Object.defineProperty({ model: 'm' }, field, {
      enumerable: true,
      get() {
        throw new Error('not now');
      },
    });
    expect(reader.readRequest(request, limits).model).toBe('m');
  }
});

it('reads the other messages where one of them can not be read', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const messages = [{ role: 'user', content: 'one' }, proxy, { role: 'user', content: 'two' }];
  const read = chatCompletions.readRequest({ model: 'm', messages } as never, limits).messages;
  expect(read?.map(({ content }) => content?.text)).toEqual(['one', undefined, 'two']);
});

it('reads nothing into the facts that a response shares with the caller', () => {
  const whole = { id: 'x', model: 'm', choices: [{ index: 0, message: { content: 'Hi' }, finish_reason: 'stop' }] };
  const before = structuredClone(whole);
  const chunk = Object.freeze(whole);
  fold(chatCompletions, [chunk, chunk]);
  chatCompletions.readResponse(chunk as never, limits);
  expect(whole).toEqual(before);
});

it('keeps no more than the limit of an answer, and counts all of it', () => {
  const chunk = { choices: [{ index: 0, delta: { content: 'x'.repeat(400) } }] };
  const read = fold(
    chatCompletions,
    Array.from({ length: 1_000 }, () => chunk),
  ).outputs?.[0]?.text;
  expect(read).toEqual({ text: 'x'.repeat(500), length: 400_000 });
});

it('keeps no more than 64 calls of one answer', () => {
  const chunks = Array.from({ length: 1_000 }, (_, index) => ({
    choices: [{ index: 0, delta: { tool_calls: [{ index, function: { name: `f${index}`, arguments: '{}' } }] } }],
  }));
  expect(fold(chatCompletions, chunks).outputs?.[0]?.toolCalls).toHaveLength(64);
});
