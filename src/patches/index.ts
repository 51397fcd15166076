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
export const patches = [
  openai,
  anthropic,
  ollama,
  replicate,
  google,
  googleGenerativeAi,
  groq,
  together,
  cerebras,
  bedrock,
  mistral,
  cohere,
  huggingface,
  ai,
] as const;

/** What users write in `providers`. */
export type ProviderName = (typeof patches)[number]['name'];
