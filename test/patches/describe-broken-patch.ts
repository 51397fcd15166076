import { installPatch } from '../../src/install-patch';
import type { LlmOperation, Tracer } from '../../src/operation';
import type { MethodReader, ProviderPatch, SdkCopy } from '../../src/types';
import type { Lab, World } from './describe-patch';
import { readAll } from './stream-doors';

const limits = { messages: 5, message: 200, prompt: 500, response: 500 };
const copy: SdkCopy = { sdk: 'sdk', format: 'given', place: 'this test' };

function fail(): never {
  throw new Error('a bug of ours');
}

type Break = (patch: ProviderPatch) => ProviderPatch;

/** One thing broken at a time: whatever the reader does, the call behaves, and still is one operation. */
const broken: [what: string, breaking: Break][] = [
  ['servedBy', (patch) => ({ ...patch, servedBy: fail })],
  ['retryPoint', (patch) => ({ ...patch, retryPoint: fail })],
  ['responsePoint', (patch) => ({ ...patch, responsePoint: fail })],
  ...(['readRequest', 'readResponse', 'readChunk', 'answerOf', 'callbackAt', 'signalOf'] as const).map(
    (name): [string, Break] => [name, (patch) => withReaders(patch, (reader) => ({ ...reader, [name]: fail }))],
  ),
  ['a getter of the reader', (patch) => withReaders(patch, (reader) => withGetters(reader))],
];

/** A bug of ours is never an exception, a rejection or a hang of the caller's. */
export function describeBrokenPatch(world: World): void {
  const { ask, isPlain, openStream } = world.subject;
  const withResponse: [string, (lab: Lab) => unknown] = [
    'a call withResponse()',
    ({ connect }) => ask(connect(), 'hello').withResponse(),
  ];
  const doors: [string, (lab: Lab) => unknown][] = [
    ['a call', ({ connect }) => ask(connect(), 'hello')],
    ...(isPlain ? [] : [withResponse]),
    [
      'a stream',
      async ({ connect }) =>
        readAll(await (openStream?.(connect(), 'hello') ?? ask(connect(), 'hello', { stream: true }))),
    ],
    ['a failing call', ({ connect }) => ask(connect('/400-99'), 'hello')],
  ];

  it.each(broken)(
    'a bug in %s is invisible to the caller, and the call is still reported once',
    async (_what, breaking) => {
      for (const [, run] of doors) {
        const bare = await world.run({ run });
        const operations: LlmOperation[] = [];
        const { restore } = installPatch(breaking(world.patch), world.subject.exports, copy, () =>
          tracerOf(operations),
        );
        const traced = await world.run({ run });
        restore();
        expect(traced.looks).toEqual(bare.looks);
        expect(operations).toHaveLength(1);
      }
    },
  );

  it.each([
    ['picking a reader', (patch: ProviderPatch) => withMethods(patch, () => fail)],
    ['finding the methods', (patch: ProviderPatch) => ({ ...patch, methods: fail })],
  ])('a bug in %s leaves the call alone', async (_what, breaking) => {
    for (const [, run] of doors) {
      const bare = await world.run({ run });
      const operations: LlmOperation[] = [];
      const { restore } = installPatch(breaking(world.patch), world.subject.exports, copy, () => tracerOf(operations));
      const traced = await world.run({ run });
      restore();
      expect(traced.looks).toEqual(bare.looks);
      expect(operations).toEqual([]);
    }
  });

  it.each(['context', 'report'] as const)('a bug in %s() of the tracer is invisible to the caller', async (name) => {
    for (const [, run] of doors) {
      const bare = await world.run({ run });
      const tracer = { ...tracerOf([]), [name]: fail };
      const { restore } = installPatch(world.patch, world.subject.exports, copy, () => tracer);
      const traced = await world.run({ run });
      restore();
      expect(traced.looks).toEqual(bare.looks);
      expect(tracer.open.size).toBe(0);
    }
  });
}

function tracerOf(operations: LlmOperation[]): Tracer {
  return {
    now: () => performance.now(),
    limitsIn: () => limits,
    draw: () => true,
    context: () => ({ drawn: true }),
    open: new Set(),
    report: (operation) => operations.push(operation),
  };
}

function withReaders(patch: ProviderPatch, breaking: (reader: MethodReader) => MethodReader): ProviderPatch {
  return withMethods(patch, (readerFor) => (args, self) => {
    const reader = readerFor(args, self);
    return reader && breaking(reader);
  });
}

type ReaderFor = ReturnType<ProviderPatch['methods']>[number]['readerFor'];

function withMethods(patch: ProviderPatch, breaking: (readerFor: ReaderFor) => ReaderFor): ProviderPatch {
  const methods = (exports: unknown): ReturnType<ProviderPatch['methods']> =>
    patch.methods(exports).map((method) => ({ ...method, readerFor: breaking(method.readerFor) }));
  return { ...patch, methods };
}

function withGetters(reader: MethodReader): MethodReader {
  const throwing = { get: fail, enumerable: true };
  return Object.defineProperties({ ...reader }, { readRequest: throwing, readResponse: throwing, readChunk: throwing });
}
