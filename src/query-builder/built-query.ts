import { checkDepth } from '../ast/depth.ts';
import type { QueryNode } from '../ast/query-node.ts';
import { ValidationError } from '../errors.ts';
import type { Level } from './level.ts';
import type { OutputColumn } from './output-column.ts';

/** A query as part of a statement. */
export interface LoweredQuery {
  readonly node: QueryNode;
  /** Its columns by the path of their property: `name`, or `author.name`. In their order. */
  readonly outputs: ReadonlyMap<string, OutputColumn>;
  /** Whether a row is the value of its one column, and not an object. */
  readonly isBare: boolean;
}

/**
 * A query with rows `R` that can stand inside of another: behind `from()` and `join()`, in `union()`, `exists()`, `in()` and
 * `scalar()`. Made by `from()` and what follows it only; no data can be one.
 */
export abstract class BuiltQuery<R> {
  declare readonly result?: R;

  /** Makes its part of a statement; `named` says whether a query around it reads its columns. */
  protected abstract lower(outer: Level, named: boolean): LoweredQuery;

  /** See {@link lower}. */
  static lower(query: BuiltQuery<unknown>, outer: Level, named: boolean): LoweredQuery {
    if (!(query instanceof BuiltQuery)) throw new ValidationError('a query is expected here: what from() made');
    checkDepth(++outer.depth);
    const lowered = query.lower(outer, named);
    outer.depth -= 1;
    return lowered;
  }
}
