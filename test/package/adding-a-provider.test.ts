import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import ts from 'typescript';

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'adding-a-provider.md'), 'utf8');
/** Files of the page: a line with the name of the file, and a block with what is in it. */
const files = [...page.matchAll(/^`([^`\n]+)`:\n\n```\w+\n([\s\S]*?)^```/gm)].map(([, name, text]) => ({
  name: name as string,
  text: text as string,
}));
const printed = /That prints[^\n]*\n\n```\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm-trace-'));
  for (const { name, text } of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  mkdirSync(join(folder, 'node_modules', '@amp'));
  symlinkSync(root, join(folder, 'node_modules', '@amp', 'llm-trace'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('docs/adding-a-provider.md', () => {
  it('has the files of its example', () => {
    expect(files.map(({ name }) => name)).toEqual([
      'node_modules/acme-llm/package.json',
      'node_modules/acme-llm/index.js',
      'acme-patch.ts',
      'app.ts',
    ]);
  });

  it('has a patch that compiles in strict TypeScript', () => {
    const program = ts.createProgram([join(folder, 'acme-patch.ts')], {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    });
    const problems = ts.getPreEmitDiagnostics(program);
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  });

  it('says what its application prints', () => {
    const app = join(folder, 'app.mjs');
    buildSync({
      entryPoints: [join(folder, 'app.ts')],
      outfile: app,
      bundle: true,
      packages: 'external',
      format: 'esm',
      platform: 'node',
    });
    const output = execFileSync(process.execPath, [app], {
      encoding: 'utf8',
      env: { ...process.env, LLM_TRACE_NO_WARNING: '1' },
    });
    const lines = output.trim().split('\n');
    const said = printed.trim().split('\n');
    expect(lines).toHaveLength(said.length);
    // An event is longer than a line of the page.
    for (const [at, line] of said.entries()) expect(lines[at]).toContain(line.replace(/\.\.\.$/, ''));
    const events = lines.slice(0, 2).map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const event of events) {
      expect(event).toMatchObject({ model: 'acme-1', output: 'You said Hi', input_tokens: 7, output_tokens: 4 });
      expect(event).toMatchObject({ message_count: 1, finish_reason: 'end', outcome: 'ok', total_tokens: 11 });
    }
    expect(events.map(({ streaming }) => streaming)).toEqual([false, true]);
  });
});
