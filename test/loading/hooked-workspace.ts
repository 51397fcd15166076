import { join } from 'node:path';
import { buildSync, type BuildOptions } from 'esbuild';
import { runProgram, type Finished, type ProgramOptions } from './run-program';
import { makeWorkspace, type Workspace } from './workspace';

/** What a program that uses the package `hooked` prints at its end. */
export interface Hooked {
  /** Each function that was called while it was watched: `file:name`. */
  readonly calls: string[];
  /** Each copy that came: its SDK, format and version, the file of its functions or `late`, and how many are watched. */
  readonly found: string[];
  readonly problems: string[];
  readonly extra: Record<string, unknown>;
}

/**
 * Watches every function of every file that it is asked to, and nothing else: the hooks and the wrapping are the real
 * ones, without a registry of providers, which would only know what is in real SDKs.
 */
const watcher = `
const { hookModules, installPatch, sharedState } = require('./hooks.js');
const targets = JSON.parse(process.env.TARGETS);
const calls = (exports.calls = []), found = (exports.found = []), problems = (exports.problems = []);
sharedState().problem = (what, error) => problems.push(what + ': ' + error);
const functionMethods = (holder, file) =>
  Object.keys(holder).map((method) => ({ owner: holder, method, readerFor: () => void calls.push(file + ':' + method) }));
const patches = targets.map((target) => ({ name: target.module, methods: () => [], servedBy() {}, functionMethods, ...target }));
exports.hook = (atStart = false) => {
  const restores = [];
  const tracer = { sampled: () => true };
  const hook = hookModules(patches, (patch, exports, copy, { functionsOf, isLate }) => {
    const installed = installPatch(patch, exports, copy, () => tracer, functionsOf);
    restores.push(installed.restore);
    found.push([copy.sdk, copy.format, copy.version, functionsOf ?? (isLate ? 'late' : 'entry'), installed.methods.length].join(' '));
  }, atStart);
  return { ready: hook.ready, restore() { hook.restore(); for (const restore of restores) restore(); } };
};
exports.finish = (extra = {}) => process.stdout.write('\\n' + JSON.stringify({ calls, found, problems, extra }) + '\\n');
`;

export interface Target {
  readonly module: string;
  readonly entryFiles: readonly string[];
  readonly functions?: Readonly<Record<string, readonly string[]>>;
}

export interface HookedWorkspace extends Workspace {
  /** Runs a program with the hooks installed before it (`-r`), or with what `flags` says, and reads what it printed. */
  run(
    file: string,
    source: string,
    targets: readonly Target[],
    options?: Partial<ProgramOptions>,
  ): Promise<Hooked & { finished: Finished }>;
}

export function makeHookedWorkspace(packages: readonly string[] = []): HookedWorkspace {
  const workspace = makeWorkspace(packages);
  const source = join(__dirname, '..', '..', 'src');
  const contents = `export { hookModules } from './loading/hook-module'; export { installPatch } from './install-patch';
    export { sharedState } from './shared-state';`;
  const directory = join(workspace.directory, 'node_modules', 'hooked');
  const settings: BuildOptions = {
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['shimmer'],
  };
  buildSync({
    ...settings,
    stdin: { contents, resolveDir: source, loader: 'ts' },
    outfile: join(directory, 'hooks.js'),
  });
  buildSync({
    ...settings,
    entryPoints: [join(source, 'loading', 'esm-load-hook.ts')],
    outfile: join(directory, 'esm-load-hook.js'),
  });
  workspace.write('node_modules/hooked/index.js', watcher);
  // As register.js: Node runs preloaded files in the thread of its module hooks too.
  workspace.write(
    'node_modules/hooked/start.js',
    `const { isMainThread, isInternalThread, parentPort } = require('node:worker_threads');
    if (!(isInternalThread ?? (!isMainThread && parentPort === null))) require('hooked').hook(true);`,
  );
  workspace.write('node_modules/hooked/package.json', '{ "name": "hooked", "main": "index.js" }');
  return {
    ...workspace,
    async run(file, text, targets, { environment, ...options } = {}) {
      const finished = await runProgram([workspace.write(file, text)], {
        cwd: workspace.directory,
        flags: ['-r', 'hooked/start.js'],
        environment: { TARGETS: JSON.stringify(targets), ...environment },
        ...options,
      });
      const line = finished.stdout.trim().split('\n').at(-1) ?? '';
      if (finished.code !== 0 || !line.startsWith('{')) {
        throw new Error(
          `${file} ended with ${finished.code ?? finished.signal}\n${finished.stdout}\n${finished.stderr}`,
        );
      }
      return { ...(JSON.parse(line) as Hooked), finished };
    },
  };
}
