import type { MethodPatch, MethodReader, ProviderPatch } from '../types';
import { isInside } from './replicate/mark-inside';
import { creation, run, stream } from './replicate/predictions';
import { servedBy } from './shared/served-by';

/* eslint-disable @typescript-eslint/no-explicit-any -- the exports of several majors, found by feature */

/**
 * The Replicate client. `predictions.create` and `deployments.predictions.create` are functions that each instance
 * binds for itself, but they send through `request`, which is on the prototype. `run` and `stream` call
 * `predictions.create`: they mark their options, and a request that carries the mark is no call of its own.
 */
export const replicate = {
  name: 'replicate',
  module: 'replicate',
  versions: '0.34 to 1',
  entryFiles: ['index'],
  methods(exports: any): MethodPatch[] {
    const owner: unknown = classOf(exports)?.prototype;
    if (!isClient(owner)) return [];
    return [
      { owner, method: 'run', readerFor: () => run },
      { owner, method: 'stream', readerFor: () => stream },
      { owner, method: 'request', readerFor: ([route, options]) => creationOf(route, options) },
    ];
  },
  exportsOf: (client: any) => (client?.predictions && isClient(client) ? client.constructor : undefined),
  servedBy: (self: any) => servedBy(self?.baseUrl) ?? 'replicate',
} as const satisfies ProviderPatch;

function classOf(exports: any): any {
  return [exports, exports?.default, exports?.Replicate].find((candidate) => isClient(candidate?.prototype));
}

function isClient(owner: any): owner is object {
  return typeof owner?.run === 'function' && typeof owner.stream === 'function' && typeof owner.request === 'function';
}

/** Only what begins a prediction: reading one again, cancelling it and everything else of the API is no model call. */
function creationOf(route: any, options: any): MethodReader | undefined {
  if (typeof options?.method !== 'string' || options.method.toUpperCase() !== 'POST') return undefined;
  return isInside(options.data) ? undefined : creation(route);
}
