import { addText, joinTexts, mediaMark, readText } from '../src/patches/shared/read-text';

const png = (characters: number): string => `data:image/png;base64,${'A'.repeat(characters)}`;

describe('reading a text', () => {
  it.each<[unknown, number, unknown]>([
    ['short', 10, { text: 'short', length: 5 }],
    ['', 10, { text: '', length: 0 }],
    ['too long', 3, { text: 'too', length: 8 }],
    ['none of it', 0, { text: '', length: 10 }],
    [5, 10, undefined],
    [null, 10, undefined],
    [new String('boxed'), 10, undefined],
  ])('%p to %i characters', (value, limit, text) => {
    expect(readText(value, limit)).toEqual(text);
  });

  it('adds pieces up to the limit, and counts what is beyond', () => {
    let text = addText(undefined, 'one ', 10);
    for (const piece of ['two ', 'three ', 'four ', '']) text = addText(text, piece, 10);
    expect(text).toEqual({ text: 'one two th', length: 19 });
  });

  it('joins pieces on lines of their own, and skips what is no text', () => {
    expect(joinTexts(['one', undefined, 'two', 3, ''], 100)).toEqual({ text: 'one\ntwo\n', length: 8 });
    expect(joinTexts(['one', 'two'], 5)).toEqual({ text: 'one\nt', length: 7 });
    expect(joinTexts([1, {}], 5)).toBeUndefined();
  });

  it('keeps what is in memory within the limit, however much comes', () => {
    let text = addText(undefined, '', 500);
    for (let count = 0; count < 100_000; count++) text = addText(text, 'chunk', 500);
    expect(text.text).toHaveLength(500);
    expect(text.length).toBe(500_000);
  });
});

describe('a mark in place of a medium', () => {
  it.each<[string, unknown, string]>([
    ['image', undefined, '[image]'],
    ['image', 'AAAA', '[image 3 B]'],
    ['image', 'AA==', '[image 1 B]'],
    ['audio/wav', 'A'.repeat(4_000), '[audio/wav 3.0 kB]'],
    ['image', 'A'.repeat(20_000_000), '[image 15.0 MB]'],
    ['image', png(1_000), '[image/png 750 B]'],
    ['file', 'data:application/pdf;name=a.pdf;base64,AAAA', '[application/pdf 3 B]'],
    ['file', 'data:,AAAA', '[file 3 B]'],
    ['image', '', '[image 0 B]'],
    ['image', 'https://example.org/a.png', '[image 18 B]'],
    ['image', 5, '[image]'],
  ])('of %s says type and size', (kind, base64, mark) => {
    expect(mediaMark(kind, base64)).toBe(mark);
  });

  it.each<[string, string, { text: string; length: number }]>([
    ['alone', png(4_000), { text: '[image/png 3.0 kB]', length: 18 }],
    ['between words', `see ${png(400)} there`, { text: 'see [image/png 300 B] there', length: 27 }],
    [
      'twice, each with its own size',
      `![a](${png(40_000)}) and ![b](${png(4_000)})`,
      { text: '![a]([image/png 30.0 kB]) and ![b]([image/png 3.0 kB])', length: 54 },
    ],
    [
      'after a marker that belongs to none',
      `the word ;base64, alone, then ${png(400)}.`,
      { text: 'the word ;base64, alone, then [image/png 300 B].', length: 48 },
    ],
    ['with its padding', 'data:audio/wav;base64,AAAAAAAAAA== end', { text: '[audio/wav 7 B] end', length: 19 }],
  ])('stands in a text, %s', (...[, value, expected]) => {
    expect(readText(value, 500)).toEqual(expected);
  });

  it('counts as its mark where the text is cut', () => {
    expect(readText(`${'x'.repeat(490)} ${png(4_000)} after`, 500)).toEqual({
      text: `${'x'.repeat(490)} [image/pn`,
      length: 490 + 1 + 18 + 6,
    });
  });

  it('stands in lists of inputs with the size that the medium has, not the one it was cut to', () => {
    expect(joinTexts(['a', png(4_000_000)], 100)?.text).toBe('a\n[image/png 3.0 MB]');
  });

  it('does not count a text as whole when a medium hides its end', () => {
    const text = readText(`${png(20_000_000)} and a question`, 500);
    expect(text?.text).toBe('[image/png 15.0 MB]');
    expect(text?.length).toBeGreaterThan(500);
  });

  it('costs bounded work on texts made to be expensive', () => {
    const bait = [
      'data:',
      ';base64,',
      'data:;base64,',
      'data:;base64,.',
      'data:x;base64,AAAA ',
      `data:x;base64,${'A'.repeat(60_000)} `,
      'a'.repeat(1_000),
      '((a+)+)+$',
      '\\u0000',
      '😀',
    ];
    const start = performance.now();
    for (const piece of bait) {
      const value = piece.repeat(Math.ceil(2_000_000 / piece.length));
      expect(readText(value, 1_023)?.text.length).toBeLessThanOrEqual(1_023);
    }
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
