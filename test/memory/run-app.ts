import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs one of the applications here in a process of its own that can collect garbage when it likes; gives its JSON. */
export async function runApp<Output>(app: string, ...given: string[]): Promise<Output> {
  const file = join(__dirname, 'apps', app);
  const { stdout } = await run(process.execPath, ['--expose-gc', file, ...given], { timeout: 55_000 });
  return JSON.parse(stdout) as Output;
}
