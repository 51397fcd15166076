import type { ResolvedOptions } from './options';
import { sharedState } from './shared-state';

/** That all of this may change: once a process, unless somebody said that it is known. */
export function warnOnce({ noWarning }: Pick<ResolvedOptions, 'noWarning'>): void {
  const shared = sharedState();
  if (shared.warned || noWarning || /^(1|true|yes|on)$/i.test(process.env['LLM_TRACE_NO_WARNING'] ?? '')) return;
  shared.warned = true;
  process.emitWarning('@amp/llm-trace is experimental: its options and events may change.', 'ExperimentalWarning');
}

/** Whether somebody learns of a problem without asking. */
export function isHeard({ onError, debug }: Pick<ResolvedOptions, 'onError' | 'debug'>): boolean {
  return onError !== undefined || debug;
}

/** One line about an error of ours. */
export function problemLine(what: string, error: unknown): string {
  return `could not ${what}: ${describeError(error)}`.slice(0, 500);
}

function describeError(error: unknown): string {
  try {
    return String(error);
  } catch {
    // An object without a prototype, or with a `toString` that throws.
    return `a thrown ${typeof error}`;
  }
}
