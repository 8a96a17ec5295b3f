import type { SqlTraits } from '../../../src/dialect/sqlite/index.ts';

/** A statement compiled by SQLite, with what does not change from run to run. */
export interface NativeStatement {
  readonly pointer: number;
  readonly traits: SqlTraits;
  readonly parameters: number;
  columns: readonly string[];
  /** The schema epoch that {@link NativeStatement.columns} was read in. */
  epoch: number;
  /** When the statement ran last, in runs of the database. */
  used: number;
}
