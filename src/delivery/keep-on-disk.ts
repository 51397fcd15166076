import { addEntry, isFull, newBatch, type Batch, type Entry } from './batch';
import type { Outbox, Segment } from './outbox';

/** Keeps on disk what is not delivered yet. Without a disk it keeps nothing, and says so. */
export interface Keeper {
  /** Writes one event of a batch that is still growing. */
  append(batch: Batch, entry: Entry): void;
  /** The batch grows no more. */
  seal(batch: Batch): void;
  /** On disk, and ours still: it is under way. */
  hold(batch: Batch): void;
  /** On disk, for whoever can deliver it. False where that was not possible. */
  keep(batch: Batch): boolean;
  /** The same for parts of a batch, in its place. */
  replace(batch: Batch, parts: readonly Batch[]): void;
  remove(batch: Batch): void;
  /** Something to deliver: what this process left there, or with `all` anybody. */
  next(all: boolean): Batch | undefined;
  /** Whether something of this process is there. */
  hasOwn(): boolean;
  /** Says that we are still here. */
  touch(): void;
  /** Lets everything go: this process ends. */
  releaseAll(): void;
}

/** A disk that is full is not asked again for so many milliseconds. */
const pause = 10_000;

export function makeKeeper(
  outbox: Outbox | undefined,
  now: () => number,
  onProblem: (what: string, error: unknown) => void,
): Keeper {
  /** Files that hold batches which are in memory too. */
  const holding = new Set<string>();
  /** Files that we let go, and that may be there still. */
  const own = new Set<string>();
  const growing = new Map<Batch, Segment>();
  /** Takes what can not be delivered, batch after batch: an outage is not a thousand files. */
  let spill: Segment | undefined;
  let spilled = newBatch();
  let notBefore = 0;
  return {
    append,
    seal,
    hold,
    keep,
    replace,
    remove,
    next,
    touch: () => outbox?.touch(spill ? [...holding, spill.name] : holding),
    hasOwn: () => own.size > 0 || spill !== undefined,
    releaseAll,
  };

  function append(batch: Batch, entry: Entry): void {
    if (batch.entries.length > 0 && batch.segment === undefined) return;
    attempt(() => {
      const segment = growing.get(batch) ?? begin(batch);
      if (segment) write(batch, segment, [entry]);
    });
  }

  function write(batch: Batch, segment: Segment, entries: readonly Entry[]): void {
    try {
      segment.append(entries.map(({ json }) => json));
    } catch (error) {
      // Part of a batch is no use: what is kept has to be all of it.
      seal(batch);
      remove(batch);
      throw error;
    }
  }

  function begin(batch: Batch): Segment | undefined {
    const segment = outbox?.begin();
    if (!segment) return undefined;
    growing.set(batch, segment);
    batch.segment = segment.name;
    holding.add(segment.name);
    return segment;
  }

  function seal(batch: Batch): void {
    growing.get(batch)?.close();
    growing.delete(batch);
  }

  function hold(batch: Batch): void {
    if (batch.segment !== undefined) return;
    attempt(() => {
      const segment = begin(batch);
      if (segment) write(batch, segment, batch.entries);
      seal(batch);
    });
  }

  function keep(batch: Batch): boolean {
    seal(batch);
    if (batch.segment !== undefined) {
      letGo(batch.segment);
      return true;
    }
    return attempt(() => {
      const [first] = batch.entries;
      if (first && isFull(spilled, { ...first, bytes: batch.bytes })) rotate();
      spill ??= outbox?.begin();
      if (!spill) return false;
      spill.append(batch.entries.map(({ json }) => json));
      for (const entry of batch.entries) addEntry(spilled, entry);
      return true;
    });
  }

  function replace(batch: Batch, parts: readonly Batch[]): void {
    if (batch.segment === undefined) return;
    for (const part of parts) hold(part);
    remove(batch);
  }

  function remove(batch: Batch): void {
    if (batch.segment === undefined) return;
    outbox?.remove(batch.segment);
    holding.delete(batch.segment);
    batch.segment = undefined;
  }

  function next(all: boolean): Batch | undefined {
    let batch: Batch | undefined;
    attempt(() => {
      rotate();
      for (const name of own) {
        own.delete(name);
        const claim = outbox?.claim(name);
        if (claim) return (batch = batchOf(claim.lines, claim.name));
      }
      const claim = all ? outbox?.claim() : undefined;
      return claim && (batch = batchOf(claim.lines, claim.name));
    });
    if (batch?.segment !== undefined) holding.add(batch.segment);
    return batch;
  }

  /** What was written until now can be delivered; what comes goes to a file of its own. */
  function rotate(): void {
    if (!spill) return;
    const { name } = spill;
    spill.close();
    spill = undefined;
    spilled = newBatch();
    letGo(name);
  }

  function letGo(name: string): void {
    outbox?.release(name);
    holding.delete(name);
    own.add(name);
  }

  function releaseAll(): void {
    rotate();
    for (const name of holding) outbox?.release(name);
    holding.clear();
  }

  function attempt(work: () => unknown): boolean {
    if (!outbox || now() < notBefore) return false;
    try {
      return work() !== false;
    } catch (error) {
      notBefore = now() + pause;
      onProblem('write to the outbox', error);
      return false;
    }
  }
}

/** What lies in the outbox is late, and all of it comes at once: that is for the batch API. */
function batchOf(lines: readonly string[], segment: string): Batch {
  const batch: Batch = { ...newBatch(), isFast: true, segment };
  for (const json of lines) {
    const { user_id: userId, device_id: deviceId } = JSON.parse(json) as { user_id?: string; device_id?: string };
    addEntry(batch, { json, bytes: Buffer.byteLength(json), userId, deviceId });
  }
  return batch;
}
