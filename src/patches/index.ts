import type { ProviderPatch } from '../types';
import { ai } from './ai';
import { anthropic } from './anthropic';
import { bedrock } from './bedrock';
import { cerebras } from './cerebras';
import { cohere } from './cohere';
import { google } from './google';
import { googleGenerativeAi } from './google-generative-ai';
import { groq } from './groq';
import { huggingface } from './huggingface';
import { mistral } from './mistral';
import { ollama } from './ollama';
import { openai } from './openai';
import { replicate } from './replicate';
import { together } from './together';

/** Every provider: one line each. */
export const patches = list(
  openai,
  anthropic,
  google,
  googleGenerativeAi,
  bedrock,
  mistral,
  cohere,
  groq,
  together,
  cerebras,
  ollama,
  huggingface,
  replicate,
  ai,
);

/**
 * What users write in `providers`.
 *
 * @experimental
 */
export type ProviderName = (typeof patches)[number]['name'];

/** Of the type of each patch only its name, so that our declarations do not mention what the SDKs declare. */
function list<const Name extends string>(
  ...all: readonly (ProviderPatch & { readonly name: Name })[]
): readonly (ProviderPatch & { readonly name: Name })[] {
  return all;
}
