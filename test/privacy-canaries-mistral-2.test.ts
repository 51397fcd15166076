import { describeCanaries } from './privacy/describe-canaries';
import { mistralSubjectOf } from './privacy/mistral-cohere-subjects';
import { describeEsModule } from './support/es-module-tests';

describeEsModule(
  'canaries in calls of mistral 2',
  __filename,
  () => import('@mistralai/mistralai'),
  (exportsOf) => describeCanaries(() => mistralSubjectOf(exportsOf())),
);
