import { clearTimeout, setTimeout } from 'node:timers';
import { addEntry, bodyOf, countByIds, isFull, newBatch, partOf, sizeOf, type Batch, type Entry } from './batch';
import { makeKeeper } from './keep-on-disk';
import { makePace } from './pace';
import { readVerdict, type Reply, type Verdict } from './read-verdict';
import { makeWaiters } from './waiters';
import type { UploadEffects, Uploader, UploadSettings } from './upload-settings';

/**
 * Delivers events: in batches, several at a time, again after a failure, and from disk where the server is away for
 * longer. Nothing in here is awaited by whoever tracks, nothing keeps the process alive but a flush, and every event is
 * delivered, on disk, or counted as dropped.
 */
export function makeUploader(settings: UploadSettings, effects: UploadEffects): Uploader {
  const { now } = effects;
  const keeper = makeKeeper(effects.outbox, now, effects.problem);
  const pace = makePace(settings.connections, now, effects.random);
  const isTooFast = countByIds();
  const waiters = makeWaiters();
  const ready: Batch[] = [];
  const inFlight = new Set<Batch>();
  let late: { readonly batch: Batch; readonly at: number }[] = [];
  let building = newBatch();
  let events = 0;
  let bytes = 0;
  let isStopped = false;
  let scansAll = false;
  let hasEnded = false;
  let timer: NodeJS.Timeout | undefined;
  return { add, pending: () => events, flush, sendOutbox, save };

  function add(entry: Entry): void {
    if (isStopped) return effects.dropped('invalid_api_key', 1);
    if (isFull(building, entry)) seal();
    if (settings.isDurable) keeper.append(building, entry);
    building.isFast ||= isTooFast(entry, now());
    addEntry(building, entry);
    events += 1;
    bytes += entry.bytes;
    if (hasEnded) return save();
    while (events > settings.maxEvents || bytes > settings.maxBytes) if (!makeRoom()) break;
    if (building.entries.length >= settings.flushSize) {
      seal();
      pump();
    }
    wake();
  }

  function seal(): void {
    if (building.entries.length === 0) return;
    keeper.seal(building);
    building.since = now();
    ready.push(building);
    building = newBatch();
  }

  /** The oldest go first. What is under way can not. */
  function makeRoom(): boolean {
    if (ready.length === 0) seal();
    const oldest = ready.shift() ?? late.shift()?.batch;
    if (!oldest) return false;
    if (keeper.keep(oldest)) leave(oldest);
    else drop(oldest, 'queue_full');
    return true;
  }

  function wake(): void {
    timer ??= setTimeout(tick, settings.flushInterval / 2).unref();
  }

  /** Twice an interval: an event waits for one half of it, and is on disk after the other half without an answer. */
  function tick(): void {
    timer = undefined;
    guard(() => {
      seal();
      const old = now() - settings.flushInterval / 4;
      for (const batch of [...inFlight, ...ready]) if ((batch.since ?? 0) < old) keeper.hold(batch);
      for (const { batch } of late) keeper.hold(batch);
      takeLate(now());
      pump();
      // Whatever can not go now waits on disk, where there is one.
      if (pace.waits()) keepReady();
      keeper.touch();
    });
    if (!isStopped && !hasEnded && (events > 0 || keeper.hasOwn())) wake();
    waiters.tell();
  }

  /** Nobody could catch what is thrown in a timer, and the process would end. */
  function guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      effects.problem('deliver events', error);
    }
  }

  function keepReady(): void {
    while (ready[0] && keeper.keep(ready[0])) leave(ready.shift() as Batch);
  }

  function takeLate(until: number): void {
    ready.unshift(...late.filter(({ at }) => at <= until).map(({ batch }) => batch));
    late = late.filter(({ at }) => at > until);
  }

  function pump(): void {
    while (!isStopped && !hasEnded && pace.allows(inFlight.size)) {
      const batch = ready.shift() ?? fromDisk();
      if (!batch) return;
      void upload(batch);
    }
  }

  function fromDisk(): Batch | undefined {
    if (!scansAll && !keeper.hasOwn()) return undefined;
    const batch = keeper.next(scansAll);
    scansAll &&= batch !== undefined;
    if (batch) enter(batch);
    return batch;
  }

  async function upload(batch: Batch): Promise<void> {
    inFlight.add(batch);
    const round = pace.round();
    const verdict = await answerFor(batch);
    // It was put on disk meanwhile, because the process ended.
    if (!inFlight.delete(batch)) return;
    guard(() => {
      settle(batch, verdict, round);
      if (isStopped) dropWaiting();
      pump();
    });
    wake();
    waiters.tell();
  }

  async function answerFor(batch: Batch): Promise<Verdict> {
    const url = batch.isFast ? settings.batchUrl : settings.url;
    try {
      const reply: Reply = await effects.send(url, bodyOf(batch, settings.apiKey));
      return readVerdict(reply, batch.entries);
    } catch (error) {
      effects.note(`an upload failed, and is tried again: ${String(error)}`);
      return { kind: 'retry' };
    }
  }

  function settle(batch: Batch, verdict: Verdict, round: number): void {
    if (verdict.kind === 'retry') {
      pace.failed(round, verdict.wait);
      return keepForLater(batch, verdict.wait !== undefined);
    }
    pace.succeeded(round);
    if (verdict.kind === 'delivered') {
      effects.delivered(batch.entries.length);
      return forget(batch);
    }
    if (verdict.kind === 'stop') return stop(batch, verdict.reason);
    if (verdict.kind === 'halve') return halve(batch, verdict.reason);
    const { bad, late: slow, wait, reason } = verdict;
    const rest = partOf(batch, (at) => !bad.has(at) && !slow.has(at));
    const waiting = partOf(batch, (at) => slow.has(at));
    if (bad.size > 0) effects.dropped(reason, bad.size);
    replace(batch, [rest, waiting]);
    if (rest.entries.length > 0) ready.unshift({ ...rest, isFast: rest.isFast || slow.size > 0 });
    if (waiting.entries.length > 0) late.push({ batch: { ...waiting, isFast: true }, at: now() + wait });
  }

  function keepForLater(batch: Batch, isAsked: boolean): void {
    // Asked to go slower: the batch API takes more.
    batch.isFast ||= isAsked;
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

  function stop(batch: Batch, reason: string): void {
    if (!isStopped) {
      effects.problem('upload events', new Error('the server does not know the API key: nothing more is sent'));
    }
    isStopped = true;
    drop(batch, reason);
  }

  function dropWaiting(): void {
    seal();
    for (const each of [...ready.splice(0), ...late.splice(0).map(({ batch }) => batch)]) drop(each, 'invalid_api_key');
  }

  function drop(batch: Batch, reason: string): void {
    effects.dropped(reason, batch.entries.length);
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
    for (const part of filled) enter(part);
  }

  function enter(batch: Batch): void {
    events += batch.entries.length;
    bytes += sizeOf(batch);
  }

  function leave(batch: Batch): void {
    events -= batch.entries.length;
    bytes -= sizeOf(batch);
  }

  async function flush(): Promise<void> {
    seal();
    pace.hurry();
    if (pace.waits()) keepReady();
    await untilDone(isSettled);
  }

  function isSettled(): boolean {
    const isUnderWay = ready.length > 0 || inFlight.size > 0;
    // What waits for its time is done with where it is on disk.
    return (
      !isUnderWay && late.every(({ batch }) => batch.segment !== undefined) && (pace.isFailing() || !keeper.hasOwn())
    );
  }

  async function sendOutbox(): Promise<void> {
    if (!effects.outbox || isStopped) return;
    scansAll = true;
    await untilDone(() => inFlight.size === 0 && (!scansAll || pace.isFailing()));
  }

  async function untilDone(isDone: () => boolean): Promise<void> {
    pump();
    while (!isStopped && !hasEnded && !isDone()) {
      wake();
      await waiters.next();
    }
  }

  /** What is tracked after that goes to disk at once. */
  function save(): void {
    hasEnded = true;
    clearTimeout(timer);
    timer = undefined;
    seal();
    const batches = [...inFlight, ...late.map(({ batch }) => batch), ...ready];
    inFlight.clear();
    late = [];
    ready.length = 0;
    for (const batch of batches) {
      if (keeper.keep(batch)) leave(batch);
      else drop(batch, 'process_ended');
    }
    keeper.releaseAll();
  }
}
