import { mayImport } from '../../src/loading/await-import';
import { runtimes } from '../support/runtimes';
import { makeHookedWorkspace, type HookedWorkspace } from './hooked-workspace';

const targets = [{ module: 'esm-sdk', entryFiles: ['index'] }];

let workspace: HookedWorkspace;

beforeAll(() => {
  workspace = makeHookedWorkspace();
  workspace.write('node_modules/esm-sdk/package.json', '{ "name": "esm-sdk", "version": "1.0.0", "type": "module" }');
  workspace.write('node_modules/esm-sdk/index.js', 'export class Client {}');
  workspace.write('node_modules/library/package.json', '{ "name": "library", "version": "1.0.0" }');
  workspace.write('node_modules/library/index.js', `exports.load = (name) => import(name);`);
  workspace.write('own.mjs', `export { Client } from 'esm-sdk';`);
  workspace.write('preloaded.cjs', `globalThis.load = () => import('esm-sdk');`);
  workspace.write('typed/package.json', '{ "type": "module" }');
});

afterAll(() => workspace.remove());

const finish = `.then(() => require('hooked').finish());`;
const imports = `import 'esm-sdk'; import hooked from 'hooked'; hooked.finish();`;

// On Node 20 the load hook has a thread of its own, which is not started before somebody can import something.
describe.each(runtimes)('an ES module of an SDK is seen with -r on $label', ({ node }) => {
  it.each([
    { by: 'import() in the program', file: 'app.cjs', source: `import('esm-sdk')${finish}` },
    {
      by: 'import() with a comment of a bundler',
      file: 'app.cjs',
      source: `import /* webpackIgnore: true */ ('esm-sdk')${finish}`,
    },
    {
      by: 'import() in a library that is required',
      file: 'app.cjs',
      source: `require('library').load('esm-sdk')${finish}`,
    },
    {
      by: 'import() in a string, as programs write it that are compiled to CommonJS',
      file: 'app.cjs',
      source: `new Function('name', 'return import(name)')('esm-sdk')${finish}`,
    },
    { by: 'an ES module that is the program', file: 'app.mjs', source: imports },
    { by: 'an ES module by its package.json', file: 'typed/app.js', source: imports },
    { by: 'an ES module by nothing but its syntax', file: 'app.js', source: `var x = 1;${imports}` },
    {
      by: 'an ES module that is required',
      file: 'app.cjs',
      source: `require('./own.mjs'); require('hooked').finish();`,
    },
    { by: 'itself, required', file: 'app.cjs', source: `require('esm-sdk'); require('hooked').finish();` },
  ])('that comes by $by', async ({ file, source }) => {
    const { found, problems } = await workspace.run(file, source, targets, { node });
    expect([...new Set(found)].map((each) => each.replace('late', 'entry'))).toEqual(['esm-sdk module 1.0.0 entry 0']);
    expect(problems).toEqual([]);
  });

  it('that comes by a file that was preloaded before us', async () => {
    const flags = ['-r', './preloaded.cjs', '-r', 'hooked/start.js'];
    const { found } = await workspace.run('app.cjs', `load()${finish}`, targets, { node, flags });
    expect(found).toEqual(['esm-sdk module 1.0.0 entry 0']);
  });

  it('that comes by a file in an option of the environment', async () => {
    workspace.write('imported.mjs', `import 'esm-sdk';`);
    const source = `require('hooked').finish();`;
    const NODE_OPTIONS = '--import ./imported.mjs';
    const environment = { NODE_OPTIONS, TARGETS: JSON.stringify(targets) };
    const { found } = await workspace.run('app.cjs', source, targets, { node, environment });
    expect(found).toEqual(['esm-sdk module 1.0.0 entry 0']);
  });
});

describe('the text of a file', () => {
  it.each([
    `import('x')`,
    'return import (name)',
    'import/* a */(name)',
    'import // a\n(name)',
    `"return import(s)"`,
    `import x from 'x'`,
    `"use strict";import{a}from"x"`,
    '  export default 1',
    'export{a}',
  ])('may import: %s', (text) => {
    expect(mayImport(text)).toBe(true);
  });

  it.each([
    `exports.important = require('x')`,
    '// we import this first',
    'const { import: value } = options',
    '__importDefault(x)',
    'module.exports = exports',
    'object.import = 1',
  ])('does not: %s', (text) => {
    expect(mayImport(text)).toBe(false);
  });
});
