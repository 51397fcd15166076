import { isObject } from './client-parts';
import { reportProblem } from '../safely';
import type { Restore } from '../types';
import { wrapMethod } from '../wrap-method';

/**
 * Methods that make a client out of a client: all that Stainless generates, @google/generative-ai (a model of a client, a
 * chat of a model).
 */
const makers = ['withOptions', 'getGenerativeModel', 'getGenerativeModelFromCachedContent', 'startChat'];

type Heir = (made: object) => void;

interface Watched {
  readonly heirs: Set<Heir>;
  readonly restore: Restore;
}

const watched = new WeakMap<object, Watched>();

/**
 * Tells about each client that is made out of this one. Its methods for that are hidden behind own ones, which do not
 * enumerate; no other client is touched. The undo takes them away when nobody is to be told any more.
 */
export function onHandOn(client: object, heir: Heir): Restore {
  const known = watched.get(client) ?? watch(client);
  known.heirs.add(heir);
  return function restore() {
    known.heirs.delete(heir);
    if (known.heirs.size > 0 || watched.get(client) !== known) return;
    watched.delete(client);
    known.restore();
  };
}

function watch(client: object): Watched {
  const heirs = new Set<Heir>();
  const restores = makers.map((name) => {
    const restore = wrapMethod(client, name, (original, isLive) => {
      return function making(this: unknown, ...args: unknown[]): unknown {
        const made: unknown = original.apply(this, args);
        if (isLive() && isObject(made) && made !== client) tell(heirs, made);
        return made;
      };
    });
    if (!restore && typeof (client as Record<string, unknown>)[name] === 'function') {
      // A frozen client.
      reportProblem(
        'watch a client',
        new TypeError(`${name} can not be replaced: what holds here does not hold there`),
      );
    }
    return restore;
  });
  const found = { heirs, restore: () => restores.forEach((restore) => restore?.()) };
  watched.set(client, found);
  return found;
}

function tell(heirs: ReadonlySet<Heir>, made: object): void {
  for (const heir of heirs) {
    try {
      heir(made);
    } catch (error) {
      reportProblem('hand on what holds for a client', error);
    }
  }
}
