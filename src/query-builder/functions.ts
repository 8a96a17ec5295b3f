import type { CallNode, FunctionName } from '../ast/query-node.ts';
import { ValidationError } from '../errors.ts';
import type { BuiltQuery } from './built-query.ts';
import { type ComputedType, computed, FLOAT, INTEGER, numeric, scaleOf, TEXT } from './computed-type.ts';
import {
  Expression,
  isExpression,
  lowerOf,
  type NullIn,
  operandOf,
  type Predicate,
  type ValueIn,
} from './expression.ts';
import type { Level } from './level.ts';
import { literalOf } from './literal.ts';
import { decimalOf, rescale } from './lower-arithmetic.ts';
import { conditionNode, logical } from './lower-logical.ts';
import { existence, scalarValue } from './lower-subquery.ts';
import { type Lower, type Lowered, readable, slotLike, takeValue } from './lowered.ts';
import { callOver, type FramedWindowOptions, mapCall } from './window.ts';

/**
 * A function over the rows of a group, or of all rows where there is no `groupBy()`; with `over()` over those of a window, which
 * leaves each row its own. It stands in `select()`, `having()` and `orderBy()`; what it computes can be computed with.
 */
export class Aggregate<V> extends Expression<V> {
  /**
   * Only over the rows that meet a condition. SQL: `COUNT(CASE WHEN … THEN x END)`, which all engines have, and which is the
   * same as `FILTER`: an aggregate leaves NULL out.
   */
  filter(condition: Predicate): Aggregate<V> {
    if (!isExpression(condition)) throw new ValidationError('filter() takes a condition over the fields of the query');
    return new Aggregate((level) => {
      const lowered = lowerOf(this)(level);
      const when = conditionNode(level, lowerOf(condition));
      const filtered = ({ operands: [value = ONE, ...others], ...rest }: CallNode): CallNode => ({
        ...rest,
        operands: [
          { kind: 'case', branches: [{ kind: 'branch', condition: when, value }], otherwise: null },
          ...others,
        ],
      });
      return { ...lowered, node: mapCall(lowered.node, filtered, 'filter()') };
    });
  }

  /**
   * Over a window of rows: those with the same values of `partitionBy`, up to the present one in the order of `orderBy`, or
   * those of a `frame`. SQL: `… OVER (PARTITION BY … ORDER BY … ROWS BETWEEN … AND …)`.
   */
  over(window: FramedWindowOptions = {}): Expression<V> {
    return new Expression(callOver(lowerOf(this), window));
  }
}

/** What `COUNT(*)` counts. */
const ONE = { kind: 'constant', value: 1 } as const;

type Text = Expression<string> | Expression<string | null>;
type Numeric = Expression<number> | Expression<number | null> | Expression<bigint> | Expression<bigint | null>;

/** The number of rows, or of those in which the expression is not NULL. SQL: `COUNT(*)`, `COUNT(x)`. */
export function count(of?: Expression<unknown>): Aggregate<number> {
  return new Aggregate((level) => {
    const operands = of === undefined ? [] : [readable(lowerOf(of)(level))];
    return computed(level, call('count', operands, null), INTEGER, false);
  });
}

/** The number of different values, NULL not counted. SQL: `COUNT(DISTINCT x)`. */
export function countDistinct(of: Expression<unknown>): Aggregate<number> {
  return new Aggregate((level) => {
    const node = { ...call('count', [readable(lowerOf(of)(level))], null), distinct: true };
    return computed(level, node, INTEGER, false);
  });
}

/**
 * The sum, in the type of what is added: whole numbers stay whole, decimals exact; NULL where there is no value. A sum that
 * its type cannot hold is `deserialization`, never rounded. Of what is no number `validation`. SQL: `SUM(x)`.
 */
export function sum<E extends Numeric | Text>(of: E): Aggregate<ValueIn<E> | null> {
  return new Aggregate((level) => {
    const operand = numeric(level, lowerOf(of)(level));
    const scale = scaleOf(operand);
    const node = call('sum', [operand.node], null);
    if (scale !== null) return decimalOf(level, node, scale, true);
    const type: ComputedType = { name: operand.type.name as 'integer' | 'bigint' | 'float' };
    return computed(level, { ...node, type }, type, true);
  });
}

