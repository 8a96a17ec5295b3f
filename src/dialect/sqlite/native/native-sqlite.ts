import type { PersistenceError } from '../../../errors.ts';
import type { WireValue } from '../../../wire/wire-value.ts';
import type { SqlTraits } from '../sql-traits.ts';

/** What {@link SqliteEngine} needs of a driver that is SQLite itself, compiled into the process. */
export interface NativeSqlite {
  /** Compiles exactly one statement; throws where there is none, or more. */
  prepare(sql: string, traits: SqlTraits): NativeStatement;
  readonly inTransaction: boolean;
  /** What an error of the driver means. */
  error(cause: unknown): PersistenceError;
}

/** A statement of the native driver. */
export interface NativeStatement {
  /** Whether it answers with rows. */
  readonly answers: boolean;
  /** The names of the columns, as they are after the last run: SQLite compiles anew where the schema changed. */
  columns(): readonly string[];
  /** Runs it and reads every row: exact integers, `bigint` beyond ±(2^53 - 1) and `number` below; bytes as `Uint8Array`. */
  all(params: readonly WireValue[]): WireValue[][];
  /** Runs one that does not answer with rows. */
  run(params: readonly WireValue[]): NativeChanges;
}

/** What a statement without rows tells. */
export interface NativeChanges {
  readonly changes: number | bigint;
  /** The last rowid of the connection, exact, whether or not this statement made it. */
  readonly lastInsertRowid: number | bigint;
}
