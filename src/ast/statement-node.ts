import type { SelectNode } from './query-node.ts';
import type {
  DefinitionNode,
  DeleteNode,
  InsertNode,
  RawStatementNode,
  SavepointNode,
  UpdateRowsNode,
} from './write-node.ts';

/** Every statement, told apart by `kind`. */
export type StatementNode =
  | SelectNode
  | InsertNode
  | UpdateRowsNode
  | DeleteNode
  | SavepointNode
  | DefinitionNode
  | RawStatementNode;
