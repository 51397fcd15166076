import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { installLoadHook } from './esm-load-hook';
import { findLoadedCommonJs, findLoadedEsModules, type LoadedEntry } from './find-loaded';
import { findEntry } from './find-package';
import { reportProblem, safely } from './safely';
import { sharedState } from './shared-state';
import type { ProviderPatch, Restore, SdkCopy } from './types';

/** Told about every loaded copy of a provider's SDK, possibly through several of its files. */
export type OnLoaded = (patch: ProviderPatch, exports: unknown, copy: SdkCopy) => void;

type HandOn = (file: string, format: SdkCopy['format'], exports: unknown) => void;

export interface ModuleHook {
  readonly restore: Restore;
  /** Resolves when what was loaded before us has been handed on. */
  readonly ready: Promise<void>;
}

/** Tells about SDKs that are loaded, and about those that will be: CommonJS and ES modules. */
export function hookModules(patches: readonly ProviderPatch[], onLoaded: OnLoaded, atStart: boolean): ModuleHook {
  const handOn: HandOn = (file, format, exports) => {
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
    safely('hook require', () => hookRequire(patches, handOn)),
    safely('hook import', () => hookImport(patches, handOn)),
  ];
  return {
    ready: atStart ? Promise.resolve() : handOnLoaded(patches, handOn),
    restore() {
      for (const restore of restores) restore?.();
    },
  };
}

/** Loaded late: require-in-the-middle tells about each file that is required, by its path. */
function hookRequire(patches: readonly ProviderPatch[], handOn: HandOn): Restore {
  // Loaded here and not above: most of the cost of loading this package would be this one's.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  const { Hook } = require('require-in-the-middle') as typeof import('require-in-the-middle');
  // It asks its list for names made of folders, and for whole paths. Only the name in package.json is the truth: aliases
  // and linked workspaces have other folders (hazard H41), so the list answers for paths, and like `findEntry` does.
  const entryFiles = Object.assign([] as string[], {
    includes: (file: string) => isAbsolute(file) && findEntry(file, patches) !== undefined,
  });
  const hook = new Hook(entryFiles, (exports, name, directory) => {
    const format = types.isModuleNamespaceObject(exports) ? 'module' : 'commonjs';
    handOn(join(directory ?? '', `${name}.js`), format, exports);
    return exports;
  });
  return () => hook.unhook();
}

function hookImport(patches: readonly ProviderPatch[], handOn: HandOn): Restore {
  const shared = sharedState();
  const onModule = (url: string, namespace: object): void => handOn(fileURLToPath(url), 'module', namespace);
  for (const [url, namespace] of shared.seen) onModule(url, namespace);
  shared.loaded = (url, namespace) => void safely('patch an imported module', () => onModule(url, namespace));
  const restoreHook = installLoadHook(patches.map(({ module, entryFiles }) => ({ module, entryFiles })));
  return () => {
    shared.loaded = undefined;
    // A hook that can be taken out misses what is loaded from now on.
    if (restoreHook) shared.wasHookOut = true;
    restoreHook?.();
  };
}

async function handOnLoaded(patches: readonly ProviderPatch[], handOn: HandOn): Promise<void> {
  const shared = sharedState();
  const { wasHookOut = false } = shared;
  shared.wasHookOut = false;
  const entries = safely('look for loaded ES modules', () => findLoadedEsModules(patches, wasHookOut)) ?? [];
  const pending = entries.filter(({ exports }) => exports instanceof Promise);
  for (const { file, exports } of entries) {
    if (!(exports instanceof Promise)) handOn(file, 'module', exports);
  }
  await Promise.all(pending.map((entry) => handOnLater(entry, handOn)));
}

async function handOnLater({ file, exports }: LoadedEntry, handOn: HandOn): Promise<void> {
  try {
    handOn(file, 'module', await exports);
  } catch (error) {
    reportProblem('import a loaded module', error);
  }
}
