import {
  type NativeChanges,
  type NativeSqlite,
  type NativeStatement,
  narrowIntegers,
  type SqlTraits,
  sqliteError,
} from '../../src/dialect/sqlite/index.ts';
import { ClosedError, DriverError, type PersistenceError, ValidationError, type WireValue } from '../../src/port.ts';
import { countParameters } from './count-parameters.ts';
import type { NodeSqliteDatabase, NodeSqliteStatement } from './native-handle.ts';

/** What the engine runs statements with. */
export function nativeDatabase(database: NodeSqliteDatabase): NativeSqlite {
  return {
    prepare(sql, traits) {
      const parameters = countParameters(sql);
      return new Statement(database.prepare(sql), traits, parameters);
    },
    get inTransaction() {
      return database.isTransaction;
    },
    error: nodeSqliteError,
  };
}

/**
 * One statement. node:sqlite either refuses integers beyond 2^53 or makes a bigint of every integer, which takes a third
 * longer. So a SELECT is read in numbers; where that is refused, it is read again in bigints, now and ever after.
 * Whatever else answers must not run twice and is read in bigints from the start.
 */
class Statement implements NativeStatement {
  readonly answers: boolean;
  readonly #native: NodeSqliteStatement;
  readonly #parameters: number;
  #exact: boolean;

  constructor(native: NodeSqliteStatement, { effect }: SqlTraits, parameters: number) {
    this.#native = native;
    this.#parameters = parameters;
    this.#exact = effect !== 'read';
    native.setReturnArrays(true);
    native.setReadBigInts(this.#exact);
    this.answers = native.columns().length > 0;
  }

  columns(): readonly string[] {
    return this.#native.columns().map(({ name }) => name);
  }

  all(params: readonly WireValue[]): WireValue[][] {
    this.#check(params);
    let rows: WireValue[][];
    try {
      rows = this.#native.all(...params) as WireValue[][];
    } catch (error) {
      if (this.#exact || codeOf(error) !== 'ERR_OUT_OF_RANGE') throw error;
      this.#native.setReadBigInts(true);
      this.#exact = true;
      return this.all(params);
    }
    if (this.#exact) narrowIntegers(rows);
    return rows;
  }

  run(params: readonly WireValue[]): NativeChanges {
    this.#check(params);
    return this.#native.run(...params);
  }

  #check({ length }: readonly WireValue[]): void {
    if (length === this.#parameters) return;
    throw new ValidationError(`the statement has ${this.#parameters} parameters, but ${length} values were given`);
  }
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown }).code;
}

/** What an error of node:sqlite means. */
export function nodeSqliteError(cause: unknown): PersistenceError {
  const { message, errcode } = cause as { message?: unknown; errcode?: unknown };
  const text = String(message);
  switch (codeOf(cause)) {
    case 'ERR_SQLITE_ERROR':
      return sqliteError(text, Number(errcode), cause);
    case 'ERR_INVALID_STATE':
      return new ClosedError('the database is closed', { cause });
    default:
      return new DriverError(`node:sqlite: ${text}`, { cause });
  }
}
