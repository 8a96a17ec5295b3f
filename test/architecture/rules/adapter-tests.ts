import ts from 'typescript';
import { nodesOf, type SourceFile, type Violation } from '../source-file.ts';

/** A conformance suite: an exported function that registers tests. */
interface Suite {
  readonly name: string;
  readonly path: string;
}

/** Suites about what only some drivers have: those that cannot hold a transaction open call the first, those of SQLite the second. */
const FOR_SOME: ReadonlySet<string> = new Set(['batchSuite', 'rebuildSuite']);

/**
 * Every adapter has `test/adapters/<name>.test.ts`, which calls every suite of test/conformance. What a driver cannot
 * do is declared by its capabilities inside the suite, so that there is no reason to leave a suite out.
 */
export function findUntestedAdapters(
  adapterPaths: readonly string[],
  adapterTests: readonly SourceFile[],
  conformance: readonly SourceFile[],
): Violation[] {
  const adapters = new Set(adapterPaths.flatMap((path) => path.match(/^adapters\/([^/]+)\/index\.ts$/)?.[1] ?? []));
  const suites = conformance.flatMap(suitesOf).filter(({ name }) => !FOR_SOME.has(name));
  return [...adapters].flatMap((adapter) => {
    const path = `test/adapters/${adapter}.test.ts`;
    const test = adapterTests.find((file) => file.path === path);
    if (test === undefined) return [`adapters/${adapter} has no ${path}`];
    if (suites.length === 0) return [`${path} has no conformance suite to call: test/conformance exports none`];
    const called = calledNames(test);
    return suites
      .filter((suite) => !called.has(suite.name))
      .map((suite) => `${path} does not call ${suite.name} of ${suite.path}`);
  });
}

function suitesOf(file: SourceFile): Suite[] {
  return file.ast.statements
    .filter((statement): statement is ts.FunctionDeclaration => ts.isFunctionDeclaration(statement))
    .filter((declaration) => ts.getModifiers(declaration)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword) ?? false)
    .filter((declaration) => /\b(describe|suite)(\.\w+)?\(/.test(declaration.getText(file.ast)))
    .map((declaration) => ({ name: declaration.name?.text ?? 'default', path: file.path }));
}

function calledNames(file: SourceFile): Set<string> {
  const names = new Set<string>();
  for (const node of nodesOf(file)) {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) names.add(node.expression.text);
  }
  return names;
}
