import * as openai4 from 'openai-v4';
import * as zod4 from 'openai-v4/helpers/zod';
import * as openai5 from 'openai-v5';
import * as zod5 from 'openai-v5/helpers/zod';
import * as openai6 from 'openai';
import * as zod6 from 'openai/helpers/zod';
import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch } from './describe-patch';
import { azureDoors, azureSubject, openaiDoors, openaiSubject } from './openai-subject';

const four = openaiSubject('openai-v4', openai4);
describePatch(
  four,
  openaiDoors(four, { chat: 'beta.chat', zod: zod4, hasBetaResponses: false, usesNodeFetch: true }),
  describeLifecycle,
  describeBrokenPatch,
);

const five = openaiSubject('openai-v5', openai5);
describePatch(
  five,
  openaiDoors(five, { chat: 'chat', zod: zod5, hasBetaResponses: false, usesNodeFetch: false }),
  describeLifecycle,
  describeBrokenPatch,
);

const six = openaiSubject('openai', openai6);
describePatch(
  six,
  openaiDoors(six, { chat: 'chat', zod: zod6, hasBetaResponses: true, usesNodeFetch: false }),
  describeLifecycle,
  describeBrokenPatch,
);

for (const [subject, usesNodeFetch] of [
  [four, true],
  [six, false],
] as const) {
  const azure = azureSubject(subject);
  describePatch(azure, azureDoors(azure, usesNodeFetch));
}
