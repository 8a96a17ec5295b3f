import ts from 'typescript';
import { locate, nodesOf, type SourceFile, type Violation } from '../source-file.ts';

/** Barrels tie files together that have nothing to do with each other: re-exports belong to entry files only. */
export function findReExports(files: readonly SourceFile[], entryFiles: ReadonlySet<string>): Violation[] {
  return files
    .filter((file) => !entryFiles.has(file.path))
    .flatMap((file) =>
      [...nodesOf(file)]
        .filter((node) => ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined)
        .map((node) => `${locate(file, node)} re-exports outside an entry file`),
    );
}
