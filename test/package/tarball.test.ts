import { execFile } from 'node:child_process';
import { copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runtimes } from '../support/runtimes';
import { installTarball, type Installed } from './install-tarball';

const run = promisify(execFile);
const root = join(__dirname, '..', '..');

/** Runs a tool that is installed here; gives its exit code and what it said. */
async function runTool(
  file: string,
  given: readonly string[],
  cwd = root,
  variables: Readonly<Record<string, string>> = {},
): Promise<{ code: number; said: string }> {
  const own = Object.entries(process.env).filter(([name]) => !/^(LLM_TRACE_|AMPLITUDE_|NODE_OPTIONS$)/.test(name));
  const env = { ...Object.fromEntries(own), ...variables };
  try {
    const { stdout, stderr } = await run(file, given, { cwd, env });
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: stdout + stderr };
  }
}

describe('the packed package', () => {
  let installed: Installed;

  beforeAll(async () => {
    installed = await installTarball();
    const consumer = join(__dirname, 'consumer');
    for (const file of await readdir(consumer)) {
      // TypeScript that is compiled there and not here ends in `.txt`.
      await copyFile(join(consumer, file), join(installed.folder, file.replace(/\.txt$/, '')));
    }
  }, 120_000);
  afterAll(() => rm(installed.folder, { recursive: true, force: true }));

  it('holds the build, the entry of zero-code mode and the papers, and nothing else', () => {
    const paths = installed.packed.files.map(({ path }) => path);
    const papers = ['LICENSE', 'README.md', 'CHANGELOG.md', 'package.json', 'register.js'];
    expect(paths.filter((path) => !path.startsWith('dist/')).sort()).toEqual(papers.sort());
    expect(paths.filter((path) => path.startsWith('dist/') && !/^dist\/[a-z-/]+\.(d\.m?ts|m?js)$/.test(path))).toEqual(
      [],
    );
    expect(paths.filter((path) => /test|bench|demo|tsbuildinfo/.test(path))).toEqual([]);
  });

  it('is smaller than 180 kB', () => {
    expect(installed.packed.size).toBeLessThan(180_000);
  });

  it.each(runtimes)('is one instance for `require` and `import` ($label)', async ({ node }) => {
    const { code, said } = await runTool(node, ['both-formats.mjs'], installed.folder);
    expect(said.split(/\s/)).toEqual(expect.arrayContaining(['enableLlmTracing', 'observe', 'reading', 'traceClient']));
    expect(code).toBe(0);
  });

  it.each(runtimes)('starts zero-code mode by its name, with `-r` and `--import` ($label)', async ({ node }) => {
    const started = /^\[llm-trace\] not tracing: set AMPLITUDE_API_KEY.*\n$/;
    const required = await runTool(node, ['-r', '@amp/llm-trace/register', '-e', '0'], installed.folder);
    expect(required).toEqual({ code: 0, said: expect.stringMatching(started) });
    const imported = await runTool(node, ['--import', '@amp/llm-trace/register', '-e', '0'], installed.folder);
    expect(imported).toEqual({ code: 0, said: expect.stringMatching(started) });
  });

  it('compiles in CommonJS and ES modules, strictly, with its own declarations checked', async () => {
    const compiled = await runTool(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', installed.folder]);
    expect(compiled).toEqual({ code: 0, said: '' });
    for (const script of ['built/consumer-module.mjs', 'built/consumer-commonjs.cjs']) {
      const ran = await runTool(process.execPath, [script], installed.folder, { LLM_TRACE_ENABLED: 'false' });
      expect(ran).toEqual({ code: 0, said: 'enabled true\n' });
    }
  }, 120_000);

  it('refuses wrong options at compile time, so that the strict compilation says something', async () => {
    const tsc = require.resolve('typescript/bin/tsc');
    const { code, said } = await runTool(process.execPath, [tsc, '-p', join(installed.folder, 'tsconfig.wrong.json')]);
    expect(said).toMatch(/wrong-options\.mts.*maxPromptLength|wrong-options\.mts.*'number'/);
    expect(code).not.toBe(0);
  }, 120_000);

  it('has nothing that publint could complain of', async () => {
    const { code, said } = await runTool(join(root, 'node_modules', '.bin', 'publint'), [
      'run',
      installed.tarball,
      '--strict',
    ]);
    expect(said).toContain('All good!');
    expect(code).toBe(0);
  });

  it('resolves, with types, for every kind of module resolution', async () => {
    const attw = join(root, 'node_modules', '.bin', 'attw');
    const { code, said } = await runTool(attw, [installed.tarball, '--no-emoji', '--no-color']);
    expect(said).toContain('No problems found');
    expect(code).toBe(0);
  });
});
