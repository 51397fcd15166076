import { join } from 'node:path';
import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch } from './describe-patch';
import { huggingfaceDoors, huggingfaceSubject } from './huggingface-subject';

/* eslint-disable @typescript-eslint/no-require-imports -- plain JavaScript, which is what the child processes load too */

const four = {
  title: '@huggingface/inference 4',
  holder: join(__dirname, 'huggingface-holder.cjs'),
  tellsStatus: true,
  generated: { finish_reason: 'stop', input_tokens: 20, response_id: 'cmpl-hf' },
};
const three = {
  title: '@huggingface/inference 3',
  holder: join(__dirname, 'huggingface-v3-holder.cjs'),
  tellsStatus: false,
  generated: { finish_reason: 'eos_token', input_tokens: undefined, response_id: undefined },
};

for (const major of [four, three]) {
  const subject = huggingfaceSubject(major, require(major.holder));
  describePatch(subject, huggingfaceDoors(subject, major), describeLifecycle, describeBrokenPatch);
}
