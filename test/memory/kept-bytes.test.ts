import { runApp } from './run-app';

interface Kept {
  readonly bytes: number;
  readonly tracked: number;
  /** Events that are still held while the heap is measured. */
  readonly held: number;
}

const kept = (kind: string): Promise<Kept> => runApp<Kept>('kept-bytes.cjs', kind, 'traced');

describe('what stays in memory', () => {
  it('is less than 64 bytes for each call that has settled', async () => {
    const { bytes, tracked } = await kept('settled calls');
    expect(tracked).toBe(23_000);
    expect(bytes).toBeLessThan(64);
  });

  // Every chunk was kept until the end (envoyproxy/ai-gateway#2668: 4 GiB).
  it('does not grow with the answer of an open stream: less than 512 KB of 5 MB', async () => {
    const { bytes } = await kept('open stream');
    expect(bytes).toBeLessThan(512 * 1_024);
  });

  // V8 keeps the whole string for a piece that was cut from it, as long as the piece lives.
  it.each([
    'long prompts',
    'long parts',
    'long inputs',
    'long model names',
    'long answers',
    'long chunks',
    'long error messages',
    'long error codes',
  ])('is not the text that an event was cut from: less than 64 KB of 10 MB (%s)', async (kind) => {
    const { bytes, held } = await kept(kind);
    expect(held).toBe(7);
    expect(bytes).toBeLessThan(64 * 1_024);
  });
});
