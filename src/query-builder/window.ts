import type { CallNode, ExpressionNode, FunctionName } from '../ast/query-node.ts';
import { ValidationError } from '../errors.ts';
import { computed, INTEGER } from './computed-type.ts';
import { Expression, lowerOf } from './expression.ts';
import { type Lower, type Lowered, readable } from './lowered.ts';
import { type SortKey, sortable, sortNodes } from './sort-key.ts';
import { sortKeys } from './sort-keys.ts';

/** The rows that a window function sees. */
export interface WindowOptions {
  /** Only rows with the same values; all rows unless given. */
  readonly partitionBy?: Expression<unknown> | readonly Expression<unknown>[];
  /** The order of the rows. With it an aggregate sees the rows up to the present one and its equals. */
  readonly orderBy?: SortKey | Expression<unknown> | readonly (SortKey | Expression<unknown>)[];
}

/** A function that has a value over a window of rows only: `over()` says which. */
export class WindowFunction<V> {
  declare readonly value: V;
  readonly #call: Lower;

  constructor(call: Lower) {
    this.#call = call;
  }

  /** Over these rows. SQL: `… OVER (PARTITION BY … ORDER BY …)`. */
  over(window: WindowOptions = {}): Expression<V> {
    return new Expression(callOver(this.#call, window));
  }
}

/**
 * The number of the row in its window, from 1. SQL: `ROW_NUMBER()`.
 *
 * @example
 * ```ts
 * import { from, rowNumber } from 'meshestra/query';
 *
 * const ranked = from(Post).select((post) => ({
 *   title: post.title,
 *   place: rowNumber().over({ partitionBy: post.author.id, orderBy: post.publishedAt.desc() }),
 * }));
 * const latest = from(ranked).where((row) => row.place.eq(1)); // a window has no value yet in the WHERE of its own query
 * // SELECT … FROM (SELECT "t0"."title" AS "c0", ROW_NUMBER() OVER (PARTITION BY "t0"."author_id" ORDER BY
 * // "t0"."published_at" DESC) AS "c1" FROM "posts" AS "t0") AS "t1" WHERE "t1"."c1" = ?
 * ```
 */
export function rowNumber(): WindowFunction<number> {
  return ranking('row_number');
}

/** The rank of the row; equal rows share one, and leave a gap behind them. SQL: `RANK()`. */
export function rank(): WindowFunction<number> {
  return ranking('rank');
}

/** The rank of the row; equal rows share one, and the next follows without a gap. SQL: `DENSE_RANK()`. */
export function denseRank(): WindowFunction<number> {
  return ranking('dense_rank');
}

/**
 * The value in the row that many rows before, 1 unless given; NULL where there is none. Throws `validation` for what is no
 * whole number, 0 or more. SQL: `LAG(x, n)`.
 */
export function lag<V>(of: Expression<V>, distance = 1): WindowFunction<V | null> {
  return neighbour('lag', of, [distanceNode(distance)]);
}

/** The value in the row that many rows behind; otherwise as {@link lag}. SQL: `LEAD(x, n)`. */
export function lead<V>(of: Expression<V>, distance = 1): WindowFunction<V | null> {
  return neighbour('lead', of, [distanceNode(distance)]);
}

/** The value in the first row of the window. SQL: `FIRST_VALUE(x)`. */
export function firstValue<V>(of: Expression<V>): WindowFunction<V | null> {
  return neighbour('first_value', of, []);
}

function ranking(name: FunctionName): WindowFunction<number> {
  return new WindowFunction((level) => computed(level, call(name, []), INTEGER, false));
}

function neighbour<V>(
  name: FunctionName,
  of: Expression<V>,
  further: readonly ExpressionNode[],
): WindowFunction<V | null> {
  return new WindowFunction((level) => {
    const operand = lowerOf(of)(level);
    const { custom: _, ...type } = operand.type;
    return { ...operand, type, node: call(name, [readable(operand), ...further]), nullable: true, column: null };
  });
}

function distanceNode(distance: number): ExpressionNode {
  if (Number.isSafeInteger(distance) && distance >= 0) return { kind: 'constant', value: distance };
  throw new ValidationError('lag() and lead() take a whole number of rows, 0 or more');
}

function call(name: FunctionName, operands: CallNode['operands']): CallNode {
  return { kind: 'call', function: name, operands, distinct: false, type: null };
}

/** A function over a window. What is computed of its result stays around it. */
export function callOver(lower: Lower, window: WindowOptions): Lower {
  if (typeof window !== 'object' || window === null) throw new ValidationError('over() takes { partitionBy, orderBy }');
  const { partitionBy = [], orderBy = [] } = window;
  const groups = (Array.isArray(partitionBy) ? partitionBy : [partitionBy]).map(lowerOf);
  const keys = sortKeys('orderBy of over()', orderBy);
  return (level) => {
    const lowered = lower(level);
    const partitions = groups.map((group) => sortable(group(level)));
    const order = keys.flatMap((key) => sortNodes(level, key));
    return { ...lowered, node: overNode(lowered, { partitionBy: partitions, orderBy: order }) };
  };
}

function overNode(
  { node }: Lowered,
  window: { readonly partitionBy: readonly ExpressionNode[]; readonly orderBy: ReturnType<typeof sortNodes> },
): ExpressionNode {
  if (node.kind === 'call') return { kind: 'over', call: node, ...window };
  // The mean of decimals in units is divided afterwards.
  if (node.kind === 'arithmetic' && node.left.kind === 'call') {
    return { ...node, left: { kind: 'over', call: node.left, ...window } };
  }
  throw new ValidationError('over() stands behind an aggregate or a window function');
}
