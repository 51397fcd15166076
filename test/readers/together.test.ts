import { together as patch } from '../../src/patches/together';
import { chatCompletions } from '../../src/patches/shared/chat-completions';
import { images, rerank, speech, textCompletions } from '../../src/patches/together/readers';
import { expectFacts, fold, limits, text } from './expect-facts';
import { expectTolerant, expectToReadAround } from './expect-tolerant';

/* eslint-disable @typescript-eslint/no-explicit-any -- what is on the wire, and what is not in the types of the SDK */

const model = 'meta-llama/Llama-3.3-70B-Instruct-Turbo';
const head = { id: 'o1', model, created: 1 };
const usage = { prompt_tokens: 30, completion_tokens: 12, total_tokens: 42, cached_tokens: 0 };
const read = { inputTokens: 30, outputTokens: 12, totalTokens: 42 };

it('has the tokens of a chat in the last chunk, and null in the others', () => {
  const piece = (content: string, finish_reason: string | null, used: object | null): object => ({
    ...head,
    choices: [{ index: 0, text: content, delta: { token_id: 1, content }, finish_reason, seed: null }],
    usage: used,
  });
  expectFacts(
    chatCompletions,
    {
      whole: {
        ...head,
        prompt: [],
        usage,
        choices: [{ index: 0, seed: 1, message: { content: 'Yes', tool_calls: [] }, finish_reason: 'eos' }],
      },
      chunks: [piece('Ye', null, null), piece('s', null, null), piece('', 'eos', usage)],
    },
    {
      id: 'o1',
      model,
      started: true,
      finished: true,
      usage: read,
      outputs: [{ text: text('Yes'), finishReason: 'eos' }],
    },
  );
});

describe('the answer of completions.create', () => {
  const expected = {
    id: 'o1',
    model,
    started: true,
    finished: true,
    usage: read,
    outputs: [{ text: text('Yes'), finishReason: 'length' }],
  };
  const whole = { ...head, prompt: [], usage, choices: [{ text: 'Yes', finish_reason: 'length' }] };

  it.each<[string, (text: string, reason: string | null) => object]>([
    ['the choice', (said, reason) => ({ choices: [{ index: 0, text: said, finish_reason: reason }] })],
    ['the chunk', (said, reason) => ({ choices: [{ index: 0, text: said }], finish_reason: reason })],
    [
      'the chunk, with deltas',
      (said, reason) => ({ choices: [{ index: 0, delta: { content: said } }], finish_reason: reason }),
    ],
  ])('has the reason of its end in %s', (_place, of) => {
    const chunks = [of('Ye', null), of('s', null), of('', 'length')].map((chunk) => ({
      ...head,
      usage: null,
      ...chunk,
    }));
    expectFacts(textCompletions, { whole, chunks: [...chunks.slice(0, -1), { ...chunks.at(-1), usage }] }, expected);
  });
});

it('marks pictures by their kind only: of which type they are is not told', () => {
  const data = [
    { index: 0, url: 'https://example.org/a.jpg' },
    { index: 1, b64_json: 'aGVsbG8=' },
  ];
  expect(images.readResponse({ id: 'i1', model: 'flux', data, object: 'list' } as any, limits)).toEqual({
    id: 'i1',
    model: 'flux',
    started: true,
    outputs: [{ text: text('[image] [image 5 B]') }],
  });
  expect(images.readRequest({ model: 'flux', prompt: 'a cat' }, limits).input).toEqual(text('a cat'));
});

it('reads a query and how many documents are put in order, and no document', () => {
  const documents = [{ title: 'secret' }, { title: 'secret' }];
  const request = { model: 'rank', query: 'which?', documents };
  expect(rerank.readRequest(request, limits)).toEqual({
    model: 'rank',
    input: text('which?'),
    inputLength: 6,
    inputCount: 2,
  });
  const results = [{ index: 0, relevance_score: 1, document: { text: 'secret' } }];
  const response = { id: 'r1', model: 'rank', object: 'rerank', results, usage } as const;
  expect(rerank.readResponse(response, limits)).toEqual({ id: 'r1', model: 'rank', usage: read });
});

it('has begun to speak with the first piece of sound', () => {
  const chunk = { object: 'audio.tts.chunk', model: 'sonic', b64: 'aGVsbG8=' };
  expect(fold(speech, [chunk, chunk])).toEqual({ model: 'sonic', started: true });
  expect(speech.readRequest({ model: 'sonic', input: 'hi', voice: 'x', stream: true }, limits)).toMatchObject({
    model: 'sonic',
    input: text('hi'),
    streaming: true,
  });
});

it.each([textCompletions, images, rerank, speech].map((reader) => [reader.method, reader] as const))(
  '%s reads odd shapes without throwing',
  (_name, reader) => {
    expectTolerant(reader, [
      'model',
      'prompt',
      'input',
      'query',
      'documents',
      'choices',
      'usage',
      'data',
      'finish_reason',
    ]);
    expectToReadAround(reader, ['prompt', 'input', 'query', 'documents']);
  },
);

it.each([
  ['https://api.together.ai/v1', 'together'],
  ['https://api.together.xyz/v1', 'together'],
  ['http://localhost:3000/v1', 'local'],
  ['https://models.example.org/v1', 'together'],
])('is served at %s by %s', (baseURL, provider) => {
  expect(patch.servedBy({ _client: { baseURL } })).toBe(provider);
});

it('finds nothing to patch in what is no Together SDK', () => {
  for (const exports of [undefined, null, {}, { Together: {} }, { Together: class {} }, 'together']) {
    expect(patch.methods(exports)).toEqual([]);
  }
});
