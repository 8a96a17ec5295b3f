import type { CallNode, ExpressionNode, FunctionName, OverNode } from '../ast/query-node.ts';
import { ValidationError } from '../errors.ts';
import { computed, INTEGER } from './computed-type.ts';
import { Expression, lowerOf } from './expression.ts';
import { type Lower, readable } from './lowered.ts';
import { type RowFrame, rowBounds } from './row-frame.ts';
import { type SortKey, sortable, sortNodes } from './sort-key.ts';
import { sortKeys } from './sort-keys.ts';

/** The rows that a window function sees. */
export interface WindowOptions {
  /** Only rows with the same values; all rows unless given. */
  readonly partitionBy?: Expression<unknown> | readonly Expression<unknown>[];
  /** The order of the rows. With it an aggregate sees the rows up to the present one and its equals. */
  readonly orderBy?: SortKey | Expression<unknown> | readonly (SortKey | Expression<unknown>)[];
}

/** The same, with the rows of the window that count for each of its rows. */
export interface FramedWindowOptions extends WindowOptions {
  /** Only these rows; it needs `orderBy`. SQL: `ROWS BETWEEN … AND …`. */
  readonly frame?: RowFrame;
}

/** A function that has a value over a window of rows only: `over()` says which. */
export class WindowFunction<V> {
  declare readonly value: V;
  protected readonly call: Lower;

  constructor(call: Lower) {
    this.call = call;
  }

  /** Over these rows. SQL: `… OVER (PARTITION BY … ORDER BY …)`. */
  over(window: WindowOptions = {}): Expression<V> {
    if (typeof window === 'object' && window !== null && 'frame' in window) {
      throw new ValidationError(
        'a frame is for aggregates, firstValue() and lastValue(); the others see the whole window',
      );
    }
    return new Expression(callOver(this.call, window));
  }
}

/** A function whose value is one of the rows that count. */
export class FrameFunction<V> extends WindowFunction<V> {
  /** Over these rows, or those of a frame in them. SQL: `… OVER (PARTITION BY … ORDER BY … ROWS BETWEEN … AND …)`. */
  override over(window: FramedWindowOptions = {}): Expression<V> {
    return new Expression(callOver(this.call, window));
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
  return new WindowFunction(valueIn('lag', of, [distanceNode(distance)]));
}

/** The value in the row that many rows behind; otherwise as {@link lag}. SQL: `LEAD(x, n)`. */
export function lead<V>(of: Expression<V>, distance = 1): WindowFunction<V | null> {
  return new WindowFunction(valueIn('lead', of, [distanceNode(distance)]));
}

/** The value in the first row of the window, or of its frame; NULL where that has none. SQL: `FIRST_VALUE(x)`. */
export function firstValue<V>(of: Expression<V>): FrameFunction<V | null> {
  return new FrameFunction(valueIn('first_value', of, []));
}

/**
 * The value in the last row of the frame; NULL where that has none. Without a frame that is the present row, or one of its
 * equals: give `{ from: 'start', to: 'end' }` for the last of the window. SQL: `LAST_VALUE(x)`.
 */
export function lastValue<V>(of: Expression<V>): FrameFunction<V | null> {
  return new FrameFunction(valueIn('last_value', of, []));
}

function ranking(name: FunctionName): WindowFunction<number> {
  return new WindowFunction((level) => computed(level, call(name, []), INTEGER, false));
}

function valueIn(name: FunctionName, of: Expression<unknown>, further: readonly ExpressionNode[]): Lower {
  return (level) => {
    const operand = lowerOf(of)(level);
    const { custom: _, ...type } = operand.type;
    return { ...operand, type, node: call(name, [readable(operand), ...further]), nullable: true, column: null };
  };
}

function distanceNode(distance: number): ExpressionNode {
  if (Number.isSafeInteger(distance) && distance >= 0) return { kind: 'constant', value: distance };
  throw new ValidationError('lag() and lead() take a whole number of rows, 0 or more');
}

function call(name: FunctionName, operands: CallNode['operands']): CallNode {
  return { kind: 'call', function: name, operands, distinct: false, type: null };
}

/** A function over a window. What is computed of its result stays around it. */
export function callOver(lower: Lower, window: FramedWindowOptions): Lower {
  if (typeof window !== 'object' || window === null)
    throw new ValidationError('over() takes { partitionBy, orderBy, frame }');
  const { partitionBy = [], orderBy = [] } = window;
  const frame = window.frame === undefined ? null : rowBounds(window.frame);
  const groups = (Array.isArray(partitionBy) ? partitionBy : [partitionBy]).map(lowerOf);
  const keys = sortKeys('orderBy of over()', orderBy);
  if (frame !== null && keys.length === 0)
    throw new ValidationError('a frame needs orderBy: without it, rows have no places');
  return (level) => {
    const lowered = lower(level);
    const partitions = groups.map((group) => sortable(group(level)));
    const order = keys.flatMap((key) => sortNodes(level, key));
    const over = (called: CallNode): OverNode => ({
      kind: 'over',
      call: called,
      partitionBy: partitions,
      orderBy: order,
      frame,
    });
    return { ...lowered, node: mapCall(lowered.node, over, 'over()') };
  };
}

/** The node with what `change` makes of its call. */
export function mapCall(
  node: ExpressionNode,
  change: (call: CallNode) => CallNode | OverNode,
  method: string,
): ExpressionNode {
  if (node.kind === 'call') return change(node);
  // The mean of decimals in units is divided afterwards.
  if (node.kind === 'arithmetic' && node.left.kind === 'call') return { ...node, left: change(node.left) };
  throw new ValidationError(`${method} stands behind an aggregate or a window function`);
}
