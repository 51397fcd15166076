import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { beginsAsCommonJs, mayImport } from './await-import';
import { installLoadHook, needsThread } from './esm-load-hook';
import { findLoadedCommonJs, findLoadedEsModules, findRequiredEsModules, type LoadedEntry } from './find-loaded';
import { findEntry, type PackageTarget } from './find-package';
import { holdFunctions } from './hold-functions';
import { hookRequire } from './hook-require';
import { reportProblem, safely } from '../safely';
import { sharedState, type HeldFunctions } from '../shared-state';
import type { ProviderPatch, Restore, SdkCopy } from '../types';

/** How a copy of an SDK came to us. */
export interface Found {
  /** The file whose functions these are, for `functionMethods`. Without it, they are the exports of an entry file. */
  readonly functionsOf?: string;
  /** Whether the file was loaded before us. */
  readonly isLate?: boolean;
  /** No file came: the SDK has told of itself. */
  readonly isHeard?: boolean;
}

/** Told about every loaded copy of a provider's SDK, possibly through several of its files. */
export type OnLoaded = (patch: ProviderPatch, exports: unknown, copy: SdkCopy, found: Found) => void;

/** The two ways in which a file comes to us. */
interface HandOn {
  exportsOf(file: string, exports: unknown, isLate: boolean): void;
  functionsOf(url: string, held: HeldFunctions): void;
}

export interface ModuleHook {
  readonly restore: Restore;
  /** Resolves when what was loaded before us has been handed on. */
  readonly ready: Promise<void>;
}

/** Tells about SDKs that are loaded, and about those that will be: CommonJS and ES modules. */
export function hookModules(patches: readonly ProviderPatch[], onLoaded: OnLoaded, atStart: boolean): ModuleHook {
  const targets = patches.map(({ module, entryFiles, functions }) => ({ module, entryFiles, functions }));
  const handOn = handOnTo(onLoaded, patches);
  const restoreFunctions = hookFunctions(handOn);
  for (const { file, exports } of safely('look for loaded modules', () => findLoadedCommonJs(targets)) ?? []) {
    handOn.exportsOf(file, exports, true);
  }
  const importHook = hookImport(targets, handOn);
  let isLookingBack = false;
  /** What came before us is required to get at it, which `hookRequire` sees too. */
  const lookBack = <Result>(look: () => Result): Result => {
    isLookingBack = true;
    try {
      return look();
    } finally {
      isLookingBack = false;
    }
  };
  const awaitsImport = atStart && needsThread() && safely('look at the program', beginsAsCommonJs) === true;
  const restoreRequire = safely('hook require', () =>
    hookRequire(targets, {
      loaded: (file, exports) => handOn.exportsOf(file, exports, isLookingBack),
      ...(needsThread() && {
        loadedModule: (file) => isLookingBack || lookBack(() => handOnRequired(file, targets, handOn)),
      }),
      ...(awaitsImport && { compiling: (text) => mayImport(text) && importHook.install() }),
    }),
  );
  if (!awaitsImport || !restoreRequire) importHook.install();
  return {
    ready: atStart ? Promise.resolve() : lookBack(() => handOnLoaded(targets, handOn)),
    restore() {
      importHook.restore();
      restoreRequire?.();
      restoreFunctions();
    },
  };
}

function handOnTo(onLoaded: OnLoaded, patches: readonly ProviderPatch[]): HandOn {
  return {
    exportsOf(file, exports, isLate) {
      const format = types.isModuleNamespaceObject(exports) ? 'module' : 'commonjs';
      tell(file, exports, format, ({ entryFiles }, path) => (entryFiles.includes(path) ? { isLate } : undefined));
    },
    functionsOf(url, { format, holder }) {
      tell(fileURLToPath(url), holder, format, (_, path) => ({ functionsOf: path }));
    },
  };

  function tell(
    file: string,
    exports: unknown,
    format: SdkCopy['format'],
    foundAs: (patch: ProviderPatch, path: string) => Found | undefined,
  ): void {
    safely('patch a loaded module', () => {
      const entry = findEntry(file, patches);
      const found = entry && foundAs(entry.target, entry.path);
      if (!entry || !found) return;
      const { version, directory } = entry.found;
      onLoaded(entry.target, exports, { sdk: entry.target.module, version, format, place: directory }, found);
    });
  }
}

/** Files that the hooks have appended to go on to hold their functions when nobody listens: `enable` may come again. */
function hookFunctions({ functionsOf }: HandOn): Restore {
  const shared = sharedState();
  shared.hold = holdFunctions;
  shared.functionsHeld = functionsOf;
  for (const [url, held] of shared.held ?? []) functionsOf(url, held);
  return () => void (shared.functionsHeld = undefined);
}

interface ImportHook {
  /** Does nothing the second time, nor when it is too late. */
  install(): void;
  readonly restore: Restore;
}

function hookImport(targets: readonly PackageTarget[], { exportsOf }: HandOn): ImportHook {
  const shared = sharedState();
  const onModule = (url: string, namespace: object): void => exportsOf(fileURLToPath(url), namespace, false);
  shared.loaded = (url, namespace) => void safely('patch an imported module', () => onModule(url, namespace));
  for (const [url, namespace] of shared.seen) shared.loaded(url, namespace);
  let isPending = true;
  let restoreHook: Restore | undefined;
  return {
    install() {
      if (!isPending) return;
      isPending = false;
      restoreHook = installLoadHook(targets);
    },
    restore() {
      isPending = false;
      shared.loaded = undefined;
      // A hook that can be taken out misses what is loaded from now on.
      if (restoreHook) shared.wasHookOut = true;
      restoreHook?.();
    },
  };
}

function handOnRequired(file: string, targets: readonly PackageTarget[], handOn: HandOn): void {
  const entries = safely('look into a required ES module', () => findRequiredEsModules(file, targets)) ?? [];
  for (const entry of entries) handOn.exportsOf(entry.file, entry.exports, true);
}

async function handOnLoaded(targets: readonly PackageTarget[], handOn: HandOn): Promise<void> {
  const shared = sharedState();
  const { wasHookOut = false } = shared;
  shared.wasHookOut = false;
  const entries =
    safely('look for loaded ES modules', () => findLoadedEsModules(targets, wasHookOut, needsThread())) ?? [];
  const pending = entries.filter(({ exports }) => exports instanceof Promise);
  for (const { file, exports } of entries) {
    if (!(exports instanceof Promise)) handOn.exportsOf(file, exports, true);
  }
  await Promise.all(pending.map((entry) => handOnLater(entry, handOn)));
}

async function handOnLater({ file, exports }: LoadedEntry, handOn: HandOn): Promise<void> {
  try {
    handOn.exportsOf(file, await exports, true);
  } catch (error) {
    reportProblem('import a loaded module', error);
  }
}
