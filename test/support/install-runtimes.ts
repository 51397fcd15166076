import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');

/**
 * Jest's global set-up: what some tests start child processes with, and what is no dependency of this package. Once;
 * without it the tests that need it are skipped, and say so.
 */
export default function installRuntimes(): void {
  install('newer Node binaries', 'runtimes', 'node24/bin/node');
  // Optional there are native binaries of hundreds of megabytes, which no test starts. npm writes this file last.
  install('frameworks', 'frameworks', '.package-lock.json', ['--omit=optional']);
}

function install(what: string, folder: string, sign: string, options: readonly string[] = []): void {
  if (existsSync(join(root, folder, 'node_modules', sign))) return;
  try {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--foreground-scripts=false', ...options], {
      cwd: join(root, folder),
      stdio: 'pipe',
    });
  } catch (error) {
    process.stderr.write(`could not install ${what}, their tests are skipped: ${String(error)}\n`);
  }
}
