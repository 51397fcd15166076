import { safely } from '../safely';
import { sharedState, type Accessors } from '../shared-state';
import type { AnyFunction } from '../wrap-method';

/**
 * Called at the end of a file whose functions no object owns: each name is bound to a function that calls what the
 * holder has under that name, which is the original until somebody wraps it there. In an ES module a function
 * declaration is a live binding, for those who import it and for its own file; in CommonJS the exports that have the
 * function are set as well.
 */
export function holdFunctions(url: string, accessors: Accessors, module?: { exports: unknown }): void {
  const holder: Record<string, AnyFunction> = {};
  for (const [name, [read, bind]] of Object.entries(accessors)) {
    try {
      const original = read();
      if (typeof original !== 'function' || isClass(original as AnyFunction)) continue;
      holder[name] = original as AnyFunction;
      const stable = callThrough(holder, name, original as AnyFunction);
      bind(stable);
      if (module) replaceExport(module, original, stable);
    } catch {
      // This version of the SDK has no such function, or has it as a constant: the file stays as it is.
      delete holder[name];
    }
  }
  if (Object.keys(holder).length === 0) return;
  const shared = sharedState();
  const held = { format: module ? 'commonjs' : 'module', holder } as const;
  (shared.held ??= new Map()).set(url, held);
  safely('hand on functions of a file', () => shared.functionsHeld?.(url, held));
}

/** Called without `new`, a class throws. */
function isClass(value: AnyFunction): boolean {
  return Function.prototype.toString.call(value).startsWith('class');
}

function callThrough(holder: Record<string, AnyFunction>, name: string, original: AnyFunction): AnyFunction {
  // A method has no `prototype`, as async functions have none.
  const forms = {
    method(this: unknown, ...args: unknown[]): unknown {
      return holder[name]?.apply(this, args);
    },
    constructible: function (this: unknown, ...args: unknown[]): unknown {
      if (new.target) return Reflect.construct(holder[name] as AnyFunction, args, new.target) as unknown;
      return holder[name]?.apply(this, args);
    },
  };
  const stable: AnyFunction = Object.hasOwn(original, 'prototype') ? forms.constructible : forms.method;
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(original))) {
    if (key !== 'arguments' && key !== 'caller') Object.defineProperty(stable, key, descriptor);
  }
  return stable;
}

function replaceExport(module: { exports: unknown }, original: unknown, stable: AnyFunction): void {
  if (module.exports === original) module.exports = stable;
  const exports = Object(module.exports) as object;
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(exports))) {
    if (descriptor.value !== original || !(descriptor.configurable ?? descriptor.writable)) continue;
    Object.defineProperty(exports, key, { ...descriptor, value: stable });
  }
}
