import { runtimes } from '../support/runtimes';
import { makeHookedWorkspace, type HookedWorkspace } from './hooked-workspace';

const targets = [
  { module: 'replicate', entryFiles: ['index'] },
  { module: 'cohere-ai', entryFiles: ['Client'] },
  { module: '@aws-sdk/client-bedrock-runtime', entryFiles: ['dist-cjs/index'] },
];
/** `llm` is an npm alias of one of them. */
const names = {
  llm: 'replicate',
  'cohere-ai': 'cohere-ai',
  '@aws-sdk/client-bedrock-runtime': 'bedrock-runtime-3.6xx',
};
const statically = Object.keys(names)
  .map((name, at) => `import * as sdk${at} from '${name}';`)
  .join('\n');
const dynamically = Object.keys(names)
  .map((name) => `await import('${name}');`)
  .join('\n');
const hooked = `import hooked from 'hooked';`;

let workspace: HookedWorkspace;

beforeAll(() => {
  workspace = makeHookedWorkspace();
  for (const [place, source] of Object.entries(names)) workspace.linkPackage(source, `node_modules/${place}`);
  // What compilers do on Node 20: they give the source of CommonJS, and Node's own loader never sees the file.
  workspace.write(
    'compiler-hook.mjs',
    `import { readFileSync } from 'node:fs'; import { fileURLToPath } from 'node:url';
    export async function load(url, context, next) {
      const result = await next(url, context);
      return result.format === 'commonjs' ? { ...result, source: readFileSync(fileURLToPath(url), 'utf8') } : result;
    }`,
  );
  workspace.write(
    'compiler.mjs',
    `import { register } from 'node:module'; register('./compiler-hook.mjs', import.meta.url);`,
  );
});

afterAll(() => workspace.remove());

// `Module.prototype.require`, where others listen, sees nothing of an `import` (hazard H55).
describe.each(runtimes)('an ES module that imports packages that are CommonJS, on $label', ({ label, node }) => {
  it.each([
    { way: '-r', flags: ['-r', 'hooked/start.js'], source: `${statically} ${hooked} hooked.finish();`, as: 'entry' },
    {
      way: '--import',
      flags: ['--import', 'hooked/start.js'],
      source: `${statically} ${hooked} hooked.finish();`,
      as: 'entry',
    },
    {
      way: 'import()',
      flags: ['-r', 'hooked/start.js'],
      source: `${hooked} ${dynamically} hooked.finish();`,
      as: 'entry',
    },
    {
      way: 'the program, first',
      flags: [],
      source: `${hooked} hooked.hook(); ${dynamically} hooked.finish();`,
      as: 'entry',
    },
    {
      way: 'the program, when they are loaded',
      flags: [],
      source: `${statically} ${hooked} await hooked.hook().ready; hooked.finish();`,
      as: 'late',
    },
    {
      way: 'the program, with a compiler that was there before',
      flags: ['--import', './compiler.mjs'],
      source: `${hooked} hooked.hook(); ${dynamically} hooked.finish();`,
      as: 'entry',
    },
    // With -r we are there before any compiler. On Node 20 nobody can see what it makes of CommonJS then.
    ...(label === 'node 20'
      ? []
      : [
          {
            way: '-r, with a compiler',
            flags: ['-r', 'hooked/start.js', '--import', './compiler.mjs'],
            source: `${statically} ${hooked} hooked.finish();`,
            as: 'entry',
          },
        ]),
  ])('is seen, enabled by $way', async ({ flags, source, as }) => {
    const { found, problems } = await workspace.run('app.mjs', source, targets, { node, flags });
    const seen = found.map((each) => each.split(' '));
    expect([...new Set(seen.map(([sdk, format, , how]) => [sdk, format, how].join(' ')))].sort()).toEqual([
      `@aws-sdk/client-bedrock-runtime commonjs ${as}`,
      `cohere-ai commonjs ${as}`,
      `replicate commonjs ${as}`,
    ]);
    expect(problems).toEqual([]);
  });
});
