import type { ExpressionNode } from '../ast/query-node.ts';
import type { Operator } from '../criteria/operator.ts';
import type { EntityPlace } from './lower-where.ts';
import { UNBUILT } from './lowering.ts';

/** `and`, `or` and `not` over an entity. */
export function lowerLogical(
  { lowering, meta, alias, certain, depth }: EntityPlace,
  { kind, operands }: Operator,
): ExpressionNode {
  lowering.shape += `${kind}(`;
  const inner = operands.map((operand) => {
    const node = lowering.lowerWhere(lowering, meta, alias, operand, certain && kind === 'and', depth + 1);
    lowering.shape += ',';
    return node;
  });
  lowering.shape += ')';
  if (!lowering.building) return UNBUILT;
  if (kind === 'not') return { kind, operand: inner[0] ?? UNBUILT };
  return { kind: 'logical', operator: kind === 'or' ? 'or' : 'and', operands: inner };
}

/** `all`: every row. */
export function lowerAllRows(): ExpressionNode {
  return UNBUILT;
}
