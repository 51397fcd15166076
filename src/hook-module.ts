import { fileURLToPath } from 'node:url';
import { installLoadHook } from './esm-load-hook';
import { findLoadedCommonJs, findLoadedEsModules, type LoadedEntry } from './find-loaded';
import { findAliases, findEntry, findPackage } from './find-package';
import { reportProblem, safely } from './safely';
import { sharedState } from './shared-state';
import type { ProviderPatch, Restore, SdkCopy } from './types';

/** Told about every loaded copy of a provider's SDK, possibly through several of its files. */
export type OnLoaded = (patch: ProviderPatch, exports: unknown, copy: SdkCopy) => void;

export interface ModuleHook {
  readonly restore: Restore;
  /** Resolves when what was loaded before us has been handed on. */
  readonly ready: Promise<void>;
}

/** Tells about SDKs that are loaded, and about those that will be: CommonJS and ES modules. */
export function hookModules(patches: readonly ProviderPatch[], onLoaded: OnLoaded, atStart: boolean): ModuleHook {
  const handOn = (file: string, format: SdkCopy['format'], exports: unknown): void => {
    safely('patch a loaded module', () => {
      const entry = findEntry(file, patches);
      if (!entry) return;
      const { version, directory } = entry.found;
      onLoaded(entry.target, exports, { sdk: entry.target.module, version, format, place: directory });
    });
  };
  for (const { file, exports } of safely('look for loaded modules', () => findLoadedCommonJs(patches)) ?? []) {
    handOn(file, 'commonjs', exports);
  }
  const restores = [
    safely('hook require', () => hookRequire(patches, onLoaded)),
    safely('hook import', () => hookImport(patches, handOn)),
  ];
  return {
    ready: atStart ? Promise.resolve() : handOnLoaded(patches, handOn),
    restore() {
      for (const restore of restores) restore?.();
    },
  };
}

/** Loaded late: require-in-the-middle is told each package by name, and each entry file the package has inside. */
function hookRequire(patches: readonly ProviderPatch[], onLoaded: OnLoaded): Restore {
  const names = new Map<string, ProviderPatch>();
  for (const patch of patches) addNames(names, patch.module, patch);
  for (const [alias, { module }] of findAliases(process.cwd(), patches)) {
    const patch = patches.find((candidate) => candidate.module === module);
    if (patch) addNames(names, alias, patch);
  }
  // Loaded here and not above: most of the cost of loading this package would be this one's.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  const { Hook } = require('require-in-the-middle') as typeof import('require-in-the-middle');
  const hook = new Hook([...names.keys()], (exports, name, basedir) => {
    safely('patch a required module', () => {
      const patch = names.get(name);
      if (!patch) return;
      const found = basedir === undefined ? undefined : findPackage(`${basedir}/index.js`);
      const place = found?.directory ?? basedir ?? name;
      onLoaded(patch, exports, { sdk: patch.module, version: found?.version, format: 'commonjs', place });
    });
    return exports;
  });
  return () => hook.unhook();
}

function addNames(names: Map<string, ProviderPatch>, name: string, patch: ProviderPatch): void {
  for (const entry of patch.entryFiles) {
    // The hook compares names without `/index`; files are required by relative paths inside of the package.
    names.set(`${name}/${entry}`.replace(/\/index$/, ''), patch);
  }
}

function hookImport(
  patches: readonly ProviderPatch[],
  handOn: (file: string, format: SdkCopy['format'], exports: unknown) => void,
): Restore {
  const shared = sharedState();
  const onModule = (url: string, namespace: object): void => handOn(fileURLToPath(url), 'module', namespace);
  for (const [url, namespace] of shared.seen) onModule(url, namespace);
  shared.loaded = (url, namespace) => void safely('patch an imported module', () => onModule(url, namespace));
  const restoreHook = installLoadHook(patches.map(({ module, entryFiles }) => ({ module, entryFiles })));
  return () => {
    shared.loaded = undefined;
    restoreHook?.();
  };
}

async function handOnLoaded(
  patches: readonly ProviderPatch[],
  handOn: (file: string, format: SdkCopy['format'], exports: unknown) => void,
): Promise<void> {
  if (!isModuleProgram()) return;
  const entries = safely('look for loaded ES modules', () => findLoadedEsModules(patches)) ?? [];
  const pending = entries.filter(({ exports }) => exports instanceof Promise);
  for (const { file, exports } of entries) {
    if (!(exports instanceof Promise)) handOn(file, 'module', exports);
  }
  await Promise.all(pending.map((entry) => handOnLater(entry, handOn)));
}

async function handOnLater(
  { file, exports }: LoadedEntry,
  handOn: (file: string, format: SdkCopy['format'], exports: unknown) => void,
): Promise<void> {
  try {
    handOn(file, 'module', await exports);
  } catch (error) {
    reportProblem('import a loaded module', error);
  }
}

/** Node has no main CommonJS module where the program is an ES module (or is not loaded yet: see `atStart`). */
function isModuleProgram(): boolean {
  return require.main === undefined;
}
