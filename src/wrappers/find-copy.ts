import { fileURLToPath } from 'node:url';
import { findLoadedCommonJs } from '../loading/find-loaded';
import { findEntry } from '../loading/find-package';
import { safely } from '../safely';
import { sharedState } from '../shared-state';
import type { MethodPatch, ProviderPatch, SdkCopy } from '../types';

export interface FoundCopy {
  /** What reaches the methods, and more than they say: the commands of an AWS client. */
  readonly exports?: unknown;
  readonly copy: SdkCopy;
}

/**
 * The loaded copy of an SDK that has these methods: a client does not say from where its class came. Undefined in a
 * bundle, in Jest, and for an ES module that was loaded before there was a load hook.
 */
export function findCopy(patch: ProviderPatch, methods: readonly MethodPatch[]): FoundCopy | undefined {
  const owners = new Set(methods.map(({ owner }) => owner));
  const imported = [...sharedState().seen].map(([url, exports]) => ({ file: fileURLToPath(url), exports }));
  const targets = [patch];
  let partly: FoundCopy | undefined;
  for (const { file, exports } of [...findLoadedCommonJs(targets), ...imported]) {
    const entry = findEntry(file, targets);
    if (!entry || !patch.entryFiles.includes(entry.path)) continue;
    const reached = safely('find the methods of an SDK', () => patch.methods(exports)) ?? [];
    const known = new Set(reached.map(({ owner }) => owner).filter((owner) => owners.has(owner)));
    if (known.size === 0) continue;
    const { version, directory } = entry.found;
    const format = imported.some((each) => each.file === file) ? 'module' : 'commonjs';
    const copy = { sdk: patch.module, version, format, place: directory } as const;
    if (known.size === owners.size) return { exports, copy };
    partly = { copy };
  }
  return partly;
}
