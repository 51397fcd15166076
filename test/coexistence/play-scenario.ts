import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What the application and everybody who watches it saw in one round of calls. */
export interface Phase {
  /** By model: the value that the call gave, or the class and message of its error. */
  readonly results: Readonly<Record<string, unknown>>;
  /** By party: the models of the calls it has recorded. */
  readonly seen: Readonly<Record<string, readonly string[]>>;
  readonly unhandled: readonly string[];
}

/**
 * `enable PARTY`, `disable PARTY`, `load` (the SDKs), or what makes a phase: `call` (one round of calls) or `forget` (a
 * failing call that nobody awaits).
 */
export type Step = string;

export interface Process {
  readonly node: string;
  readonly format: 'commonjs' | 'module';
  /** The stand-in for the providers. */
  readonly url: string;
  /** The SDKs that are loaded, by the name that the calls use. */
  readonly packages: Readonly<Record<string, string>>;
}

export interface Played {
  readonly phases: readonly Phase[];
  readonly stderr: string;
}

const run = promisify(execFile);
const foreign = /^(LLM_TRACE|AMPLITUDE|OPENAI|ANTHROPIC|OTEL|SENTRY|NODE_OPTIONS)/;

/** Plays the steps in a process of its own, with none of the surroundings' settings. */
export async function playScenario({ node, format, ...process }: Process, steps: readonly Step[]): Promise<Played> {
  const app = join(__dirname, 'apps', format === 'module' ? 'app.mjs' : 'app.cjs');
  const own = Object.fromEntries(Object.entries(globalThis.process.env).filter(([name]) => !foreign.test(name)));
  const env = { ...own, SCENARIO: JSON.stringify({ ...process, steps }) };
  const { stdout, stderr } = await run(node, [app], { env, timeout: 50_000, maxBuffer: 1 << 26 });
  return { phases: JSON.parse(stdout) as Phase[], stderr };
}

/** The same without us: what every phase has to be equal to. */
export function withoutUs(steps: readonly Step[]): Step[] {
  return steps.filter((step) => !step.endsWith(' llm-trace'));
}

/** Whether we are on, phase by phase. */
export function phasesWithUs(steps: readonly Step[]): boolean[] {
  const until = (at: number): Step[] => steps.slice(0, at);
  return steps.flatMap((step, at) =>
    step === 'call' || step === 'forget'
      ? [until(at).lastIndexOf('enable llm-trace') > until(at).lastIndexOf('disable llm-trace')]
      : [],
  );
}
