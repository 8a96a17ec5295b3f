import type { ExpressionNode } from '../ast/query-node.ts';
import type { Operator } from '../criteria/operator.ts';
import { encodeColumn } from '../metadata/entity-key.ts';
import type { WireValue } from '../wire/wire-value.ts';
import { type ColumnPlace, columnNode, refuse } from './lower-column.ts';
import { orMissing } from './lower-comparison.ts';
import { slot, UNBUILT } from './lowering.ts';

/** `isIn` and `notIn`; none of the values is also a NULL. */
export function lowerList(place: ColumnPlace, { kind, operands }: Operator): ExpressionNode {
  const { lowering, meta, column, alias } = place;
  const [values] = operands;
  const negated = kind === 'not-in';
  if (!Array.isArray(values)) throw refuse(place, 'isIn() and notIn() take an array');
  const tuples: WireValue[][] = [];
  for (const value of new Set<unknown>(values)) {
    if (value === undefined) throw refuse(place, 'a list of values cannot contain undefined');
    if (value === null) throw refuse(place, 'a list of values cannot contain null; use or() with isNull()');
    tuples.push([encodeColumn(meta, column, value)]);
  }
  lowering.shape += `${column.index}${negated ? 'notin' : 'in'};`;
  const list = slot(lowering, lowering.dialect.encodeList(tuples, [column.type]), null);
  if (!lowering.building) return UNBUILT;
  const operand = columnNode(alias, column);
  const membership: ExpressionNode = { kind: 'in-list', operands: [operand], types: [column.type], list, negated };
  return negated ? orMissing(place, membership) : membership;
}
