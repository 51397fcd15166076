import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import * as library from '../src';
import { observe } from '../src';
import type { Agent, LoudAgent } from './support/decorated';
import type { Vault } from './support/decorated-privately';
import { Bench, valuesOf } from './support/observing';

const bench = new Bench();

interface Compiled {
  Agent: typeof Agent;
  LoudAgent: typeof LoudAgent;
  Vault: typeof Vault;
}

/** A file of `support`, compiled with one kind of decorators. */
function compiled(name: string, options: ts.CompilerOptions): Compiled {
  const source = readFileSync(join(__dirname, 'support', `${name}.ts`), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, ...options },
  });
  const exports = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- code that was compiled a line above
  new Function('exports', 'require', outputText)(exports, () => library);
  return exports as Compiled;
}

const { ES2022, ES2017, ES5 } = ts.ScriptTarget;

describe.each<[string, ts.CompilerOptions]>([
  ['standard decorators', { target: ES2022 }],
  ['standard decorators for older JavaScript', { target: ES2017 }],
  ['legacy decorators', { target: ES2022, experimentalDecorators: true }],
  ['legacy decorators for JavaScript of 2009', { target: ES5, experimentalDecorators: true, downlevelIteration: true }],
])('observe, with %s,', (_kind, options) => {
  const { Agent: Traced, LoudAgent: Loud } = compiled('decorated', options);
  const agent = new Traced('Hello');

  it('leaves methods what they were', async () => {
    bench.start();
    expect(agent.bare('Ada')).toBe('Hello, Ada');
    expect([agent.bare.name, agent.bare.length]).toEqual([agent.loudly.name && 'bare', 1]);
    await expect(agent.answer('Who?')).resolves.toBe('Who? 10');
    expect(Traced.count()).toBe(Traced.instances);
    expect(agent['computed name']()).toBe(1);
    expect(Object.keys(agent)).toEqual(['greeting']);
    expect(new Loud('Hi').bare('Bob')).toBe('HI, BOB');
  });

  it('makes events of them, one inside the other', async () => {
    bench.start();
    await agent.answer('Who?');
    Traced.count();
    const [tool, answer, count] = await bench.properties();
    expect([tool, answer, count]).toMatchObject([
      { operation: 'tool', name: 'tool', input: 'Who?', output: 'Hello Who?' },
      { operation: 'agent', name: 'answer a question', input: 'Who?', output: 'Who? 10' },
      { operation: 'tool', name: 'count' },
    ]);
    expect(tool).toMatchObject({ trace_id: answer?.['trace_id'], parent_span_id: answer?.['span_id'] });
    expect(answer).not.toHaveProperty('parent_span_id');
    expect(count?.['trace_id']).not.toBe(answer?.['trace_id']);
  });

  it('keeps the body of a generator in its span', async () => {
    bench.start();
    const [greeting, spanId] = await valuesOf(agent.steps());
    expect(greeting).toBe('Hello');
    expect(await bench.properties()).toMatchObject([{ name: 'steps', outcome: 'ok', span_id: spanId }]);
  });

  it('leaves getters alone, and says so', () => {
    bench.start();
    const { LoudAgent: Again } = compiled('decorated', options);
    expect(new Again('Hello').loud).toBe('HELLO');
    expect(bench.problems).toEqual(['TypeError: a getter is left alone: observe decorates methods']);
  });
});

describe('observe, as a standard decorator,', () => {
  it('takes private methods, and fields that hold a function', async () => {
    bench.start();
    const { Vault: Traced } = compiled('decorated-privately', { target: ES2022 });
    const vault = new Traced();
    expect(vault.open(2)).toBe('key 2');
    await expect(vault.close(2)).resolves.toBe('key closes 2');
    expect(vault.label).toBe('no function');
    expect(await bench.properties()).toMatchObject([
      { operation: 'tool', name: '#open', input: '2', output: 'key 2' },
      { operation: 'function', name: 'field', output: 'key closes 2' },
    ]);
  });

  it('leaves a class alone', () => {
    class Plain {}
    expect(observe(Plain as never, { kind: 'class', name: 'Plain', addInitializer: () => undefined })).toBe(undefined);
  });
});

describe('observe, beside other decorators,', () => {
  // NestJS finds its routes and their parameters under the function itself.
  it('keeps what is known of the function by reflect-metadata', () => {
    const known = new WeakMap<object, Map<unknown, unknown>>();
    const metadata = {
      getOwnMetadataKeys: (target: object) => [...(known.get(target)?.keys() ?? [])],
      getOwnMetadata: (key: unknown, target: object) => known.get(target)?.get(key),
      defineMetadata: (key: unknown, value: unknown, target: object) =>
        known.set(target, (known.get(target) ?? new Map<unknown, unknown>()).set(key, value)),
    };
    Object.assign(Reflect, metadata);
    try {
      const route = (): string => 'found';
      metadata.defineMetadata('path', '/weather', route);
      expect(metadata.getOwnMetadata('path', observe(route))).toBe('/weather');
    } finally {
      for (const name of Object.keys(metadata)) Reflect.deleteProperty(Reflect, name);
    }
  });
});

describe('the types of observe', () => {
  // The standard ones are checked with all other tests.
  it('fit legacy decorators', () => {
    const file = join(__dirname, 'support', 'decorated.ts');
    const program = ts.createProgram([file], {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      esModuleInterop: true,
      target: ES2022,
      module: ts.ModuleKind.Node16,
      types: ['node'],
      experimentalDecorators: true,
    });
    const found = program
      .getSemanticDiagnostics(program.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    expect(found).toEqual([]);
  });
});
