import * as anthropic from '@anthropic-ai/sdk';
import * as mistral from 'mistral-v1';
import * as openai4 from 'openai-v4';
import * as zod4 from 'openai-v4/helpers/zod';
import * as openai6 from 'openai';
import * as zod6 from 'openai/helpers/zod';
import { traceClient } from '../../src';
import { messagesDoors } from '../patches/anthropic-doors';
import { anthropicSubject } from '../patches/anthropic-subject';
import { describePatch, versionOf, type Door, type Subject } from '../patches/describe-patch';
import { errorDoors } from '../patches/error-doors';
import { googleDoors } from '../patches/google-doors';
import { googleSubject } from '../patches/google-subject';
import { mistralDoors, mistralSubject } from '../patches/mistral-subject';
import { azureDoors, azureSubject, openaiDoors, openaiSubject } from '../patches/openai-subject';
import { clientDoors, promiseDoors } from '../patches/promise-doors';
import { streamDoors } from '../patches/stream-doors';

/** The same contract, for clients that are traced one by one while the session wants no SDK at all. */
function alone(subject: Subject): Subject {
  const traceAlone: Subject['traceAlone'] = (client: object, output) => traceClient(client, { client: output });
  // The copy of the SDK is found by the methods of the client, and with it the version that some exports do not tell.
  const asked = { ...subject.asked, provider_sdk_version: versionOf(subject.package) };
  return { ...subject, title: `a traced client of ${subject.title}`, asked, traceAlone };
}

/** A client that was made while the others were bare is nobody's here. */
const ofThis = ({ title }: Door): boolean => title !== 'a client that was made before is traced';

const four = alone(openaiSubject('openai-v4', openai4));
const major4 = { chat: 'beta.chat', zod: zod4, hasBetaResponses: false, usesNodeFetch: true } as const;
describePatch(four, openaiDoors(four, major4).filter(ofThis));

const six = alone(openaiSubject('openai', openai6));
const major6 = { chat: 'chat', zod: zod6, hasBetaResponses: true, usesNodeFetch: false } as const;
describePatch(six, openaiDoors(six, major6).filter(ofThis));

const azure = alone(azureSubject(openaiSubject('openai', openai6)));
describePatch(azure, azureDoors(azure, false).filter(ofThis));

const claude = alone(anthropicSubject('@anthropic-ai/sdk', anthropic));
const ofClaude = [promiseDoors, streamDoors, errorDoors, messagesDoors].flatMap((doors) => doors(claude));
describePatch(claude, [...ofClaude, ...clientDoors(claude, true)].filter(ofThis));

// eslint-disable-next-line @typescript-eslint/no-require-imports -- its types are those of an ES module
const gemini = alone(googleSubject('google-genai-v2', require('google-genai-v2')));
describePatch(gemini, googleDoors(gemini, 2).filter(ofThis));

const chat = alone(mistralSubject('mistral-v1', () => mistral));
describePatch(chat, mistralDoors(chat, 1).filter(ofThis));
