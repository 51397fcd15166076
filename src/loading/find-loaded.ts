import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findImported, mayHaveImported, type Imported } from './find-imported';
import { findEntry, findPackage, type PackageTarget } from './find-package';
import { ownFile } from '../own-file';

/** The `require` that a compiler's loader gives to imported CommonJS has no cache. */
const ownRequire = createRequire(ownFile);

/** One loaded entry file of a provider. */
export interface LoadedEntry {
  readonly file: string;
  /** Its exports, where they can be had at once; else a promise of them. */
  readonly exports: unknown;
}

/** CommonJS files of providers that were loaded before us. */
export function findLoadedCommonJs(targets: readonly PackageTarget[]): LoadedEntry[] {
  const loaded = ownRequire.cache as Record<string, { exports: unknown; loaded?: boolean } | undefined>;
  return Object.keys(loaded)
    .filter((file) => findEntry(file, targets))
    .map((file) => ({ file, exports: loaded[file]?.exports }));
}

/**
 * ES modules of providers that were loaded before us: an `import` of the SDK stands above the call that enables
 * tracing and is evaluated first, or is linked and comes next (`import '../tracing.mjs'` above `import 'openai'`).
 *
 * What the program imports statically is read from its text. Where an `import()` leads to a provider too, or modules
 * were loaded while the load hook was out (`wasHookOut`), only the inspector knows what is loaded. It is not asked
 * otherwise: promises of the process stay 10 % slower for good after `Debugger.enable` (measured, Node 20 and 24).
 */
export function findLoadedEsModules(
  targets: readonly PackageTarget[],
  wasHookOut: boolean,
  isHookInThread: boolean,
): LoadedEntry[] {
  const { files, isUncertain } = importedBy(targets);
  const asked = isUncertain || wasHookOut ? filesOfScripts(targets) : [];
  // The program may not have begun (`--import`). What is required does not pass the hook of a thread, and its functions
  // would be out of reach for good.
  const isHeld = (file: string): boolean => isHookInThread && findEntry(file, targets)?.target.functions !== undefined;
  return [...new Set([...asked, ...files])].map((file) => ({
    file,
    exports: isHeld(file) ? import(file) : loadedExports(file),
  }));
}

/**
 * What an ES module has imported that was required: on Node 20, and the first of 22, no load hook is asked about it.
 */
export function findRequiredEsModules(file: string, targets: readonly PackageTarget[]): LoadedEntry[] {
  return findImported(file, targets).files.map((entry) => ({ file: entry, exports: ownRequire(entry) as unknown }));
}

function importedBy(targets: readonly PackageTarget[]): Imported {
  const program = process.argv[1];
  // Not a file where the program came by `--eval` or on standard input.
  if (ownRequire.main === undefined && program !== undefined && existsSync(program))
    return findImported(program, targets);
  return { files: [], isUncertain: hasUsedImport() && mayHaveImported(ownCommonJsFiles(), targets) };
}

function ownCommonJsFiles(): string[] {
  return Object.keys(ownRequire.cache).filter((file) => !file.includes(`${sep}node_modules${sep}`));
}

/** Before Node 24 the part of Node that does `import()` is not loaded until somebody calls it; later it always is. */
function hasUsedImport(): boolean {
  const { moduleLoadList } = process as { moduleLoadList?: readonly string[] };
  return moduleLoadList?.includes('NativeModule internal/modules/esm/module_job') ?? true;
}

/** Entry files among the scripts that are loaded. openai 4 ends the program where its shims do not come first. */
function filesOfScripts(targets: readonly PackageTarget[]): string[] {
  const files = listScripts()
    .filter((url) => url.startsWith('file:'))
    .map((url) => fileURLToPath(url));
  return [...files.filter((file) => isShim(file, targets)), ...files.filter((file) => findEntry(file, targets))];
}

function isShim(file: string, targets: readonly PackageTarget[]): boolean {
  if (!/[\\/]shims[\\/](node|web)\.mjs$/.test(file)) return false;
  const name = findPackage(file)?.name;
  return targets.some(({ module }) => module === name);
}

/** `require` gives the namespace at once, `import()` where a runtime has no such thing. */
function loadedExports(file: string): unknown {
  try {
    return ownRequire(file);
  } catch {
    // ERR_REQUIRE_ESM before Node 20.19, or a module with top-level await.
    return import(file);
  }
}

function listScripts(): string[] {
  // Loaded here and not above: no other part of a process needs it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  const { Session } = require('node:inspector') as typeof import('node:inspector');
  const session = new Session();
  const urls: string[] = [];
  session.connect();
  try {
    session.on('Debugger.scriptParsed', ({ params }) => {
      if (params.isModule) urls.push(params.url);
    });
    session.post('Debugger.enable');
    session.post('Debugger.disable');
  } finally {
    session.disconnect();
  }
  return urls;
}
