import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/**
 * The plan of the house. What each file at the top of `src` may use of the others at run time; a new file needs a
 * line here. Files under `patches/` have a rule instead, and types may be imported from anywhere below the front door.
 */
const mayUse: Readonly<Record<string, readonly string[]>> = {
  // The ground floor: nothing of ours.
  types: [],
  version: [],
  'shared-state': [],
  operation: [],
  'open-telemetry': [],
  'trace-ids': [],
  sample: [],
  'find-addresses': [],
  'find-api-keys': [],
  'find-numbers': [],
  redact: ['find-addresses', 'find-api-keys', 'find-numbers'],
  'known-words': [],
  'event-properties': [],
  'device-id': [],
  'find-package': [],
  'read-error': ['patches/shared/read-text', 'patches/shared/read-values'],
  'wrap-method': [],
  'flush-at-exit': [],
  'local-outputs': [],
  safely: ['shared-state'],
  // From a finished call to the client.
  content: ['known-words', 'safely'],
  'build-event': ['content', 'cost', 'trace-ids', 'version'],
  'price-names': ['patches/shared/vendors'],
  'tier-factor': [],
  cost: ['price-names', 'safely', 'tier-factor'],
  'read-rates': [],
  'price-table': ['read-rates', 'safely', 'shared-state'],
  'option-checks': ['define-patch', 'event-properties', 'patches/index', 'redact'],
  options: ['content', 'option-checks', 'redact'],
  'apply-context': [],
  'check-context': ['content', 'event-properties', 'option-checks'],
  'define-patch': [],
  reading: [
    ...['chat-completions', 'read-messages', 'read-outputs', 'read-text', 'read-values'].map(
      (name) => `patches/shared/${name}`,
    ),
  ],
  'agent-names': [],
  'agent-events': ['agent-names', 'event-properties'],
  'otel-events': [],
  'apply-schema': ['agent-events', 'build-event', 'otel-events'],
  'deliver-events': ['apply-schema', 'build-event', 'content', 'event-properties', 'option-checks', 'safely'],
  // Whose call it is.
  context: ['check-context', 'open-telemetry', 'safely', 'shared-state', 'trace-ids'],
  'make-tracer': ['annotate', 'apply-context', 'context', 'sample'],
  'client-parts': [],
  'hand-on': ['client-parts', 'safely', 'wrap-method'],
  'trace-context': ['context', 'open-telemetry', 'safely', 'trace-ids'],
  'keep-context': ['safely', 'shared-state'],
  'context-middleware': ['context', 'keep-context', 'safely', 'trace-context'],
  'take-out-text': ['content'],
  'observability-plugin': ['content', 'option-checks', 'redact', 'safely', 'take-out-text'],
  'with-llm-tracing': ['enable', 'shared-state'],
  annotate: ['check-context', 'client-parts', 'hand-on', 'safely', 'shared-state'],
  'watch-copies': ['annotate', 'context', 'observe-stream', 'safely', 'wrap-method'],
  // Delivery of our own.
  'delivery/read-verdict': [],
  'delivery/backoff': [],
  'delivery/pace': ['delivery/backoff'],
  'delivery/batch': [],
  'delivery/outbox': [],
  'delivery/upload-settings': [],
  'delivery/send-upload': [],
  'delivery/proxy-agent': [],
  'delivery/spool-folder': [],
  'delivery/client-options': [],
  'delivery/keep-on-disk': ['delivery/batch'],
  'delivery/uploader': ['delivery/batch', 'delivery/keep-on-disk', 'delivery/pace', 'delivery/read-verdict'],
  'delivery/tracing-client': [
    ...['client-options', 'outbox', 'proxy-agent', 'send-upload', 'spool-folder', 'uploader'].map(
      (name) => `delivery/${name}`,
    ),
    ...['content', 'safely', 'shared-state', 'version'],
  ],
  // From a call to what is known of it.
  'count-retries': ['observe-stream', 'wrap-method'],
  'watch-responses': ['safely', 'wrap-method'],
  'read-server-events': [],
  observer: [],
  'observe-stream': ['safely'],
  'observe-readable-stream': ['observe-stream', 'safely'],
  'observe-result': ['observe-readable-stream', 'observe-stream', 'read-server-events', 'safely'],
  'enclosing-call': [],
  'call-times': [],
  callee: [],
  'call-http': ['count-retries', 'read-error', 'safely'],
  'traced-call': [
    ...['call-http', 'call-times', 'enclosing-call', 'observe-stream', 'read-error', 'safely', 'watch-responses'],
  ],
  'trace-call': ['observe-result', 'safely', 'traced-call'],
  'watch-framework': ['enclosing-call', 'safely', 'trace-call'],
  'told-calls': ['enclosing-call', 'observe-result', 'observe-stream'],
  'listen-to-telemetry': ['enclosing-call', 'observe-result', 'safely', 'told-calls', 'trace-call'],
  'install-patch': [
    ...['count-retries', 'enclosing-call', 'safely', 'trace-call', 'watch-copies', 'watch-framework'],
    ...['watch-responses', 'wrap-method'],
  ],
  // From a loaded file to its exports.
  'find-loaded': ['find-imported', 'find-package'],
  'find-imported': ['find-package'],
  'await-import': ['find-package'],
  'module-tail': [],
  'hold-functions': ['safely', 'shared-state'],
  'esm-load-hook': ['find-package', 'module-tail', 'safely', 'shared-state'],
  'hook-require': ['find-package', 'module-tail', 'safely', 'wrap-method'],
  'hook-module': [
    ...['await-import', 'esm-load-hook', 'find-loaded', 'find-package', 'hold-functions', 'hook-require', 'safely'],
    'shared-state',
  ],
  // The composition roots, and the two doors.
  'find-copy': ['find-loaded', 'find-package', 'safely', 'shared-state'],
  'seen-sdks': ['install-patch', 'safely'],
  'traced-clients': ['client-parts', 'hand-on', 'shared-state'],
  'drop-ins': ['safely'],
  enable: [
    ...['apply-context', 'deliver-events', 'device-id', 'drop-ins', 'find-copy', 'hook-module', 'listen-to-telemetry'],
    ...['make-tracer', 'options', 'patches/index', 'price-table', 'safely', 'seen-sdks', 'shared-state'],
    ...['traced-clients', 'version'],
  ],
  'trace-client': ['client-parts', 'define-patch', 'enable', 'option-checks', 'options', 'patches/index', 'safely'],
  // Functions of the application, and what it tells by hand.
  'describe-value': ['patches/shared/read-text'],
  'run-steps': ['observe-stream', 'wrap-method'],
  'observed-call': [
    ...['call-times', 'describe-value', 'observe-stream', 'patches/shared/read-text', 'read-error', 'run-steps'],
    'safely',
  ],
  'watch-returned': ['observe-result', 'observe-stream', 'run-steps'],
  'observe-function': [
    ...['context', 'enable', 'observed-call', 'run-steps', 'safely', 'watch-returned', 'wrap-method'],
  ],
  observe: ['observe-function', 'safely'],
  'reach-client': ['apply-context', 'deliver-events', 'enable', 'option-checks', 'options', 'safely'],
  'track-feedback': [
    ...['check-context', 'content', 'context', 'event-properties', 'patches/shared/read-text', 'reach-client'],
    ...['safely', 'version'],
  ],
  'check-facts': [],
  'read-answer': [
    ...['ai/read-usage', 'anthropic/messages', 'bedrock/converse', 'cohere/usage', 'openai/responses'],
    ...['chat-completions', 'gemini-answers', 'read-outputs', 'read-text', 'read-values', 'text-completions'].map(
      (name) => `shared/${name}`,
    ),
  ]
    .map((name) => `patches/${name}`)
    .concat('describe-value'),
  'read-facts': [
    ...['describe-part', 'read-input', 'read-messages', 'read-outputs', 'read-values'].map(
      (name) => `patches/shared/${name}`,
    ),
    ...['describe-value', 'read-answer', 'read-error', 'safely'],
  ],
  'manual-event': [
    ...['build-event', 'check-context', 'check-facts', 'content', 'context', 'enable', 'event-properties'],
    ...['reach-client', 'read-facts', 'safely'],
  ],
  environment: ['option-checks', 'options', 'redact'],
  register: ['delivery/tracing-client', 'enable', 'environment', 'flush-at-exit', 'local-outputs'],
  index: [
    'annotate',
    'context',
    'context-middleware',
    'delivery/tracing-client',
    'define-patch',
    'enable',
    'observability-plugin',
    'reading',
    'trace-client',
    'trace-context',
    'with-llm-tracing',
    'manual-event',
    'observe',
    'track-feedback',
  ],
  'drop-in': ['enable', 'find-package', 'patches/index', 'register', 'safely'],
  'llm-trace': ['drop-in', 'index', 'register'],
};

