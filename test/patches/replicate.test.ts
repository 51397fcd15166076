import Replicate from 'replicate';
import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch } from './describe-patch';
import { replicateDoors, replicateSubject } from './replicate-subject';

const one = replicateSubject('replicate', Replicate);
const oneWaits = { waits: { mode: 'block' }, signals: true };
describePatch(one, replicateDoors(one, oneWaits), describeLifecycle, describeBrokenPatch);

// eslint-disable-next-line @typescript-eslint/no-require-imports -- its types declare a module of the name without alias
const zero = replicateSubject('replicate-v0', require('replicate-v0'));
describePatch(zero, replicateDoors(zero, { waits: true, signals: false }), describeLifecycle, describeBrokenPatch);