/** The arithmetic mean as a floating point number on every engine; NULL where there is no value. SQL: `AVG(x)`. */
export function avg(of: Numeric | Text): Aggregate<number | null> {
  return new Aggregate((level) => {
    const operand = numeric(level, lowerOf(of)(level));
    const mean = computed(level, { ...call('avg', [operand.node], FLOAT) }, FLOAT, true);
    if (operand.units === null) return mean;
    const index = takeValue(level, 10 ** operand.units);
    const unit = { kind: 'parameter', index, type: FLOAT } as const;
    return { ...mean, node: { kind: 'arithmetic', operator: '/', left: mean.node, right: unit } };
  });
}

/**
 * The smallest value; NULL where there is none. Throws `validation` for types that engines order differently: booleans, JSON,
 * bytes, uuids, and custom types. SQL: `MIN(x)`.
 */
export function min<V>(of: Expression<V>): Aggregate<V | null> {
  return extreme('min', of);
}

/** The largest value; NULL where there is none. The types are those of {@link min}. SQL: `MAX(x)`. */
export function max<V>(of: Expression<V>): Aggregate<V | null> {
  return extreme('max', of);
}

const UNORDERED: readonly string[] = ['boolean', 'json', 'bytes', 'uuid'];

function extreme<V>(name: 'min' | 'max', of: Expression<V>): Aggregate<V | null> {
  return new Aggregate((level) => {
    const operand = lowerOf(of)(level);
    const { type } = operand;
    if (UNORDERED.includes(type.name) || type.custom !== undefined) {
      throw new ValidationError(`${name}() cannot order values of the type '${type.name}' alike on every engine`);
    }
    const value = type.name === 'decimal' ? numeric(level, operand) : operand;
    return { ...value, node: call(name, [value.node], null), nullable: true, column: null };
  });
}

/** The text in small letters. On SQLite ASCII letters only. SQL: `LOWER(x)`. */
export function lower<E extends Text>(of: E): Expression<ValueIn<E>> {
  return textFunction('lower', of);
}

/** The text in capital letters. On SQLite ASCII letters only. SQL: `UPPER(x)`. */
export function upper<E extends Text>(of: E): Expression<ValueIn<E>> {
  return textFunction('upper', of);
}

/** The text without blanks at both ends. SQL: `TRIM(x)`. */
export function trim<E extends Text>(of: E): Expression<ValueIn<E>> {
  return textFunction('trim', of);
}

function textFunction<E extends Text>(name: FunctionName, of: E): Expression<ValueIn<E>> {
  return new Expression((level) => {
    const operand = text(level, of);
    return computed(level, call(name, [operand.node], null), TEXT, operand.nullable);
  });
}

/** The number of code points of a text; NULL where it is. SQL: `LENGTH(x)`, on MySQL `CHAR_LENGTH(x)`. */
export function length<E extends Text>(of: E): Expression<number | NullIn<E>> {
  return new Expression((level) => {
    const operand = text(level, of);
    return computed(level, call('length', [operand.node], null), INTEGER, operand.nullable);
  });
}

/** Texts one after the other, columns and texts of the application; NULL where one of them is. SQL: `x || y`, on MySQL `CONCAT(x, y)`. */
export function concat<const P extends readonly [Text | string, ...(Text | string)[]]>(
  ...parts: P
): Expression<string | NullIn<P[number]>> {
  if (parts.length === 0) throw new ValidationError('concat() takes at least one text');
  return new Expression((level) => {
    const texts = parts.map((part) => text(level, isExpression(part) ? part : literalOf(part, TEXT)));
    const nodes = texts.map(({ node }) => node);
    return computed(
      level,
      call('concat', nodes, null),
      TEXT,
      texts.some(({ nullable }) => nullable),
    );
  });
}

function text(level: Level, of: Expression<unknown>): Lowered {
  const operand = lowerOf(of)(level);
  if (operand.type.name === 'text' && operand.type.custom === undefined) return operand;
  throw new ValidationError(`a function of texts takes no value of the type '${operand.type.name}'`);
}

/** The number without its sign. SQL: `ABS(x)`. */
export function abs<E extends Numeric | Text>(of: E): Expression<ValueIn<E>> {
  return new Expression((level) => {
    const operand = numeric(level, lowerOf(of)(level));
    return { ...operand, node: call('abs', [operand.node], null), column: null };
  });
}

