import { checkDepth } from '../ast/depth.ts';
import { ValidationError } from '../errors.ts';
import { escapeLike } from '../query/escape-like.ts';
import { BuiltQuery } from './built-query.ts';
import { arithmetic } from './lower-arithmetic.ts';
import { comparison, distinctFrom, inValues, isNullTest, likePattern, type Operand } from './lower-condition.ts';
import { logical, negation } from './lower-logical.ts';
import { inQuery } from './lower-subquery.ts';
import type { Lower } from './lowered.ts';
import { SortKey, type SortOptions } from './sort-key.ts';
import { takenNow } from './taken-now.ts';

declare const VALUE: unique symbol;

/** Where an expression keeps what makes its SQL; known to this package only, so that data can never be an expression. */
export const LOWER: unique symbol = Symbol('lower');

/** What may stand beside an expression: another one of the same kind of value, or a value, which becomes a parameter. */
export type Compared<V> = Expression<V> | Expression<NonNullable<V>> | Expression<V | null> | NonNullable<V>;

/** Carries the type of an expression's values; there for the compiler only. */
export interface ValueMark<V> {
  readonly [VALUE]: V;
}

/** The type of an expression's values. */
export type ValueIn<E> = E extends ValueMark<infer V> ? V : never;

/** `null` where one of the expressions may be NULL. */
export type NullIn<E> = Extract<ValueIn<E>, null>;

type Whole = Expression<bigint> | Expression<bigint | null> | bigint;
type Float = Expression<number> | Expression<number | null> | number;

/**
 * What a query may compute with beside a value, such that the result has the type of the value: numbers beside numbers, bigint
 * and whole numbers beside bigint, and decimals, which are strings, and whole numbers beside decimals.
 */
export type Computing<V> =
  NonNullable<V> extends bigint
    ? Whole | number
    : NonNullable<V> extends number
      ? Float
      : NonNullable<V> extends string
        ? Expression<string> | Expression<string | null> | string | Whole | Float
        : never;

/** A condition of a query. */
export type Predicate = Expression<boolean> | Expression<boolean | null>;

const NO_VALUE =
  'an expression has no value in JavaScript: the database computes it; use concat(), plus() and the like for it';

/**
 * A value that the database computes for each row: a column, or what functions and operators make of columns. `V` is its
 * type in results, with `null` where there may be none. Other values are parameters, as they are when the method is called;
 * what a column does not take is `validation` when the query runs, before any SQL.
 */
export class Expression<V> implements ValueMark<V> {
  declare readonly [VALUE]: V;
  readonly [LOWER]: Lower;

  constructor(lower: Lower) {
    this[LOWER] = (level) => {
      // Data may decide how deep a condition is; it must not overflow the stack.
      checkDepth(++level.depth);
      const lowered = lower(level);
      level.depth -= 1;
      return lowered;
    };
  }

  /** Throws `validation`: the database computes the value, so that JavaScript cannot join it to a text or add to it. */
  [Symbol.toPrimitive](): never {
    throw new ValidationError(NO_VALUE);
  }

  /** Equal to; `eq(null)` is `IS NULL`. SQL: `left = right`. */
  eq(other: Compared<V> | null): Expression<boolean> {
    return new Expression(comparison('=', this[LOWER], operandOf(other)));
  }

  /** Different from, where NULL is a value like others: `left IS DISTINCT FROM right`. */
  ne(other: Compared<V> | null): Expression<boolean> {
    return new Expression(distinctFrom(this[LOWER], operandOf(other)));
  }

  /** `left < right` */
  lt(other: Compared<V>): Expression<boolean> {
    return new Expression(comparison('<', this[LOWER], operandOf(other)));
  }

  /** `left <= right` */
  lte(other: Compared<V>): Expression<boolean> {
    return new Expression(comparison('<=', this[LOWER], operandOf(other)));
  }

  /** `left > right` */
  gt(other: Compared<V>): Expression<boolean> {
    return new Expression(comparison('>', this[LOWER], operandOf(other)));
  }

  /** `left >= right` */
  gte(other: Compared<V>): Expression<boolean> {
    return new Expression(comparison('>=', this[LOWER], operandOf(other)));
  }

  /** From `low` to `high`, both included. SQL: `x >= low AND x <= high`. */
  between(low: Compared<V>, high: Compared<V>): Expression<boolean> {
    return this.gte(low).and(this.lte(high));
  }

  /** Matches a pattern of `%` and `_`; `\` before one of them takes it literally. Whether case counts is the engine's. */
  like(this: Expression<string> | Expression<string | null>, pattern: string): Expression<boolean> {
    return new Expression(likePattern(this[LOWER], pattern));
  }

  /** Contains the text, in which `%` and `_` mean themselves. SQL: `LIKE`. */
  contains(this: Expression<string> | Expression<string | null>, part: string): Expression<boolean> {
    return new Expression(likePattern(this[LOWER], pattern(part, '%', '%')));
  }

  /** Begins with the text, in which `%` and `_` mean themselves. SQL: `LIKE`. */
  startsWith(this: Expression<string> | Expression<string | null>, part: string): Expression<boolean> {
    return new Expression(likePattern(this[LOWER], pattern(part, '', '%')));
  }

