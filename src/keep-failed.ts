import { clearTimeout, setTimeout } from 'node:timers';
import { fateOf, promiseOf, rejected, type Fate } from './await-answers';
import { toJson } from './content';
import { openOutbox, type Outbox, type OutboxSettings } from './delivery/outbox';
import type { Reply } from './delivery/read-verdict';
import type { Uploader } from './delivery/upload-settings';
import { makeUploader } from './delivery/uploader';
import type { AmplitudeClient } from './options';
import { reportProblem, safely } from './safely';
import { takeTurns } from './take-turns';
import type { LlmEvent } from './types';

/** Events that the client of the application could not deliver: on disk, and tried again through that client. */
export interface KeptEvents {
  /** The client has it, and did not answer yet: at the end of the process it would be gone. */
  handed(event: LlmEvent): void;
  answered(event: LlmEvent): void;
  /** The client could not deliver it. */
  keep(event: LlmEvent): void;
  /** Events that wait for another try, and are not on disk yet. */
  pending(): number;
  /** Tries them now, and resolves when they are delivered, on disk or dropped. */
  flush(): Promise<void>;
  /** Puts everything on disk, also what the client has and did not answer yet. All goes on as before. */
  hold(): void;
  /** The process ends: puts everything on disk. */
  save(): void;
  /** It did not end after all. */
  resume(): void;
  /** Looks no more for what others left. */
  stop(): void;
}

export interface KeepEffects {
  dropped(reason: string, count: number): void;
  /** Events that were put aside. */
  kept(): void;
  /** Events that were put aside, by this process or another one, and that the client has delivered since. */
  recovered(): void;
}

/** Events on disk that the client may deliver yet. */
interface HeldFile {
  readonly name: string;
  readonly events: Set<LlmEvent>;
}

/** Its first try is half of that later. */
const interval = 2_000;
const onceAMinute = 60_000;

/**
 * The uploader of our own client does the waiting, the backoff and the files, with the client of the application in the
 * place of a connection. Ids stay what they are, so that the server removes what comes twice.
 */
export function keepFailed(client: AmplitudeClient, settings: () => OutboxSettings, effects: KeepEffects): KeptEvents {
  const unanswered = new Set<LlmEvent>();
  let held: HeldFile[] = [];
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Uploader | undefined;
  let outbox: Outbox | undefined;
  const turns = takeTurns<() => void>({
    work: (track) => track(),
    ...{ budget: 3, most: Infinity, dropped: () => undefined, now: () => performance.now() },
  });
  look(interval);
  return {
    handed: (event) => void unanswered.add(event),
    answered,
    keep,
    pending: () => running?.pending() ?? 0,
    flush,
    hold,
    save,
    resume,
    stop: () => clearTimeout(timer),
  };

  /** With the first event that is kept, or when there is time: to open an outbox takes a while. */
  function uploader(): Uploader {
    running ??= makeUploader(
      {
        ...{ apiKey: '', url: '', batchUrl: '', isDurable: false, connections: 1, flushInterval: interval },
        ...{ flushSize: 200, maxEvents: 5_000, maxBytes: 16_000_000 },
      },
      {
        send,
        outbox: (outbox = safely('open the outbox', (): Outbox => openOutbox(settings(), effects.dropped))),
        now: () => performance.now(),
        random: Math.random,
        dropped: effects.dropped,
        delivered: () => undefined,
        problem: reportProblem,
        note: () => undefined,
      },
    );
    return running;
  }

  function keep(event: LlmEvent): void {
    effects.kept();
    add(event);
  }

  function add(event: LlmEvent): void {
    const json = jsonOf(event);
    uploader().add({ json, bytes: Buffer.byteLength(json), userId: event.user_id, deviceId: event.device_id });
  }

  /** What failed once more, one by one, is new to the uploader: to disk with it. */
  async function flush(): Promise<void> {
    await uploader().flush();
    uploader().hold();
  }

  /** All of a batch through the client. What can be tried again comes again: with the whole batch, or by itself. */
  async function send(_url: string, body: string): Promise<Reply> {
    // At the end of the process nothing is answered any more; the batch is on disk.
    if (isOver) return new Promise(() => undefined);
    const { events } = JSON.parse(body) as { events: LlmEvent[] };
    const fates = await Promise.all(events.map(trackAgain));
    const late = events.filter((_event, at) => fates[at]?.isWorthRetry);
    if (late.length === events.length) {
      return { status: fates.some((fate) => fate?.reason === 'client_answered_429') ? 429 : 503 };
    }
    late.forEach(add);
    return { status: 200 };
  }

  function trackAgain(event: LlmEvent): Promise<Fate | undefined> {
    return new Promise((resolve) => {
      const settle = (fate: Fate | undefined): void => {
        if (!fate) effects.recovered();
        else if (!fate.isWorthRetry) effects.dropped(fate.reason, 1);
        resolve(fate);
      };
      turns.add(() => {
        try {
          Promise.resolve(promiseOf(client.track(event))).then(
            (answer) => settle(fateOf(answer)),
            () => settle(rejected),
          );
        } catch {
          settle(rejected);
        }
      });
    });
  }

  /** For what other processes left. */
  function look(wait: number): void {
    timer = setTimeout(() => {
      safely('look for events on disk', () => void uploader().sendOutbox());
      look(onceAMinute);
    }, wait).unref();
  }

  function answered(event: LlmEvent): void {
    unanswered.delete(event);
    if (held.length === 0) return;
    for (const { name, events } of held) if (events.delete(event) && events.size === 0) outbox?.remove(name);
    held = held.filter(({ events }) => events.size > 0);
  }

  function hold(): void {
    running?.hold();
    const events = [...unanswered].filter(isInMemoryOnly);
    if (events.length === 0) return;
    safely('put events on disk', () => {
      uploader();
      const file = outbox?.begin();
      if (!file) return;
      file.append(events.map(jsonOf));
      file.close();
      held.push({ name: file.name, events: new Set(events) });
    });
  }

  function isInMemoryOnly(event: LlmEvent): boolean {
    return held.every(({ events }) => !events.has(event));
  }

  function save(): void {
    isOver = true;
    for (const event of unanswered) if (isInMemoryOnly(event)) safely('keep an event', () => add(event));
    unanswered.clear();
    running?.save();
    // What was answered meanwhile comes again with the others, and the server knows it by its id.
    for (const { name } of held) outbox?.release(name);
    held = [];
  }

  function resume(): void {
    isOver = false;
    running?.resume();
  }
}

/** The client had it meanwhile, and plugins of the application. */
function jsonOf(event: LlmEvent): string {
  try {
    return JSON.stringify(event);
  } catch {
    return JSON.stringify(toJson(event));
  }
}
