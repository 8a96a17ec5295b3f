import type { ExpressionNode } from './expression-node.ts';

/** A table under an alias. */
export interface TableNode {
  readonly kind: 'table';
  readonly name: string;
  readonly alias: string;
}

/** A further table with the condition that joins it. */
export interface JoinNode {
  readonly kind: 'join';
  readonly type: 'inner' | 'left';
  readonly table: TableNode;
  readonly on: ExpressionNode;
}

/** One key of ORDER BY. */
export interface OrderNode {
  readonly kind: 'order';
  readonly operand: ExpressionNode;
  readonly direction: 'asc' | 'desc';
}

/** A SELECT. An absent clause is null or empty. */
export interface SelectNode {
  readonly kind: 'select';
  readonly columns: readonly ExpressionNode[];
  readonly from: TableNode;
  readonly joins: readonly JoinNode[];
  readonly where: ExpressionNode | null;
  readonly orderBy: readonly OrderNode[];
  readonly limit: ExpressionNode | null;
  readonly offset: ExpressionNode | null;
}
