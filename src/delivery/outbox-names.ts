/** The endings of a file that anybody can have, and of one that somebody holds. */
export const free = '.jsonl';
export const held = '.held';

/** A new name for a file that we hold. The time first: in a list of names the oldest comes first. */
export function heldName(time: string): string {
  return `${time}-${crypto.randomUUID()}${held}`;
}

/** @param now - milliseconds since 1970. */
export function timeOf(now: number): string {
  return now.toString(36).padStart(9, '0');
}

/** When a file was made, as its name has it: whoever tries to deliver it touches it, and gives it another name. */
export function timeIn(name: string): string {
  return name.slice(0, 9);
}

export function freeNameOf(name: string): string {
  return name.endsWith(held) ? name.slice(0, -held.length) + free : name;
}

/** Whether a file was made longer ago than that. */
export function isAged(name: string, now: number, maxAge: number): boolean {
  return now - Number.parseInt(timeIn(name), 36) > maxAge;
}
