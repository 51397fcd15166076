import { addEntry, countByIds, isFull, newBatch, partOf, sizeOf, type Batch, type Entry } from './batch';
import type { Keeper } from './keep-on-disk';
import type { UploadEffects, UploadSettings } from './upload-settings';

/** Events in memory until they are delivered, left to the disk, or dropped: in batches, the next one first. */
export interface Line {
  /** Takes one event, and makes room for it where there is none. */
  add(entry: Entry): void;
  /** Whether the batch that grows can go. */
  isReady(): boolean;
  /** Lets the batch that grows go. */
  seal(): void;
  /** How many events there are. */
  pending(): number;
  /** How many batches are under way. */
  underWay(): number;
  /** Whether one of them came from disk. */
  sendsFromDisk(): boolean;
  /** Has what is here now sent without waiting for more. A number for `isThrough`. */
  hurry(): number;
  /** Whether nothing waits for an answer any more that was here when this number was given, or before. */
  isThrough(until: number): boolean;
  /** The batch that goes now: it is under way from here on. */
  next(): Batch | undefined;
  /** One from disk that goes now. */
  enter(batch: Batch): void;
  /** Ends what `next` began. False where the batch was saved meanwhile. */
  answered(batch: Batch): boolean;
  forget(batch: Batch): void;
  drop(batch: Batch, reason: string): void;
  /** To disk, or behind the others. */
  again(batch: Batch): void;
  /** Both halves before the others; a single event is dropped. */
  halve(batch: Batch, reason: string): void;
  /** Without those at `gone`; those at `slow` from the time `at` on, and the rest before the others. */
  sort(batch: Batch, gone: ReadonlySet<number>, slow: ReadonlySet<number>, at: number): void;
  /** Those that were put off go now. */
  takeLate(now: number): void;
  /** Leaves to the disk what could go, where there is one. */
  keepReady(): void;
  /** On disk as well: what is put off, and what waits, for an answer or for its turn, since then or longer. */
  hold(since: number): void;
  /** Leaves everything to the disk. */
  save(): void;
  /** But what is under way. */
  dropAll(reason: string): void;
}

