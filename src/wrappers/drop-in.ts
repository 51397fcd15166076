import { types } from 'node:util';
import { fileURLToPath } from 'node:url';
import { activeSession, addDropIn } from '../enable';
import { findPackage } from '../loading/find-package';
import { patches, type ProviderName } from '../patches';
import { startForDropIns } from '../register';
import { reportProblem, safely } from '../safely';
import type { ProviderPatch, SdkCopy } from '../types';

/**
 * What `@amp/llm-trace/openai` and `@amp/llm-trace/anthropic` call with the module that they hand on: from now on this
 * copy of the SDK is traced whenever anything is, whatever the `providers` of the session are. Where no session is
 * there, and the environment says where to send, one begins that traces nothing else.
 *
 * @param place - the file of the SDK, or its URL; undefined where the runtime can not say.
 */
export function dropIn(name: ProviderName, exports: unknown, place?: unknown): void {
  try {
    const patch = patches.find((each) => each.name === name);
    if (!patch) return;
    addDropIn(patch, exports, copyOf(patch, exports, place));
    if (!activeSession()) startForDropIns();
  } catch (error) {
    // The application wanted its SDK, and has it.
    reportProblem('trace an import', error);
  }
}

function copyOf(patch: ProviderPatch, exports: unknown, place: unknown): SdkCopy {
  // A bundler puts the number of a module in the place of its file.
  const path = typeof place === 'string' ? place : '';
  const found = safely('find a package', () => findPackage(path.startsWith('file:') ? fileURLToPath(path) : path));
  const format = types.isModuleNamespaceObject(exports) ? 'module' : 'commonjs';
  if (found?.name === patch.module) {
    return { sdk: patch.module, version: found.version, format, place: found.directory };
  }
  const version = safely('read the version of a class', () => patch.versionOf?.(exports));
  return { sdk: patch.module, version, format, place: `import of @amp/llm-trace/${patch.name}` };
}
