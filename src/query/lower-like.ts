import type { ExpressionNode } from '../ast/query-node.ts';
import { isWellFormed } from '../codec/well-formed.ts';
import type { Operator } from '../criteria/operator.ts';
import { escapeLike } from './escape-like.ts';
import { type ColumnPlace, columnNode, refuse } from './lower-column.ts';
import { slot, UNBUILT } from './lowering.ts';

/** `like`: the operand is the pattern. */
export function lowerLike(place: ColumnPlace, { operands }: Operator): ExpressionNode {
  return lowerPattern(place, operands[0], (pattern) => pattern);
}

/** `contains` and its like: a text that is meant literally, and what stands before and behind it. */
export function lowerPart(place: ColumnPlace, { operands: [text, before, behind] }: Operator): ExpressionNode {
  return lowerPattern(place, text, (part) => `${before}${escapeLike(part)}${behind}`);
}

function lowerPattern(place: ColumnPlace, text: unknown, patternOf: (text: string) => string): ExpressionNode {
  const { lowering, column, alias } = place;
  if (typeof text !== 'string') throw refuse(place, 'a pattern must be a string');
  const { name, custom } = column.type;
  if ((name !== 'text' && name !== 'uuid') || custom !== undefined)
    throw refuse(place, 'a pattern needs a text column');
  if (!isWellFormed(text)) throw refuse(place, 'the pattern is not well-formed text');
  lowering.shape += `${column.index}like;`;
  const pattern = slot(lowering, patternOf(text), { name: 'text' });
  if (!lowering.building) return UNBUILT;
  return { kind: 'like', operand: columnNode(alias, column), type: column.type, pattern, negated: false };
}
