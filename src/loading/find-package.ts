import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

/** One package whose files are looked for: a part of a `ProviderPatch` that can cross to another thread. */
export interface PackageTarget {
  readonly module: string;
  readonly entryFiles: readonly string[];
  readonly functions?: Readonly<Record<string, readonly string[]>> | undefined;
}

export interface FoundPackage {
  readonly name: string;
  readonly version?: string | undefined;
  readonly directory: string;
}

export interface FoundEntry<Target> {
  readonly target: Target;
  readonly found: FoundPackage;
  /** The file in its package, without extension, as the target names it. */
  readonly path: string;
}

/**
 * Whether a file is an entry file of one of the packages, or one whose functions are replaced. By the name in its
 * package.json and not by its folder: npm aliases, workspaces and pnpm put packages under other names (DataDog,
 * Braintrust: hazard H41).
 *
 * It is asked about every file that a process loads. So it looks at the end of the path first, and then for a
 * package.json in the one folder where that end would make the file an entry.
 */
export function findEntry<Target extends PackageTarget>(
  file: string,
  targets: readonly Target[],
): FoundEntry<Target> | undefined {
  const dot = file.lastIndexOf('.');
  const stem = file.slice(file.lastIndexOf(sep) + 1, dot);
  for (const { path, end, wanted } of pathsOf(targets).get(stem) ?? []) {
    if (!file.endsWith(end, dot)) continue;
    const directory = file.slice(0, dot - end.length);
    const found = readFound(directory, wanted);
    const target = found && wanted.find(({ module }) => module === found.name);
    if (target) return { target, found, path };
  }
  return undefined;
}

interface WantedPath<Target> {
  readonly path: string;
  /** The end of a file's name, as this system writes it. */
  readonly end: string;
  readonly wanted: Target[];
}

/** The files to look for, by their last part. */
const paths = new WeakMap<readonly PackageTarget[], Map<string, WantedPath<PackageTarget>[]>>();

function pathsOf<Target extends PackageTarget>(targets: readonly Target[]): Map<string, WantedPath<Target>[]> {
  const known = paths.get(targets) as Map<string, WantedPath<Target>[]> | undefined;
  if (known) return known;
  const byStem = new Map<string, WantedPath<Target>[]>();
  for (const target of targets) {
    for (const path of new Set([...target.entryFiles, ...Object.keys(target.functions ?? {})])) {
      const stem = basename(path);
      const siblings = byStem.get(stem) ?? [];
      const sibling = siblings.find((each) => each.path === path);
      if (sibling) sibling.wanted.push(target);
      else byStem.set(stem, [...siblings, { path, end: sep + path.split('/').join(sep), wanted: [target] }]);
    }
  }
  paths.set(targets, byStem);
  return byStem;
}

/** Most packages that come here are others: their package.json is not even parsed. */
function readFound(directory: string, wanted: readonly PackageTarget[]): FoundPackage | undefined {
  const file = join(directory, 'package.json');
  if (!existsSync(file)) return undefined;
  const text = readText(file);
  return wanted.some(({ module }) => text.includes(`"${module}"`)) ? describe(parse(text), directory) : undefined;
}

/** The package that a file belongs to: the nearest package.json with a name (others only set a module type). */
export function findPackage(file: string): FoundPackage | undefined {
  for (let directory = dirname(file); directory !== dirname(directory); directory = dirname(directory)) {
    const found = describe(readPackage(join(directory, 'package.json')), directory);
    if (found) return found;
    if (basename(directory) === 'node_modules') return undefined;
  }
  return undefined;
}

/** What Node takes a `.js` file for, by the nearest package.json. */
export function findModuleType(file: string): 'commonjs' | 'module' {
  for (let directory = dirname(file); directory !== dirname(directory); directory = dirname(directory)) {
    const content = readPackage(join(directory, 'package.json'));
    if (content || basename(directory) === 'node_modules')
      return content?.['type'] === 'module' ? 'module' : 'commonjs';
  }
  return 'commonjs';
}

export function readPackage(file: string): Record<string, unknown> | undefined {
  return existsSync(file) ? parse(readText(file)) : undefined;
}

function describe(content: Record<string, unknown> | undefined, directory: string): FoundPackage | undefined {
  const { name, version } = content ?? {};
  if (typeof name !== 'string') return undefined;
  return { name, version: typeof version === 'string' ? version : undefined, directory };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // A folder, or not readable: no package.
    return '';
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    // Not JSON: no package.
    return undefined;
  }
}
