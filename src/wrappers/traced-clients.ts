import { partsOf, seekClient } from './client-parts';
import type { Delivery } from '../deliver-events';
import { onHandOn } from './hand-on';
import type { Tracer } from '../operation';
import type { AmplitudeClient, ResolvedOptions } from '../options';
import { sharedState, type SharedState } from '../shared-state';
import type { ProviderPatch, Restore } from '../types';

/** What was said of one client. */
export interface ClientSettings {
  /** Absent: where the events of the session go. */
  readonly client?: AmplitudeClient | undefined;
  /** @param outer - those of the session, where there is one. */
  optionsIn(outer: ResolvedOptions | undefined): ResolvedOptions;
}

/** What calls of a client go through. */
export interface Tracing {
  readonly tracer: Tracer;
  readonly delivery: Delivery;
  /** Where its events go. */
  readonly client: AmplitudeClient;
}

/** How the calls of one client are traced. */
export interface OwnTracing extends Tracing {
  readonly patch: ProviderPatch;
  readonly settings: ClientSettings;
}

/** Clients that are traced for themselves, whoever else is. */
export interface TracedClients {
  /** What was made out of it goes with it, where nothing was said of that. */
  add(client: object, own: OwnTracing): void;
  /** With the clients that were made out of it. */
  remove(client: object): void;
  removeAll(): void;
  /** Another session: what was not said of a client is as that one says. */
  renew(tracing: (own: OwnTracing) => Tracing): void;
  /** Whether the client of a call is one of them; its tracer is missing where another copy of this package has it. */
  find(self: unknown): { readonly tracer?: Tracer } | undefined;
  wants(patch: ProviderPatch): boolean;
  /** How many of them there are, as far as the application still has them. */
  count(): number;
  deliveries(): Delivery[];
  /** Where their events go. */
  clients(): AmplitudeClient[];
}

/** The tracing of one client and of all that were made out of it, which is another one when something else is said. */
interface Family {
  own: OwnTracing;
}

interface Entry {
  readonly family: Family;
  /** What it was made out of. Undefined: it was given to `traceClient` itself. */
  readonly from: WeakRef<object> | undefined;
  readonly restore: Restore;
}

/**
 * No client is held: what is known of one is forgotten with it.
 *
 * @param onLeft - told of what a client reported to, and does no more.
 */
export function keepTracedClients(onLeft: (delivery: Delivery) => void): TracedClients {
  const families = new WeakSet<object>();
  const entries = new WeakMap<object, Entry>();
  const references = new Set<WeakRef<object>>();
  const collected = new FinalizationRegistry<readonly [WeakRef<object>, Family]>(([reference, { own }]) => {
    references.delete(reference);
    onLeft(own.delivery);
  });
  let shared: SharedState | undefined;
  return {
    add,
    remove,
    removeAll: () => living().forEach(([client]) => removeOne(client)),
    renew: (tracing) =>
      new Set(living().map(([, { family }]) => family)).forEach((family) => {
        replace(family, { ...family.own, ...tracing(family.own) });
      }),
    find,
    wants: (patch) => ownTracings().some((own) => own.patch === patch),
    count: () => living().length,
    deliveries: () => ownTracings().map(({ delivery }) => delivery),
    clients: () => ownTracings().map(({ client }) => client),
  };

  function find(self: unknown): { readonly tracer?: Tracer } | undefined {
    shared ??= sharedState();
    const { tracedClients } = shared;
    if (!tracedClients) return undefined;
    const mark = seekClient(self, (object) => tracedClients.get(object));
    return mark && (families.has(mark) ? (mark as Family).own : {});
  }

  function add(client: object, own: OwnTracing): void {
    const known = entries.get(client);
    if (known && !known.from) return replace(known.family, own);
    const family: Family = { own };
    families.add(family);
    const heirs = known ? living().filter(([each]) => isHeir(each, client)) : [];
    removeOne(client);
    place(client, family, undefined);
    for (const [heir, { from }] of heirs) {
      removeOne(heir);
      place(heir, family, from);
    }
  }

  function replace(family: Family, own: OwnTracing): void {
    onLeft(family.own.delivery);
    family.own = own;
  }

  function place(client: object, family: Family, from: WeakRef<object> | undefined): void {
    const claims = (sharedState().tracedClients ??= new WeakMap());
    for (const part of partsOf(client)) claims.set(part, family);
    const reference = new WeakRef(client);
    references.add(reference);
    collected.register(client, [reference, family], reference);
    const stopHandingOn = onHandOn(client, (made) => {
      if (!entries.has(made)) place(made, family, reference);
    });
    const restore = (): void => {
      stopHandingOn();
      references.delete(reference);
      collected.unregister(reference);
      entries.delete(client);
      onLeft(family.own.delivery);
      for (const part of partsOf(client)) if (claims.get(part) === family) claims.delete(part);
    };
    entries.set(client, { family, from, restore });
  }

  function remove(client: object): void {
    const family = entries.get(client)?.family;
    if (family) for (const [each, entry] of living()) if (entry.family === family) removeOne(each);
  }

  function removeOne(client: object): void {
    entries.get(client)?.restore();
  }

  /** Whether it was made out of that one, and nothing was said of it, nor of one between them. */
  function isHeir(each: object, client: object): boolean {
    let from = entries.get(each)?.from?.deref();
    while (from && from !== client) from = entries.get(from)?.from?.deref();
    return from === client;
  }

  function living(): [client: object, entry: Entry][] {
    return [...references].flatMap((reference) => {
      const client = reference.deref();
      const entry = client && entries.get(client);
      return client && entry ? [[client, entry] as [object, Entry]] : [];
    });
  }

  function ownTracings(): OwnTracing[] {
    return [...new Set(living().map(([, { family }]) => family.own))];
  }
}
