import ts from 'typescript';
import { locate, nodesOf, type SourceFile, type Violation } from '../source-file.ts';

const TEST_FUNCTIONS = new Set(['describe', 'it', 'test']);

/** Titles say what is, not what should be; and no test is skipped or left alone with `only`. */
export function findBadTests(files: readonly SourceFile[]): Violation[] {
  const found: Violation[] = [];
  for (const file of files) {
    for (const node of nodesOf(file)) {
      if (!ts.isCallExpression(node) || !TEST_FUNCTIONS.has(rootName(node.expression))) continue;
      const called = node.expression.getText(file.ast);
      if (/\.(only|todo|skip)\b/.test(called)) found.push(`${locate(file, node)} ${called}`);
      const [title] = node.arguments;
      if (title !== undefined && ts.isStringLiteralLike(title) && /\bshould\b/i.test(title.text)) {
        found.push(`${locate(file, node)} title says "should": ${title.text}`);
      }
    }
  }
  return found;
}

function rootName(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? rootName(expression.expression) : '';
}
