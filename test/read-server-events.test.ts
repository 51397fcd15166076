import { readServerEvents } from '../src/read-server-events';

const text =
  'event: a\ndata: {"text":"é🙂"}\n\n: a comment\ndata: {"lines":\ndata: 2}\n\nevent: ping\n\ndata: [DONE]\n\n';
const events = [{ text: 'é🙂' }, { lines: 2 }];

function read(pieces: readonly unknown[]): unknown[] {
  const seen: unknown[] = [];
  const readBytes = readServerEvents((event) => seen.push(event));
  for (const piece of pieces) readBytes(piece);
  return seen;
}

describe('readServerEvents', () => {
  it.each([1, 2, 3, 5, 7, 64, 1_000])('gives the same events in pieces of %d bytes', (size) => {
    const bytes = Buffer.from(text);
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    expect(read(pieces)).toEqual(events);
  });

  it.each(['\r\n', '\r'])('takes lines that end in %j', (end) => {
    expect(read([...text.replaceAll('\n', end), '\n'])).toEqual(events);
  });

  it('goes on after an event that is no JSON', () => {
    const seen: unknown[] = [];
    const readBytes = readServerEvents((event) => seen.push(event));
    expect(() => readBytes('data: {broken\n\n')).toThrow(SyntaxError);
    readBytes('data: {"whole":true}\n\n');
    expect(seen).toEqual([{ whole: true }]);
  });

  it('does not look at a long line again with each piece of it', () => {
    const pieces = Array.from({ length: 20_000 }, () => 'x'.repeat(1_000));
    expect(read(['data: "', ...pieces, '"\n\n'])).toHaveLength(1);
  });
});
