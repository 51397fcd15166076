import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch } from './describe-patch';
import { googleDoors } from './google-doors';
import { googleSubject, vertexDoors, vertexSubject } from './google-subject';

/* eslint-disable @typescript-eslint/no-require-imports -- the majors are named in a list */
for (const [name, major] of [
  ['google-genai-v1', 1],
  ['google-genai-v2', 2],
] as const) {
  const subject = googleSubject(name, require(name));
  describePatch(subject, googleDoors(subject, major), describeLifecycle, describeBrokenPatch);
  const vertex = vertexSubject(subject);
  describePatch(vertex, vertexDoors(vertex, major));
}
