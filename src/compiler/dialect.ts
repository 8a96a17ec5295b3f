import type { LockClause } from '../ast/query-node.ts';
import type { RowCount, TargetColumn, UpsertClause } from '../ast/write-node.ts';
import type { CodecChoice } from '../codec/codec.ts';
import type { ColumnType } from '../codec/column-type.ts';
import type { PersistenceError } from '../errors.ts';
import type { SchemaModel } from '../schema/schema-model.ts';
import type { WireValue } from '../wire/wire-value.ts';
import type { BatchDialect } from './batch-dialect.ts';

/** Where the compiler's text depends on the engine. Arguments that are SQL are finished text. */
export interface CompilerHooks {
  /** A parameter; adds a cast where the engine would take the bare placeholder for another type. */
  parameter(placeholder: string, type: ColumnType | null, value?: WireValue): string;
  /** The value that a column of the type stores, over the SQL of a wire value; it differs for custom types only. */
  stored(wire: string, type: ColumnType): string;
  /** Membership of one operand, or of a tuple, in the list of the one parameter `placeholder`. */
  inList(operands: readonly string[], types: readonly ColumnType[], placeholder: string, negated: boolean): string;
  /** An operand in a form that orders by value. Throws `unsupported-by-driver` where there is none. */
  ordered(operand: string, type: ColumnType): string;
  /** All values of the operand over the result, as one value that {@link Dialect.decodeList} reads. */
  collect(operand: string, type: ColumnType): string;
  /** LIMIT and OFFSET; at least one of the two is there. */
  limit(limit: string | null, offset: string | null): string;
  /** The clause that locks the rows of the table under an alias; absent where the engine has no row locks. */
  lock?(clause: LockClause, alias: string): string;
  /** An operand in a form that LIKE takes. */
  matched(operand: string, type: ColumnType): string;
  /** The literal after ESCAPE that stands for one backslash. */
  readonly likeEscape: string;
  /** The beginning of a DELETE up to its WHERE, of a table under an alias; both are quoted. */
  deleteFrom(table: string, alias: string): string;
  /** The whole text of an INSERT. */
  insertRows(insert: InsertText): string;
  /** The end of an INSERT that says what becomes of a row that is there already. */
  onConflict(table: string, clause: UpsertClause): string;
  /**
   * Whether an INSERT with such an end failed because a row met another one elsewhere than in the `by` columns; absent where
   * the engine itself says so.
   */
  isOtherConflict?(error: PersistenceError): boolean;
  /** The whole text of an UPDATE of rows by their keys. */
  updateRows(update: UpdateText): string;
}

/** The parts of an INSERT that a dialect writes. */
export interface InsertText extends RowParameters {
  readonly table: string;
  readonly columns: readonly TargetColumn[];
  /** The column whose generated values are to become known, as {@link Dialect.generatedKeys} says; or null. */
  readonly key: string | null;
  /** Whether rows whose key is there already are left as they are. */
  readonly ignoreConflicts: boolean;
}

/** The parts of an UPDATE that a dialect writes. Its columns are counted over match columns, then set columns. */
export interface UpdateText extends RowParameters {
  readonly table: string;
  readonly match: readonly TargetColumn[];
  readonly set: readonly TargetColumn[];
}

/**
 * How the values of several rows become parameters: `values`, each is one; `columns`, one list for each column; `rows`, one
 * list of all rows, each a tuple.
 */
export type RowTransport = 'values' | 'columns' | 'rows';

/** The rows of a write, and how their values get into the text. */
export interface RowParameters {
  readonly rows: RowCount;
  /**
   * Binds and gives the parameter of a row's column, with its cast; for `lists` the bare placeholder of the column's list,
   * whatever the row, or that of all rows as column 0. It is called once for each, in the order in which they stand in the
   * text.
   */
  parameter(row: number, column: number): string;
}

/** A statement of the data definition language, with the table it is about. */
export interface SchemaStatement {
  readonly table: string;
  readonly sql: string;
}

/**
 * All that distinguishes one SQL engine from another: quoting, placeholders, codecs, compiler hooks, DDL. What differs is
 * data or a hook here; nothing outside `src/dialect` asks for a dialect's name.
 */
export interface Dialect {
  readonly name: string;
  /** An identifier quoted so that no content can end it. Throws `validation` for NUL, empty, or too long names. */
  quote(identifier: string): string;
  /** The placeholder of the parameter at a 1-based position. */
  placeholder(position: number): string;
  readonly hooks: CompilerHooks;
  /** The codec for the values of a column type. */
  readonly codec: CodecChoice;
  /**
   * A list of keys (each a tuple, in the order of the operands) as the one parameter that `inList` reads; also the lists
   * that {@link rowLists} speaks of: the values of one column of many rows, as tuples of one, or whole rows.
   */
  encodeList(tuples: readonly (readonly WireValue[])[], types: readonly ColumnType[]): WireValue;
  /** The values that `collect` gathered, in their order. */
  decodeList(value: WireValue, type: ColumnType): readonly WireValue[];
  /**
   * The statements that create the tables, constraints and indexes of a model, in order. A promise, because most programs
   * never need them: a dialect may load that part when it is asked for.
   */
  createSchema(schema: SchemaModel): Promise<readonly SchemaStatement[]>;
  /** How a flush becomes one atomic batch; a promise, because most programs never need it. */
  batch(): Promise<BatchDialect>;
  /** Rows a multi-row INSERT or UPDATE carries at most, as measured; the parameter limit is counted besides. */
  readonly rowsPerStatement: { readonly insert: number; readonly update: number };
  /** How several rows of one statement travel; one row is always `values`. */
  readonly rowLists: { readonly insert: RowTransport; readonly update: RowTransport };
  /**
   * How keys that the database generates become known after an INSERT of several rows: `consecutive`, the rows of one
   * statement have keys at equal distances that end with `lastInsertId`; `returned`, the INSERT gives a row for each of
   * its rows, in any order: the place of the row in the statement, counted from 1, and its key.
   */
  readonly generatedKeys: 'consecutive' | 'returned';
  /**
   * A SELECT that gives keys for rows that are about to be inserted, in one column and as many rows as its one parameter
   * says. Null where the engine hands keys out in an INSERT only.
   */
  readonly allocateKeys: ((table: string, column: string) => string) | null;
  /**
   * When a DELETE of several rows checks the foreign keys among them: `statement`, after all of them; `row`, after each, so
   * that rows which refer to each other have to be parted before.
   */
  readonly foreignKeysCheckedPer: 'statement' | 'row';
}
