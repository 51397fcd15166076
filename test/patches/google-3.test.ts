import { newer } from '../support/runtimes';
import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch } from './describe-patch';
import { describeRunOn } from './describe-run-on';
import { googleDoors } from './google-doors';
import { googleSubject, vertexDoors, vertexSubject } from './google-subject';

// @google/genai 3 wants Node 22: this file runs there, and on older ones it runs itself there and reports what happened.
if (Number(process.versions.node.split('.')[0]) >= 22) {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- only where this version can be loaded
  const three = googleSubject('@google/genai', require('@google/genai'));
  describePatch(three, googleDoors(three, 3), describeLifecycle, describeBrokenPatch);
  const vertex = vertexSubject(three);
  describePatch(vertex, vertexDoors(vertex, 3));
} else {
  describeRunOn(newer('22')[0], '@google/genai 3', __filename);
}
