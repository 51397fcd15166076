import * as groq1 from 'groq-sdk';
import * as groq0 from 'groq-v0';
import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch, type Door, type Subject } from './describe-patch';
import { describePrivacy } from './describe-privacy';
import { methodDoors, stainlessDoors, stainlessSubject, type MethodRow, type Stainless } from './stainless-subject';
import { readAll } from './stream-doors';

const shared = {
  provider: 'groq',
  module: 'groq-sdk',
  client: 'Groq',
  path: '/groq-sdk',
  answered: { service_tier: 'on_demand' },
} as const;

const majors: readonly Stainless[] = [
  { ...shared, package: 'groq-v0', exports: groq0, usesNodeFetch: true, hasWithOptions: false },
  { ...shared, package: 'groq-sdk', exports: groq1, usesNodeFetch: false, hasWithOptions: true },
];

for (const major of majors) {
  const subject = stainlessSubject(major);
  describePatch(
    subject,
    [...stainlessDoors(subject, major), ...methodDoors(subject, rowsOf(subject)), stoppedEarly(subject)],
    describeLifecycle,
    describeBrokenPatch,
    describePrivacy,
  );
}

function rowsOf({ exports: sdk }: Subject): MethodRow[] {
  const file = async (): Promise<object> => ({ file: await sdk.toFile(Buffer.from('not really a file'), 'a.mp3') });
  const heard = { output: 'Hello there.', http_status: 200, request_id: 'req_standin' };
  return [
    ['embeddings.create', 'embedding', { input: ['one', 'two'] }, { input_count: 2, input_tokens: 5 }],
    ['audio.transcriptions.create', 'transcription', file, heard],
    ['audio.translations.create', 'translation', file, heard],
    ['audio.speech.create', 'speech', { input: 'hello', voice: 'x' }, { input: 'hello', output: undefined }],
  ];
}

/** The SDK hands such a chunk on like any other. */
function stoppedEarly({ ask, asked }: Subject): Door {
  return {
    title: 'a stream that says why it stopped early is an error event, and its chunks are what they were',
    run: async ({ connect }) => readAll(await ask(connect(), 'stop early', { stream: true })),
    events: [{ ...asked, outcome: 'error', error: 'over capacity: stop early', input_tokens: 20 }],
    check: ({ value }) => expect(value.length).toBeGreaterThan(4),
  };
}
