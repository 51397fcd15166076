// Builds one CommonJS file with everything in it, doors into it for CommonJS and for ES modules (the same instance, so
// that a process has one of us), the load hook as a file of its own for Node's loader thread, and the declarations.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const require = createRequire(import.meta.url);
const root = new URL('..', import.meta.url);
const dist = new URL('dist/', root);
const { version, engines, dependencies, peerDependencies } = JSON.parse(
  readFileSync(new URL('package.json', root), 'utf8'),
);

rmSync(dist, { recursive: true, force: true });
buildSync({
  absWorkingDir: fileURLToPath(root),
  entryPoints: { 'llm-trace': 'src/llm-trace.ts', 'esm-load-hook': 'src/loading/esm-load-hook.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: engines.node.replace('>=', 'node'),
  external: [...Object.keys(dependencies), ...Object.keys(peerDependencies)],
  // For require-in-the-middle, which is built in: its lines for debugging cost five times as much to load as itself.
  alias: { debug: fileURLToPath(new URL('no-debug.cjs', import.meta.url)) },
  footer: { js: licensesOf('require-in-the-middle', 'module-details-from-path', 'proxy-from-env') },
  // Reading the file is most of what loading it takes. Names stay, and lines, for whoever looks at a stack.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 160,
  logLevel: 'warning',
});
write('index.js', `'use strict';\nmodule.exports = require('./llm-trace.js').api;\n`);
write('register.js', `'use strict';\nexports.register = require('./llm-trace.js').register;\n`);
const names = Object.keys(require('../dist/index.js')).sort();
write('index.mjs', `import trace from './index.js';\nexport const { ${names.join(', ')} } = trace;\n`);
write('index.d.mts', `export * from './index.js';\n`);
// Imports in the place of an SDK's own: `@amp/llm-trace/openai`.
const dropIns = { openai: 'openai', anthropic: '@anthropic-ai/sdk' };
for (const [name, sdk] of Object.entries(dropIns)) writeDropIn(name, sdk);
write('register-entry.d.ts', '/** Loaded for its effect: starts zero-code tracing. */\nexport {};\n');

execFileSync(
  process.execPath,
  [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.json', '--emitDeclarationOnly'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);

pruneDeclarations();

if (!readFileSync(new URL('src/version.ts', root), 'utf8').includes(`'${version}'`)) {
  throw new Error(`src/version.ts does not say ${version}`);
}

/** Leaves only the declarations that those of the doors lead to. */
function pruneDeclarations() {
  const folder = fileURLToPath(dist);
  const doors = ['index', ...Object.keys(dropIns)].flatMap((name) => [`${name}.d.ts`, `${name}.d.mts`]);
  const kept = new Set([...doors, 'register-entry.d.ts']);
  for (const file of kept) {
    for (const [, path] of readFileSync(join(folder, file), 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+)'/g)) {
      const target = join(dirname(file), path.replace(/\.js$/, ''));
      kept.add(existsSync(join(folder, `${target}.d.ts`)) ? `${target}.d.ts` : join(target, 'index.d.ts'));
    }
  }
  const declarations = readdirSync(folder, { recursive: true }).filter((file) => /\.d\.m?ts$/.test(file));
  for (const file of declarations.filter((each) => !kept.has(each))) rmSync(join(folder, file));
}

/**
 * The SDK's own module in both formats, with its own types; without the SDK, its own error. Where its file is, nobody can
 * say in a bundle that runs beside no `node_modules`: resolving throws there, and the SDK is there all the same.
 */
function writeDropIn(name, sdk) {
  const exported = `export * from '${sdk}';\nexport { default } from '${sdk}';\n`;
  const placeOf = (resolved) =>
    `function place() {\n  try {\n    return ${resolved};\n  } catch {\n    return undefined;\n  }\n}\n`;
  write(`${name}.d.ts`, `import sdk = require('${sdk}');\nexport = sdk;\n`);
  write(`${name}.d.mts`, exported);
  write(
    `${name}.js`,
    `'use strict';\nmodule.exports = require('${sdk}');\n` +
      `require('./llm-trace.js').dropIn('${name}', module.exports, place());\n` +
      placeOf(`require.resolve('${sdk}')`),
  );
  write(
    `${name}.mjs`,
    `import * as sdk from '${sdk}';\nimport trace from './llm-trace.js';\n${exported}` +
      `trace.dropIn('${name}', sdk, place());\n` +
      placeOf(`import.meta.resolve?.('${sdk}')`),
  );
}

/** The texts that the licenses of what is built in want to be kept. */
function licensesOf(...names) {
  const texts = names.map((name) => {
    const folder = fileURLToPath(new URL(`node_modules/${name}/`, root));
    return `This file includes ${name}.\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8').trim()}`;
  });
  return `/*!\n${texts.join('\n\n')}\n*/`;
}

function write(name, text) {
  writeFileSync(new URL(name, dist), text);
}
