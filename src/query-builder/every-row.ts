import type { ExpressionNode } from '../ast/query-node.ts';

/**
 * Whether a condition holds for every row whatever is in it: an AND of nothing, which is what is left of conditions that were
 * made from values that were not there.
 */
export function holdsForEveryRow(node: ExpressionNode): boolean {
  return isConstant(node, true);
}

function isConstant(node: ExpressionNode, value: boolean): boolean {
  if (node.kind === 'not') return isConstant(node.operand, !value);
  if (node.kind !== 'logical') return false;
  const { operator, operands } = node;
  // An AND is true where all of its operands are, and an OR false where all of its are.
  const needsAll = (operator === 'and') === value;
  return needsAll
    ? operands.every((operand) => isConstant(operand, value))
    : operands.some((operand) => isConstant(operand, value));
}
