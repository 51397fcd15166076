import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runtime } from '../support/runtimes';

interface Report {
  readonly testResults: {
    readonly message: string;
    readonly assertionResults: {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: string[];
    }[];
  }[];
}

const root = join(__dirname, '..', '..');

/** Runs a test file with another Node, and makes each of its tests one of ours. */
export function describeRunOn(runtime: Runtime | undefined, title: string, file: string): void {
  if (!runtime) {
    it.skip(`${title}: needs a newer Node, which is not installed`, () => undefined);
    return;
  }
  describe(`on ${runtime.label}`, () => {
    for (const { fullName, status, failureMessages } of testsOf(runtime, file)) {
      it(`${fullName}`, () => {
        if (status !== 'passed') throw new Error(`${status}\n${failureMessages.join('\n')}`);
      });
    }
  });
}

function testsOf({ node, label }: Runtime, file: string): Report['testResults'][number]['assertionResults'] {
  const folder = mkdtempSync(join(tmpdir(), 'llm-trace-'));
  const report = join(folder, 'report.json');
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'JEST_WORKER_ID'));
  try {
    // Jest collects tests synchronously, so this waits.
    const { stderr } = spawnSync(node, [jest, '--json', '--outputFile', report, '--runTestsByPath', file], {
      cwd: root,
      env: environment,
      encoding: 'utf8',
      timeout: 300_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    const [result] = (JSON.parse(readOr(report, '{"testResults":[]}')) as Report).testResults;
    if (result && result.assertionResults.length > 0) return result.assertionResults;
    const message = result?.message ?? stderr;
    return [{ fullName: `runs on ${label}`, status: 'could not run', failureMessages: [message] }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
