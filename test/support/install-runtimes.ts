import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '..', 'runtimes');

/** Jest's global set-up: newer Node binaries, once. Without them the tests that need them are skipped, and say so. */
export default function installRuntimes(): void {
  if (existsSync(join(folder, 'node_modules', 'node24', 'bin', 'node'))) return;
  try {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--foreground-scripts=false'], {
      cwd: folder,
      stdio: 'pipe',
    });
  } catch (error) {
    process.stderr.write(`could not install newer Node binaries, their tests are skipped: ${String(error)}\n`);
  }
}
