import ts from 'typescript';
import { locate, nodesOf, type SourceFile, type Violation } from '../source-file.ts';

const DIALECT_NAMES = new Set(['sqlite', 'postgres', 'postgresql', 'mysql', 'mariadb']);

/** Code outside `src/dialect` asks capabilities and hooks; a branch on a dialect's name is the first step to a ladder. */
export function findDialectNames(files: readonly SourceFile[]): Violation[] {
  const found: Violation[] = [];
  for (const file of files) {
    if (file.path.startsWith('src/dialect/')) continue;
    for (const node of nodesOf(file)) {
      if (ts.isStringLiteralLike(node) && DIALECT_NAMES.has(node.text.toLowerCase())) {
        found.push(`${locate(file, node)} names the dialect '${node.text}' outside src/dialect`);
      }
    }
  }
  return found;
}
