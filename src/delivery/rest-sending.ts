import type { Send } from './send-upload';

/** Sends, but not while it rests: what it is asked for then waits, and is sent afterwards. */
export interface RestingSender {
  readonly send: Send;
  rest(): void;
  goOn(): void;
}

/**
 * At its end a process is not to be held by uploads that begin one after the other: a connection that is being made holds
 * it until it fails.
 */
export function restSending(send: Send): RestingSender {
  let rested: Promise<void> | undefined;
  let wake: () => void = () => undefined;
  return {
    async send(url, body) {
      await rested;
      return send(url, body);
    },
    rest() {
      rested ??= new Promise((resolve) => (wake = resolve));
    },
    goOn() {
      rested = undefined;
      wake();
    },
  };
}
