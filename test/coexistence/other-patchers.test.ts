import { expectCoexistence } from './expect-coexistence';
import { playScenario, type Process } from './play-scenario';
import { startProvider } from './start-provider';

describe('beside hand-made functions around the same method', () => {
  let server: Awaited<ReturnType<typeof startProvider>>;
  let place: Process;

  beforeAll(async () => {
    server = await startProvider();
    place = { node: process.execPath, format: 'commonjs', url: server.url, packages: { openai: 'openai' } };
  });
  afterAll(() => server.close());

  const phases = async (steps: string[]): Promise<(readonly string[])[]> =>
    (await playScenario(place, steps)).phases.map(({ seen }) => seen['llm-trace'] ?? []);
  const some = expect.arrayContaining(['openai.await']) as string[];

  // shimmer.unwrap of a stranger's function took it away (open-telemetry/opentelemetry-js-contrib#970).
  it.each([
    ['shimmer on top', ['load', 'enable llm-trace', 'enable shimmer', 'call', 'disable llm-trace', 'call']],
    ['shimmer on top, gone first', ['load', 'enable llm-trace', 'enable shimmer', 'call', 'disable shimmer', 'call']],
    ['shimmer below', ['load', 'enable shimmer', 'enable llm-trace', 'call', 'disable llm-trace', 'call']],
    ['a function on top', ['load', 'enable llm-trace', 'enable patcher', 'call', 'disable llm-trace', 'call']],
    [
      'a function on top, gone first',
      ['load', 'enable llm-trace', 'enable patcher', 'call', 'disable patcher', 'call'],
    ],
    ['a function below', ['load', 'enable patcher', 'enable llm-trace', 'call', 'disable llm-trace', 'call']],
    ['a function below, gone first', ['load', 'enable patcher', 'enable llm-trace', 'call', 'disable patcher', 'call']],
    ['an assigned one on top', ['load', 'enable llm-trace', 'enable assigner', 'call', 'disable assigner', 'call']],
    ['an assigned one below', ['load', 'enable assigner', 'enable llm-trace', 'call', 'disable llm-trace', 'call']],
  ])('nobody loses a call (%s)', async (_, steps) => {
    await expectCoexistence(place, steps);
  });

  it.each([
    ['shimmer', 'enable shimmer'],
    ['a plain function', 'enable patcher'],
  ])('records each call once when enabled again underneath %s', async (_, above) => {
    await expectCoexistence(place, [
      ...['load', 'enable llm-trace', above, 'disable llm-trace', 'call', 'enable llm-trace', 'call'],
      ...['disable llm-trace', 'call', 'enable llm-trace', 'call'],
    ]);
  });

  // What it puts back is what it found, so we are gone with it; nothing of ours may believe that we are still there.
  it('records calls again when enabled anew after somebody has assigned the function of before', async () => {
    const steps = ['load', 'enable assigner', 'enable llm-trace', 'call', 'disable assigner', 'call'];
    const [first, , again] = await phases([...steps, 'disable llm-trace', 'enable llm-trace', 'call']);
    expect(first).toEqual(some);
    expect(again).toEqual(first);
  });

  it('is silent when shimmer takes its function from under ours', async () => {
    const steps = ['load', 'enable shimmer', 'enable llm-trace', 'call', 'disable shimmer', 'call'];
    const { phases: played, stderr } = await playScenario(place, [...steps, 'disable llm-trace', 'call']);
    expect(stderr).toBe('');
    expect(played.map(({ seen }) => seen['llm-trace'])).toEqual([some, some, []]);
    expect(played.map(({ results }) => results)).toEqual(played.map(() => played[0]?.results));
  });
});
