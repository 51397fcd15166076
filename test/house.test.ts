import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { loadedBy, mayUse, pure, sourcesOfPure, speaks, typesOnly } from './house-plan';

const longest = 230;

interface Import {
  readonly name: string;
  readonly isType: boolean;
}

interface Source {
  readonly name: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly Import[];
}

const root = join(__dirname, '..', 'src');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map(readSource);
const named = sources.map((source) => [source.name, source] as const);
const isPatch = (name: string): boolean => name.startsWith('patches/');

describe('the house', () => {
  it('has a place for every file', () => {
    const planned = new Set(Object.keys(mayUse));
    expect(sources.map(({ name }) => name).filter((name) => !isPatch(name) && !planned.has(name))).toEqual([]);
    expect([...planned].filter((name) => !sources.some((source) => source.name === name))).toEqual([]);
  });

  it.each(named)('%s uses no more of the other files than the plan says', (name, { imports }) => {
    const ours = imports.filter((each) => isOurs(each.name));
    const used = ours.filter(({ isType }) => !isType).map((each) => each.name);
    if (isPatch(name)) expect(used.filter((other) => !isPatch(other))).toEqual([]);
    else expect(used.filter((other) => !mayUse[name]?.includes(other))).toEqual([]);
    const types = ours.filter(({ isType }) => isType).map((each) => each.name);
    if (isPatch(name)) expect(types.filter((other) => other !== 'types' && !isPatch(other))).toEqual([]);
    if (name !== 'llm-trace') expect([...used, ...types]).not.toContain('index');
  });

  it.each(named)('%s loads no package but the ones that are its own', (name, { imports }) => {
    const foreign = imports.filter((each) => !isOurs(each.name) && !isBuiltin(each.name));
    const loaded = foreign.filter(({ isType }) => !isType).map((each) => each.name);
    expect(loaded.filter((each) => loadedBy[each] !== name)).toEqual([]);
    const types = foreign.filter(({ isType }) => isType).map((each) => each.name);
    expect(types.filter((each) => !typesOnly.includes(each) && loadedBy[each] !== name)).toEqual([]);
  });

  it('has no circle of imports', () => {
    const graph = new Map(
      sources.map(({ name, imports }) => [name, imports.filter((each) => !each.isType && isOurs(each.name))] as const),
    );
    const visit = (name: string, path: readonly string[]): void => {
      expect(path).not.toContain(name);
      for (const next of graph.get(name) ?? []) visit(next.name, [...path, name]);
    };
    for (const name of graph.keys()) visit(name, []);
  });

  it('keeps the providers apart: each knows its own folder and what is shared', () => {
    for (const { name, imports } of sources.filter((source) => isPatch(source.name))) {
      if (name === 'patches/index') continue;
      const own = name.split('/')[1]?.replace(/\.ts$/, '') ?? '';
      const others = imports.filter((each) => isPatch(each.name) && !each.name.startsWith(`patches/shared/`));
      const known = [own, speaks[own]].map((folder) => `patches/${folder}/`);
      expect(others.filter((each) => !known.some((folder) => each.name.startsWith(folder)))).toEqual([]);
    }
  });

  it('has a vocabulary of types that imports nothing', () => {
    expect(sources.find(({ name }) => name === 'types')?.imports).toEqual([]);
  });
});

describe('a pure file', () => {
  it.each(named.filter(([name]) => pure.test(name)))('%s reaches for nothing outside', (name, { imports, tree }) => {
    const builtins = imports.filter((each) => isBuiltin(each.name)).map((each) => each.name);
    expect(builtins.filter((each) => !sourcesOfPure[name]?.includes(each))).toEqual([]);
    const effects = ['process', 'globalThis', 'performance', 'setTimeout', 'setImmediate', 'queueMicrotask', 'fetch'];
    expect(identifiersIn(tree).filter((identifier) => effects.includes(identifier))).toEqual([]);
    expect(tree.text).not.toMatch(/Date\.now\(|new Date\(\)|Math\.random\(/);
  });
});

describe('a file', () => {
  it.each(sources)(`$name is no longer than ${longest} lines of code`, ({ text }) => {
    const isCode = (line: string): boolean => !/^\s*($|\/\/|\/?\*)/.test(line);
    expect(text.split('\n').filter(isCode).length).toBeLessThanOrEqual(longest);
  });

  // Standard output belongs to the application, and so does its console.
  it.each(sources)('$name writes nothing to the console of the application', ({ tree, text }) => {
    expect(identifiersIn(tree)).not.toContain('console');
    expect(text).not.toContain('process.stdout');
  });

  it('is called after a verb or a thing, and never utils, helpers or core', () => {
    expect(sources.map(({ name }) => name).filter((name) => /util|helper|core|misc|common/.test(name))).toEqual([]);
  });
});

function readSource(file: string): Source {
  const text = readFileSync(join(root, file), 'utf8');
  const name = file.replaceAll('\\', '/').replace(/\.ts$/, '');
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  return { name, text, tree, imports: importsOf(tree, file) };
}

/** Every way to name another module: `import`, `export from`, `import()`, `typeof import()` and `require()`. */
function importsOf(tree: ts.SourceFile, file: string): Import[] {
  const imports: Import[] = [];
  const add = (node: ts.Node | undefined, isType: boolean): void => {
    if (node && ts.isStringLiteral(node)) imports.push({ name: resolve(node.text, file), isType });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeImport(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && /^(import|require)$/.test(node.expression.getText())) {
      add(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return imports;
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const bindings = clause.namedBindings;
  if (clause.name || !bindings || !ts.isNamedImports(bindings)) return false;
  return bindings.elements.every((element) => element.isTypeOnly);
}

function resolve(specifier: string, file: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const target = relative(root, join(root, dirname(file), specifier)).replaceAll('\\', '/');
  return target === 'patches' ? 'patches/index' : target;
}

function isOurs(name: string): boolean {
  return name in mayUse || isPatch(name) || name.startsWith('..') || existsSync(join(root, `${name}.ts`));
}

function identifiersIn(tree: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isName = ts.isIdentifier(node) && !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node);
    if (isName) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}
