import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPackage, type PackageTarget } from './find-package';

/** What is looked at in a large program; beyond that, `--import` or the option `modules` covers it. */
const mostFiles = 500;
const mostPackages = 200;
const deepest = 3;

/**
 * The ES module files of providers that a program imports statically: in its own files, or in packages that depend on
 * the provider. Those are loaded before the first line of the program runs, so handing them on loads nothing new.
 *
 * Node tells nobody which ES modules it has loaded. The inspector would (`Debugger.enable` lists all scripts), but
 * promises of the process stay 10 % slower for good after it, on Node 20 and 24 (measured).
 */
export function findImported(program: string, targets: readonly PackageTarget[]): string[] {
  const found = new Set<string>();
  const packages = new Set<string>();
  const files = new Set([realpathSync(program)]);
  for (const file of files) {
    for (const specifier of staticImports(file)) {
      const own = ownFile(specifier, file);
      if (own === undefined) visit(packageName(specifier), dirname(file), 0);
      else if (files.size < mostFiles) files.add(own);
    }
  }
  return [...found];

  function visit(name: string | undefined, from: string, depth: number): void {
    const directory = name === undefined ? undefined : findInstalled(name, from);
    if (directory === undefined || packages.has(directory) || packages.size >= mostPackages) return;
    packages.add(directory);
    const description = readPackage(join(directory, 'package.json'));
    const target = targets.find(({ module }) => module === description?.['name']);
    if (target) {
      const entry = entryFile(directory, target);
      if (entry !== undefined) found.add(entry);
    } else if (depth < deepest) {
      for (const dependency of dependenciesOf(description)) visit(dependency, directory, depth + 1);
    }
  }
}

/** Matches `import x from 'y'`, `export * from 'y'` and `import 'y'`, in time linear in the text. */
const staticImport = /\b(?:from|import)\s*["']([^"'\n]{1,300})["']/g;

function staticImports(file: string): string[] {
  try {
    return [...readFileSync(file, 'utf8').matchAll(staticImport)].map(([, specifier]) => specifier as string);
  } catch {
    // Not a file of JavaScript that can be read: nothing to follow.
    return [];
  }
}

function ownFile(specifier: string, importer: string): string | undefined {
  if (specifier.startsWith('file:')) return fileURLToPath(specifier);
  return /^\.{0,2}\//.test(specifier) ? resolve(dirname(importer), specifier) : undefined;
}

/** `@scope/name/sub/path` is in the package `@scope/name`; `node:fs` and `#internal` are in none. */
function packageName(specifier: string): string | undefined {
  return /^(@[^/:]+\/[^/:]+|[^@#./:][^/:]*)(\/|$)/.exec(specifier)?.[1];
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
  const names = (group: string): string[] => Object.keys((description?.[group] ?? {}) as object);
  return [...names('dependencies'), ...names('peerDependencies').filter((name) => !optional[name]?.optional)];
}

/** The first of the entry files that exists as an ES module is the one that all others go through. */
function entryFile(directory: string, { entryFiles }: PackageTarget): string | undefined {
  return entryFiles.map((entry) => join(directory, `${entry}.mjs`)).find((file) => existsSync(file));
}
