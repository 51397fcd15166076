/** What a field says, where it has the type that we know; anything else is absent. */

const longestName = 256;

export function asString(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, longestName) : undefined;
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

type Fields<Facts> = { readonly [Key in keyof Facts]: () => Facts[Key] };

/** Reads each field by itself, so that one that throws (a getter, a revoked proxy) costs only itself. */
export function gather<Facts extends object>(fields: Fields<Facts>): Facts {
  const facts = {} as Facts;
  for (const key in fields) {
    try {
      facts[key] = fields[key]();
    } catch {
      // Absent: it could not be read.
    }
  }
  return facts;
}
