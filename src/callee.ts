import type { Enclosure } from './enclosing-call';
import type { MethodReader, ProviderPatch, SdkCopy } from './types';

/** What is being called: everything that the event says about the method and not about this one call. */
export interface Callee {
  readonly patch: ProviderPatch;
  readonly copy: SdkCopy;
  readonly reader: MethodReader;
  readonly original: (this: unknown, ...args: unknown[]) => unknown;
  /** Where calls that this one makes are kept. */
  readonly enclosure?: Enclosure | undefined;
  /** Whether the SDK shows how often it tries again. */
  readonly countsRetries?: boolean;
}
