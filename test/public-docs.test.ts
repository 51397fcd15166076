import { join } from 'node:path';
import ts from 'typescript';

/** What the front door exports, with its comments, as a compiler sees it. */
function publicNames(): { name: string; isFunction: boolean; tags: string[]; text: string }[] {
  const file = join(__dirname, '..', 'src', 'index.ts');
  const program = ts.createProgram([file], { target: ts.ScriptTarget.ES2022, strict: true, skipLibCheck: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const front = source && checker.getSymbolAtLocation(source);
  return checker.getExportsOfModule(front as ts.Symbol).map((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    return {
      name: exported.name,
      isFunction: (symbol.flags & ts.SymbolFlags.Function) !== 0,
      tags: symbol.getJsDocTags(checker).map(({ name }) => name),
      text: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    };
  });
}

const names = publicNames();

describe('a public name', () => {
  it.each(names)('$name is explained, and experimental', ({ text, tags }) => {
    expect(text.length).toBeGreaterThan(20);
    expect(tags).toContain('experimental');
  });

  it.each(names.filter(({ isFunction }) => isFunction))('$name() has an example', ({ tags }) => {
    expect(tags).toContain('example');
  });
});
