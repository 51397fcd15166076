import type { MethodPatch, ProviderPatch } from '../types';
import { functionNames, functionPatches, modelPatches } from './ai/models';
import { telemetry } from './ai/telemetry';
import { urlOf, vendorAt, vendorOf } from './ai/vendors';
import { readGateway } from './shared/gateways';

/* eslint-disable @typescript-eslint/no-explicit-any -- models of any provider, and what `ai` tells of them */

/**
 * Vercel's AI SDK. It speaks to the vendors itself, so a call of a model is the lowest thing there is. Version 7 tells of
 * them by itself; of 5 and 6, the models are watched that its functions are given.
 */
export const ai = {
  name: 'ai',
  module: 'ai',
  versions: '5 to 7',
  entryFiles: ['dist/index'],
  /** What the exports are, no object owns. A model, or a list of models, is what `modules` can be given. */
  methods: (given: any): MethodPatch[] =>
    (Array.isArray(given) ? given : [given]).flatMap((each) => modelPatches(each)),
  exportsOf: (model: any) => (typeof model?.specificationVersion === 'string' ? model : undefined),
  functions: { 'dist/index': functionNames },
  functionMethods: (holder: any) => functionPatches(holder),
  telemetry,
  servedBy: (self: any) => vendorAt(urlOf(self)) ?? vendorOf(self?.provider, self?.modelId),
  frameworkOf: () => 'vercel-ai',
  readGateway,
} as const satisfies ProviderPatch;
