import type { ExpressionNode, OrderNode } from '../ast/query-node.ts';
import { ValidationError } from '../errors.ts';
import type { Level } from './level.ts';
import type { Lower, Lowered } from './lowered.ts';

/** How an order treats NULL. */
export interface SortOptions {
  /** Where rows without a value stand; unless it is said, engines differ: first on SQLite and MySQL, last on PostgreSQL. */
  readonly nulls?: 'first' | 'last';
}

/** One key of an order; made by `asc()` and `desc()` of an expression. */
export class SortKey {
  readonly lower: Lower;
  readonly direction: 'asc' | 'desc';
  readonly nulls: SortOptions['nulls'];

  constructor(lower: Lower, direction: 'asc' | 'desc', options?: SortOptions) {
    const nulls = options?.nulls;
    if (nulls !== undefined && nulls !== 'first' && nulls !== 'last') {
      throw new ValidationError("asc() and desc() take { nulls: 'first' } or { nulls: 'last' }");
    }
    this.lower = lower;
    this.direction = direction;
    this.nulls = nulls;
  }
}

/** The nodes of a key: no engine of ours but PostgreSQL and SQLite has NULLS FIRST, and all order by whether a value is there. */
export function sortNodes(level: Level, { lower, direction, nulls }: SortKey): OrderNode[] {
  const operand = sortable(lower(level));
  const key: OrderNode = { kind: 'order', operand, direction };
  if (nulls === undefined) return [key];
  const missing: ExpressionNode = { kind: 'null-test', operand, negated: false };
  return [{ kind: 'order', operand: missing, direction: nulls === 'first' ? 'desc' : 'asc' }, key];
}

/** An expression in the form that orders by value. */
export function sortable({ node, type }: Lowered): ExpressionNode {
  return type.name === 'decimal' ? { kind: 'ordered', operand: node, type } : node;
}