  /** Ends with the text, in which `%` and `_` mean themselves. SQL: `LIKE`. */
  endsWith(this: Expression<string> | Expression<string | null>, part: string): Expression<boolean> {
    return new Expression(likePattern(this[LOWER], pattern(part, '%', '')));
  }

  /** One of the values, which travel as one parameter, or of those that a query of one column gives. */
  in(values: readonly NonNullable<V>[] | BuiltQuery<V> | BuiltQuery<NonNullable<V>>): Expression<boolean> {
    return new Expression(membership(this[LOWER], values, false));
  }

  /** None of them. As in SQL it holds for no row where the value is NULL, or where the query gives a NULL. */
  notIn(values: readonly NonNullable<V>[] | BuiltQuery<V> | BuiltQuery<NonNullable<V>>): Expression<boolean> {
    return new Expression(membership(this[LOWER], values, true));
  }

  /** `IS NULL` */
  isNull(): Expression<boolean> {
    return new Expression(isNullTest(this[LOWER], false));
  }

  /** `IS NOT NULL` */
  isNotNull(): Expression<boolean> {
    return new Expression(isNullTest(this[LOWER], true));
  }

  /** This condition and the others. SQL: `AND`. */
  and(this: Predicate, ...others: readonly Predicate[]): Expression<boolean> {
    return joined('and', this, others);
  }

  /** This condition, or at least one of the others. SQL: `OR`. */
  or(this: Predicate, ...others: readonly Predicate[]): Expression<boolean> {
    return joined('or', this, others);
  }

  /** The condition does not hold: it is false or, because of a NULL, unknown. SQL: `(…) IS NOT TRUE`. */
  not(this: Predicate): Expression<boolean> {
    return new Expression(negation(this[LOWER]));
  }

  /**
   * The sum; NULL where one of the two is. Whole numbers stay whole, decimals exact, on SQLite up to 18 digits. Throws
   * `validation` for what is no number, and for decimals beside floating point numbers.
   */
  plus<O extends Computing<V>>(other: O): Expression<V | NullIn<O>> {
    return new Expression(arithmetic('+', this[LOWER], operandOf(other)));
  }

  /** The difference, as {@link plus}. */
  minus<O extends Computing<V>>(other: O): Expression<V | NullIn<O>> {
    return new Expression(arithmetic('-', this[LOWER], operandOf(other)));
  }

  /** The product. That of two decimals has the digits of both behind its point. */
  times<O extends Computing<V>>(other: O): Expression<V | NullIn<O>> {
    return new Expression(arithmetic('*', this[LOWER], operandOf(other)));
  }

  /** The quotient, as a floating point number on every engine; NULL where the divisor is 0. */
  dividedBy(other: Computing<V> | Whole | Float): Expression<number | null> {
    return new Expression(arithmetic('/', this[LOWER], operandOf(other)));
  }

  /** The remainder of whole numbers, with the sign of the dividend; NULL where the divisor is 0. */
  modulo(other: Computing<V>): Expression<V | null> {
    return new Expression(arithmetic('%', this[LOWER], operandOf(other)));
  }

  /** A key of an order: the smallest first. SQL: `ORDER BY x`. */
  asc(options?: SortOptions): SortKey {
    return new SortKey(this[LOWER], 'asc', options);
  }

  /** A key of an order: the largest first. SQL: `ORDER BY x DESC`. */
  desc(options?: SortOptions): SortKey {
    return new SortKey(this[LOWER], 'desc', options);
  }
}

// What conditions were joined of, so that one more makes a longer list and not a deeper tree.
const JOINED: unique symbol = Symbol('joined');

interface Joined {
  readonly operator: 'and' | 'or';
  readonly operands: readonly Predicate[];
}

function joined(operator: Joined['operator'], first: Predicate, others: readonly Predicate[]): Expression<boolean> {
  const known = (first as { readonly [JOINED]?: Joined })[JOINED];
  const operands = [...(known?.operator === operator ? known.operands : [first]), ...others];
  const expression = new Expression<boolean>(logical(operator, operands.map(lowerOf)));
  return Object.assign(expression, { [JOINED]: { operator, operands } satisfies Joined });
}

/** The names that a column behind a relation cannot be reached by: {@link field} takes them as text. */
export type MethodName = Exclude<keyof Expression<unknown>, symbol>;

/** Tells an expression from a value. */
export function isExpression(value: unknown): value is Expression<unknown> {
  return typeof value === 'object' && value !== null && LOWER in value;
}

/** What makes the SQL of an expression. */
export function lowerOf(expression: Expression<unknown>): Lower {
  if (isExpression(expression)) return expression[LOWER];
  throw new ValidationError(
    "an expression is expected, such as a field of the callback's argument; a value of the application stands in literal(…)",
  );
}

/** An expression, or a value that is to become a parameter. */
export function operandOf(other: unknown): Operand {
  return isExpression(other) ? { lower: other[LOWER] } : { value: takenNow(other) };
}

function pattern(part: unknown, before: string, behind: string): unknown {
  return typeof part === 'string' ? `${before}${escapeLike(part)}${behind}` : part;
}

function membership(operand: Lower, values: unknown, negated: boolean): Lower {
  return values instanceof BuiltQuery
    ? inQuery(operand, values, negated)
    : inValues(operand, takenNow(values), negated);
}
