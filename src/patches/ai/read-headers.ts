import type { HeadersLike } from '../../types';

/** The AI SDK hands headers on as a plain object, whose names fetch has put in lower case. */
export function headersFrom(headers: unknown): HeadersLike | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const values = headers as Readonly<Record<string, unknown>>;
  return {
    get(name) {
      const value = values[name];
      return typeof value === 'string' ? value : undefined;
    },
  };
}
