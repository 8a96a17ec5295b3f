import {
  aborted,
  type ExecuteOptions,
  type PersistenceError,
  type ResultSet,
  type Statement,
  type Transaction,
  TransactionScopeError,
} from '../../../src/port.ts';
import type { NativeDatabase } from '../engine/native-database.ts';
import type { NativeStatement } from '../engine/native-statement.ts';
import { WrittenTables } from './written-tables.ts';

/** The transaction that is open on the one SQLite connection. */
export class OpenTransaction implements Transaction {
  readonly kind = 'transaction';
  readonly tables: WrittenTables = new WrittenTables();
  readonly #database: NativeDatabase;
  #over: PersistenceError | undefined;

  constructor(database: NativeDatabase) {
    this.#database = database;
  }

  /** Why the transaction cannot be used and cannot commit any more. */
  get over(): PersistenceError | undefined {
    return this.#over;
  }

  execute(statement: Statement, options?: ExecuteOptions): ResultSet {
    if (this.#over !== undefined) throw this.#over;
    if (options?.signal?.aborted === true) throw aborted(options.signal);
    const native = this.#database.prepare(statement.sql);
    if (native.traits.control === 'transaction') throw controlRefused(native);
    this.tables.add(native.traits.effect, options?.writes);
    try {
      return this.#database.run(native, statement.params);
    } catch (error) {
      this.#noticeRollback();
      throw error;
    }
  }

  batch(statements: readonly Statement[], options?: ExecuteOptions): readonly ResultSet[] {
    const database = this.#database;
    if (this.#over !== undefined) throw this.#over;
    database.runText('SAVEPOINT meshestra_batch');
    try {
      const results = statements.map((statement) => this.execute(statement, options));
      database.runText('RELEASE meshestra_batch');
      return results;
    } catch (error) {
      if (this.#over === undefined) {
        database.runText('ROLLBACK TO meshestra_batch');
        database.runText('RELEASE meshestra_batch');
      }
      throw error;
    }
  }

  /** Ends the handle; using it later is `reason`. */
  end(reason: PersistenceError): void {
    this.#over ??= reason;
  }

  // ON CONFLICT ROLLBACK, RAISE(ROLLBACK) and a full disk end the transaction inside SQLite, and what followed would
  // commit by itself. sql.js does not export sqlite3_get_autocommit, but a BEGIN tells: it fails while one is open.
  #noticeRollback(): void {
    try {
      this.#database.runText('BEGIN');
    } catch {
      return;
    }
    this.#database.runText('ROLLBACK');
    this.#over = new TransactionScopeError('a failing statement made SQLite roll the transaction back');
  }
}

/** The error for a raw BEGIN, COMMIT or SAVEPOINT outside of where it belongs. */
export function controlRefused(statement: NativeStatement): TransactionScopeError {
  return new TransactionScopeError(`${statement.traits.verb} cannot be a statement here; use transact()`);
}
