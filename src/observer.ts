import type { Answer } from './types';

/** Told what happens to one call. None of its methods throws. */
export interface Observer {
  /**
   * Status line and headers have arrived; `response` is the fetch `Response` where there is one, `options` what the SDK
   * hands from attempt to attempt.
   */
  arrived(response: unknown, options?: unknown): void;
  /** Somebody asked for the body. */
  reading(): void;
  /** Whether somebody did. */
  isRead(): boolean;
  /** The answer, as the SDK parsed it. Returns what of it has still to be watched: a stream, or a promise. */
  value(value: unknown): Answer | undefined;
  chunk(chunk: unknown): void;
  /** The stream has no more chunks. */
  ended(): void;
  /** The consumer of the stream does not want more; web streams are told why. */
  stopped(reason?: unknown): void;
  failed(error: unknown): void;
  /** Only the raw response was asked for, or the answer can not be watched. */
  raw(): void;
  /** Nobody can read the answer any more. */
  abandon(): void;
  /** Whether the garbage collector was ever asked to tell of its answer. */
  isWaitedFor?: boolean;
  /** The signal that aborts the stream. */
  watchSignal(signal: unknown): void;
}

/** A call that the SDK tells about by itself. */
export interface WatchedCall extends Observer {
  /** It failed out of our sight: when, nobody knows, and perhaps not how. */
  lost(error: unknown): void;
  /** It is no event: others say all of it. */
  forget(): void;
}
