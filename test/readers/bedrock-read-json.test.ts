import { invokeModel } from '../../src/patches/bedrock/invoke-model';
import { readJson } from '../../src/patches/bedrock/read-json';
import { limits } from './expect-facts';

/** A body is walked through, and not parsed, from 256 KiB on: white space makes any JSON that long. */
const padding = ' '.repeat(300_000);
const asBytes = (json: string): Uint8Array => new TextEncoder().encode(json);
const sources = [
  ['a string', (json: string): unknown => json],
  ['bytes', asBytes],
  [
    'a Buffer from the pool',
    (json: string): unknown => Buffer.concat([Buffer.from('..'), Buffer.from(json)]).subarray(2),
  ],
  ['an ArrayBuffer', (json: string): unknown => asBytes(json).buffer],
] as const;

describe.each(sources)('the JSON in %s', (_kind, sourceOf) => {
  it.each([
    {},
    { a: 1, b: -2.5e-3, c: true, d: false, e: null, f: '' },
    { text: 'a "quoted" \\ back\\\\slash \n line \u2028 and ünï😀' },
    { 'key "with" \\ marks': { deep: [{ deeper: [[], [{}], ['x', null]] }] } },
    { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }], max_tokens: 9 },
    { ends: 'in a backslash \\' },
  ])('is the same walked through as parsed: %j', (value) => {
    const json = JSON.stringify(value, null, 2);
    expect(readJson(sourceOf(json), 1_000)).toEqual({ value, isWhole: true });
    expect(readJson(sourceOf(json + padding), 1_000)).toEqual({ value, isWhole: true });
    expect(readJson(sourceOf(padding + json), 1_000)).toEqual({ value, isWhole: true });
  });

  it('keeps the beginning of a long string', () => {
    const json = JSON.stringify({ before: 1, long: 'some words '.repeat(50_000), after: 2 });
    const { value, isWhole } = readJson(sourceOf(json), 16_384) ?? {};
    expect(isWhole).toBe(false);
    expect(value).toEqual({ before: 1, long: 'some words '.repeat(94).slice(0, 1_024), after: 2 });
  });

  it('keeps nothing of a long medium, and so says nothing of its size', () => {
    for (const data of ['iVBORw0K'.repeat(50_000), `data:image/png;base64,${'iVBORw0K'.repeat(50_000)}`]) {
      const json = JSON.stringify({ type: 'base64', data, after: 2 });
      expect(readJson(sourceOf(json), 16_384)).toEqual({ value: { type: 'base64', after: 2 }, isWhole: true });
    }
  });

  it('ends the beginning of a long string where a medium begins in it', () => {
    const json = JSON.stringify({ text: `Look: data:image/png;base64,${'iVBORw0K'.repeat(50_000)}` });
    expect(readJson(sourceOf(json), 16_384)).toEqual({ value: { text: 'Look: ' }, isWhole: false });
  });

  it.each(['\\', '"', '\n', 'ü', '😀', '\u0007'])(
    'cuts a long string of %j between two of its characters',
    (character) => {
      for (const shift of [0, 1, 2, 3, 4, 5]) {
        const json = JSON.stringify({ text: ' '.repeat(shift) + character.repeat(200_000) });
        const said = readJson(sourceOf(json), 16_384)?.value.text as string;
        expect(said.length).toBeGreaterThan(100);
        expect(
          said
            .trimStart()
            .replaceAll(character, '')
            .replace(/[\uD800-\uDFFF]$/, '')
            .trim(),
        ).toBe('');
      }
    },
  );

  it('leaves vectors out, and reads what stands behind them', () => {
    const vector = Array.from({ length: 50_000 }, (_, at) => at / 7);
    const json = JSON.stringify({ embeddings: [vector, vector], id: 'e1', usage: { input: 3 } });
    const read = readJson(sourceOf(json), 1_000);
    expect(read).toEqual({ value: { embeddings: [[], []], id: 'e1', usage: { input: 3 } }, isWhole: true });
  });

  it('ends with what was whole where there is too much, or it is no JSON', () => {
    const many = JSON.stringify({ model: 'm', messages: Array.from({ length: 60_000 }, () => 'word'), after: 1 });
    const deep = `{"model":"m","messages":${'['.repeat(100)}"x"${']'.repeat(100)}}${padding}`;
    const broken = [
      '{"model":"m","messages":["x"',
      '{"model":"m","messages":{"a":tru}}',
      '{"model":"m",',
      '{"model":"m"}}',
    ];
    for (const json of [many, deep, ...broken.map((each) => each + padding)]) {
      expect(readJson(sourceOf(json), 1_000)?.value).toEqual({ model: 'm' });
    }
    expect(readJson(sourceOf(`[1,2]${padding}`), 1_000)?.value).toEqual({});
  });

  it('takes no prototype from a body', () => {
    const { value } = readJson(sourceOf(`{"__proto__":{"model":"x"},"a":1}${padding}`), 1_000) ?? {};
    expect([value.model, value.a]).toEqual([undefined, 1]);
  });
});

it.each([undefined, null, 1, {}, '', 'no json', new Uint8Array(), { [Symbol.asyncIterator]: () => undefined }])(
  'reads nothing of %j',
  (body) => expect(readJson(body, 1_000)).toBeUndefined(),
);

describe('a request of 20 MB', () => {
  const picture = 'iVBORw0K'.repeat(2_500_000);
  const source = { type: 'base64', media_type: 'image/png', data: picture };
  const content = [
    { type: 'image', source },
    { type: 'text', text: 'What is this?' },
  ];
  const messages = [{ role: 'user', content }];
  const body = Buffer.from(JSON.stringify({ anthropic_version: 'x', max_tokens: 9, messages }));

  it('is said in words without the size of its picture', () => {
    const facts = invokeModel.readRequest({ input: { modelId: 'm', body } }, limits);
    expect(facts).toMatchObject({ model: 'm', maxTokens: 9, messageCount: 1, inputLength: 13 });
    expect(facts.messages?.[0]?.content?.text).toBe('[image/png]\nWhat is this?');
  });

  it('has no length where a text of it was cut', () => {
    const long = JSON.stringify({ prompt: 'some words '.repeat(50_000) });
    const facts = invokeModel.readRequest({ input: { modelId: 'm', body: long } }, limits);
    expect(facts.inputLength).toBeUndefined();
    expect(facts.input?.text).toHaveLength(limits.prompt);
  });

  // JSON.parse takes tens of milliseconds for it. The bound is generous: it is about the order.
  it('is read in the time of a search', () => {
    const read = (): number => {
      const start = performance.now();
      invokeModel.readRequest({ input: { modelId: 'm', body } }, limits);
      return performance.now() - start;
    };
    const times = Array.from({ length: 5 }, read);
    expect(Math.min(...times)).toBeLessThan(100);
  });
});
