import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..', '..');

/** A folder outside of this repository with a `node_modules` of its own, as a user's project is. */
export interface Workspace {
  readonly directory: string;
  /** Writes a file and returns its full path. */
  write(file: string, content: string): string;
  /**
   * Puts a real copy of an installed package at `place` (below the folder): Node resolves links to the real folder, and
   * what is looked for here is which folder a package is found in.
   */
  copyPackage(source: string, place?: string): void;
  /** Links a package that plays no part in the test. */
  linkPackage(source: string, place?: string): void;
  remove(): void;
}

/** Makes a project with a copy of this package, built, and of the given packages of `node_modules`. */
export function makeWorkspace(packages: readonly string[] = []): Workspace {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'llm-trace-test-')));
  const workspace: Workspace = {
    directory,
    write(file, content) {
      const path = join(directory, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    copyPackage(source, place = `node_modules/${source}`) {
      copy(installed(source), join(directory, place));
      for (const name of dependenciesOf(installed(source))) linkOnce(name, join(directory, dirname(place)), source);
    },
    linkPackage(source, place = `node_modules/${source}`) {
      mkdirSync(dirname(join(directory, place)), { recursive: true });
      symlinkSync(installed(source), join(directory, place), 'junction');
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
  workspace.write('package.json', '{ "name": "app", "private": true }\n');
  copyThisPackage(workspace);
  for (const name of packages) workspace.copyPackage(name);
  return workspace;
}

/** A copy of this package at another place, as nested dependencies make them. */
export function copyThisPackage({ directory }: Workspace, place = 'node_modules/@amp/llm-trace'): void {
  for (const part of ['dist', 'register.js', 'package.json']) {
    cpSync(join(root, part), join(directory, place, part), { recursive: true });
  }
  linkOnce('shimmer', join(directory, 'node_modules'), 'shimmer');
}

function installed(name: string): string {
  return join(root, 'node_modules', name);
}

/** Without types, sources and maps, nine tenths of an SDK, and without what is nested in it, which is linked. */
function copy(from: string, to: string): void {
  const source = realpathSync(from);
  const leftOut = /\.(d\.[mc]?ts|map)$|^[\\/](src|node_modules)$/;
  cpSync(source, to, { recursive: true, filter: (file) => !leftOut.test(file.slice(source.length)) });
}

function dependenciesOf(directory: string): string[] {
  const text = readFileSync(join(directory, 'package.json'), 'utf8');
  return Object.keys((JSON.parse(text) as { dependencies?: object }).dependencies ?? {});
}

/** Into the nearest `node_modules`; where it is nested in the package that asks for it, from there. */
function linkOnce(name: string, directory: string, askedBy: string): void {
  const depth = directory.lastIndexOf('node_modules');
  const target = join(depth < 0 ? directory : directory.slice(0, depth), 'node_modules', name);
  const places = [join(installed(askedBy), 'node_modules', name), installed(name)];
  const source = places.find((place) => existsSync(join(place, 'package.json')));
  if (source === undefined || existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(source, target, 'junction');
}