/** Packages that are loaded, and the only file that may do so. */
const loadedBy: Readonly<Record<string, string>> = {
  shimmer: 'wrap-method',
  'require-in-the-middle': 'hook-require',
  'proxy-from-env': 'delivery/proxy-agent',
  hpagent: 'delivery/proxy-agent',
};

/** What may appear as a type only: a provider's SDK is never loaded by us, and analytics-node with the first event. */
const typesOnly = [
  'openai',
  '@anthropic-ai/sdk',
  '@google/genai',
  '@google/generative-ai',
  'ollama',
  'groq-sdk',
  'together-ai',
  '@amplitude/analytics-node',
];

/** Whose wire format a provider speaks besides its own: Bedrock hands on what Claude says as it is. */
const speaks: Readonly<Record<string, string>> = { bedrock: 'anthropic' };

/** Files that work on what they are given: no clock, no process, no files. `build-event` makes ids. */
const pure =
  /^(patches\/.*|check-facts|describe-value|read-answer|types|operation|version|content|known-words|redact|find-addresses|find-api-keys|find-numbers|options|option-checks|environment|read-error|build-event|cost|price-names|tier-factor|read-rates|event-properties|sample|check-context|apply-context|apply-schema|take-out-text|agent-names|agent-events|otel-events)$/;
const sourcesOfPure: Readonly<Record<string, readonly string[]>> = {
  'build-event': ['node:crypto'],
  'agent-events': ['node:crypto'],
};

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
