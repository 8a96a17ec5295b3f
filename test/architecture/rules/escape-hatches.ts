import ts from 'typescript';
import { locate, nodesOf, type SourceFile, type Violation } from '../source-file.ts';

/**
 * The type checker's escape hatches: `any` (but for generic positions of the named files), `!`, and comments that
 * switch checks off. `as unknown as T` is left to review; there is no honest way to tell its good uses by syntax.
 */
export function findEscapeHatches(files: readonly SourceFile[], anyAllowedIn: ReadonlySet<string>): Violation[] {
  return files.flatMap((file) => [...findSuppressions(file), ...findHatchNodes(file, anyAllowedIn.has(file.path))]);
}

function* findHatchNodes(file: SourceFile, genericAnyAllowed: boolean): Generator<Violation> {
  for (const node of nodesOf(file)) {
    if (ts.isNonNullExpression(node)) yield `${locate(file, node)} non-null assertion`;
    if ((ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) && node.exclamationToken !== undefined) {
      yield `${locate(file, node)} definite assignment assertion`;
    }
    if (node.kind !== ts.SyntaxKind.AnyKeyword) continue;
    if (!genericAnyAllowed) yield `${locate(file, node)} any, and the file is not on the list of generic constraints`;
    else if (!isInGenericPosition(node)) yield `${locate(file, node)} any outside a generic constraint or type pattern`;
  }
}

/**
 * Whether `any` belongs to a type parameter, a conditional type's pattern, a constructor's shape or a type alias that
 * stands for one (`type AnyColumn = Column<any>`); never the type of a value, a parameter or a cast.
 */
function isInGenericPosition(anyNode: ts.Node): boolean {
  for (let node = anyNode; node.parent !== undefined; node = node.parent) {
    const { parent } = node;
    if (ts.isConditionalTypeNode(parent) && parent.extendsType === node) return true;
    if (isGenericPosition(parent)) return true;
    if (ts.isStatement(parent) || ts.isExpression(parent) || ts.isFunctionLike(parent)) return false;
  }
  return false;
}

function isGenericPosition(node: ts.Node): boolean {
  return (
    ts.isTypeParameterDeclaration(node) ||
    ts.isConstructorTypeNode(node) ||
    ts.isConstructSignatureDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  );
}

function* findSuppressions(file: SourceFile): Generator<Violation> {
  for (const [index, line] of file.text.split('\n').entries()) {
    if (/@ts-(ignore|expect-error|nocheck)\b/.test(line)) {
      yield `${file.path}:${index + 1} switches the type checker off`;
    }
  }
}
