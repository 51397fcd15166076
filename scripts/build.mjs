// Compiles to CommonJS and writes a thin ES module entry onto the same instance, so that a process has one of us.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

const require = createRequire(import.meta.url);
const root = new URL('..', import.meta.url);
const dist = new URL('dist/', root);

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.json'], {
  cwd: root,
  stdio: 'inherit',
});

const names = Object.keys(require('../dist/index.js')).sort();
writeFileSync(
  new URL('index.mjs', dist),
  `import trace from './index.js';\nexport const { ${names.join(', ')} } = trace;\n`,
);
writeFileSync(new URL('index.d.mts', dist), `export * from './index.js';\n`);
writeFileSync(
  new URL('register-entry.d.ts', dist),
  '/** Loaded for its effect: starts zero-code tracing. */\nexport {};\n',
);

const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
if (!readFileSync(new URL('version.js', dist), 'utf8').includes(`'${version}'`)) {
  throw new Error(`src/version.ts does not say ${version}`);
}
