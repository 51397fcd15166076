import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../loading/run-program';
import { startProviderServer } from '../support/start-provider';
import { runtimes, type Runtime } from '../support/runtimes';
import type { Properties } from '../support/traced-clients';

export const register = join(__dirname, '..', '..', 'register.js');

export const haveFrameworks = existsSync(join(__dirname, 'node_modules', '.package-lock.json'));

/** The oldest Node that is installed here and runs a framework. */
export function runtimeFrom(major: number): Runtime | undefined {
  return runtimes.find(({ label }) => Number(/\d+/.exec(label)?.[0]) >= major);
}

export interface FrameworkRun {
  /** What the program prints: the answers, as the framework gives them. */
  readonly told: string;
  readonly stderr: string;
  readonly events: readonly Properties[];
  /** How many requests arrived at the stand-in. */
  readonly requests: number;
}

export interface RunOptions {
  readonly node: string;
  readonly start: 'start.cjs' | 'start.mjs';
  /** How this package is loaded; without it, the framework runs bare. */
  readonly preload?: '-r' | '--import' | undefined;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs the calls of `apps/NAME.cjs` in a process of their own, traced by the built package without a line of code. */
export async function runFramework(name: string, options: RunOptions): Promise<FrameworkRun> {
  const server = await startProviderServer();
  const folder = mkdtempSync(join(tmpdir(), 'llm-trace-frameworks-'));
  const output = join(folder, 'events.jsonl');
  try {
    const { code, stdout, stderr } = await runProgram([join(__dirname, 'apps', options.start), name, server.url], {
      node: options.node,
      cwd: __dirname,
      flags: options.preload ? [options.preload, register] : [],
      environment: { LLM_TRACE_OUTPUT: output, ...options.environment },
    });
    if (code !== 0) throw new Error(`${name} ended with ${String(code)}\n${stdout}\n${stderr}`);
    return { told: stdout, stderr, events: readEvents(output), requests: server.requests.length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await server.close();
  }
}

function readEvents(file: string): Properties[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { event_properties: Properties }).event_properties);
}
