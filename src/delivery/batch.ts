import type { Named } from './read-verdict';

/** One event on its way. */
export interface Entry extends Named {
  /** The event as JSON. */
  readonly json: string;
  readonly bytes: number;
}

/** Events that are sent together. */
export interface Batch {
  readonly entries: Entry[];
  bytes: number;
  /** Where they are on disk, so that a process that is killed does not take them along. */
  segment?: string | undefined;
  /** Whether one user or device sends more than the HTTP V2 API takes. */
  isFast: boolean;
  /** When it stopped growing, on the clock of the uploader. */
  since?: number | undefined;
  /** Counted when it stopped growing; of a part, that of the whole. What comes from disk has none. */
  number?: number | undefined;
}

/** One upload may have 2,000 events and 1 MB (Amplitude, HTTP V2 API); the envelope needs some of that. */
export const largestBatch = { events: 1_000, bytes: 900_000 } as const;

export function newBatch(): Batch {
  return { entries: [], bytes: 0, isFast: false };
}

export function isFull({ entries, bytes }: Batch, next: Entry): boolean {
  return entries.length >= largestBatch.events || (entries.length > 0 && bytes + next.bytes > largestBatch.bytes);
}

export function addEntry(batch: Batch, entry: Entry): void {
  batch.entries.push(entry);
  // With the comma.
  batch.bytes += entry.bytes + 1;
}

/** The bytes of its events, without the commas. */
export function sizeOf({ entries, bytes }: Batch): number {
  return bytes - entries.length;
}

/** Some of the events of a batch as a batch of their own. */
export function partOf({ entries, isFast, number }: Batch, isIn: (at: number) => boolean): Batch {
  const part: Batch = { ...newBatch(), isFast, number };
  entries.forEach((entry, at) => {
    if (isIn(at)) addEntry(part, entry);
  });
  return part;
}

/** The body of an upload. Each event is JSON already. */
export function bodyOf({ entries }: Batch, apiKey: string): string {
  return `{"api_key":${JSON.stringify(apiKey)},"events":[${entries.map(({ json }) => json).join(',')}]}`;
}

/** The HTTP V2 API takes no more from one user or device in a second (Amplitude, HTTP V2 API). */
const mostASecond = 30;
/** More ids than this are not counted one by one. */
const mostIds = 10_000;

/** Tells when one id sends more than the HTTP V2 API takes: the batch API takes 1,000 events a second of one id. */
export function countByIds(): (entry: Named, now: number) => boolean {
  let second = -1;
  const counts = new Map<string, number>();
  return ({ userId, deviceId }, now) => {
    const current = Math.floor(now / 1_000);
    if (current !== second) counts.clear();
    second = current;
    // Both, since the limit holds for users and devices.
    return [userId, deviceId].map(isTooFast).some(Boolean);
  };

  function isTooFast(id: string | undefined): boolean {
    if (id === undefined) return false;
    const count = (counts.get(id) ?? 0) + 1;
    if (counts.size < mostIds || counts.has(id)) counts.set(id, count);
    return count > mostASecond;
  }
}
