import { existsSync, realpathSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findEntry, type PackageTarget } from './find-package';
import { withTail } from './module-tail';
import { ownFile } from '../own-file';
import { reportProblem } from '../safely';
import { sharedState } from '../shared-state';
import type { Restore } from '../types';

/**
 * The load hook for ES modules. It appends to an entry file of a provider an import of that very file, and hands us
 * the namespace when the file has been evaluated (see `withTail`). No export is changed. It is not import-in-the-middle, because two
 * vendors can not share that one (hazard H54), and because we need a notification only.
 *
 * This file is loaded twice: by the package, which calls `installLoadHook`, and on runtimes without synchronous hooks
 * by Node's loader thread, which calls `initialize` and `load`.
 */

interface LoadResult {
  format?: string | null | undefined;
  source?: string | ArrayBuffer | NodeJS.TypedArray | null | undefined;
}

interface LoadContext {
  readonly conditions?: readonly string[] | undefined;
}

type NextLoad<Result> = (url: string, context: LoadContext) => Result;

interface ModuleHooks {
  registerHooks?(hooks: { load(url: string, context: LoadContext, next: NextLoad<LoadResult>): LoadResult }): {
    deregister(): void;
  };
  register?(specifier: string, options: { parentURL: string; data: unknown }): void;
}

/** Whether the hook runs in a thread of its own, which has to be started. */
export function needsThread(): boolean {
  return !(nodeModule as ModuleHooks).registerHooks || !hasSoundSyncHooks(process.versions.node);
}

/** Installs the hook in the way this runtime does it best. Where that fails there is one debug line, and the rest works. */
export function installLoadHook(targets: readonly PackageTarget[]): Restore | undefined {
  const { registerHooks, register } = nodeModule as ModuleHooks;
  const shared = sharedState();
  try {
    if (registerHooks && !needsThread()) {
      const hooks = registerHooks({
        load: (url, context, next) => appendTail(url, context, next(url, context), targets),
      });
      return () => hooks.deregister();
    }
    const installed = shared.asyncHookTargets ?? [];
    const wanted = targets.flatMap(({ module, entryFiles, functions = {} }) =>
      [...entryFiles, ...Object.keys(functions)].map((path) => `${module}/${path}`),
    );
    if (!register || !existsSync(hookFile) || wanted.every((target) => installed.includes(target))) return undefined;
    if (isDirectoryGone()) throw new Error('somebody has removed the working directory of this process');
    register(doorTo(hookFile), { parentURL: pathToFileURL(hookFile).href, data: targets });
    shared.asyncHookTargets = [...installed, ...wanted];
  } catch (error) {
    // Jest 30 makes both throw, and no hook would fire there: a line to debug. Permission models refuse the thread of
    // `register`, which is worth more than that.
    if (/jest/i.test(String(error))) shared.note?.(`no load hook for ES modules here: ${String(error)}`);
    else reportProblem('install the load hook for ES modules', error);
  }
  return undefined;
}

/**
 * This file as the loader thread loads it. In an application's bundle it is not there, and must not be: the thread would
 * run the application a second time.
 */
const hookFile = join(ownFile, '..', 'esm-load-hook.js');

/**
 * An ES module that requires the file. Imported as CommonJS it would come through the hooks of others, and where one of
 * them gives it its source, it can not require anything (Node 20).
 */
function doorTo(file: string): string {
  const path = JSON.stringify(file);
  const text = `import{createRequire as r}from"node:module";export const{initialize,load}=r(${path})(${path})`;
  return `data:text/javascript,${encodeURIComponent(text)}`;
}

/**
 * In a directory that is no longer there, Node's `register` waits for its thread for ever (seen on 20, 22 and 24).
 * `process.cwd` does not tell: it remembers what it has said before.
 */
function isDirectoryGone(): boolean {
  try {
    realpathSync.native('.');
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/**
 * Synchronous hooks lose `require` of ES modules and crash on some CommonJS before these versions
 * (nodejs/node#57327, #59384, #61801).
 */
export function hasSoundSyncHooks(nodeVersion: string): boolean {
  const [major = 0, minor = 0, patch = 0] = nodeVersion.split('.').map(Number);
  if (major === 22) return minor > 22 || (minor === 22 && patch >= 3);
  if (major === 24) return minor > 11 || (minor === 11 && patch >= 1);
  return major > 25 || (major === 25 && minor >= 1);
}

let targetsOfThread: readonly PackageTarget[] = [];

/** Called by Node in the loader thread, with the data of `register`. */
export function initialize(data: readonly PackageTarget[]): void {
  targetsOfThread = data;
}

/** Called by Node in the loader thread, for every ES module of the process. */
export async function load(
  url: string,
  context: LoadContext,
  next: NextLoad<Promise<LoadResult>>,
): Promise<LoadResult> {
  return appendTail(url, context, await next(url, context), targetsOfThread);
}

function appendTail(
  url: string,
  { conditions }: LoadContext,
  result: LoadResult,
  targets: readonly PackageTarget[],
): LoadResult {
  const { format, source } = result;
  // CommonJS that is loaded in Node's own way is seen by `hookRequire`. What is imported and has a source here may be not:
  // other hooks (compilers) have given it.
  const isCommonJs =
    format === 'commonjs' && source !== null && source !== undefined && conditions?.includes('import') !== false;
  if ((format !== 'module' && !isCommonJs) || !url.startsWith('file:')) return result;
  try {
    const entry = findEntry(fileURLToPath(url), targets);
    return entry ? { ...result, source: withTail(toText(source), url, entry, format) } : result;
  } catch {
    // The module has to load whatever we make of it.
    return result;
  }
}

function toText(source: LoadResult['source']): string {
  if (typeof source === 'string') return source;
  if (source === undefined || source === null) throw new TypeError('a module without source');
  return new TextDecoder().decode(source);
}
