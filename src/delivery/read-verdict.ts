/** What came back for one upload. */
export interface Reply {
  readonly status: number;
  /** The parsed body, where it was JSON. */
  readonly body?: unknown;
  /** Whether a page for people came: a proxy or a portal answers so in the place of the server, with any status. */
  readonly isPage?: boolean | undefined;
  /** Milliseconds that the server asks to wait (`Retry-After`). */
  readonly retryAfter?: number | undefined;
}

/** What has to be done with the events of an upload. */
export type Verdict =
  | { readonly kind: 'delivered' }
  /** All of them again, after a while: `wait` milliseconds, or what the backoff says. */
  | { readonly kind: 'retry'; readonly wait?: number | undefined }
  /** Too much at once, or one of them is bad and nobody says which: by halves, and a single one is dropped. */
  | { readonly kind: 'halve'; readonly reason: string }
  /** `bad` never again, the rest at once, and `late` after `wait` milliseconds. Positions in the upload. */
  | {
      readonly kind: 'sort';
      readonly reason: string;
      readonly bad: ReadonlySet<number>;
      readonly late: ReadonlySet<number>;
      readonly wait: number;
    }
  /** Nothing that is sent with this key will ever be taken. */
  | { readonly kind: 'stop'; readonly reason: string };

/** An event as far as the server names it in a refusal. */
export interface Named {
  readonly userId?: string | undefined;
  readonly deviceId?: string | undefined;
}

/** What the documentation asks to wait after a 429 (Amplitude, HTTP V2 API). */
export const throttledWait = 30_000;

/** Reads an answer of Amplitude's HTTP V2 or batch API by its documented codes. */
export function readVerdict({ status, body, isPage, retryAfter }: Reply, events: readonly Named[]): Verdict {
  if (isPage && status !== 413 && status !== 429) return { kind: 'retry', wait: retryAfter };
  const answer = isObject(body) ? body : {};
  const code = typeof answer['code'] === 'number' ? answer['code'] : status;
  if (status >= 200 && status < 300 && code >= 200 && code < 300) return { kind: 'delivered' };
  if (code === 413) return { kind: 'halve', reason: 'too_large' };
  if (code === 429) return readThrottling(answer, retryAfter, events);
  if (isKeyRefused(answer)) return { kind: 'stop', reason: 'invalid_api_key' };
  if (code === 400 && isObject(body)) return readRefusal(answer, events.length);
  // Whatever else it is (a proxy that refuses, a wrong address, a server that is down), it may be over tomorrow.
  return { kind: 'retry', wait: retryAfter };
}

function isKeyRefused({ error, missing_field: missing }: Record<string, unknown>): boolean {
  return missing === 'api_key' || (typeof error === 'string' && /invalid[ _]api[ _]key/i.test(error));
}

function readRefusal(answer: Record<string, unknown>, count: number): Verdict {
  const bad = new Set<number>();
  for (const field of ['events_with_invalid_fields', 'events_with_missing_fields', 'events_with_invalid_id_lengths']) {
    for (const positions of Object.values(isObject(answer[field]) ? answer[field] : {})) addTo(bad, positions, count);
  }
  addTo(bad, answer['silenced_events'], count);
  if (bad.size === 0) return { kind: 'halve', reason: 'refused' };
  return { kind: 'sort', reason: 'refused', bad, late: new Set(), wait: 0 };
}

/** Users and devices that sent too much today are over until tomorrow; those that are too fast are asked to wait. */
function readThrottling(
  answer: Record<string, unknown>,
  retryAfter: number | undefined,
  events: readonly Named[],
): Verdict {
  const wait = retryAfter ?? throttledWait;
  const bad = positionsOf(events, answer, 'exceeded_daily_quota');
  const late = positionsOf(events, answer, 'throttled');
  addTo(late, answer['throttled_events'], events.length);
  for (const position of bad) late.delete(position);
  if (bad.size === 0 && (late.size === 0 || late.size >= events.length)) return { kind: 'retry', wait };
  return { kind: 'sort', reason: 'exceeded_daily_quota', bad, late, wait };
}

function positionsOf(events: readonly Named[], answer: Record<string, unknown>, what: string): Set<number> {
  const users = idsIn(answer[`${what}_users`]);
  const devices = idsIn(answer[`${what}_devices`]);
  const positions = new Set<number>();
  events.forEach(({ userId, deviceId }, at) => {
    if ((userId !== undefined && users.has(userId)) || (deviceId !== undefined && devices.has(deviceId))) {
      positions.add(at);
    }
  });
  return positions;
}

/** `{ id: rate }`, or a list of ids. */
function idsIn(value: unknown): ReadonlySet<string> {
  if (Array.isArray(value)) return new Set(value.filter((id) => typeof id === 'string'));
  return new Set(isObject(value) ? Object.keys(value) : []);
}

/** Positions of which there is none would leave an upload as it is, and it would be sent again and again. */
function addTo(positions: Set<number>, value: unknown, count: number): void {
  if (!Array.isArray(value)) return;
  for (const position of value as unknown[]) {
    if (Number.isInteger(position) && Number(position) >= 0 && Number(position) < count)
      positions.add(Number(position));
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
