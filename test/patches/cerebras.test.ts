import * as cerebras from '@cerebras/cerebras_cloud_sdk';
import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch, type Door } from './describe-patch';
import { describePrivacy } from './describe-privacy';
import { methodDoors, stainlessDoors, stainlessSubject, type MethodRow, type Stainless } from './stainless-subject';

const sdk: Stainless = {
  provider: 'cerebras',
  package: '@cerebras/cerebras_cloud_sdk',
  module: '@cerebras/cerebras_cloud_sdk',
  exports: cerebras,
  client: 'Cerebras',
  path: '/cerebras',
  // Or each client sends a request of its own, which comes when it comes.
  options: { warmTCPConnection: false },
  usesNodeFetch: true,
  hasWithOptions: false,
};

const subject = stainlessSubject(sdk);

const completed = { output: 'Hello from the stand-in.', finish_reason: 'stop', input_tokens: 20, output_tokens: 12 };
const rows: MethodRow[] = [
  ['completions.create', 'text_completion', { prompt: 'hello' }, { ...completed, input: 'hello' }],
  ['completions.create', 'text_completion', { prompt: 'hello', stream: true }, { ...completed, streaming: true }],
];

const ownDoors: Door[] = [
  {
    title: 'the request that a new client sends by itself is no event',
    run: ({ connect }) => subject.ask(connect('', { warmTCPConnection: true }), 'hello'),
    // It is chance whether it arrives before the answer of the call.
    ignoresRequests: true,
    events: [{ ...subject.asked, ...subject.whole }],
  },
  {
    title: 'what the SDK puts into headers is no part of the request',
    run: ({ connect }) => subject.ask(connect(), 'hello', { 'X-delay-time': 1 }),
    events: [{ ...subject.asked, ...subject.whole }],
    check: ({ requests }) =>
      expect((requests as { headers: object }[])[0]?.headers).toHaveProperty('x-delay-time', '1'),
  },
];

describePatch(
  subject,
  [...stainlessDoors(subject, sdk), ...methodDoors(subject, rows), ...ownDoors],
  describeLifecycle,
  describeBrokenPatch,
  describePrivacy,
);
