import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(__dirname, '..', '..');

export interface Packed {
  readonly filename: string;
  /** Bytes of the tarball. */
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

export interface Installed {
  /** An empty application with the package installed, as anybody gets it. */
  readonly folder: string;
  readonly tarball: string;
  readonly packed: Packed;
}

/**
 * Packs the package and installs the tarball in an empty folder. Its dependencies are packed from where they are
 * installed here, so that no registry is asked.
 */
export async function installTarball(): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'llm-trace-package-'));
  const [packed, ...dependencies] = await pack([root, ...dependencyFolders(root)], folder);
  if (!packed) throw new Error('npm pack made no tarball');
  await writeFile(join(folder, 'package.json'), '{ "name": "consumer", "private": true }\n');
  const tarballs = [packed, ...dependencies].map(({ filename }) => join(folder, filename));
  await npm(['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs], folder);
  return { folder, tarball: join(folder, packed.filename), packed };
}

async function pack(folders: readonly string[], into: string): Promise<Packed[]> {
  // Without scripts: `prepare` would build again, under the feet of other tests.
  return JSON.parse(await npm(['pack', '--ignore-scripts', '--json', '--pack-destination', into, ...folders], root));
}

async function npm(given: readonly string[], cwd: string): Promise<string> {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$)/i.test(name));
  const { stdout } = await run('npm', given, { cwd, env: Object.fromEntries(own), maxBuffer: 1 << 26 });
  return stdout;
}

/** Where the dependencies of a package are installed, and theirs. */
function dependencyFolders(folder: string, found = new Set<string>()): string[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a path that is known at run time only
  const { dependencies = {} } = require(join(folder, 'package.json')) as { dependencies?: Record<string, string> };
  for (const name of Object.keys(dependencies)) {
    const place = dirname(require.resolve(`${name}/package.json`, { paths: [folder] }));
    if (found.has(place)) continue;
    found.add(place);
    dependencyFolders(place, found);
  }
  return [...found];
}