/** @param now - milliseconds on a clock that never goes back. */
export function makeLine(
  settings: Pick<UploadSettings, 'maxEvents' | 'maxBytes' | 'flushSize' | 'isDurable'>,
  keeper: Keeper,
  now: () => number,
  dropped: UploadEffects['dropped'],
): Line {
  const isTooFast = countByIds();
  const ready: Batch[] = [];
  const sent = new Set<Batch>();
  let late: { readonly batch: Batch; readonly at: number }[] = [];
  let building = newBatch();
  let events = 0;
  let bytes = 0;
  /** The number of the last batch that was sealed, and of the last one that somebody waits for. */
  let last = 0;
  let wanted = 0;
  return {
    add,
    isReady: () => building.entries.length >= settings.flushSize,
    seal,
    pending: () => events,
    underWay: () => sent.size,
    sendsFromDisk: () => [...sent].some(({ number }) => number === undefined),
    hurry,
    isThrough,
    next,
    enter,
    answered: (batch) => sent.delete(batch),
    forget,
    drop,
    again,
    halve,
    sort,
    takeLate,
    keepReady,
    hold,
    save,
    dropAll,
  };

  function add(entry: Entry): void {
    if (isFull(building, entry)) seal();
    if (settings.isDurable) keeper.append(building, entry);
    building.isFast ||= isTooFast(entry, now());
    addEntry(building, entry);
    events += 1;
    bytes += entry.bytes;
    while (events > settings.maxEvents || bytes > settings.maxBytes) if (!makeRoom()) break;
  }

  function seal(): void {
    if (building.entries.length === 0) return;
    keeper.seal(building);
    building.since = now();
    building.number = last += 1;
    ready.push(building);
    building = newBatch();
  }

  function makeRoom(): boolean {
    const oldest = takeOldest();
    if (!oldest) return false;
    if (keeper.keep(oldest)) leave(oldest);
    else drop(oldest, 'queue_full');
    return true;
  }

  /** What is under way can not go. */
  function takeOldest(): Batch | undefined {
    if (ready.length + late.length === 0) seal();
    const waiting = [...late.map(({ batch }) => batch), ...ready];
    const numbers = waiting.map(numberOf);
    const oldest = waiting[numbers.indexOf(Math.min(...numbers))];
    late = late.filter(({ batch }) => batch !== oldest);
    const at = ready.findIndex((batch) => batch === oldest);
    if (at >= 0) ready.splice(at, 1);
    return oldest;
  }

  /** Not sealed yet: while no connection is free, more of those who wait come together in one upload. */
  function hurry(): number {
    const until = building.entries.length > 0 ? last + 1 : last;
    wanted = Math.max(wanted, until);
    return until;
  }

  function isThrough(until: number): boolean {
    if (building.entries.length > 0 && last < until) return false;
    const isOver = (batch: Batch): boolean => numberOf(batch) > until;
    // What waits for its time is done with where it is on disk.
    return (
      ready.every(isOver) &&
      [...sent].every(isOver) &&
      late.every(({ batch }) => isOver(batch) || batch.segment !== undefined)
    );
  }

  function next(): Batch | undefined {
    if (ready.length === 0 && last < wanted) seal();
    const batch = ready.shift();
    if (batch) sent.add(batch);
    return batch;
  }

  function enter(batch: Batch): void {
    count(batch);
    sent.add(batch);
  }

  function again(batch: Batch): void {
    if (keeper.keep(batch)) leave(batch);
    // Behind the others: one that never gets through (a firewall that does not like it) must not hold them up.
    else ready.push(batch);
  }

  function halve(batch: Batch, reason: string): void {
    const { length } = batch.entries;
    if (length < 2) return drop(batch, reason);
    const halves = [partOf(batch, (at) => at < length / 2), partOf(batch, (at) => at >= length / 2)];
    replace(batch, halves);
    ready.unshift(...halves);
  }

  function sort(batch: Batch, gone: ReadonlySet<number>, slow: ReadonlySet<number>, at: number): void {
    const rest = partOf(batch, (position) => !gone.has(position) && !slow.has(position));
    const waiting = partOf(batch, (position) => slow.has(position));
    rest.isFast ||= slow.size > 0;
    waiting.isFast = true;
    replace(batch, [rest, waiting]);
    if (rest.entries.length > 0) ready.unshift(rest);
    if (waiting.entries.length > 0) late.push({ batch: waiting, at });
  }

  function takeLate(time: number): void {
    ready.unshift(...late.filter(({ at }) => at <= time).map(({ batch }) => batch));
    late = late.filter(({ at }) => at > time);
  }

  function keepReady(): void {
    while (ready[0] && keeper.keep(ready[0])) leave(ready.shift() as Batch);
  }

  function hold(since: number): void {
    for (const batch of [...sent, ...ready]) if ((batch.since ?? 0) <= since) keeper.hold(batch);
    for (const { batch } of late) keeper.hold(batch);
  }

  function save(): void {
    seal();
    const batches = [...sent, ...takeWaiting()];
    sent.clear();
    for (const batch of batches) {
      if (keeper.keep(batch)) leave(batch);
      else drop(batch, 'process_ended');
    }
  }

  function dropAll(reason: string): void {
    seal();
    for (const batch of takeWaiting()) drop(batch, reason);
  }

  /** The oldest first, as far as that is known. */
  function takeWaiting(): Batch[] {
    const waiting = [...late.map(({ batch }) => batch), ...ready.splice(0)];
    late = [];
    return waiting;
  }

  function drop(batch: Batch, reason: string): void {
    dropped(reason, batch.entries.length);
    forget(batch);
  }

  function forget(batch: Batch): void {
    keeper.remove(batch);
    leave(batch);
  }

  function replace(batch: Batch, parts: readonly Batch[]): void {
    const filled = parts.filter(({ entries }) => entries.length > 0);
    keeper.replace(batch, filled);
    leave(batch);
    for (const part of filled) count(part);
  }

  function count(batch: Batch): void {
    events += batch.entries.length;
    bytes += sizeOf(batch);
  }

  function leave(batch: Batch): void {
    events -= batch.entries.length;
    bytes -= sizeOf(batch);
  }
}

/** What comes from disk is waited for by nobody. */
function numberOf({ number = Infinity }: Batch): number {
  return number;
}
