import {
  phasesWithUs,
  playScenario,
  withoutUs,
  type Phase,
  type Played,
  type Process,
  type Step,
} from './play-scenario';

const alone = new Map<string, Promise<Played>>();

/**
 * Plays the steps with us and without us. Everybody else must see the same in both, the application must get the same,
 * and we must have seen each call exactly once wherever we were on, and none wherever not.
 */
export async function expectCoexistence(process: Process, steps: readonly Step[]): Promise<void> {
  const key = JSON.stringify([process, withoutUs(steps)]);
  if (!alone.has(key)) alone.set(key, playScenario(process, withoutUs(steps)));
  const [bare, traced] = await Promise.all([alone.get(key) as Promise<Played>, playScenario(process, steps)]);

  expect(traced.phases.map(withoutOurs)).toEqual(bare.phases);
  expect(traced.phases.map(({ seen }) => seen['llm-trace'])).toEqual(
    phasesWithUs(steps).map((isOn, phase) => (isOn ? callsOf(bare.phases[phase]) : [])),
  );
  expect(traced.stderr).toBe(bare.stderr);
}

function withoutOurs({ seen, ...phase }: Phase): Phase {
  return { ...phase, seen: Object.fromEntries(Object.entries(seen).filter(([party]) => party !== 'llm-trace')) };
}

function callsOf(phase: Phase | undefined): string[] {
  return Object.keys(phase?.results ?? {}).sort();
}
