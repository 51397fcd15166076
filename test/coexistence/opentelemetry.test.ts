import { runtimes } from '../support/runtimes';
import { expectCoexistence } from './expect-coexistence';
import { playScenario, type Phase, type Process } from './play-scenario';
import { startProvider } from './start-provider';

// The instrumentation needs Node 22.15 and newer.
const runtime = runtimes.find(({ label }) => label === 'node 24');

const formats = ['commonjs', 'module'] as const;
const beginnings = [
  ['it first', ['enable opentelemetry', 'enable llm-trace', 'load']],
  ['us first', ['enable llm-trace', 'enable opentelemetry', 'load']],
  ['us when the SDK was loaded and patched', ['enable opentelemetry', 'load', 'enable llm-trace']],
] as const;
const ends = [
  ['it first', ['disable opentelemetry', 'call', 'disable llm-trace', 'call']],
  ['us first', ['disable llm-trace', 'call', 'disable opentelemetry', 'call']],
] as const;
const cases = formats.flatMap((format) =>
  beginnings.flatMap(([enabled, begin]) =>
    ends.map(([disabled, end]) => ({ format, enabled, disabled, steps: [...begin, 'call', 'forget', ...end] })),
  ),
);

(runtime ? describe : describe.skip)('beside @opentelemetry/instrumentation-openai', () => {
  let server: Awaited<ReturnType<typeof startProvider>>;
  let place: Omit<Process, 'format'>;

  beforeAll(async () => {
    server = await startProvider();
    place = { node: runtime?.node ?? '', url: server.url, packages: { openai: 'openai' } };
  });
  afterAll(() => server.close());

  it.each(cases)('nobody loses a call ($format; enabled $enabled, disabled $disabled)', async ({ format, steps }) => {
    await expectCoexistence({ ...place, format }, steps);
  });

  it.each(formats)(
    'it makes one span for each call it knows how to end, so the comparison says something (%s)',
    async (format) => {
      const { phases } = await playScenario({ ...place, format }, ['enable opentelemetry', 'load', 'call']);
      const { results = {}, seen = {} } = (phases[0] ?? {}) as Partial<Phase>;
      // It has no end for a stream that the application leaves (open-telemetry/opentelemetry-js-contrib, 0.22.0).
      const ended = Object.keys(results).filter((model) => model !== 'openai.break');
      expect(seen['opentelemetry']).toEqual(ended.sort());
      // The body is read twice (open-telemetry/opentelemetry-js-contrib#3586): not made worse, and not ours to mend.
      expect(results['openai.parse']).toMatch(/Body is unusable/);
    },
  );
});
