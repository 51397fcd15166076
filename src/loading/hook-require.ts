import { Module } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { findEntry, type FoundEntry, type PackageTarget } from './find-package';
import { withTail } from './module-tail';
import { safely } from '../safely';
import type { Restore } from '../types';
import { wrapMethod } from '../wrap-method';

/** What Node calls for each CommonJS file, whether `require` or `import` asks for it. */
interface ModulePrototype {
  load(this: { exports: unknown }, file: string): void;
  _compile(content: unknown, file: string, format?: string): unknown;
}

export interface RequireListener {
  /** An entry file was loaded as CommonJS, or is an ES module that was required. */
  loaded(file: string, exports: unknown): void;
  /** Another ES module was required. */
  loadedModule?(file: string): void;
  /** A file is about to be compiled. */
  compiling?(text: unknown): void;
}

/**
 * What is required comes by require-in-the-middle, which knows the traps of `require`; what is imported although it is
 * CommonJS passes only `Module.prototype.load` (hazard H55), and so does a file whose functions are replaced. Each is
 * told of once, by whichever sees it first.
 */
export function hookRequire(targets: readonly PackageTarget[], listener: RequireListener): Restore {
  const told = new Set<unknown>();
  const once: RequireListener = {
    ...listener,
    loaded(file, exports) {
      if (told.has(exports)) return;
      told.add(exports);
      listener.loaded(file, exports);
    },
  };
  const restores = [...watchLoading(targets, once), safely('hook require', () => watchRequire(targets, once))];
  return () => {
    for (const restore of restores.reverse()) restore?.();
  };
}

function watchRequire(targets: readonly PackageTarget[], listener: RequireListener): Restore {
  // Loaded here and not above: a process that only asks for the status, or disables, does without.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  const { Hook } = require('require-in-the-middle') as typeof import('require-in-the-middle');
  // It asks its list for names made of folders, and for whole paths. Only the name in package.json is the truth: aliases
  // and linked workspaces have other folders (hazard H41), so the list answers for paths, and like `findEntry` does.
  const entryFiles = Object.assign([] as string[], {
    includes: (file: string) => isAbsolute(file) && isEntry(findEntry(file, targets)),
  });
  const hook = new Hook(entryFiles, (exports, name, directory) => {
    safely('look at a required file', () => listener.loaded(join(directory ?? '', `${name}.js`), exports));
    return exports;
  });
  return () => hook.unhook();
}

/** And not only a file whose functions are replaced. */
function isEntry(entry: FoundEntry<PackageTarget> | undefined): boolean {
  return entry?.target.entryFiles.includes(entry.path) ?? false;
}

function watchLoading(targets: readonly PackageTarget[], listener: RequireListener): (Restore | undefined)[] {
  const prototype = Module.prototype as unknown as ModulePrototype;
  /** The files that are being loaded, where they are of an SDK: each file is looked for once. */
  const entries = new WeakMap<object, FoundEntry<PackageTarget>>();
  return [
    wrapMethod(prototype, 'load', (original, isLive) => {
      return function load(this: { exports: unknown }, file: string, ...rest: unknown[]) {
        if (!isLive()) return original.call(this, file, ...rest) as unknown;
        const entry = safely('look at a required file', () => findEntry(file, targets));
        if (entry) entries.set(this, entry);
        const result: unknown = original.call(this, file, ...rest);
        if (entry) listener.loaded(file, this.exports);
        else if (listener.loadedModule && types.isModuleNamespaceObject(this.exports)) listener.loadedModule(file);
        return result;
      };
    }),
    wrapMethod(prototype, '_compile', (original, isLive) => {
      return function _compile(this: object, text: unknown, file: string, format?: string, ...rest: unknown[]) {
        if (!isLive()) return original.call(this, text, file, format, ...rest) as unknown;
        listener.compiling?.(text);
        const entry = entries.get(this);
        const given = entry && safely('append to a required file', () => withFunctions(entry, text, file, format));
        return original.call(this, given ?? text, file, format, ...rest) as unknown;
      };
    }),
  ];
}

/** Functions that no object owns are replaced in the file itself. */
function withFunctions(
  { target, ...entry }: FoundEntry<PackageTarget>,
  text: unknown,
  file: string,
  format: string | undefined,
): string | undefined {
  if (typeof text !== 'string' || !(format === undefined || format === 'commonjs' || format === 'module')) return;
  // That it was loaded is seen without a line in it.
  return withTail(text, pathToFileURL(file).href, { ...entry, target: { ...target, entryFiles: [] } }, format);
}
