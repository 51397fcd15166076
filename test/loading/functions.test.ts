import { runtimes } from '../support/runtimes';
import { makeHookedWorkspace, type HookedWorkspace, type Target } from './hooked-workspace';

const huggingface: Target = {
  module: '@huggingface/inference',
  entryFiles: ['dist/esm/index', 'dist/commonjs/index'],
  functions: {
    'dist/esm/tasks/nlp/chatCompletion': ['chatCompletion'],
    'dist/commonjs/tasks/nlp/chatCompletion': ['chatCompletion'],
  },
};
const ai: Target = {
  module: 'ai',
  entryFiles: ['dist/index'],
  functions: { 'dist/index': ['resolveLanguageModel', 'ofAnotherVersion'] },
};
/** Every shape that a name can have, under one file for each format. */
const shapes: Target = {
  module: 'shapes',
  entryFiles: ['index'],
  functions: {
    index: ['plain', 'later', 'sequence', 'Old', 'constant', 'changing', 'Class', 'imported', 'missing', 'text'],
  },
};

const body = `
import { readFileSync as imported } from 'node:fs';
function plain(one, two = 2) { return [this?.mark, one, two]; }
plain.mark = 'own';
async function later(fails) { if (fails) throw new Error('later'); return 'later'; }
function* sequence() { yield 1; yield 2; }
function Old(name) { this.name = name; }
Old.prototype.greet = function greet() { return this.name; };
const constant = () => 'constant';
let changing = () => 'changing';
class Class { greet() { return 'class'; } }
let text = 'text';
const inner = (...args) => plain(...args);
const usesAll = () => [constant(), changing(), new Class().greet(), typeof imported, text];
`;
const names = ['plain', 'later', 'sequence', 'Old', 'constant', 'changing', 'Class', 'inner', 'usesAll'];
const asCommonJs = `${body.replace(/import .*/, "const { readFileSync: imported } = require('node:fs');")}
${names.map((name) => `exports.${name} = ${name};`).join('\n')}
exports.again = plain;
Object.defineProperty(exports, 'hidden', { value: plain, enumerable: false, writable: false });
//# sourceMappingURL=index.cjs.map`;
const asModule = `${body}
export { ${names.join(', ')}, plain as again };
//# sourceMappingURL=index.mjs.map`;

const use = `(async () => {
  const all = {
    plain: plain.call({ mark: 'this' }, 1), again: again(3, 4), inner: inner(5), names: [plain.name, plain.length, plain.mark],
    later: await later(), sequence: [...sequence()], old: [new Old('x').greet(), new Old('x') instanceof Old],
    failed: await later(true).catch((error) => [error.message, error.stack.split('\\n')[1].replace(/^.*[\\\\/(]/, '')]),
    usesAll: usesAll(), constant: constant(), Class: new Class().greet(), isAsync: later() instanceof Promise,
  };
  require('hooked').finish(all);
})();`;
const load = (file: string, format: 'commonjs' | 'module'): string => {
  const bindings = `{ ${[...names, 'again'].join(', ')} }`;
  if (format === 'commonjs') return `const ${bindings} = require('${file}'); ${use}`;
  return `import ${bindings} from '${file}'; import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url); ${use}`;
};

let workspace: HookedWorkspace;

beforeAll(() => {
  workspace = makeHookedWorkspace(['@huggingface/inference']);
  for (const name of ['ai-v5', 'ai-v6']) workspace.linkPackage(name);
  workspace.write(
    'node_modules/shapes/package.json',
    '{ "name": "shapes", "version": "1.0.0", "exports": { "import": "./index.mjs", "require": "./index.cjs" } }',
  );
  workspace.write('node_modules/shapes/index.cjs', asCommonJs);
  workspace.write('node_modules/shapes/index.mjs', asModule);
});

afterAll(() => workspace.remove());

const formats = ['commonjs', 'module'] as const;
const extension = { commonjs: 'cjs', module: 'mjs' } as const;

