import { describeEsModule } from '../support/es-module-tests';
import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch } from './describe-patch';
import { mistralDoors, mistralSubject } from './mistral-subject';

describeEsModule(
  'mistral 2',
  __filename,
  () => import('@mistralai/mistralai'),
  (exportsOf) => {
    const two = mistralSubject('@mistralai/mistralai', exportsOf);
    describePatch(two, mistralDoors(two, 2), describeLifecycle, describeBrokenPatch);
  },
);
