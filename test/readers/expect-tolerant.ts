import type { MethodReader } from '../../src/types';
import { fold, limits } from './expect-facts';

const oddValues: readonly unknown[] = [null, undefined, 0, Number.NaN, 'text', '', true, [], [null], [[]], {}, () => 1];

/**
 * Every field that readers look at, with values that have nothing to do with it, is read without a throw: in requests,
 * answers and chunks. `fields` are paths: `message.tool_calls`.
 */
export function expectTolerant(reader: MethodReader, fields: readonly string[]): void {
  const odd = [...oddValues, ...fields.flatMap((field) => oddValues.map((value) => objectWith(field, value)))];
  for (const each of odd) {
    expect(() => reader.readRequest(each, limits)).not.toThrow();
    expect(() => reader.readResponse(each, limits)).not.toThrow();
    if (reader.readChunk) expect(() => fold(reader, [each, each])).not.toThrow();
  }
}

/** The rest of a request is read where one of its fields throws. */
export function expectToReadAround(reader: MethodReader, fields: readonly string[]): void {
  for (const field of fields) {
    const request = Object.defineProperty({ model: 'm' }, field, {
      enumerable: true,
      get() {
        throw new Error('not now');
      },
    });
    expect(reader.readRequest(request, limits).model).toBe('m');
  }
}

function objectWith(path: string, value: unknown): object {
  const names = path.split('.');
  return names.reduceRight((inner: unknown, name) => ({ [name]: inner }), value) as object;
}
