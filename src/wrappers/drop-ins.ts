import { safely } from '../safely';
import type { TracedSdk } from '../seen-sdks';
import type { ProviderPatch, SdkCopy } from '../types';

/** One copy of an SDK that was imported through this package. */
export interface DropIn {
  readonly patch: ProviderPatch;
  readonly exports: unknown;
  readonly copy: SdkCopy;
}

export interface DropIns {
  add(dropIn: DropIn): void;
  has(patch: ProviderPatch): boolean;
  /** Whether this object with methods is of one of them, and not of another copy of the same SDK. */
  owns(owner: object): boolean;
  list(): readonly DropIn[];
  /** What the status says of them while nothing is traced. */
  idle(): TracedSdk[];
}

/** They stay: an import is not taken back, and what is enabled later traces them. */
export function keepDropIns(): DropIns {
  const dropIns: DropIn[] = [];
  const owners = new WeakSet<object>();
  return {
    add(dropIn) {
      const { patch, exports } = dropIn;
      if (dropIns.some((known) => known.exports === exports)) return;
      dropIns.push(dropIn);
      for (const { owner } of safely('find the methods of an SDK', () => patch.methods(exports)) ?? [])
        owners.add(owner);
    },
    has: (patch) => dropIns.some((known) => known.patch === patch),
    owns: (owner) => owners.has(owner),
    list: () => dropIns,
    idle: () =>
      dropIns.map(({ patch, copy }) => ({
        provider: patch.name,
        ...copy,
        methods: 0,
        reason: 'tracing is not enabled',
      })),
  };
}
