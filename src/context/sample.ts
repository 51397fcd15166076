/**
 * Whether a trace is drawn: by its id alone, so that all calls of it have one lot, in every process that knows the id
 * and the rate. FNV-1a, stirred once more, since its upper bits hardly change with the last characters of an id.
 */
export function isDrawn(traceId: string, rate: number): boolean {
  let hash = 0x811c9dc5;
  for (let at = 0; at < traceId.length; at++) hash = Math.imul(hash ^ traceId.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32 < rate;
}
