import { llmTracingStatus, withLlmContext } from '../src';
import { isDrawn } from '../src/context/sample';
import { said, startContextBench } from './support/context-bench';

const apiKey = Symbol.for('opentelemetry.js.api.1');
const holder = globalThis as { [apiKey]?: unknown };
const { ask, enable, eventsOf } = startContextBench();

describe('sampling', () => {
  const traces = Array.from({ length: 40 }, (_, at) => `trace-${at}`);
  const kept = traces.filter((id) => isDrawn(id, 0.5));

  it('leaves traces whole or out, the same ones every time', async () => {
    enable({ sampleRate: 0.5 });
    const list = await eventsOf(async () => {
      for (const id of traces) {
        await withLlmContext({ traceId: id }, async () => {
          await ask();
          await withLlmContext({ userId: 'user-1' }, () => ask());
        });
      }
    });
    expect(said(list, 'trace_id')).toEqual(kept.flatMap((id) => [id, id]));
    expect(kept.length).toBeGreaterThan(5);
    expect(kept.length).toBeLessThan(35);
  });

  it('goes by the rate of the first call of a trace', async () => {
    const list = await eventsOf(() =>
      withLlmContext({}, async () => {
        await ask();
        await withLlmContext({ sampleRate: 0 }, () => ask());
      }),
    );
    expect(list).toHaveLength(2);
    const none = await eventsOf(() =>
      withLlmContext({ sampleRate: 0 }, async () => {
        await ask();
        await withLlmContext({ sampleRate: 1 }, () => ask());
      }),
    );
    expect(none).toHaveLength(0);
  });

  it('goes by the first call of a trace of OpenTelemetry, too', async () => {
    enable({ sampleRate: 0.5 });
    const ids = Array.from({ length: 20 }, () => crypto.randomUUID().replaceAll('-', ''));
    const list = await eventsOf(async () => {
      for (const [at, traceId] of ids.entries()) {
        const span = { spanContext: () => ({ traceId, spanId: 'b7ad6b7169203331', traceFlags: 1 }) };
        holder[apiKey] = { version: '1.9.0', context: { active: () => ({ getValue: () => span }) } };
        await withLlmContext(at % 2 ? { sampleRate: 0.9 } : {}, () => ask());
        await withLlmContext(at % 2 ? {} : { sampleRate: 0.9 }, () => ask());
      }
    });
    delete holder[apiKey];
    const counts = ids.map((id) => said(list, 'trace_id').filter((other) => other === id).length);
    expect(new Set(counts)).toEqual(new Set([0, 2]));
  });

  it('keeps calls that fail, where that is wanted', async () => {
    const fail = async (): Promise<void> => void (await expect(ask('/400/v1')).rejects.toThrow());
    enable({ sampleRate: 0, sampleErrors: true });
    const before = llmTracingStatus().counters;
    expect(said(await eventsOf(ask), 'outcome')).toEqual([]);
    expect(said(await eventsOf(fail), 'outcome')).toEqual(['error']);
    const { counters } = llmTracingStatus();
    expect((counters.dropped['not_sampled'] ?? 0) - (before.dropped['not_sampled'] ?? 0)).toBe(1);
    expect(counters.operations - before.operations).toBe(1);
    enable({ sampleRate: 0 });
    expect(await eventsOf(fail)).toEqual([]);
  });

  it('draws by the whole id, evenly', () => {
    const ids = Array.from({ length: 20_000 }, () => crypto.randomUUID().replaceAll('-', ''));
    for (const rate of [0.01, 0.25, 0.9]) {
      expect(ids.filter((id) => isDrawn(id, rate)).length / ids.length).toBeCloseTo(rate, 1);
    }
    expect(ids.some((id) => isDrawn(id, 0))).toBe(false);
    expect(ids.every((id) => isDrawn(id, 1))).toBe(true);
  });
});
