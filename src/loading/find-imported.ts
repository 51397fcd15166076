import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findModuleType, readPackage, type PackageTarget } from './find-package';

/** What is looked at in a large program; beyond that, `--import` or the option `modules` covers it. */
const mostFiles = 500;
const mostPackages = 200;
const deepest = 3;

export interface Imported {
  /** Files that static imports of the program lead to: loaded before its first line runs. */
  readonly files: readonly string[];
  /** Whether `import()` leads to a provider too, which is loaded only if that line has run. */
  readonly isUncertain: boolean;
}

/**
 * The ES modules of providers that a program imports: in its own files, or in packages that depend on a provider.
 * Reading the program is cheap and changes nothing. Node tells nobody which ES modules it has loaded.
 *
 * @param program - the main file, whose relative imports are followed.
 */
export function findImported(program: string, targets: readonly PackageTarget[]): Imported {
  const search = searchPackages(targets);
  const files = new Set([realpathSync(program)]);
  for (const file of files) {
    const text = readText(file);
    for (const specifier of specifiersOf(text, staticImport)) {
      const own = ownFile(specifier, file);
      if (own === undefined) search.visit(specifier, file, 'static');
      else if (files.size < mostFiles) files.add(own);
    }
    for (const specifier of specifiersOf(text, dynamicImport)) search.visit(specifier, file, 'dynamic');
  }
  return search.found();
}

/** Whether a CommonJS program has an `import()` that leads to a provider. */
export function mayHaveImported(ownFiles: readonly string[], targets: readonly PackageTarget[]): boolean {
  const search = searchPackages(targets);
  for (const file of ownFiles.slice(0, mostFiles)) {
    for (const specifier of specifiersOf(readText(file), dynamicImport)) search.visit(specifier, file, 'dynamic');
  }
  return search.found().isUncertain;
}

/** Matches `import x from 'y'`, `export * from 'y'` and `import 'y'`, in time linear in the text. */
const staticImport = /\b(?:from|import)\s*["']([^"'\n]{1,300})["']/g;
const dynamicImport = /\bimport\(\s*["']([^"'\n]{1,300})["']/g;

function specifiersOf(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, specifier]) => specifier as string);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Not a file that can be read: nothing to follow.
    return '';
  }
}

function ownFile(specifier: string, importer: string): string | undefined {
  if (specifier.startsWith('file:')) return fileURLToPath(specifier);
  return /^\.{0,2}\//.test(specifier) ? resolve(dirname(importer), specifier) : undefined;
}

interface Search {
  visit(specifier: string, importer: string, kind: 'static' | 'dynamic'): void;
  found(): Imported;
}

function searchPackages(targets: readonly PackageTarget[]): Search {
  const entries = new Set<string>();
  const shims = new Set<string>();
  const uncertain = new Set<string>();
  const visited = { static: new Set<string>(), dynamic: new Set<string>() };
  return {
    visit(specifier, importer, kind) {
      const [, name, path = ''] = packageSpecifier.exec(specifier) ?? [];
      if (name === undefined) return;
      visitPackage(name, dirname(importer), kind, 0);
      const shim = shimOf(name, path, dirname(importer));
      if (shim !== undefined && kind === 'static') shims.add(shim);
    },
    // openai 4 ends the program when it is evaluated before the shims that the program imports above it.
    found: () => ({
      files: [...shims, ...entries],
      isUncertain: [...uncertain].some((entry) => !entries.has(entry)),
    }),
  };

  function visitPackage(name: string, from: string, kind: 'static' | 'dynamic', depth: number): void {
    const directory = findInstalled(name, from);
    if (directory === undefined || visited[kind].has(directory) || visited[kind].size >= mostPackages) return;
    visited[kind].add(directory);
    const description = readPackage(join(directory, 'package.json'));
    const target = targets.find(({ module }) => module === description?.['name']);
    const entry = target && entryFile(directory, target);
    if (entry !== undefined) (kind === 'static' ? entries : uncertain).add(entry);
    if (target || depth >= deepest) return;
    for (const dependency of dependenciesOf(description)) visitPackage(dependency, directory, kind, depth + 1);
  }
}

/** `@scope/name/sub/path` is in the package `@scope/name`; `node:fs` and `#internal` are in none. */
const packageSpecifier = /^(@[^/:]+\/[^/:]+|[^@#./:][^/:]*)(?:\/(.+))?$/;

function shimOf(name: string, path: string, from: string): string | undefined {
  if (!/^shims\/(node|web)(\.mjs)?$/.test(path)) return undefined;
  const directory = findInstalled(name, from);
  const file = directory === undefined ? '' : join(directory, `${path.replace(/\.mjs$/, '')}.mjs`);
  return existsSync(file) ? file : undefined;
}

function findInstalled(name: string, from: string): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    const candidate = join(directory, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (directory === dirname(directory)) return undefined;
  }
}

/** Optional peers (ours are) say what a package can work with, not what it loads. */
function dependenciesOf(description: Record<string, unknown> | undefined): string[] {
  const optional = (description?.['peerDependenciesMeta'] ?? {}) as Record<string, { optional?: boolean }>;
  const names = (group: string): string[] => Object.keys(description?.[group] ?? {});
  return [...names('dependencies'), ...names('peerDependencies').filter((name) => !optional[name]?.optional)];
}

/** The first of the entry files that exists as an ES module is the one that all others go through. */
function entryFile(directory: string, { entryFiles }: PackageTarget): string | undefined {
  return entryFiles
    .flatMap((entry) => [join(directory, `${entry}.mjs`), join(directory, `${entry}.js`)])
    .find((file) => existsSync(file) && (file.endsWith('.mjs') || findModuleType(file) === 'module'));
}
