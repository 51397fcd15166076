import { Module } from 'node:module';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { findEntry, type PackageTarget } from './find-package';
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
  compiling?(text: unknown, format: string | undefined): void;
}

/**
 * At `Module.prototype.load` and not at `require`: that one does not see what is imported (hazard H55), and is called
 * again and again for what is loaded.
 */
export function hookRequire(targets: readonly PackageTarget[], listener: RequireListener): Restore {
  const prototype = Module.prototype as unknown as ModulePrototype;
  const restores = [
    wrapMethod(prototype, 'load', (original, isLive) => {
      return function load(this: { exports: unknown }, file: string, ...rest: unknown[]) {
        const result: unknown = original.call(this, file, ...rest);
        if (!isLive()) return result;
        if (isEntry(file, targets)) listener.loaded(file, this.exports);
        else if (listener.loadedModule && types.isModuleNamespaceObject(this.exports)) listener.loadedModule(file);
        return result;
      };
    }),
    hookCompile(prototype, targets, listener),
  ];
  return () => {
    for (const restore of restores.reverse()) restore?.();
  };
}

function isEntry(file: string, targets: readonly PackageTarget[]): boolean {
  return safely('look at a required file', () => findEntry(file, targets)) !== undefined;
}

/** Functions that no object owns are replaced in the file itself: `withTail`. */
function hookCompile(
  prototype: ModulePrototype,
  targets: readonly PackageTarget[],
  { compiling }: RequireListener,
): Restore | undefined {
  const files = targets
    .filter(({ functions }) => functions)
    .map(({ module, functions }) => ({ module, functions, entryFiles: [] }));
  if (files.length === 0 && !compiling) return undefined;
  return wrapMethod(prototype, '_compile', (original, isLive) => {
    return function _compile(this: unknown, text: unknown, file: string, format?: string, ...rest: unknown[]) {
      if (isLive()) compiling?.(text, format);
      const appended = isLive() ? safely('append to a required file', () => append(text, file, format)) : undefined;
      return original.call(this, appended ?? text, file, format, ...rest) as unknown;
    };
  });

  function append(text: unknown, file: string, format: string | undefined): string | undefined {
    if (typeof text !== 'string' || !(format === undefined || format === 'commonjs' || format === 'module')) return;
    const entry = findEntry(file, files);
    return entry && withTail(text, pathToFileURL(file).href, entry, format);
  }
}
