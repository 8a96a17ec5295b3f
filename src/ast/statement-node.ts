import type { CompoundNode, SelectionNode, SelectNode } from './query-node.ts';
import type {
  BulkUpdateNode,
  DefinitionNode,
  DeleteNode,
  InsertNode,
  RawStatementNode,
  SavepointNode,
  UpdateRowsNode,
} from './write-node.ts';

/** The statements that reads, flushes, schema changes and raw SQL are made of, told apart by `kind`. */
export type PlainStatementNode =
  | SelectNode
  | InsertNode
  | UpdateRowsNode
  | DeleteNode
  | SavepointNode
  | DefinitionNode
  | RawStatementNode;

/** The statements that only the query builder makes. */
export type BuiltStatementNode = SelectionNode | CompoundNode | BulkUpdateNode;

/** Every statement, told apart by `kind`. */
export type StatementNode = PlainStatementNode | BuiltStatementNode;
