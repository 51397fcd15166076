import { beginning } from './read-text';

/** What a field says, where it has the type that we know; anything else is absent. */

const longestName = 256;

export function asString(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? beginning(value, longestName) : undefined;
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function asArray(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

export function countOf(value: unknown): number | undefined {
  return asArray(value)?.length;
}

/** Sums what is known; absent where nothing is. */
export function sumOf(...values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : undefined;
}

/**
 * Reads a request in one go; where a field of it throws (a getter, a revoked proxy) it is read again through a view in
 * which that field is absent, so that it costs only itself.
 */
export function readTolerantly<Request, Facts>(request: Request, read: (given: Request) => Facts): Facts {
  try {
    return read(request);
  } catch {
    return read((isObject(request) ? tolerantView(request) : {}) as Request);
  }
}

/** The target of each proxy is empty, so that no invariant of a frozen original stands in the way of hiding a field. */
function tolerantView(original: Record<PropertyKey, unknown>): object {
  return new Proxy(isArray(original) ? [] : {}, {
    get: (_target, property) => attempt(() => viewOf(original[property], property, original)),
    has: (_target, property) => attempt(() => property in original) ?? false,
  });
}

/** Methods of built-in objects (`Headers`) refuse to run on a proxy; those of arrays have to, to see what it hides. */
function viewOf(field: unknown, property: PropertyKey, owner: object): unknown {
  if (isObject(field)) return tolerantView(field);
  if (typeof field !== 'function' || property === 'constructor' || isArray(owner)) return field;
  return field.bind(owner) as unknown;
}

function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    // Absent: it could not be read.
    return undefined;
  }
}

function isArray(value: unknown): boolean {
  return attempt(() => Array.isArray(value)) ?? false;
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}
