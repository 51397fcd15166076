import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { findEntry, findPackage, type PackageTarget } from './find-package';

/** One loaded entry file of a provider. */
export interface LoadedEntry {
  readonly file: string;
  /** Its exports, where they can be had at once; else a promise of them. */
  readonly exports: unknown;
}

/** CommonJS files of providers that were loaded before us. */
export function findLoadedCommonJs(targets: readonly PackageTarget[]): LoadedEntry[] {
  const loaded = require.cache as Record<string, { exports: unknown; loaded?: boolean } | undefined>;
  return Object.keys(loaded)
    .filter((file) => findEntry(file, targets))
    .map((file) => ({ file, exports: loaded[file]?.exports }));
}

/**
 * ES modules of providers that were loaded before us: an `import` of the SDK stands above the call that enables
 * tracing and is evaluated first. Node has no list of them, but the inspector has one of all scripts; so nothing is
 * loaded that was not, and nested copies are found too. Asking costs about 40 ms once (with a program of 10 MB: 120),
 * so it is asked only where the program can have ES modules.
 */
export function findLoadedEsModules(targets: readonly PackageTarget[]): LoadedEntry[] {
  const files = listScripts()
    .filter((url) => url.startsWith('file:'))
    .map((url) => fileURLToPath(url));
  const entries = files.filter((file) => findEntry(file, targets));
  const requireModule = createRequire(__filename);
  for (const file of files.filter((each) => mustComeFirst(each, targets))) loadedExports(file, requireModule);
  return entries.map((file) => ({ file, exports: loadedExports(file, requireModule) }));
}

/**
 * A file that is linked and not evaluated yet (`import './tracing.mjs'` above `import 'openai'`) is evaluated here, or
 * its first calls would be missed. openai 4 ends the program when it is evaluated before `openai/shims/web`.
 */
function mustComeFirst(file: string, targets: readonly PackageTarget[]): boolean {
  if (!/[\\/]shims[\\/](node|web)\.mjs$/.test(file)) return false;
  const name = findPackage(file)?.name;
  return targets.some(({ module }) => module === name);
}

/** `require` gives the namespace at once, `import()` where a runtime has no such thing. */
function loadedExports(file: string, requireModule: NodeJS.Require): unknown {
  try {
    return requireModule(file);
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
