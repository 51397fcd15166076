import * as bedrock3645 from 'bedrock-runtime-3.6xx';
import * as bedrock3 from '@aws-sdk/client-bedrock-runtime';
import { sendDoors } from './bedrock-doors';
import { invokeDoors } from './bedrock-invoke-doors';
import { bedrockSubject, plain } from './bedrock-subject';
import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch } from './describe-patch';
import { describePrivacy } from './describe-privacy';
import { plainDoors } from './plain-doors';

for (const [name, exports] of [
  ['@aws-sdk/client-bedrock-runtime', bedrock3],
  ['bedrock-runtime-3.6xx', bedrock3645],
] as const) {
  const subject = bedrockSubject(name, exports);
  describePatch(
    subject,
    [...plainDoors(subject, plain), ...sendDoors(subject), ...invokeDoors(subject)],
    describeLifecycle,
    describeBrokenPatch,
    describePrivacy,
  );
}
