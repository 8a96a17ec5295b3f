import type { ComparisonOperator, ExpressionNode } from '../ast/query-node.ts';
import { isWellFormed } from '../codec/well-formed.ts';
import { ValidationError } from '../errors.ts';
import { BOOLEAN, computed, numeric, scaleOf } from './computed-type.ts';
import type { Level } from './level.ts';
import { rescale } from './lower-arithmetic.ts';
import { encodeLike, type Lower, type Lowered, slotLike, takeValue } from './lowered.ts';

/** What stands on the other side of an operator: an expression, or a value of the application. */
export type Operand = { readonly lower: Lower } | { readonly value: unknown };

/** A condition. */
export function condition(level: Level, node: ExpressionNode, nullable = true): Lowered {
  return computed(level, node, BOOLEAN, nullable);
}

/** `left operator right`; a NULL is equal to nothing, except where `eq(null)` asks for it. */
export function comparison(operator: ComparisonOperator, left: Lower, other: Operand): Lower {
  return (level) => {
    if ('value' in other && (other.value === null || other.value === undefined))
      return againstNull(operator, left, other.value)(level);
    const [first, second] = sides(level, operator, left(level), other);
    return condition(level, { kind: 'comparison', operator, left: first, right: second });
  };
}

/** Whether two values differ; a NULL differs from every value, and not from another NULL. */
export function distinctFrom(left: Lower, other: Operand): Lower {
  return (level) => {
    if ('value' in other && other.value === null) return isNullTest(left, true)(level);
    const [first, second] = sides(level, '<>', left(level), other);
    return condition(level, { kind: 'distinct-from', left: first, right: second }, false);
  };
}

function againstNull(operator: ComparisonOperator, left: Lower, value: unknown): Lower {
  if (value === null && operator === '=') return isNullTest(left, false);
  throw new ValidationError(
    value === undefined
      ? 'a query cannot compare with undefined; leave the condition out, or use null or isNull()'
      : `a query cannot compare with null by '${operator}'; use isNull() or isNotNull()`,
  );
}

/** Both sides in forms that the engine compares by value. */
function sides(
  level: Level,
  operator: ComparisonOperator,
  left: Lowered,
  other: Operand,
): readonly [ExpressionNode, ExpressionNode] {
  if (!isEquality(operator) && left.type.name === 'json') {
    throw new ValidationError('JSON has no order that engines share; compare it by eq() and ne()');
  }
  if (!('lower' in other)) return besideValue(level, operator, left, other.value);
  const right = other.lower(level);
  // Computed ones as well, whose type is that of their units.
  const isDecimal = scaleOf(left) !== null || scaleOf(right) !== null;
  const isAlike = scaleOf(left) === scaleOf(right) && left.units === right.units;
  if (!isDecimal || !level.words.decimalsInUnits || (isAlike && isEquality(operator))) return [left.node, right.node];
  const [first, second] = [numeric(level, left), numeric(level, right)];
  const scale = Math.max(scaleOf(first) ?? 0, scaleOf(second) ?? 0);
  return [rescale(level, first, scale).node, rescale(level, second, scale).node];
}

function besideValue(
  level: Level,
  operator: ComparisonOperator,
  left: Lowered,
  value: unknown,
): readonly [ExpressionNode, ExpressionNode] {
  const isOrdered = scaleOf(left) !== null && level.words.decimalsInUnits && !isEquality(operator);
  const compared = isOrdered ? numeric(level, left) : left;
  return [compared.node, slotLike(level, compared, value)];
}

// As text, decimals of one scale are equal where their values are, and a column is found by its index.
function isEquality(operator: ComparisonOperator): boolean {
  return operator === '=' || operator === '<>';
}

/** `IS NULL`, or its opposite. */
export function isNullTest(operand: Lower, negated: boolean): Lower {
  return (level) => condition(level, { kind: 'null-test', operand: operand(level).node, negated }, false);
}

/** `LIKE`, of a text. */
export function likePattern(operand: Lower, pattern: unknown): Lower {
  return (level) => {
    const text = operand(level);
    const { name, custom } = text.type;
    if ((name !== 'text' && name !== 'uuid') || custom !== undefined) {
      throw new ValidationError(`a pattern needs a text, not a value of the type '${name}'`);
    }
    if (typeof pattern !== 'string' || !isWellFormed(pattern)) {
      throw new ValidationError('a pattern must be a string of well-formed text');
    }
    const index = takeValue(level, pattern);
    const slot = { kind: 'slot', index, type: { name: 'text' } } as const;
    return condition(level, { kind: 'like', operand: text.node, type: text.type, pattern: slot, negated: false });
  };
}

/** Membership in a list that travels as one parameter. */
export function inValues(operand: Lower, values: unknown, negated: boolean): Lower {
  return (level) => {
    if (!Array.isArray(values)) throw new ValidationError('in() and notIn() take an array, or a query of one column');
    const left = operand(level);
    const tuples = [...new Set<unknown>(values)].map((value) => {
      if (value === null || value === undefined) {
        throw new ValidationError(`a list of values cannot contain ${value}; use isNull()`);
      }
      return [encodeLike(left, value)];
    });
    const { dialect } = level.criteria;
    const index = takeValue(level, dialect.encodeList(tuples, [left.type]));
    const list = { kind: 'slot', index, type: null } as const;
    return condition(level, { kind: 'in-list', operands: [left.node], types: [left.type], list, negated });
  };
}
