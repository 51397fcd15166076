import { converse, converseStream } from '../../src/patches/bedrock/converse';
import { invokeModel, invokeModelWithResponseStream } from '../../src/patches/bedrock/invoke-model';
import type { MethodReader } from '../../src/types';
import { families } from './bedrock-families';
import { fold, limits } from './expect-facts';

const readers: readonly MethodReader[] = [converse, converseStream, invokeModel, invokeModelWithResponseStream];
const table = readers.map((reader) => [reader.method, reader] as const);

const oddValues: readonly unknown[] = [
  null,
  undefined,
  0,
  'text',
  '',
  true,
  [],
  [null],
  [[]],
  {},
  { text: 1 },
  () => 1,
];

/** Every field that is looked at, with a value that has nothing to do with it. */
const fields = [
  ...[
    'messages',
    'modelId',
    'inferenceConfig',
    'toolConfig',
    'outputConfig',
    'body',
    'message',
    'chat_history',
    'prompt',
  ],
  ...[
    'inputText',
    'texts',
    'text_prompts',
    'taskType',
    'taskParams',
    'textGenerationConfig',
    'query',
    'documents',
    'stop',
  ],
  ...['output', 'stopReason', 'usage', 'trace', 'serviceTier', 'stream', '$metadata', 'type', 'content', 'completion'],
  ...['generation', 'results', 'outputText', 'choices', 'outputs', 'completions', 'generations', 'event_type', 'text'],
  ...[
    'tool_calls',
    'is_finished',
    'images',
    'artifacts',
    'embedding',
    'id',
    'model',
    'amazon-bedrock-invocationMetrics',
  ],
  ...['messageStart', 'contentBlockStart', 'contentBlockDelta', 'contentBlockStop', 'messageStop', 'metadata', 'chunk'],
];
const odd = [...oddValues, ...fields.flatMap((field) => oddValues.map((value) => ({ [field]: value })))];

/** The same as a command, as an answer, and as what a model of its own format is sent and says. */
function dressed(value: unknown): unknown[] {
  const json = JSON.stringify(value);
  const bytes = json === undefined ? undefined : new TextEncoder().encode(json);
  return [value, { input: value }, { input: { modelId: 'm', body: json } }, { body: bytes }, { chunk: { bytes } }];
}

const everything = odd.flatMap(dressed);

it.each(table)('%s reads any request without throwing', (_method, reader) => {
  for (const request of everything) expect(() => reader.readRequest(request, limits)).not.toThrow();
});

it.each(table)('%s reads any answer without throwing', (_method, reader) => {
  for (const response of everything) expect(() => reader.readResponse(response, limits)).not.toThrow();
});

it.each(table)('%s reads any chunk without throwing, also among others', (_method, reader) => {
  for (const chunk of everything) expect(() => fold(reader, [chunk, chunk])).not.toThrow();
});

it.each(table)('%s takes any result apart without throwing', (_method, reader) => {
  for (const result of everything) expect(() => reader.answerOf?.(result)).not.toThrow();
});

it.each(table)('%s reads what it can of an input with a getter that throws', (_method, reader) => {
  for (const field of ['messages', 'inferenceConfig', 'toolConfig', 'body']) {
    const input = Object.defineProperty({ modelId: 'm' }, field, {
      enumerable: true,
      get() {
        throw new Error('not now');
      },
    });
    expect(reader.readRequest({ input }, limits).model).toBe('m');
  }
});

it('reads nothing into the chunks and answers that a caller has', () => {
  for (const { whole, chunks } of Object.values(families)) {
    const given = chunks.map((chunk) => ({ chunk: { bytes: new TextEncoder().encode(JSON.stringify(chunk)) } }));
    const before = structuredClone(given);
    fold(invokeModel, given.map(Object.freeze));
    expect(given).toEqual(before);
    const answer = Object.freeze({ body: new TextEncoder().encode(JSON.stringify(whole)), headers: undefined });
    expect(invokeModel.readResponse(answer as never, limits).outputs).toHaveLength(1);
  }
});

it('keeps no more than the limit of an answer, and counts all of it', () => {
  const events = Array.from({ length: 1_000 }, () => ({ contentBlockDelta: { delta: { text: 'x'.repeat(400) } } }));
  const read = fold(converse, events).outputs?.[0]?.text;
  expect(read).toEqual({ text: 'x'.repeat(500), length: 400_000 });
});
