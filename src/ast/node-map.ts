import type { ExpressionNode, JoinNode, OrderNode, TableNode } from './query-node.ts';
import type { StatementNode } from './statement-node.ts';

/** Every node of the tree, told apart by `kind`. */
export type Node = StatementNode | ExpressionNode | TableNode | JoinNode | OrderNode;

/** The node type of each kind. */
export type NodeMap = { readonly [K in Node['kind']]: Extract<Node, { readonly kind: K }> };

// The properties that hold nodes. A record and not a list, so that leaving one out does not compile.
type ChildKeys<N> = {
  [P in keyof N]-?: NonNullable<N[P]> extends Node | readonly Node[] ? P : never;
}[keyof N];

/** Where each kind of node has its children, in the order of the SQL text. Visitor and transformer follow from it. */
export const children: { readonly [K in Node['kind']]: Readonly<Record<ChildKeys<NodeMap[K]>, true>> } = {
  select: { columns: true, from: true, joins: true, where: true, orderBy: true, limit: true, offset: true },
  table: {},
  join: { table: true, on: true },
  order: { operand: true },
  insert: {},
  'update-rows': {},
  delete: { where: true },
  savepoint: {},
  definition: {},
  'raw-statement': { holes: true },
  column: {},
  slot: {},
  value: {},
  comparison: { left: true, right: true },
  logical: { operands: true },
  not: { operand: true },
  'null-test': { operand: true },
  like: { operand: true, pattern: true },
  'in-list': { operands: true, list: true },
  exists: { query: true },
  ordered: { operand: true },
  count: {},
  collect: { operand: true },
  raw: { holes: true },
};