describe.each(runtimes)('functions that no object owns, on $label', ({ node }) => {
  it.each(formats)('the tasks of @huggingface/inference, whose methods can not be redefined: %s', async (format) => {
    const source = `
      const call = (run) => run.catch((error) => error.message);
      const args = { endpointUrl: 'http://127.0.0.1:1/', model: 'm', messages: [] };
      (async () => {
        const client = new sdk.InferenceClient('token');
        await call(client.chatCompletion(args));
        await call(client.endpoint('http://127.0.0.1:1/').chatCompletion({ model: 'm', messages: [] }));
        await call(sdk.chatCompletion(args));
        hooked.finish({ name: sdk.chatCompletion.name, length: sdk.chatCompletion.length });
      })();`;
    const head =
      format === 'commonjs'
        ? `const sdk = require('@huggingface/inference'); const hooked = require('hooked');`
        : `import * as sdk from '@huggingface/inference'; import hooked from 'hooked';`;
    const { calls, found, problems, extra } = await workspace.run(
      `huggingface.${extension[format]}`,
      head + source,
      [huggingface],
      { node },
    );
    expect(calls).toHaveLength(3);
    expect(found[0]).toMatch(new RegExp(`^@huggingface/inference ${format} 4\\..* 1$`));
    expect(extra).toEqual({ name: 'chatCompletion', length: 2 });
    expect(problems).toEqual([]);
  });

  it.each(['ai-v5', 'ai-v6'].flatMap((name) => formats.map((format) => ({ name, format }))))(
    'a function within the one file of $name that is not exported: $format',
    async ({ name, format }) => {
      const source = `
        const answer = { content: [{ type: 'text', text: 'hi' }], finishReason: 'stop', usage: {}, warnings: [] };
        const doGenerate = async () => answer;
        const model = { specificationVersion: 'v2', provider: 'p', modelId: 'm', supportedUrls: {}, doGenerate };
        generateText({ model, prompt: 'x' }).then(({ text }) => hooked.finish({ text }));`;
      const head =
        format === 'commonjs'
          ? `const { generateText } = require('${name}'); const hooked = require('hooked');`
          : `import { generateText } from '${name}'; import hooked from 'hooked';`;
      const file = `${name}.${extension[format]}`;
      const { calls, problems, extra } = await workspace.run(file, head + source, [ai], { node });
      expect(calls).toContain('dist/index:resolveLanguageModel');
      expect(extra).toEqual({ text: 'hi' });
      expect(problems).toEqual([]);
    },
  );

  it.each(formats)('all callers get them, and notice nothing, whatever shape a name has: %s', async (format) => {
    const file = `shapes.${extension[format]}`;
    const bare = await workspace.run(file, load('shapes', format), [], { node });
    const { calls, found, problems, extra } = await workspace.run(file, load('shapes', format), [shapes], { node });
    expect(extra).toEqual(bare.extra);
    expect(problems).toEqual([]);
    // `changing` is a function in a variable; a class, a constant, an import, a text and a missing name stay as they are.
    expect(found).toEqual([`shapes ${format} 1.0.0 index 5`, `shapes ${format} 1.0.0 entry 0`]);
    expect(calls.sort().map((call) => call.replace('index:', ''))).toEqual(
      ['Old', 'Old', 'changing', 'later', 'later', 'later', 'plain', 'plain', 'plain', 'sequence'].sort(),
    );
  });

  it.each(formats)('what is hooked twice is watched once, and not at all after the undo: %s', async (format) => {
    const source = `
      const one = hooked.hook(), two = hooked.hook();
      const print = (sdk) => {
        const { Module } = require('node:module');
        sdk.plain(1); sdk.inner(1);
        const counts = [hooked.calls.length];
        two.restore(); one.restore();
        sdk.plain(1); sdk.inner(1);
        counts.push(hooked.calls.length);
        const three = hooked.hook();
        sdk.plain(1); sdk.inner(1);
        counts.push(hooked.calls.length);
        three.restore();
        const after = ['load', '_compile'].map((name) => Object.getOwnPropertyDescriptor(Module.prototype, name));
        const isSame = after.every(({ value, ...rest }, at) =>
          value === before[at].value && JSON.stringify(rest) === JSON.stringify({ ...before[at], value: undefined }));
        hooked.finish({ counts, isSame });
      };
      ${format === 'commonjs' ? `print(require('shapes'));` : `import('shapes').then(print);`}`;
    const head = `const { Module } = require('node:module');
      const before = ['load', '_compile'].map((name) => Object.getOwnPropertyDescriptor(Module.prototype, name));
      const hooked = require('hooked');`;
    const { problems, extra } = await workspace.run(`twice-${format}.cjs`, head + source, [shapes], {
      node,
      flags: [],
    });
    expect(extra).toEqual({ counts: [2, 2, 4], isSame: true });
    expect(problems).toEqual([]);
  });

  it('others who compile files in their own way see the file, and the undo leaves them alone', async () => {
    const source = `
      const { Module } = require('node:module');
      const hooked = require('hooked');
      const hook = hooked.hook();
      const ours = Module.prototype._compile;
      const seen = [];
      Module.prototype._compile = function theirs(text, file, ...rest) {
        if (file.includes('shapes')) seen.push(text.includes('llm-trace'));
        return ours.call(this, text.replace("'constant'", "'theirs'"), file, ...rest);
      };
      const theirs = Module.prototype._compile;
      const sdk = require('shapes');
      sdk.plain(1);
      hook.restore();
      delete require.cache[require.resolve('shapes')];
      require('shapes').plain(1);
      hooked.finish({ seen, isTheirs: Module.prototype._compile === theirs, constant: sdk.constant() });`;
    const { calls, extra } = await workspace.run('others.cjs', source, [shapes], { node, flags: [] });
    expect(extra).toEqual({ seen: [false, false], isTheirs: true, constant: 'theirs' });
    expect(calls).toEqual(['index:plain']);
  });

  it.each(formats)('what was loaded before is known to be late, and runs as it is: %s', async (format) => {
    const source = `const hook = hooked.hook();
      hook.ready.then(() => { sdk.plain(1); hooked.finish(); });`;
    const head =
      format === 'commonjs'
        ? `const sdk = require('shapes'); const hooked = require('hooked');`
        : `import * as sdk from 'shapes'; import hooked from 'hooked';`;
    const file = `late.${extension[format]}`;
    const { calls, found } = await workspace.run(file, head + source, [shapes], { node, flags: [] });
    expect(calls).toEqual([]);
    expect([...new Set(found)]).toEqual([`shapes ${format} 1.0.0 late 0`]);
  });

  it('source maps go on to work: the error of a compiled file has the line of its source', async () => {
    // The second line of the file is the tenth of `original.ts`.
    const map = { version: 3, sources: ['original.ts'], names: [], mappings: ';AASA' };
    workspace.write('node_modules/mapped/package.json', '{ "name": "mapped", "version": "1.0.0" }');
    workspace.write('node_modules/mapped/index.js.map', JSON.stringify(map));
    workspace.write(
      'node_modules/mapped/index.js',
      `exports.fail = fail;\nfunction fail() { throw new Error('mapped'); }\n//# sourceMappingURL=index.js.map`,
    );
    const source = `try { require('mapped').fail(); } catch (error) { require('hooked').finish({ stack: error.stack }); }`;
    const target = { module: 'mapped', entryFiles: ['index'], functions: { index: ['fail'] } };
    const flags = ['--enable-source-maps', '-r', 'hooked/start.js'];
    const { calls, extra } = await workspace.run('mapped.cjs', source, [target], { node, flags });
    expect(calls).toEqual(['index:fail']);
    expect(extra['stack']).toContain('original.ts:10');
  });
});
