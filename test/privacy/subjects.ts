import { anthropicAndGoogleSubjects } from './anthropic-google-subjects';
import { bedrockSubjects } from './bedrock-subjects';
import { mistralAndCohereSubjects } from './mistral-cohere-subjects';
import { openAiSubjects } from './openai-subjects';
import { otherSubjects } from './other-subjects';
import type { Subject } from './subject';

/** Calls of every provider, with everything in them that a vendor has a field for. */
export const subjects: readonly Subject[] = [
  ...openAiSubjects,
  ...anthropicAndGoogleSubjects,
  ...bedrockSubjects,
  ...mistralAndCohereSubjects,
  ...otherSubjects,
];
