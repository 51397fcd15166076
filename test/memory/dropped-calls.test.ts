import { runApp } from './run-app';

interface Dropped {
  readonly reports: readonly { model: string; outcome: string; output?: string }[];
  /** Calls of which something is still in memory. */
  readonly alive: readonly string[];
  readonly unhandled: number;
}

const outcomes = {
  'failed, not awaited': 'error',
  'succeeded, not awaited': 'abandoned',
  'parse, not awaited': 'abandoned',
  'stream, not awaited': 'abandoned',
  'stream, not read': 'abandoned',
  'stream of withResponse, not read': 'abandoned',
  'stream, opened and not read': 'abandoned',
  'stream, half read': 'abandoned',
  'branches, not read': 'abandoned',
  'branches, half read': 'abandoned',
  'message, not awaited': 'abandoned',
  'failed message, not awaited': 'error',
  'message stream, not read': 'abandoned',
  'message stream, half read': 'abandoned',
};

// Streams that nobody reads to the end were never reported, or were kept for ever (traceloop/openllmetry#3151;
// google-gemini/gemini-cli#23281: 1.7 GB).
describe('calls that the application has let go of', () => {
  let bare: Dropped;
  let traced: Dropped;

  beforeAll(async () => {
    bare = await runApp<Dropped>('dropped-calls.cjs', 'bare');
    traced = await runApp<Dropped>('dropped-calls.cjs', 'traced');
  });

  it.each(Object.entries(outcomes))('are reported once (%s)', (model, outcome) => {
    const reports = traced.reports.filter((report) => report.model === model);
    expect(reports.map((report) => report.outcome)).toEqual([outcome]);
  });

  it('keep the part of the answer that was read', () => {
    const output = (model: string): unknown => traced.reports.find((report) => report.model === model)?.output;
    expect(output('stream, half read')).toBe('hello hello ');
    expect(output('message stream, half read')).toBe('hello hello ');
    expect(output('stream, not read')).toBeUndefined();
  });

  it('are freed, with their streams and clients, as they are without us', () => {
    expect(bare.alive).toEqual([]);
    expect(traced.alive).toEqual([]);
  });

  it('fail unhandled as often as they do without us', () => {
    expect(bare.unhandled).toBe(2);
    expect(traced.unhandled).toBe(2);
  });
});
