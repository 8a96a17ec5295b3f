import type { ArithmeticNode, ExpressionNode } from '../ast/query-node.ts';
import { ValidationError } from '../errors.ts';
import { type ComputedType, computed, FLOAT, numeric, scaleOf, units } from './computed-type.ts';
import type { Level } from './level.ts';
import { encodeLike, type Lower, type Lowered, takeValue } from './lowered.ts';

/** A number, or a number of the application. */
export type NumericOperand = { readonly lower: Lower } | { readonly value: unknown };

/** `left operator right`. A quotient is a floating point number; one by 0, and a remainder by 0, is NULL. */
export function arithmetic(operator: ArithmeticNode['operator'], left: Lower, other: NumericOperand): Lower {
  return (level) => {
    const first = numeric(level, left(level));
    const second = 'lower' in other ? numeric(level, other.lower(level)) : literalLike(level, first, other.value);
    if (operator === '/') return quotient(level, first, second);
    if (operator === '%') return remainder(level, first, second);
    if (scaleOf(first) !== null || scaleOf(second) !== null) return decimals(level, operator, first, second);
    const type = commonType(first, second);
    return computed(
      level,
      { kind: 'arithmetic', operator, left: first.node, right: second.node },
      type,
      either(first, second),
    );
  };
}

function either(first: Lowered, second: Lowered): boolean {
  return first.nullable || second.nullable;
}

function commonType(first: Lowered, second: Lowered): ComputedType {
  if (first.type.name === 'float' || second.type.name === 'float') return FLOAT;
  return { name: first.type.name === 'bigint' || second.type.name === 'bigint' ? 'bigint' : 'integer' };
}

/** A number of the application beside another one: whole, floating, or with digits behind the point. */
function literalLike(level: Level, like: Lowered, value: unknown): Lowered {
  const type = literalType(like, value);
  const unset = { kind: 'constant', value: 0 } as const;
  const literal =
    type.name === 'decimal' ? decimalOf(level, unset, type.scale, false) : computed(level, unset, type, false);
  const index = takeValue(level, encodeLike(literal, value));
  return { ...literal, node: { kind: 'parameter', index, type: literal.type } };
}

function literalType(like: Lowered, value: unknown): ComputedType {
  if (typeof value === 'bigint') return { name: 'bigint' };
  if (typeof value === 'number' && Number.isFinite(value)) {
    if (like.type.name === 'bigint' && like.units === null && !Number.isSafeInteger(value)) {
      throw new ValidationError('a query computes bigint with bigint and whole numbers, not with a fraction');
    }
    return { name: Number.isSafeInteger(value) && like.type.name !== 'float' ? 'integer' : 'float' };
  }
  const digits = typeof value === 'string' ? /^-?\d{1,18}(?:\.(\d{1,17}))?$/.exec(value) : null;
  if (digits !== null && scaleOf(like) !== null)
    return { name: 'decimal', precision: 36, scale: (digits[1] ?? '').length };
  throw new ValidationError(
    'a query computes with finite numbers, with bigint, and with decimals as strings beside other decimals',
  );
}

/** Sums and differences have the digits of the longer one, products those of both. */
function decimals(level: Level, operator: '+' | '-' | '*', first: Lowered, second: Lowered): Lowered {
  if (first.type.name === 'float' || second.type.name === 'float') {
    throw new ValidationError('a query cannot mix decimals and floating point numbers, which are not exact');
  }
  const [left, right] = [scaleOf(first) ?? 0, scaleOf(second) ?? 0];
  const scale = operator === '*' ? left + right : Math.max(left, right);
  const [a, b] = operator === '*' ? [first, second] : [rescale(level, first, scale), rescale(level, second, scale)];
  const node: ExpressionNode = { kind: 'arithmetic', operator, left: a.node, right: b.node };
  return decimalOf(level, node, scale, either(first, second));
}

/** A computed decimal, in the form in which the engine computes with it. */
export function decimalOf(level: Level, node: ExpressionNode, scale: number, nullable: boolean): Lowered {
  return level.words.decimalsInUnits
    ? units(level, node, scale, nullable)
    : computed(level, node, { name: 'decimal', precision: 38, scale }, nullable);
}

/** The same number in smaller units; only where decimals are counted in units does that change anything. */
export function rescale(level: Level, number: Lowered, scale: number): Lowered {
  const have = scaleOf(number) ?? 0;
  if (!level.words.decimalsInUnits || have === scale) return number;
  const index = takeValue(level, 10n ** BigInt(scale - have));
  const factor = { kind: 'parameter', index, type: { name: 'bigint' } } as const;
  const node: ExpressionNode = { kind: 'arithmetic', operator: '*', left: number.node, right: factor };
  return units(level, node, scale, number.nullable);
}

function quotient(level: Level, first: Lowered, second: Lowered): Lowered {
  const scale = Math.max(scaleOf(first) ?? 0, scaleOf(second) ?? 0);
  const left: ExpressionNode = { kind: 'cast', operand: rescale(level, first, scale).node, type: FLOAT };
  const right = notZero(rescale(level, second, scale).node);
  return computed(level, { kind: 'arithmetic', operator: '/', left, right }, FLOAT, true);
}

function remainder(level: Level, first: Lowered, second: Lowered): Lowered {
  const type = commonType(first, second);
  if (type.name === 'float' || scaleOf(first) !== null || scaleOf(second) !== null) {
    throw new ValidationError('a remainder is of whole numbers only');
  }
  const node: ExpressionNode = { kind: 'arithmetic', operator: '%', left: first.node, right: notZero(second.node) };
  return computed(level, node, type, true);
}

// PostgreSQL fails where others give NULL.
function notZero(node: ExpressionNode): ExpressionNode {
  const zero: ExpressionNode = { kind: 'value', value: 0, type: { name: 'integer' } };
  return { kind: 'call', function: 'nullif', operands: [node, zero], distinct: false, type: null };
}
