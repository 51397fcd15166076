import { partsOf, seekClient } from './client-parts';
import type { Delivery } from '../deliver-events';
import { onHandOn } from './hand-on';
import type { Tracer } from '../operation';
import { sharedState, type SharedState } from '../shared-state';
import type { ProviderPatch, Restore } from '../types';

/** How the calls of one client are traced, and those of the clients that are made out of it. */
export interface OwnTracing {
  readonly patch: ProviderPatch;
  readonly tracer: Tracer;
  readonly delivery: Delivery;
}

/** Clients that are traced for themselves, whoever else is. */
export interface TracedClients {
  add(client: object, own: OwnTracing): void;
  /** With the clients that were made out of it. */
  remove(client: object): void;
  removeAll(): void;
  /** Whether the client of a call is one of them; its tracer is missing where another copy of this package has it. */
  find(self: unknown): { readonly tracer?: Tracer } | undefined;
  wants(patch: ProviderPatch): boolean;
  /** How many of them there are, as far as the application still has them. */
  count(): number;
  deliveries(): Delivery[];
}

/** No client is held: what is known of one is forgotten with it. */
export function keepTracedClients(): TracedClients {
  const ours = new WeakMap<object, OwnTracing>();
  const restores = new WeakMap<object, Restore>();
  const references = new Set<WeakRef<object>>();
  const collected = new FinalizationRegistry<WeakRef<object>>((reference) => references.delete(reference));
  let shared: SharedState | undefined;
  return {
    add,
    remove,
    removeAll: () => living().forEach(([client]) => removeOne(client)),
    find,
    wants: (patch) => living().some(([, own]) => own.patch === patch),
    count: () => living().length,
    deliveries: () => [...new Set(living().map(([, { delivery }]) => delivery))],
  };

  function find(self: unknown): { readonly tracer?: Tracer } | undefined {
    shared ??= sharedState();
    const { tracedClients } = shared;
    if (!tracedClients) return undefined;
    const mark = seekClient(self, (object) => tracedClients.get(object));
    return mark && (ours.get(mark) ?? {});
  }

  function add(client: object, own: OwnTracing): void {
    removeOne(client);
    const claims = (sharedState().tracedClients ??= new WeakMap());
    ours.set(own.tracer, own);
    for (const part of partsOf(client)) claims.set(part, own.tracer);
    const reference = new WeakRef(client);
    references.add(reference);
    collected.register(client, reference, reference);
    const stopHandingOn = onHandOn(client, (made) => add(made, own));
    restores.set(client, function restore() {
      stopHandingOn();
      references.delete(reference);
      collected.unregister(reference);
      restores.delete(client);
      for (const part of partsOf(client)) if (claims.get(part) === own.tracer) claims.delete(part);
    });
  }

  function remove(client: object): void {
    const own = ownOf(client);
    if (own) for (const [each, other] of living()) if (other === own) removeOne(each);
  }

  function removeOne(client: object): void {
    restores.get(client)?.();
  }

  function ownOf(client: object): OwnTracing | undefined {
    const mark = restores.has(client) ? sharedState().tracedClients?.get(client) : undefined;
    return mark && ours.get(mark);
  }

  function living(): [client: object, own: OwnTracing][] {
    return [...references].flatMap((reference) => {
      const client = reference.deref();
      const own = client && ownOf(client);
      return client && own ? [[client, own] as [object, OwnTracing]] : [];
    });
  }
}
