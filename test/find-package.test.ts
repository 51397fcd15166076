import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findEntry, findPackage } from '../src/find-package';

const targets = [
  { module: 'openai', entryFiles: ['index', 'client'] },
  { module: '@anthropic-ai/sdk', entryFiles: ['index', 'resources/index'] },
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
  ])('%s is none', (file) => {
    expect(findEntry(join(root, file), targets)).toBeUndefined();
  });
});
