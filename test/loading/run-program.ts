import { spawn, type ChildProcess } from 'node:child_process';

export interface ProgramOptions {
  readonly node?: string;
  /** Options of Node, before the program. */
  readonly flags?: readonly string[];
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Called once with the process when its standard output has this text. */
  readonly when?: readonly [text: string, act: (child: ChildProcess) => void];
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

/** Runs a program to its end, with nothing of the environment of the tests but what a process needs. */
export function runProgram(
  program: readonly string[],
  { node = process.execPath, flags = [], cwd, environment = {}, when }: ProgramOptions,
): Promise<Finished> {
  const { PATH, HOME, TMPDIR } = process.env;
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(node, [...flags, ...program], {
      cwd,
      env: { PATH, HOME, ...(TMPDIR !== undefined && { TMPDIR }), LLM_TRACE_NO_WARNING: '1', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let waiting = when;
    // A program that never ends is the failure of its test, not of the machine.
    const guard = setTimeout(() => child.kill('SIGKILL'), 30_000);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (!waiting || !stdout.includes(waiting[0])) return;
      const [, act] = waiting;
      waiting = undefined;
      act(child);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(guard);
      resolve({ code, signal, stdout, stderr, milliseconds: performance.now() - start });
    });
  });
}
