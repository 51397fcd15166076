import { anthropic } from './anthropic';
import { openai } from './openai';

/** Every provider: one line each. */
export const patches = [openai, anthropic] as const;

/** What users write in `providers`. */
export type ProviderName = (typeof patches)[number]['name'];
