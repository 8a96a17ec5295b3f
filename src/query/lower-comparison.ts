import type { ComparisonOperator, ExpressionNode } from '../ast/query-node.ts';
import type { Operator } from '../criteria/operator.ts';
import {
  type ColumnPlace,
  columnNode,
  comparison,
  lowerColumn,
  lowerEquality,
  nullTest,
  orderedNode,
} from './lower-column.ts';
import { conjunction } from './lowering.ts';

const ORDERS: ReadonlyMap<string, ComparisonOperator> = /* @__PURE__ */ new Map([
  ['lt', '<'],
  ['lte', '<='],
  ['gt', '>'],
  ['gte', '>='],
]);

/** `eq` */
export function lowerEq(place: ColumnPlace, { kind, operands }: Operator): ExpressionNode {
  return lowerEquality(place, kind, operands[0]);
}

/** `ne`: a NULL is different, too. */
export function lowerNe(place: ColumnPlace, { kind, operands }: Operator): ExpressionNode {
  const [value] = operands;
  return value === null ? nullTest(place, true) : orMissing(place, comparison(place, kind, '<>', value));
}

/** `lt`, `lte`, `gt` and `gte`. */
export function lowerOrder(place: ColumnPlace, { kind, operands }: Operator): ExpressionNode {
  const node = comparison(place, kind, ORDERS.get(kind) ?? '<', operands[0]);
  if (node.kind !== 'comparison') return node;
  const { column } = place;
  return { ...node, left: orderedNode(node.left, column), right: orderedNode(node.right, column) };
}

/** `isNull`. */
export function lowerIsNull(place: ColumnPlace): ExpressionNode {
  return nullTest(place, false);
}

/** `isNotNull`. */
export function lowerIsNotNull(place: ColumnPlace): ExpressionNode {
  return nullTest(place, true);
}

/** Several operators over one column. */
export function lowerAll(place: ColumnPlace, { operands }: Operator): ExpressionNode {
  return conjunction(operands.map((operand) => lowerColumn({ ...place, depth: place.depth + 1 }, operand)));
}

/** A condition that a NULL meets, too, where there can be one. */
export function orMissing({ lowering, column, alias }: ColumnPlace, condition: ExpressionNode): ExpressionNode {
  if (!lowering.building || !column.nullable) return condition;
  const missing: ExpressionNode = { kind: 'null-test', operand: columnNode(alias, column), negated: false };
  return { kind: 'logical', operator: 'or', operands: [condition, missing] };
}
