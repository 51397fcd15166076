import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findEntry, findModuleType, findPackage } from '../src/loading/find-package';

const targets = [
  { module: 'openai', entryFiles: ['index', 'client'] },
  { module: '@anthropic-ai/sdk', entryFiles: ['index', 'resources/index'] },
  { module: 'ai', entryFiles: ['dist/index'], functions: { 'dist/index': ['resolveLanguageModel'] } },
  { module: '@google/genai', entryFiles: ['dist/node/index', 'dist/index'] },
  { module: '@huggingface/inference', entryFiles: ['dist/esm/index'], functions: { 'dist/esm/tasks/chat': ['chat'] } },
];

let root: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'find-package-')));
  const files: Record<string, string> = {
    'package.json': JSON.stringify({
      name: 'app',
    }),
    'openai-notes/index.js': '',
    'node_modules/openai/package.json': '{"name":"openai","version":"6.49.0"}',
    'node_modules/openai/index.mjs': '',
    'node_modules/openai/esm/package.json': '{"type":"module"}',
    'node_modules/openai/esm/client.mjs': '',
    'node_modules/openai/resources/index.js': '',
    'node_modules/openai-v4/package.json': '{"name":"openai","version":"4.104.0"}',
    'node_modules/openai-v4/index.js': '',
    'node_modules/openai-agents/package.json': '{"name":"openai-agents","version":"1.0.0"}',
    'node_modules/openai-agents/index.js': '',
    'node_modules/@anthropic-ai/sdk/package.json': '{"name":"@anthropic-ai/sdk"}',
    'node_modules/@anthropic-ai/sdk/resources/index.js': '',
    'node_modules/model/package.json': '{"name":"ai","version":"6.0.0"}',
    'node_modules/model/dist/index.mjs': '',
    'node_modules/model/dist/internal/index.mjs': '',
    'node_modules/.pnpm/@google+genai@2.0.0/node_modules/@google/genai/package.json': '{"name":"@google/genai"}',
    'node_modules/.pnpm/@google+genai@2.0.0/node_modules/@google/genai/dist/node/index.cjs': '',
    'packages/inference/package.json': '{"name":"@huggingface/inference"}',
    'packages/inference/dist/esm/package.json': '{"type":"module"}',
    'packages/inference/dist/esm/tasks/chat.js': '',
    'node_modules/uses-ai/package.json': '{"name":"uses-ai","dependencies":{"ai":"*","@google/genai":"*"}}',
    'node_modules/uses-ai/dist/index.js': '',
    'node_modules/openai-broken/package.json': 'not JSON',
    'node_modules/openai-broken/index.js': '',
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
});

afterAll(() => rmSync(root, { recursive: true }));

describe('the package of a file', () => {
  it.each<[string, string | undefined, string | undefined]>([
    ['node_modules/openai/index.mjs', 'openai', '6.49.0'],
    ['node_modules/openai/esm/client.mjs', 'openai', '6.49.0'],
    ['node_modules/openai-v4/index.js', 'openai', '4.104.0'],
    ['node_modules/@anthropic-ai/sdk/resources/index.js', '@anthropic-ai/sdk', undefined],
    ['openai-notes/index.js', 'app', undefined],
  ])('%s is %s %s', (file, name, version) => {
    expect(findPackage(join(root, file))).toMatchObject({ name, version });
  });

  it('is not looked for above node_modules: a package without a name is not the application', () => {
    expect(findPackage(join(root, 'node_modules/openai-broken/index.js'))).toBeUndefined();
    expect(findPackage('/does/not/exist/index.js')).toBeUndefined();
  });
});

describe('an entry file', () => {
  it.each<[string, string]>([
    ['node_modules/openai/index.mjs', 'openai'],
    // Braintrust and DataDog missed npm aliases, whose folder is called otherwise (hazard H41).
    ['node_modules/openai-v4/index.js', 'openai'],
    ['node_modules/@anthropic-ai/sdk/resources/index.js', '@anthropic-ai/sdk'],
    // An alias that has nothing of the name in it, and one that is the name of most things.
    ['node_modules/model/dist/index.mjs', 'ai'],
    ['node_modules/.pnpm/@google+genai@2.0.0/node_modules/@google/genai/dist/node/index.cjs', '@google/genai'],
    // A file whose functions are replaced, in a linked workspace.
    ['packages/inference/dist/esm/tasks/chat.js', '@huggingface/inference'],
  ])('%s is one of %s', (file, module) => {
    expect(findEntry(join(root, file), targets)?.target.module).toBe(module);
  });

  it.each([
    'node_modules/openai/resources/index.js',
    'node_modules/openai/esm/client.mjs',
    'node_modules/openai-agents/index.js',
    'node_modules/openai-broken/index.js',
    'openai-notes/index.js',
    'node_modules/openai/package.json',
    'node_modules/model/dist/internal/index.mjs',
    'node_modules/model/libs/index.mjs',
    'node_modules/uses-ai/dist/index.js',
    'dist/index.js',
    'index',
    '',
  ])('%s is none', (file) => {
    expect(findEntry(join(root, file), targets)).toBeUndefined();
  });

  it('is named as its package names it, so that the functions of a file can be found', () => {
    expect(findEntry(join(root, 'packages/inference/dist/esm/tasks/chat.js'), targets)?.path).toBe(
      'dist/esm/tasks/chat',
    );
  });

  // It is asked for each file that a process loads; a start with 2,000 of them must not notice.
  it('is looked for in next to no time', () => {
    const files = Array.from({ length: 20_000 }, (_, at) =>
      join(root, `node_modules/package-${at % 500}`, 'dist/index.js'),
    );
    const start = performance.now();
    for (const file of files) findEntry(file, targets);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('what Node takes a file for', () => {
  it.each<[string, string]>([
    ['packages/inference/dist/esm/tasks/chat.js', 'module'],
    ['packages/inference/dist/index.js', 'commonjs'],
    ['node_modules/openai/index.js', 'commonjs'],
    ['node_modules/without/index.js', 'commonjs'],
  ])('%s is %s', (file, type) => {
    expect(findModuleType(join(root, file))).toBe(type);
  });
});
