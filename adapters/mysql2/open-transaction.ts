import { statementVerb } from '../../src/dialect/mysql/index.ts';
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
import type { Answer, ServerConnection, Turn } from './server-connection.ts';

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
  #opening: Promise<void> | null = null;
  /** Ends when it is known what a statement whose text tells nothing has left of the transaction. */
  #guarding: Promise<void> | null = null;
  #wrote = false;

  constructor(connection: ServerConnection, options: TransactOptions) {
    this.#connection = connection;
    this.#begin = options.readOnly === true ? 'START TRANSACTION READ ONLY' : 'START TRANSACTION';
  }

  /** Begins at once, at the level that is asked for. Where it fails, the level may have been set for whoever is next. */
  async begin({ isolation, signal }: TransactOptions): Promise<void> {
    if (isolation !== undefined) {
      if (!mysql2Capabilities.isolationLevels.includes(isolation))
        throw new UnsupportedByDriverError(`MySQL has no isolation level "${String(isolation)}"`);
      await this.#control(`SET TRANSACTION ISOLATION LEVEL ${isolation.toUpperCase()}`, { signal });
    }
    await this.#control(this.#begin, { signal });
    this.#open = true;
  }

  async execute(statement: Statement, options: ExecuteOptions = {}): Promise<ResultSet> {
    this.#refuseOver();
    const { control, opaque } = statementVerb(statement.sql);
    if (control) throw controlRefused();
    // Until it is known that the transaction is still the same, nothing may be sent that would commit by itself.
    while (this.#guarding !== null) await this.#guarding;
    if (!opaque) return this.#begun(statement, options);
    const answer = this.#guarded(statement, options);
    const settled = answer.then(
      () => undefined,
      () => undefined,
    );
    this.#guarding = settled.finally(() => {
      this.#guarding = null;
    });
    return answer;
  }

  async #begun(statement: Statement, options: ExecuteOptions): Promise<ResultSet> {
    if (!this.#open) await this.#reopen();
    return this.#send(statement, options);
  }

  // A procedure may end the transaction and begin another one, which no status tells; a savepoint is gone then.
  async #guarded(statement: Statement, options: ExecuteOptions): Promise<ResultSet> {
    await this.#begun({ sql: `SAVEPOINT ${GUARD}`, params: [] }, { writes: [] });
    try {
      return await this.#send(statement, options);
    } finally {
      if (this.#failed === null) await this.#checkGuard();
    }
  }

  async #checkGuard(): Promise<void> {
    try {
      await this.#send({ sql: `RELEASE SAVEPOINT ${GUARD}`, params: [] }, { writes: [] });
    } catch (cause) {
      this.#failed ??= committed('a procedure or block', { cause });
      throw this.#failed;
    }
  }

  async #send(statement: Statement, options: ExecuteOptions): Promise<ResultSet> {
    const { result } = await this.#connection.run(statement, {
      ...options,
      outcome: 'rolled-back',
      turn: { begin: () => this.#refuseClosed(), end: (outcome) => this.#note(outcome) },
    });
    if (this.#failed !== null) throw this.#failed;
    return result;
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

  // Right before a statement is sent: one that waited for its turn must not be the first of no transaction at all.
  #refuseClosed(): void {
    this.#refuseOver();
    if (this.#open) return;
    throw new TransactionScopeError(
      'a definition of a table ended the transaction while the statement waited; run them one after the other',
    );
  }

  // Before the next statement is sent: what the server did to the transaction at this one.
  #note(outcome: Answer | PersistenceError): void {
    if (outcome instanceof Error) {
      if (FATAL.has(outcome.code)) this.#failed ??= outcome;
      return;
    }
    if (outcome.inTransaction === false) this.#notice();
    this.#wrote ||= outcome.result.affectedRows > 0;
  }

  // https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html
  #notice(): void {
    this.#open = false;
    if (!this.#wrote) return;
    this.#failed ??= committed('a definition of a table');
  }

  // One BEGIN for all that wait: a second one would commit what came after the first.
  async #reopen(): Promise<void> {
    this.#opening ??= this.#control(this.#begin, { turn: { begin: () => this.#refuseOver(), end: () => {} } });
    try {
      await this.#opening;
      this.#open = true;
    } finally {
      this.#opening = null;
    }
  }

  async #control(sql: string, { signal, turn }: { signal?: AbortSignal | undefined; turn?: Turn } = {}): Promise<void> {
    await this.#connection.run(
      { sql, params: [] },
      {
        writes: [],
        outcome: 'rolled-back',
        own: true,
        ...(signal === undefined ? {} : { signal }),
        ...(turn === undefined ? {} : { turn }),
      },
    );
  }
}

/** The savepoint that tells whether the transaction is still the same. */
const GUARD = 'meshestra_guard';

// What was written before is in the database, so that nothing can be said of the work as a whole.
function committed(what: string, details: { readonly cause?: unknown } = {}): TransactionScopeError {
  return new TransactionScopeError(
    `${what} made the server commit what the transaction had written before; run it outside of the transaction`,
    { ...details, outcome: 'unknown' },
  );
}

/** The error for a raw BEGIN, COMMIT, LOCK TABLES. */
export function controlRefused(): TransactionScopeError {
  return new TransactionScopeError(
    'a statement that begins, ends or locks a transaction cannot be sent here; use transact() or em.transaction()',
  );
}
