import { describeCanaries } from './privacy/describe-canaries';
import { googleSubjectOf } from './privacy/anthropic-google-subjects';
import { describeEsModule } from './support/es-module-tests';

describeEsModule(
  'canaries in calls of google 3',
  __filename,
  () => import('@google/genai'),
  (exportsOf) => describeCanaries(() => googleSubjectOf(exportsOf())),
);
