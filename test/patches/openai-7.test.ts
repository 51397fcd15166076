import { newer } from '../support/runtimes';
import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch } from './describe-patch';
import { describeRunOn } from './describe-run-on';
import { openaiDoors, openaiSubject } from './openai-subject';

// openai 7 wants Node 22: this file runs there, and on older ones it runs itself there and reports what happened.
if (Number(process.versions.node.split('.')[0]) >= 22) {
  /* eslint-disable @typescript-eslint/no-require-imports -- only where this version can be loaded */
  const seven = openaiSubject('openai-v7', require('openai-v7'));
  const zod = require('openai-v7/helpers/zod') as typeof import('openai/helpers/zod');
  /* eslint-enable @typescript-eslint/no-require-imports */
  const major = { chat: 'chat', zod, hasBetaResponses: true, usesNodeFetch: false } as const;
  describePatch(seven, openaiDoors(seven, major), describeLifecycle, describeBrokenPatch);
} else {
  describeRunOn(newer('22')[0], 'openai 7', __filename);
}
