import { describeCanaries } from './privacy/describe-canaries';
import { likeOpenAi } from './privacy/openai-subjects';
import { describeEsModule } from './support/es-module-tests';

describeEsModule(
  'canaries in calls of openai 7',
  __filename,
  () => import('openai-v7'),
  (exportsOf) => describeCanaries(() => likeOpenAi('openai', (exportsOf() as { OpenAI: unknown }).OpenAI)),
);
