import type { Outbox } from './outbox';

/** An outbox that knows how many events lie in it, as far as this process has put them there or looked at them. */
export interface CountedOutbox extends Outbox {
  events(): number;
}

/**
 * Counts what goes in and out, and reads nothing for it: a folder may hold 64 MB after an outage. A file of ours that
 * another process has taken is noticed when we look for it.
 */
export function countOnDisk(outbox: Outbox): CountedOutbox {
  const counts = new Map<string, number>();
  return {
    ...outbox,
    begin() {
      const segment = outbox.begin();
      const id = idOf(segment.name);
      return {
        ...segment,
        append(lines) {
          const isOurs = segment.append(lines);
          if (isOurs) counts.set(id, (counts.get(id) ?? 0) + lines.length);
          else counts.delete(id);
          return isOurs;
        },
      };
    },
    remove(name) {
      counts.delete(idOf(name));
      outbox.remove(name);
    },
    claim(name) {
      const claim = outbox.claim(name);
      if (name !== undefined) counts.delete(idOf(name));
      if (claim) counts.set(idOf(claim.name), claim.lines.length);
      return claim;
    },
    events: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
  };
}

/** A file is called the same whether somebody holds it or not, but for its end. */
function idOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
}
