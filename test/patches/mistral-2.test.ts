import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch } from './describe-patch';
import { describeRunOn } from './describe-run-on';
import { mistralDoors, mistralSubject } from './mistral-subject';

const flag = '--experimental-vm-modules';

// Version 2 is an ES module, which Jest can only load with this option of Node: this file runs itself with it, and
// reports what happened.
if (process.env['NODE_OPTIONS']?.includes(flag)) {
  let sdk: unknown;
  beforeAll(async () => {
    sdk = await import('@mistralai/mistralai');
  });
  const two = mistralSubject('@mistralai/mistralai', () => sdk);
  describePatch(two, mistralDoors(two, 2), describeLifecycle, describeBrokenPatch);
} else {
  const { NODE_OPTIONS: before = '' } = process.env;
  process.env['NODE_OPTIONS'] = `${before} ${flag}`;
  describeRunOn(
    { label: `node ${process.versions.node.split('.')[0] ?? ''} with ${flag}`, node: process.execPath },
    'mistral 2',
    __filename,
  );
  process.env['NODE_OPTIONS'] = before;
}
