import {
  type NativeChanges,
  type NativeSqlite,
  type NativeStatement,
  narrowIntegers,
  RESULT_CODES,
  type SqlTraits,
  sqliteError,
} from '../../src/dialect/sqlite/index.ts';
import {
  ClosedError,
  DriverError,
  LockTimeoutError,
  type PersistenceError,
  ValidationError,
  type WireValue,
} from '../../src/port.ts';
import type { BetterSqlite3Database, BetterSqlite3Statement } from './native-handle.ts';

/** What the engine runs statements with. */
export function nativeDatabase(database: BetterSqlite3Database): NativeSqlite {
  return {
    prepare: (sql, traits) => new Statement(database.prepare(sql), traits),
    get inTransaction() {
      return database.inTransaction;
    },
    error: betterSqlite3Error,
  };
}

/**
 * One statement. better-sqlite3 either rounds integers beyond 2^53 or makes a bigint of every integer, which takes a
 * quarter longer. So a SELECT is read in numbers; where one of them may be rounded, it is read again in bigints, now and
 * ever after. Whatever else answers must not run twice and is read in bigints from the start.
 */
class Statement implements NativeStatement {
  readonly answers: boolean;
  readonly #native: BetterSqlite3Statement;
  #exact: boolean;

  constructor(native: BetterSqlite3Statement, { effect }: SqlTraits) {
    this.#native = native;
    this.answers = native.reader;
    this.#exact = effect !== 'read';
    if (native.reader) native.raw(true);
    native.safeIntegers(this.#exact);
  }

  columns(): readonly string[] {
    return this.#native.columns().map(({ name }) => name);
  }

  all(params: readonly WireValue[]): WireValue[][] {
    const rows = this.#native.all(params) as WireValue[][];
    const rounded = toWire(rows);
    if (this.#exact) narrowIntegers(rows);
    else if (rounded) {
      this.#native.safeIntegers(true);
      this.#exact = true;
      return this.all(params);
    }
    return rows;
  }

  run(params: readonly WireValue[]): NativeChanges {
    return this.#native.run(params);
  }
}

/** Makes a plain `Uint8Array` of each `Buffer`, and tells whether a number is so large that it may have been rounded. */
function toWire(rows: readonly WireValue[][]): boolean {
  let rounded = false;
  for (const row of rows) {
    for (let column = 0; column < row.length; column++) {
      const value = row[column];
      if (typeof value === 'number') {
        if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) rounded = true;
      } else if (typeof value === 'object' && value !== null) {
        row[column] = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      }
    }
  }
  return rounded;
}

/** What an error of better-sqlite3 means. */
export function betterSqlite3Error(cause: unknown): PersistenceError {
  const { name, message, code } = cause as { name?: unknown; message?: unknown; code?: unknown };
  const text = String(message);
  if (name === 'SqliteError') return sqliteError(text, RESULT_CODES.get(String(code).split('_')[1] ?? ''), cause);
  // What better-sqlite3 finds out before SQLite has run anything: the wrong number of values, more than one statement.
  if (name === 'RangeError') return new ValidationError(text, { cause });
  if (text.includes('connection is not open')) return new ClosedError('the database is closed', { cause });
  if (text.includes('busy executing')) {
    return new LockTimeoutError('the application is reading from this database with iterate()', { cause });
  }
  return new DriverError(`better-sqlite3: ${text}`, { cause });
}
