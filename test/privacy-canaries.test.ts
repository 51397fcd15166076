import { patches } from '../src/patches';
import { describeCanaries } from './privacy/describe-canaries';
import { subjects } from './privacy/subjects';

/**
 * "Metadata only" modes of comparable packages still send tool arguments, error messages that echo prompts, tool
 * definitions, stop strings and schema names. Here a word of its own is planted in every string that a request, an
 * answer, a chunk or an error has; real SDKs make the calls, the real client uploads, and the bytes are searched.
 */
it('has calls of every provider of the registry', () => {
  expect(subjects.map(({ provider: name }) => name).sort()).toEqual(patches.map(({ name }) => name).sort());
});

describe.each(subjects.map((subject) => [subject.provider, subject] as const))('%s', (...[, subject]) => {
  describeCanaries(() => subject);
});
