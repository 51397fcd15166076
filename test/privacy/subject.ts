import type { ProviderName } from '../../src/patches';
import type { Answer } from './servers';

/* eslint-disable @typescript-eslint/no-explicit-any -- one shape over the requests of all SDKs */

export interface Call {
  readonly title: string;
  readonly request: any;
  /** By how the call ends. */
  readonly answers: Readonly<Record<string, Answer>>;
  /** Keys whose values the SDK insists on. */
  readonly keep?: readonly string[];
  run(url: string, request: any, isStream: boolean): Promise<unknown>;
}

export interface Subject {
  readonly provider: ProviderName;
  /** What `modules` is given: made anew for each run where it is a model. */
  exports(url: string): unknown;
  readonly calls: readonly Call[];
}

export const once = { apiKey: 'none', maxRetries: 0 };

/** Reads what can be read. */
export async function readAll(answer: any): Promise<void> {
  if (typeof answer?.getReader === 'function' || typeof answer?.[Symbol.asyncIterator] === 'function') {
    for await (const chunk of answer) void chunk;
  }
}

export const only = (answers: Record<string, Answer>, ...names: string[]): Record<string, Answer> =>
  Object.fromEntries(Object.entries(answers).filter(([name]) => names.includes(name)));
