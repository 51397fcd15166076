import { runtimes } from '../support/runtimes';
import { expectCoexistence } from './expect-coexistence';
import { playScenario, type Process } from './play-scenario';
import { startProvider } from './start-provider';

// Sentry 11 changes the source of SDKs while they are loaded, so it can not be enabled later than that.
const beginnings = [
  ['it first', ['enable sentry', 'enable llm-trace', 'load']],
  ['us first', ['enable llm-trace', 'enable sentry', 'load']],
  ['us when the SDKs were loaded and changed', ['enable sentry', 'load', 'enable llm-trace']],
] as const;
const ends = [
  ['it first', ['disable sentry', 'call', 'disable llm-trace', 'call']],
  ['us first', ['disable llm-trace', 'call', 'disable sentry', 'call']],
] as const;
const formats = ['commonjs', 'module'] as const;
const latest = runtimes.find(({ label }) => label === 'node 24');
const nodes = runtimes.filter((runtime) => runtime.node === process.execPath || runtime === latest);
const cases = nodes.flatMap(({ label, node }) =>
  formats.flatMap((format) =>
    beginnings.flatMap(([enabled, begin]) =>
      (node === latest?.node ? ends : ends.slice(0, 1)).map(([disabled, end]) => ({
        ...{ label, node, format, enabled, disabled },
        steps: [...begin, 'call', 'forget', ...end],
      })),
    ),
  ),
);

describe('beside @sentry/node', () => {
  let server: Awaited<ReturnType<typeof startProvider>>;
  let place: Omit<Process, 'format' | 'node'>;

  beforeAll(async () => {
    server = await startProvider();
    place = { url: server.url, packages: { openai: 'openai', anthropic: '@anthropic-ai/sdk' } };
  });
  afterAll(() => server.close());

  it.each(cases)(
    'nobody loses a call ($label, $format; enabled $enabled, disabled $disabled)',
    async ({ node, format, steps }) => {
      await expectCoexistence({ ...place, node, format }, steps);
    },
  );

  it.each(formats)('it makes one span for each call, so the comparison says something (%s)', async (format) => {
    const { phases } = await playScenario({ ...place, node: process.execPath, format }, [
      'enable sentry',
      'load',
      'call',
    ]);
    expect(phases[0]?.seen['sentry']).toEqual(Object.keys(phases[0]?.results ?? {}).sort());
  });

  (latest ? it : it.skip).each(formats)('nobody loses a call where OpenTelemetry is there too (%s)', async (format) => {
    const node = latest?.node ?? '';
    const begin = ['enable sentry', 'enable llm-trace', 'load', 'call'];
    await expectCoexistence({ ...place, node, format }, [
      'enable opentelemetry',
      ...begin,
      'disable llm-trace',
      'call',
      'enable llm-trace',
      'call',
      'disable opentelemetry',
      'call',
    ]);
  });
});
