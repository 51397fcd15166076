import * as mistral1 from 'mistral-v1';
import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch } from './describe-patch';
import { mistralDoors, mistralSubject } from './mistral-subject';

const one = mistralSubject('mistral-v1', () => mistral1);
describePatch(one, mistralDoors(one, 1), describeLifecycle, describeBrokenPatch);
