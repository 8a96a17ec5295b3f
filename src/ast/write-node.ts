import type { ColumnType } from '../codec/column-type.ts';
import type { ExpressionNode } from './query-node.ts';

/** A column that a statement writes or matches rows by. */
export interface TargetColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/**
 * The rows of a multi-row INSERT or UPDATE. Either a number of rows, whose slots are numbered row by row: row r, column c
 * is slot `r * columns + c`. Or `lists`, where the text is the same for any number of rows, because they travel as what
 * `Dialect.encodeList` makes of them (`Dialect.rowLists`): one list for each column, column c in slot c, or all rows in slot 0.
 */
export type RowCount = number | 'lists';

/** An INSERT. Without columns the row takes the defaults of the table, and `rows` is 1. */
export interface InsertNode {
  readonly kind: 'insert';
  readonly table: string;
  readonly columns: readonly TargetColumn[];
  readonly rows: RowCount;
  /** The column that the database generates a key for, which is to become known; null where there is none. */
  readonly key: string | null;
  /** Rows whose key is there already are left as they are. */
  readonly ignoreConflicts: boolean;
  readonly upsert?: UpsertClause;
}

/** What an INSERT does about a row that is there already, by the same values in the `by` columns. All names are columns. */
export interface UpsertClause {
  readonly by: readonly string[];
  /** The columns that the row takes over; without any it is left as it is. */
  readonly update: readonly string[];
  /** The column that counts the changes of the row. */
  readonly counter: string | null;
}

/**
 * One UPDATE of many rows, each found by its key and changed to its own values. Its columns are first the `match` columns
 * (key, then the version it must still have), then the `set` columns.
 */
export interface UpdateRowsNode {
  readonly kind: 'update-rows';
  readonly table: string;
  readonly match: readonly TargetColumn[];
  readonly set: readonly TargetColumn[];
  readonly rows: RowCount;
}

/** A DELETE of the rows that a condition holds for; `where` names columns by the alias. */
export interface DeleteNode {
  readonly kind: 'delete';
  readonly table: string;
  readonly alias: string;
  readonly where: ExpressionNode;
}

/** One column of an UPDATE, and what it becomes. */
export interface AssignmentNode {
  readonly kind: 'assignment';
  readonly column: string;
  readonly value: ExpressionNode;
}

/** An UPDATE of all rows that a condition holds for; condition and values name columns by the alias. */
export interface BulkUpdateNode {
  readonly kind: 'bulk-update';
  readonly table: string;
  readonly alias: string;
  readonly set: readonly AssignmentNode[];
  readonly where: ExpressionNode | null;
}

/** Savepoints inside a transaction. */
export interface SavepointNode {
  readonly kind: 'savepoint';
  readonly action: 'create' | 'release' | 'rollback';
  readonly name: string;
}

/** A change of the schema, as text that a dialect made. */
export interface DefinitionNode {
  readonly kind: 'definition';
  readonly sql: string;
  readonly table: string;
}

/** A whole statement as raw text with parameters; `writes` as in `ExecuteOptions.writes`, or null where unknown. */
export interface RawStatementNode {
  readonly kind: 'raw-statement';
  readonly texts: readonly string[];
  readonly holes: readonly ExpressionNode[];
  readonly writes: readonly string[] | null;
}
