import * as cohere8 from 'cohere-ai';
import * as cohere7 from 'cohere-v7';
import * as cohere714 from 'cohere-7.14';
import { cohereDoors, cohereSubject } from './cohere-subject';
import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch } from './describe-patch';

for (const [name, exports, version] of [
  ['cohere-ai', cohere8, { hasInner: true, hasCause: true }],
  ['cohere-v7', cohere7, { hasInner: true, hasCause: false }],
  ['cohere-7.14', cohere714, { hasInner: false, hasCause: false }],
] as const) {
  const subject = cohereSubject(name, exports, version);
  describePatch(subject, cohereDoors(subject, version), describeLifecycle, describeBrokenPatch);
}
