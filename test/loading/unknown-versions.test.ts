import { makeRecordingWorkspace, record } from './record-calls';
import { runtimes } from '../support/runtimes';
import type { Workspace } from './workspace';

/** Versions that nobody has seen yet, with the entry files of those that we know: CommonJS and ES module. */
const packages: Readonly<Record<string, readonly [commonjs: string, module?: string]>> = {
  openai: ['index.js', 'index.mjs'],
  '@anthropic-ai/sdk': ['client.js', 'client.mjs'],
  replicate: ['index.js'],
  '@mistralai/mistralai': ['sdk/chat.js', 'esm/index.mjs'],
  '@google/genai': ['dist/node/index.cjs', 'dist/node/index.mjs'],
  '@aws-sdk/client-bedrock-runtime': ['dist-cjs/index.js'],
  'cohere-ai': ['Client.js'],
  ollama: ['dist/index.cjs', 'dist/index.mjs'],
  '@huggingface/inference': ['dist/commonjs/index.js', 'dist/esm/index.mjs'],
  ai: ['dist/index.js', 'dist/index.mjs'],
};
const names = Object.keys(packages);

let workspace: Workspace;

beforeAll(() => {
  workspace = makeRecordingWorkspace();
  for (const [name, [commonjs, module]] of Object.entries(packages)) {
    // No main exports that are classes, and some that look like what is looked for.
    const odd = `class Client { ask() { return 'as before'; } } const models = null, Chat = 'text', version = 99;`;
    const exported = 'Client, models, Chat, version';
    const entries = { require: `./${commonjs}`, import: `./${module ?? commonjs}` };
    workspace.write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '99.0.0', exports: entries }));
    workspace.write(`node_modules/${name}/${commonjs}`, `${odd} module.exports = { ${exported} };`);
    if (module) workspace.write(`node_modules/${name}/${module}`, `${odd} export { ${exported} };`);
  }
});

afterAll(() => workspace.remove());

describe.each(runtimes)('a version of unknown shape, on $label', ({ node }) => {
  it.each(['commonjs', 'module'] as const)(
    'is left as it is, is known with the reason, and is one line: %s',
    async (format) => {
      const enabling = `const { enableLlmTracing } = trace; enableLlmTracing(recorder.client, { debug: true });`;
      const answers = (load: (name: string) => string): string =>
        `recorder.finish({ answers: [${names.map((name) => `new (${load(name)}).Client().ask()`).join(', ')}] });`;
      const [file, source] =
        format === 'commonjs'
          ? [
              'app.cjs',
              `const trace = require('@amp/llm-trace'), recorder = require('recorder'); ${enabling}
            ${answers((name) => `require('${name}')`)}`,
            ]
          : [
              'app.mjs',
              `import * as trace from '@amp/llm-trace'; import recorder from 'recorder'; ${enabling}
            ${answers((name) => `await import('${name}')`)}`,
            ];
      const { status, extra, finished } = await record(workspace, file, source, { node });
      expect(extra['answers']).toEqual(names.map(() => 'as before'));
      expect(status.sdks.map(({ sdk }) => sdk).sort()).toEqual([...names].sort());
      for (const { version, methods, reason } of status.sdks) {
        expect({ version, methods, reason }).toEqual({
          version: '99.0.0',
          methods: 0,
          reason: 'none of the methods that this version of the package knows was found',
        });
      }
      const lines = finished.stderr.split('\n').filter((line) => line.includes('[llm-trace]'));
      expect(lines.map((line) => line.split(' 99.0.0')[0]).sort()).toEqual(
        names.map((name) => `[llm-trace] left alone ${name}`).sort(),
      );
      expect(status.counters).toMatchObject({ operations: 0, internalErrors: 0 });
    },
  );
});
