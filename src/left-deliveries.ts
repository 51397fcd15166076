import type { Delivery } from './deliver-events';

/** Ways to a client that nobody takes any more, as far as something is still under way on them. */
export interface LeftDeliveries {
  add(delivery: Delivery): void;
  list(): Delivery[];
}

const fewest = 16;

/**
 * Calls that began before the end of a session, or of the tracing of a client, still report to it. What is on its way
 * is remembered for a while, and a program that ends many does not remember all: now and then those go that are done.
 */
export function keepLeft(): LeftDeliveries {
  const left = new Map<Delivery, Delivery>();
  let many = fewest;
  return { add, list: () => [...left.values()].filter((each) => each.pending() > 0) };

  function add(delivery: Delivery): void {
    left.set(delivery, { ...delivery, flush: (timeout) => flushOnce(delivery, timeout) });
    if (left.size < many) return;
    for (const each of left.keys()) if (each.pending() === 0) left.delete(each);
    many = Math.max(fewest, left.size * 2);
  }

  /** A client that does not answer in all that time is not waited for again, whoever flushes. */
  async function flushOnce(delivery: Delivery, timeout: number | undefined): Promise<void> {
    await delivery.flush(timeout);
    if (delivery.pending() > 0) left.delete(delivery);
  }
}
