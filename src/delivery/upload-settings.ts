import type { Entry } from './batch';
import type { Outbox } from './outbox';
import type { Send } from './send-upload';

export interface UploadSettings {
  readonly apiKey: string;
  /** The HTTP V2 API, and the batch API for ids that send too fast for it, and for what is late. */
  readonly url: string;
  readonly batchUrl: string;
  /** Milliseconds that an event waits for others at the most. */
  readonly flushInterval: number;
  /** So many events go at once, without waiting. */
  readonly flushSize: number;
  readonly connections: number;
  /** What is kept in memory at the most; then the oldest go, to the outbox where there is one. */
  readonly maxEvents: number;
  readonly maxBytes: number;
  /** Each event is on disk before `add` returns. */
  readonly isDurable: boolean;
}

export interface UploadEffects {
  readonly send: Send;
  readonly outbox: Outbox | undefined;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
  /** Events that will not be delivered, by reason. */
  dropped(reason: string, count: number): void;
  delivered(count: number): void;
  problem(what: string, error: unknown): void;
  /** Told what is worth a line in debug mode. */
  note(line: string): void;
}

export interface Uploader {
  add(entry: Entry): void;
  /** Events that are neither delivered nor on disk nor dropped. */
  pending(): number;
  /**
   * Sends everything, waits included, and resolves when all that was added until now is delivered, left to the disk, or
   * dropped.
   */
  flush(): Promise<void>;
  /** Sends what the outbox holds, from whatever process, as long as the server takes it. */
  sendOutbox(): Promise<void>;
  /** Puts everything on disk that is not delivered. It stays ours, and is sent as before. Without an outbox: nothing. */
  hold(): void;
  /** Nothing asynchronous can run any more: puts everything on disk, for whoever can deliver it. */
  save(): void;
  /** The process did not end after all: takes events and sends them again. What was saved is found on disk. */
  resume(): void;
}
