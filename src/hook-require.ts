import { Module } from 'node:module';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { findEntry, type FoundEntry, type PackageTarget } from './find-package';
import { withTail } from './module-tail';
import { safely } from './safely';
import type { Restore } from './types';
import { wrapMethod } from './wrap-method';

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
 * At `Module.prototype.load` and not at `require`: that one does not see what is imported (hazard H55), and is called
 * again and again for what is loaded.
 */
export function hookRequire(targets: readonly PackageTarget[], listener: RequireListener): Restore {
  const prototype = Module.prototype as unknown as ModulePrototype;
  /** The files that are being loaded, where they are of an SDK: each file is looked for once. */
  const entries = new WeakMap<object, FoundEntry<PackageTarget>>();
  const restores = [
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
  return () => {
    for (const restore of restores.reverse()) restore?.();
  };
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
