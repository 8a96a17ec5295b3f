import type {
  BranchNode,
  ExpressionNode,
  JoinNode,
  OrderNode,
  ProjectionNode,
  RecursionNode,
  SourceJoinNode,
  SourceNode,
} from './query-node.ts';
import type { StatementNode } from './statement-node.ts';
import type { AssignmentNode } from './write-node.ts';

/** Every node of the tree, told apart by `kind`. */
export type Node =
  | StatementNode
  | ExpressionNode
  | SourceNode
  | JoinNode
  | SourceJoinNode
  | OrderNode
  | ProjectionNode
  | RecursionNode
  | BranchNode
  | AssignmentNode;

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
  selection: {
    recursions: true,
    columns: true,
    from: true,
    joins: true,
    where: true,
    groupBy: true,
    having: true,
    orderBy: true,
    limit: true,
    offset: true,
  },
  compound: { left: true, right: true },
  projection: { operand: true },
  derived: { query: true },
  'recursive-rows': {},
  joined: { left: true, right: true, on: true },
  'source-join': { source: true, on: true },
  recursion: { base: true, step: true },
  parameter: {},
  call: { operands: true },
  over: { call: true, partitionBy: true, orderBy: true },
  arithmetic: { left: true, right: true },
  cast: { operand: true },
  branch: { condition: true, value: true },
  case: { branches: true, otherwise: true },
  subquery: { query: true },
  'exists-query': { query: true },
  'in-query': { operand: true, query: true },
  'distinct-from': { left: true, right: true },
  constant: {},
  'bulk-update': { set: true, where: true },
  assignment: { value: true },
};
