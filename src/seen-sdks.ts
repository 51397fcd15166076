import type { Found } from './loading/hook-module';
import { countMethods, installPatch, type InstalledPatch, type TracerFor } from './install-patch';
import { safely } from './safely';
import type { MethodPatch, ProviderPatch, SdkCopy } from './types';

/**
 * One copy of an SDK that was seen.
 *
 * @experimental
 */
export interface TracedSdk {
  provider: string;
  sdk: string;
  version?: string | undefined;
  format: SdkCopy['format'];
  place: string;
  /** How many of its methods are traced. */
  methods: number;
  /** Why none is, or some are not. */
  reason?: string;
}

interface SeenSdk {
  readonly sdk: TracedSdk;
  readonly patch: ProviderPatch;
  /** By the exports of the files through which the copy came to us. */
  readonly installed: Map<unknown, InstalledPatch>;
  /** Whether functions within files are traced: see `ProviderPatch.functions`. */
  readonly hasFunctions: boolean;
  /** How many methods it tells about by itself. */
  readonly told: number;
}

/** The copies of SDKs that were seen, and what is patched of them. */
export interface SeenSdks {
  install(patch: ProviderPatch, exports: unknown, copy: SdkCopy, found?: Found): void;
  /** What no file brought. `where` is said in the status, with a number. */
  installGiven(patch: ProviderPatch, exports: unknown, where: string): void;
  /** Whether all of these methods are patched already. */
  covers(patch: ProviderPatch, methods: readonly MethodPatch[]): boolean;
  /** An SDK that tells about itself may have come to us as a file, too. */
  hear(patch: ProviderPatch, copy: SdkCopy): void;
  /** Takes patches out again, last first. */
  forget(isUnwanted: (patch: ProviderPatch) => boolean): void;
  list(): TracedSdk[];
}

export function keepSeenSdks(tracerFor: TracerFor, note: (line: string) => void): SeenSdks {
  const seen = new Map<string, SeenSdk>();
  return { install, installGiven, covers, hear, forget, list: () => [...seen.values()].map(({ sdk }) => ({ ...sdk })) };

  function install(
    patch: ProviderPatch,
    exports: unknown,
    copy: SdkCopy,
    { functionsOf, isLate = false, isHeard = false }: Found = {},
  ): void {
    const key = `${patch.name} ${copy.format} ${copy.place}`;
    const former = seen.get(key);
    if (former?.installed.has(exports)) return;
    const installed = new Map(former?.installed);
    installed.set(exports, installPatch(patch, exports, copy, tracerFor, functionsOf));
    const hasFunctions =
      former?.hasFunctions || (functionsOf !== undefined && countMethods([installed.get(exports)]) > 0);
    const speaks = isHeard || safely('ask an SDK', () => patch.telemetry?.isSpokenBy(exports));
    const told = speaks ? (patch.telemetry?.methods.length ?? 0) : (former?.told ?? 0);
    const methods = told + countMethods(installed.values());
    const isTooLate = isLate || (copy.format === 'given' && methods === 0);
    const reason = reasonFor(patch, methods, isTooLate && !speaks && !hasFunctions);
    const sdk = { provider: patch.name, ...copy, methods, ...(reason !== undefined && { reason }) };
    seen.set(key, { patch, sdk, installed, hasFunctions, told });
    // One line a copy, however many files it comes through.
    if (former && (former.sdk.methods > 0 || methods === 0)) return;
    const what = `${copy.sdk} ${copy.version ?? ''} (${copy.format}) in ${copy.place}`;
    note(`${methods > 0 ? 'patched' : 'left alone'} ${what}`);
  }

  function installGiven(patch: ProviderPatch, exports: unknown, where: string): void {
    const given = [...seen.values()].filter(({ sdk }) => sdk.provider === patch.name && sdk.format === 'given');
    if (given.some(({ installed }) => installed.has(exports))) return;
    const version = safely('read the version of a class', () => patch.versionOf?.(exports));
    install(patch, exports, { sdk: patch.module, version, format: 'given', place: `${where} (${given.length + 1})` });
  }

  function covers(patch: ProviderPatch, methods: readonly MethodPatch[]): boolean {
    const installed = [...seen.values()]
      .filter((each) => each.patch === patch)
      .flatMap((each) => [...each.installed.values()]);
    const owners = new Set(installed.flatMap((each) => each.methods.map(({ owner }) => owner)));
    return methods.every(({ owner }) => owners.has(owner));
  }

  function hear(patch: ProviderPatch, copy: SdkCopy): void {
    const isSeen = [...seen.values()].some(({ sdk }) => sdk.sdk === copy.sdk && sdk.version === copy.version);
    if (!isSeen) install(patch, copy, copy, { isHeard: true });
  }

  function forget(isUnwanted: (patch: ProviderPatch) => boolean): void {
    for (const [key, { patch, installed }] of [...seen].reverse()) {
      if (!isUnwanted(patch)) continue;
      for (const { restore } of [...installed.values()].reverse()) safely('restore a method', restore);
      seen.delete(key);
    }
  }
}

function reasonFor(patch: ProviderPatch, methods: number, isLate: boolean): string | undefined {
  if (isLate && patch.functions) {
    return 'its functions can not be reached: it was loaded before tracing was enabled, by requiring an ES module, or given';
  }
  return methods === 0 ? 'none of the methods that this version of the package knows was found' : undefined;
}
