import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { bodyOf, type Batch, type Entry } from './batch';
import { makeKeeper } from './keep-on-disk';
import { makeLine } from './line-up';
import { makePace } from './pace';
import { readVerdict, type Verdict } from './read-verdict';
import { makeWaiters } from './waiters';
import type { UploadEffects, Uploader, UploadSettings } from './upload-settings';

/**
 * After so many refusals that name no event, and no delivery between them, it may be the server (a gateway, a wrong
 * address) and not the events: to find the bad one of a thousand takes ten.
 */
const mostRefusals = 20;

/**
 * Delivers events: in batches, several at a time, again after a failure, and from disk where the server is away for
 * longer. Nothing in here is awaited by whoever tracks, nothing keeps the process alive but a flush, and every event is
 * delivered, on disk, or counted as dropped.
 */
export function makeUploader(settings: UploadSettings, effects: UploadEffects): Uploader {
  const { now } = effects;
  const keeper = makeKeeper(effects.outbox, now, effects.problem);
  const line = makeLine(settings, keeper, now, effects.dropped);
  const pace = makePace(settings.connections, now, effects.random);
  const waiters = makeWaiters();
  let refusals = 0;
  let isStopped = false;
  let scansAll = false;
  let isReading = false;
  let hasEnded = false;
  let timer: NodeJS.Timeout | undefined;
  return { add, pending: line.pending, flush, sendOutbox, hold, save, resume };

  function add(entry: Entry): void {
    if (isStopped) return effects.dropped('invalid_api_key', 1);
    line.add(entry);
    if (hasEnded) return save();
    if (line.isReady()) {
      line.seal();
      pump();
    }
    wake();
  }

  function wake(): void {
    timer ??= setTimeout(tick, settings.flushInterval / 2).unref();
  }

  /** Twice an interval: an event waits for one half of it, and is on disk after the other half without an answer. */
  function tick(): void {
    timer = undefined;
    guard(() => {
      line.seal();
      line.hold(now() - settings.flushInterval / 4);
      line.takeLate(now());
      pump();
      // Whatever can not go now waits on disk, where there is one.
      if (pace.waits()) line.keepReady();
      keeper.touch();
    });
    if (isOpen() && (line.pending() > 0 || keeper.hasOwn())) wake();
    waiters.tell();
  }

  function isOpen(): boolean {
    return !isStopped && !hasEnded;
  }

  /** Nobody could catch what is thrown in a timer, and the process would end. */
  function guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      effects.problem('deliver events', error);
    }
  }

  function pump(): void {
    while (isOpen() && pace.allows(line.underWay())) {
      const batch = line.next();
      if (!batch) return readSoon();
      void upload(batch);
    }
  }

  /** One file in a turn of the event loop: a megabyte of JSON takes some milliseconds. */
  function readSoon(): void {
    if (isReading || !(scansAll || keeper.hasOwn())) return;
    isReading = true;
    setImmediate(() => {
      isReading = false;
      guard(sendFromDisk);
      waiters.tell();
    }).unref();
  }

  function sendFromDisk(): void {
    if (!isOpen() || !pace.allows(line.underWay())) return;
    const batch = keeper.next(scansAll);
    scansAll &&= batch !== undefined;
    if (batch) {
      line.enter(batch);
      void upload(batch);
    }
    pump();
  }

  async function upload(batch: Batch): Promise<void> {
    const round = pace.round();
    const verdict = await answerFor(batch);
    // It was put on disk meanwhile, because the process ended.
    if (!line.answered(batch)) return;
    guard(() => {
      settle(batch, verdict, round);
      if (isStopped) line.dropAll('invalid_api_key');
      pump();
    });
    wake();
    waiters.tell();
  }

  async function answerFor(batch: Batch): Promise<Verdict> {
    const url = batch.isFast ? settings.batchUrl : settings.url;
    try {
      const reply = await effects.send(url, bodyOf(batch, settings.apiKey));
      const verdict = readVerdict(reply, batch.entries);
      if (verdict.kind === 'retry') effects.note(`an upload was answered with ${reply.status}, and is tried again`);
      return verdict;
    } catch (error) {
      effects.note(`an upload failed, and is tried again: ${String(error)}`);
      return { kind: 'retry' };
    }
  }

  function settle(batch: Batch, verdict: Verdict, round: number): void {
    if (verdict.kind === 'retry') return failed(batch, round, verdict.wait);
    if (verdict.kind === 'halve' && verdict.reason === 'refused') refusals += 1;
    if (verdict.kind === 'halve' && refusals >= mostRefusals) return doubt(batch, round, verdict.reason);
    pace.succeeded(round);
    if (verdict.kind === 'stop') return stop(batch, verdict.reason);
    if (verdict.kind === 'halve') return line.halve(batch, verdict.reason);
    if (verdict.kind === 'delivered') {
      refusals = 0;
      effects.delivered(batch.entries.length);
      return line.forget(batch);
    }
    const { bad, late, wait, reason } = verdict;
    if (bad.size > 0) effects.dropped(reason, bad.size);
    line.sort(batch, bad, late, now() + wait);
  }

  /** Goes on looking for what the server does take, with a wait now and then, and drops nothing meanwhile. */
  function doubt(batch: Batch, round: number, reason: string): void {
    if (refusals % mostRefusals === 0) {
      effects.note('the server refuses everything, and does not say what is wrong: it is tried again');
      pace.failed(round, undefined);
    }
    if (batch.entries.length > 1) line.halve(batch, reason);
    else line.again(batch);
  }

  function failed(batch: Batch, round: number, wait: number | undefined): void {
    pace.failed(round, wait);
    // Asked to go slower: the batch API takes more.
    batch.isFast ||= wait !== undefined;
    line.again(batch);
  }

  function stop(batch: Batch, reason: string): void {
    if (!isStopped) {
      effects.problem('upload events', new Error('the server does not know the API key: nothing more is sent'));
    }
    isStopped = true;
    line.drop(batch, reason);
  }

  async function flush(): Promise<void> {
    const until = line.hurry();
    pace.hurry();
    if (pace.waits()) {
      line.seal();
      line.keepReady();
    }
    await untilDone(() => line.isThrough(until));
  }

  async function sendOutbox(): Promise<void> {
    if (!effects.outbox || isStopped) return;
    scansAll = true;
    await untilDone(() => !line.sendsFromDisk() && (!scansAll || pace.isFailing()));
  }

  async function untilDone(isDone: () => boolean): Promise<void> {
    pump();
    while (isOpen() && !isDone()) {
      wake();
      await waiters.next();
    }
  }

  function hold(): void {
    line.seal();
    line.hold(Infinity);
  }

  /** What is tracked after that goes to disk at once. */
  function save(): void {
    hasEnded = true;
    clearTimeout(timer);
    timer = undefined;
    line.save();
    keeper.releaseAll();
    waiters.tell();
  }

  function resume(): void {
    hasEnded = false;
    wake();
  }
}
