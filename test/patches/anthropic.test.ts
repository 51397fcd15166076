import * as anthropic039 from 'anthropic-0.3x';
import * as anthropic068 from 'anthropic-0.6x';
import * as anthropic1 from '@anthropic-ai/sdk';
import * as bedrock from '@anthropic-ai/bedrock-sdk';
import * as foundry from '@anthropic-ai/foundry-sdk';
import * as vertex from '@anthropic-ai/vertex-sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { z } from 'zod/v4';
import {
  completionDoors,
  countTokensDoors,
  messagesDoors,
  parseDoors,
  threadDoors,
  toolRunnerDoors,
} from './anthropic-doors';
import { anthropicSubject } from './anthropic-subject';
import { describeBrokenPatch } from './describe-broken-patch';
import { describeLifecycle } from './describe-lifecycle';
import { describePatch, type Subject } from './describe-patch';
import { brokenBody, errorDoors } from './error-doors';
import { clientDoors, ofLateAwait, promiseDoors } from './promise-doors';
import { streamDoors } from './stream-doors';

const old = anthropicSubject('anthropic-0.3x', anthropic039);
describePatch(
  old,
  [
    ...promiseDoors(old),
    ...clientDoors(old, false),
    ...streamDoors(old),
    ...errorDoors(old).filter(({ title }) => title !== brokenBody),
    ...messagesDoors(old),
    ...countTokensDoors(old),
    ...completionDoors(old),
  ],
  describeLifecycle,
  describeBrokenPatch,
);

const middle = anthropicSubject('anthropic-0.6x', anthropic068);
describePatch(
  middle,
  [
    ...promiseDoors(middle),
    ...clientDoors(middle, true),
    ...streamDoors(middle),
    ...errorDoors(middle),
    ...messagesDoors(middle),
    ...countTokensDoors(middle),
    ...completionDoors(middle),
    ...toolRunnerDoors(middle),
  ],
  describeLifecycle,
  describeBrokenPatch,
);

const current = anthropicSubject('@anthropic-ai/sdk', anthropic1);
const formats = {
  fits: zodOutputFormat(z.object({ city: z.string(), celsius: z.number() })),
  misfits: zodOutputFormat(z.object({ city: z.number() })),
};
describePatch(
  current,
  [
    ...promiseDoors(current),
    ...clientDoors(current, true),
    ...streamDoors(current),
    ...errorDoors(current),
    ...messagesDoors(current),
    ...countTokensDoors(current),
    ...toolRunnerDoors(current),
    ...threadDoors(current),
    ...parseDoors(current, formats),
  ],
  describeLifecycle,
  describeBrokenPatch,
);

/** The clients of other clouds share the resource classes: the same calls, on other paths and with other keys. */
const clouds: Pick<Subject, 'title' | 'client' | 'asked'>[] = [
  {
    title: 'AnthropicBedrock',
    asked: { ...current.asked, provider: 'aws_bedrock' },
    client: (baseURL, options, subclass = (Base) => Base) =>
      new (subclass(bedrock.AnthropicBedrock))({ baseURL, apiKey: 'none', awsRegion: 'us-east-1', ...options }),
  },
  {
    title: 'AnthropicBedrockMantle',
    asked: { ...current.asked, provider: 'aws_bedrock' },
    client: (baseURL, options, subclass = (Base) => Base) =>
      new (subclass(bedrock.AnthropicBedrockMantle))({ baseURL, apiKey: 'none', awsRegion: 'us-east-1', ...options }),
  },
  {
    title: 'AnthropicVertex',
    asked: { ...current.asked, provider: 'google_vertex' },
    client: (baseURL, options, subclass = (Base) => Base) =>
      new (subclass(vertex.AnthropicVertex))({
        baseURL,
        region: 'us-east5',
        projectId: 'stand-in',
        authClient: { getRequestHeaders: () => Promise.resolve(new Headers({ authorization: 'Bearer none' })) },
        ...options,
      }),
  },
  {
    title: 'AnthropicFoundry',
    asked: { ...current.asked, provider: 'azure_foundry' },
    client: (baseURL, options, subclass = (Base) => Base) =>
      new (subclass(foundry.AnthropicFoundry))({ baseURL, apiKey: 'none', ...options }),
  },
];

for (const cloud of clouds) {
  const subject = { ...current, ...cloud };
  describePatch(subject, [
    ...promiseDoors(subject).filter(({ title }) => title !== ofLateAwait),
    ...clientDoors(subject, true),
    ...streamDoors(subject),
    ...errorDoors(subject),
    ...messagesDoors(subject),
  ]);
}
