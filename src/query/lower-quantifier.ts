import type { ExpressionNode } from '../ast/query-node.ts';
import type { Operator } from '../criteria/operator.ts';
import { exists, type RelationPlace } from './lower-relation.ts';

/** `some`, `every` and `none` over a to-many relation. Every row meets it: there is no row that does not. */
export function lowerQuantifier(
  { lowering, relation, alias, depth }: RelationPlace,
  { kind, operands }: Operator,
): ExpressionNode {
  return exists(lowering, relation, alias, operands[0], kind !== 'some', kind === 'every', depth);
}
