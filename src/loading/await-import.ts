import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname } from 'node:path';
import { findModuleType } from './find-package';
import { ownFile } from '../own-file';

/**
 * Whether this process begins as CommonJS that has not run yet, so that whatever imports will come by as text. Only then
 * can the thread for the load hook wait until it is needed; it is three quarters of what tracing costs at start-up.
 */
export function beginsAsCommonJs(): boolean {
  // Loaded here and not above: `register.js` has loaded it, and the package does without.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  const { isMainThread } = require('node:worker_threads') as typeof import('node:worker_threads');
  const program = process.argv[1];
  if (!isMainThread || program === undefined || usesLoader.test(options())) return false;
  try {
    const { resolve } = createRequire(program);
    return formatOf(resolve(program)) === 'commonjs' && !mayHaveImported();
  } catch {
    // Not a file: `node inspect`, a program on standard input.
    return false;
  }
}

/** With one of these the program comes through the loader of ES modules, or is not a file. */
const usesLoader =
  /(?:^|\s)(?:--(?:experimental-|test|import|loader|eval|print|input|interactive|watch|run)|-[a-z]*[epi])/;

function options(): string {
  return [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
}

function formatOf(file: string): 'commonjs' | 'module' {
  const extension = extname(file);
  if (extension === '.cjs' || extension === '.cts') return 'commonjs';
  if (extension === '.mjs' || extension === '.mts') return 'module';
  return findModuleType(file);
}

/** Other files that were preloaded may import at any time. */
function mayHaveImported(): boolean {
  const others = Object.keys(createRequire(ownFile).cache).filter((file) => dirname(file) !== dirname(ownFile));
  return others.length > mostPreloaded || others.some((file) => mayImport(readFileSync(file, 'utf8')));
}

/** Reading more of them than this costs what the thread does. */
const mostPreloaded = 100;

/**
 * Whether a file that is about to be compiled is an ES module or has an `import()`, be it within a string. Too often
 * rather than too seldom: it is asked before the file runs.
 */
export function mayImport(text: unknown): boolean {
  return typeof text === 'string' && importing.test(text);
}

const importing = /\bimport\s*(?:\(|\/[*/])|(?:^|[;}])\s*(?:import|export)\b\s*["'{*\w$]/m;
