import {
  type ErrorCode,
  type ExecuteOptions,
  type PersistenceError,
  type ResultSet,
  type Statement,
  type Transaction,
  TransactionScopeError,
  type TransactOptions,
  UnsupportedByDriverError,
} from '../../src/port.ts';
import { mysql2Capabilities } from './capabilities.ts';
import type { ServerConnection } from './server-connection.ts';
import { statementVerb } from './statement-verb.ts';

/**
 * The errors after which a transaction goes on no more. At a deadlock the server has rolled all of it back, and what came
 * next would commit by itself; at a lock timeout it has undone the statement only, which is no state to go on from either.
 */
const FATAL: ReadonlySet<ErrorCode> = new Set(['deadlock', 'lock-timeout', 'serialization-failure', 'connection']);

/** A transaction that is open on one connection. */
export class OpenTransaction implements Transaction {
  readonly kind = 'transaction';
  readonly #connection: ServerConnection;
  readonly #begin: string;
  /** Why it takes no more statements. */
  #over: PersistenceError | null = null;
  /** What it must not commit after. */
  #failed: PersistenceError | null = null;
  /** Whether the server has it open; a definition of a table commits on the server by itself. */
  #open = false;
  #wrote = false;

  constructor(connection: ServerConnection, options: TransactOptions) {
    this.#connection = connection;
    this.#begin = options.readOnly === true ? 'START TRANSACTION READ ONLY' : 'START TRANSACTION';
  }

  /** Begins at once, at the level that is asked for. */
  async begin({ isolation, signal }: TransactOptions): Promise<void> {
    if (isolation !== undefined) {
      if (!mysql2Capabilities.isolationLevels.includes(isolation))
        throw new UnsupportedByDriverError(`MySQL has no isolation level "${String(isolation)}"`);
      await this.#control(`SET TRANSACTION ISOLATION LEVEL ${isolation.toUpperCase()}`);
    }
    await this.#control(this.#begin, signal);
    this.#open = true;
  }

  async execute(statement: Statement, options: ExecuteOptions = {}): Promise<ResultSet> {
    this.#refuseOver();
    const { control } = statementVerb(statement.sql);
    if (control) throw controlRefused();
    if (!this.#open) {
      await this.#control(this.#begin);
      this.#open = true;
    }
    try {
      const { result, inTransaction } = await this.#connection.run(statement, { ...options, outcome: 'rolled-back' });
      this.#refuseOver();
      if (inTransaction === false) this.#notice();
      this.#wrote ||= result.affectedRows > 0;
      return result;
    } catch (error) {
      if (FATAL.has((error as PersistenceError).code)) this.#failed ??= error as PersistenceError;
      throw error;
    }
  }

  /** Commits, or rejects with the error that it cannot be committed after. */
  async commit(): Promise<void> {
    if (this.#failed !== null) throw this.#failed;
    this.end();
    await this.#connection.run({ sql: 'COMMIT', params: [] }, { outcome: 'unknown' });
  }

  async rollback(): Promise<void> {
    this.end();
    await this.#control('ROLLBACK');
  }

  /** Ends the handle. */
  end(): void {
    this.#over ??= new TransactionScopeError('the transaction is over; its handle lives only as long as its callback');
  }

  #refuseOver(): void {
    if (this.#over !== null) throw this.#over;
    if (this.#failed === null) return;
    throw new TransactionScopeError(
      `the transaction failed before (${this.#failed.code}) and has to end; repeat all of it`,
      { cause: this.#failed },
    );
  }

  // https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html
  #notice(): void {
    this.#open = false;
    if (!this.#wrote) return;
    this.#failed = new TransactionScopeError(
      'a definition of a table made the server commit what the transaction had written before; run definitions outside of it',
    );
    throw this.#failed;
  }

  async #control(sql: string, signal?: AbortSignal): Promise<void> {
    const options = { writes: [], outcome: 'rolled-back' } as const;
    await this.#connection.run({ sql, params: [] }, signal === undefined ? options : { ...options, signal });
  }
}

/** The error for a raw BEGIN, COMMIT, LOCK TABLES. */
export function controlRefused(): TransactionScopeError {
  return new TransactionScopeError(
    'a statement that begins, ends or locks a transaction cannot be sent here; use transact() or em.transaction()',
  );
}