/** The expression, or where it is NULL another one of its type, or a value. SQL: `COALESCE(x, y)`. */
export function coalesce<V>(
  of: Expression<V>,
  otherwise: Expression<NonNullable<V>> | NonNullable<V>,
): Expression<NonNullable<V>> {
  return new Expression((level) => {
    const first = comparable(level, lowerOf(of)(level));
    const other = operandOf(otherwise);
    const second = 'lower' in other ? comparable(level, other.lower(level)) : null;
    if (second !== null && scaleOf(first) !== null) return firstDecimal(level, first, second);
    const node = second?.node ?? valueNode(level, first, (other as { readonly value: unknown }).value);
    return {
      ...first,
      node: call('coalesce', [readable(first), node], null),
      nullable: second?.nullable ?? false,
      column: null,
    };
  });
}

// Each has the digits of the longer one.
function firstDecimal(level: Level, first: Lowered, second: Lowered): Lowered {
  const scale = Math.max(scaleOf(first) ?? 0, scaleOf(second) ?? 0);
  const nodes = [first, second].map((each) => rescale(level, each, scale).node);
  // An engine that computes with decimals keeps those of each value, which a result must not.
  const type = level.words.decimalsInUnits ? null : ({ name: 'decimal', precision: 38, scale } as const);
  return decimalOf(level, call('coalesce', nodes, type), scale, second.nullable);
}

// Decimals that are computed in units stay so beside others.
function comparable(level: Level, operand: Lowered): Lowered {
  return operand.type.name === 'decimal' ? numeric(level, operand) : operand;
}

function valueNode(level: Level, like: Lowered, value: unknown): Lowered['node'] {
  return slotLike(level, { ...like, column: null }, value);
}

/**
 * Whether a query has a row; its conditions may name fields of the queries around it. SQL: `EXISTS (…)`.
 *
 * @example
 * ```ts
 * import { exists, from } from 'meshestra/query';
 *
 * const writers = from(Author).where((author) => exists(from(Post).where((post) => post.author.id.eq(author.id))));
 * // SELECT … FROM "authors" AS "t0" WHERE EXISTS (SELECT 1 FROM "posts" AS "t1" WHERE "t1"."author_id" = "t0"."id")
 * ```
 */
export function exists(query: BuiltQuery<unknown>): Expression<boolean> {
  return new Expression(existence(query, false));
}

/** Whether a query has no row: the opposite of {@link exists}. SQL: `NOT EXISTS (…)`. */
export function notExists(query: BuiltQuery<unknown>): Expression<boolean> {
  return new Expression(existence(query, true));
}

/**
 * The value of a query that selects one expression (else `validation`) and gives one row at most; NULL where it gives none. Of
 * several rows SQLite takes the first, and others fail (`driver`): an aggregate, or `limit(1)`, makes sure. SQL: `(SELECT …)`.
 *
 * @example
 * ```ts
 * import { count, from, scalar } from 'meshestra/query';
 *
 * const rows = from(Author).select((author) => ({
 *   name: author.name,
 *   posts: scalar(
 *     from(Post)
 *       .where((post) => post.author.id.eq(author.id))
 *       .select(() => count()),
 *   ),
 * }));
 * // SELECT "t0"."name", (SELECT COUNT(*) FROM "posts" AS "t1" WHERE "t1"."author_id" = "t0"."id") FROM "authors" AS "t0"
 * ```
 */
export function scalar<V>(query: BuiltQuery<V>): Expression<V | null> {
  return new Expression(scalarValue(query));
}

/** All of the conditions, for lists of any length that are made at run time. Without any it holds. SQL: `a AND b`. */
export function allOf(conditions: readonly Predicate[]): Expression<boolean> {
  return new Expression(logical('and', lowersOf('allOf()', conditions)));
}

/** At least one of the conditions, for lists of any length that are made at run time. Without any it does not hold. SQL: `a OR b`. */
export function anyOf(conditions: readonly Predicate[]): Expression<boolean> {
  return new Expression(logical('or', lowersOf('anyOf()', conditions)));
}

function lowersOf(method: string, conditions: unknown): Lower[] {
  if (Array.isArray(conditions)) return conditions.map(lowerOf);
  throw new ValidationError(`${method} takes an array of conditions`);
}

function call(name: FunctionName, operands: CallNode['operands'], type: CallNode['type']): CallNode {
  return { kind: 'call', function: name, operands, distinct: false, type };
}
