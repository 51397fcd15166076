import type { ProviderPatch } from './types';

/** What each part of a patch has to be; a check says so where it is not. */
const parts: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  name: (value) =>
    typeof value === 'string' && /^[a-z][a-z0-9_-]{0,63}$/.test(value)
      ? undefined
      : 'a name of lower case letters, digits, - and _',
  module: (value) => (isText(value) ? undefined : 'the name of an npm package'),
  versions: (value) => (isText(value) ? undefined : "a range of versions in words: '2 to 3'"),
  entryFiles: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((file) => isText(file) && isPath(file as string))
      ? undefined
      : "an array of files of the package, without extension: ['index', 'dist/client']",
  methods: isFunction,
  servedBy: isFunction,
};

/**
 * What is wrong with a patch.
 *
 * @returns undefined where nothing is.
 */
export function problemOfPatch(patch: unknown): string | undefined {
  if (typeof patch !== 'object' || patch === null) return 'a patch must be an object made with definePatch';
  for (const [name, check] of Object.entries(parts)) {
    const valid = check((patch as Record<string, unknown>)[name]);
    if (valid !== undefined) return `${name} of a patch must be ${valid}`;
  }
  return undefined;
}

/**
 * Describes an SDK that is not built in, for the option `patches`: which of its methods send, and how a call and an
 * answer of them are read.
 *
 * @experimental
 * @param patch - data and pure functions, see `docs/adding-a-provider.md`.
 * @returns the patch, with its name as a type.
 * @throws TypeError that names the part that is wrong and what it has to be.
 * @example
 * ```ts
 * const acme = definePatch({
 *   name: 'acme',
 *   module: 'acme-llm',
 *   versions: '2 to 3',
 *   entryFiles: ['index'],
 *   methods: (exports) => [{ owner: exports.Acme.prototype, method: 'complete', readerFor: () => complete }],
 *   servedBy: () => 'acme',
 * });
 * enableLlmTracing(amplitude, { patches: [acme] });
 * ```
 */
export function definePatch<const Patch extends ProviderPatch>(patch: Patch): Patch {
  const problem = problemOfPatch(patch);
  if (problem !== undefined) throw new TypeError(`definePatch: ${problem}`);
  return Object.freeze(patch);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

/** As `entryFiles` are compared: within the package, with `/`, and no extension of JavaScript. */
function isPath(file: string): boolean {
  return !/^[./]|\\|\.[cm]?[jt]s$/.test(file);
}

function isFunction(value: unknown): string | undefined {
  return typeof value === 'function' ? undefined : 'a function';
}
