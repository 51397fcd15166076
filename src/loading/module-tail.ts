import type { FoundEntry, PackageTarget } from './find-package';

/**
 * What is appended to a file of a provider: it runs at the end of that file, in the application's thread, and changes
 * no export. Nothing before it moves, so that the lines of errors and source maps stay true.
 */
export function withTail(
  source: string,
  url: string,
  { target, path }: FoundEntry<PackageTarget>,
  format: 'module' | 'commonjs' | undefined,
): string {
  const functions = target.functions?.[path] ?? [];
  const isEntry = target.entryFiles.includes(path);
  // Hooks of several enablings, or of two copies of this package, stand one after the other.
  if (source.includes(mark) || (functions.length === 0 && !isEntry)) return source;
  const name = JSON.stringify(url);
  const held = functions.length > 0 ? holding(name, functions, format) : '';
  return `${source}\n;${held}${isEntry ? notifying(name, format) : ''}\n`;
}

const mark = 'globalThis[Symbol.for("amp.llm-trace")]';

function holding(name: string, functions: readonly string[], format: string | undefined): string {
  const accessors = functions.map((each) => `${each}:[()=>${each},(llmTraceValue)=>{${each}=llmTraceValue}]`);
  // A file that is neither called `.cjs` nor `.mjs` turns out to be one or the other while it is compiled.
  const module = format === 'module' ? 'undefined' : 'typeof module==="object"?module:undefined';
  return `${mark}?.hold?.(${name},{${accessors.join(',')}},${module});`;
}

function notifying(name: string, format: string | undefined): string {
  const isModule = format === 'module';
  const exports = isModule ? 'llmTraceNamespace' : 'module.exports';
  return (
    `${isModule ? `import * as llmTraceNamespace from ${name};` : ''}{const shared=${mark};` +
    `if(shared){shared.seen.set(${name},${exports});shared.loaded?.(${name},${exports});}}`
  );
}
