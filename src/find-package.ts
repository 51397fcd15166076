import { readFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative, sep } from 'node:path';

/** One package whose files are looked for: a part of a `ProviderPatch` that can cross to another thread. */
export interface PackageTarget {
  readonly module: string;
  readonly entryFiles: readonly string[];
}

export interface FoundPackage {
  readonly name: string;
  readonly version?: string | undefined;
  readonly directory: string;
}

/**
 * Whether a file is an entry file of one of the packages. By the name in its package.json and not by its folder:
 * npm aliases, workspaces and pnpm put packages under other names (DataDog, Braintrust: hazard H41).
 *
 * Reads no file unless the path has the vendor's name in it and the file is called like an entry file.
 */
export function findEntry<Target extends PackageTarget>(
  file: string,
  targets: readonly Target[],
): { target: Target; found: FoundPackage } | undefined {
  const stem = basename(file, extname(file));
  const likely = targets.filter(
    ({ module, entryFiles }) =>
      file.includes(hintOf(module)) && entryFiles.some((entry) => entry === stem || entry.endsWith(`/${stem}`)),
  );
  if (likely.length === 0) return undefined;
  const found = findPackage(file);
  const target = likely.find(({ module }) => module === found?.name);
  if (!found || !target) return undefined;
  const path = relative(found.directory, file).slice(0, -extname(file).length).split(sep).join('/');
  return target.entryFiles.includes(path) ? { target, found } : undefined;
}

/** `@anthropic-ai/sdk` is looked for where a path has `anthropic` in it. */
function hintOf(module: string): string {
  return module.replace('@', '').split(/[/-]/, 1)[0] as string;
}

/** The package that a file belongs to: the nearest package.json with a name (others only set a module type). */
export function findPackage(file: string): FoundPackage | undefined {
  for (let directory = dirname(file); directory !== dirname(directory); directory = dirname(directory)) {
    const { name, version } = readPackage(join(directory, 'package.json')) ?? {};
    if (typeof name === 'string') {
      return { name, version: typeof version === 'string' ? version : undefined, directory };
    }
    if (basename(directory) === 'node_modules') return undefined;
  }
  return undefined;
}

export function readPackage(file: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch {
    // Not there, not readable, or not JSON: no package.
    return undefined;
  }
}
