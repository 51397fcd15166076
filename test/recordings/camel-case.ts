/** What belongs to the caller, and is no field of the API. */
const opaque = new Set(['parameters', 'metadata', 'schema', 'arguments']);

/** A recorded body as SDKs want it that have names in camel case. */
export function camelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
      opaque.has(name) ? inner : camelCase(inner),
    ]),
  );
}
