import ts from 'typescript';
import { locate, type SourceFile, type Violation } from '../source-file.ts';

/** Exported declarations without a doc comment; of overloads, the first one carries it. Re-exports need none. */
export function findUndocumentedExports(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => {
    const seen = new Set<string>();
    return file.ast.statements.filter(isExported).flatMap((statement) =>
      namesOf(statement)
        .filter((name) => !seen.has(name) && seen.add(name))
        .filter(() => !hasDocComment(statement))
        .map((name) => `${locate(file, statement)} exported '${name}' has no doc comment`),
    );
  });
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map((d) => d.name.getText());
  if (ts.isModuleDeclaration(statement) && (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0) return [];
  const name = (statement as ts.DeclarationStatement).name;
  return name === undefined ? ['default'] : [name.getText()];
}

function hasDocComment(statement: ts.Statement): boolean {
  return ts.getJSDocCommentsAndTags(statement).some((doc) => {
    const comment = ts.isJSDoc(doc) ? doc.comment : undefined;
    return (ts.getTextOfJSDocComment(comment)?.trim().length ?? 0) > 0;
  });
}
