import { type PersistenceError, TransactionScopeError } from '../errors.ts';
import type { MaybePromise } from '../wire/maybe-promise.ts';
import type { ResultSet } from '../wire/result-set.ts';
import type { Statement } from '../wire/statement.ts';
import type { ExecuteOptions, Transaction } from './driver.ts';

/** A server's session, as a transaction needs it. */
export interface TransactionSession {
  run(statement: Statement, options: ExecuteOptions | undefined): Promise<ResultSet>;
  /** Runs a text of the driver's own; gives the command that the server says it completed. */
  control(text: string): Promise<string>;
  /** Whether a transaction is open, by what the server said last; null where it does not tell. */
  readonly inTransaction: boolean | null;
  /** Has the session ended, because nobody knows what state it is in. */
  distrust(): void;
}

/**
 * Runs `work` in a transaction on a session: commits when it returns, rolls back when it throws. Throws
 * `transaction-scope` where the server rolled back at COMMIT, or where a statement had ended the transaction.
 */
export async function runInTransaction<R>(
  session: TransactionSession,
  begin: string,
  work: (tx: Transaction) => MaybePromise<R>,
): Promise<R> {
  await endLeftOver(session);
  await session.control(begin);
  const transaction = new SessionTransaction(session);
  let result: R;
  try {
    result = await work(transaction);
    if (transaction.over !== null) throw transaction.over;
    transaction.end(isOver());
  } catch (error) {
    transaction.end(isOver());
    // The first error says what happened; a session that cannot roll back is not used again.
    await session.control('ROLLBACK').catch(() => session.distrust());
    throw error;
  }
  if ((await session.control('COMMIT')) !== 'COMMIT') throw rolledBack(transaction.failure);
  return result;
}

/** Ends a transaction that was left over where a ROLLBACK failed: it must not become a part of the next one. */
export async function endLeftOver(session: TransactionSession): Promise<void> {
  if (session.inTransaction === true) await session.control('ROLLBACK');
}

class SessionTransaction implements Transaction {
  readonly kind = 'transaction';
  readonly #session: TransactionSession;
  #over: PersistenceError | null = null;
  #failure: unknown = null;

  constructor(session: TransactionSession) {
    this.#session = session;
  }

  /** Why the transaction cannot go on; null while it can. */
  get over(): PersistenceError | null {
    return this.#over;
  }

  /** The first error of a statement: what it was that made the server roll the transaction back. */
  get failure(): unknown {
    return this.#failure;
  }

  async execute(statement: Statement, options?: ExecuteOptions): Promise<ResultSet> {
    if (this.#over !== null) throw this.#over;
    try {
      return await this.#session.run(statement, options);
    } catch (error) {
      this.#failure ??= error;
      throw error;
    } finally {
      if (this.#session.inTransaction === false) this.end(endedByStatement());
    }
  }

  /** Ends the handle; using it later is `reason`. */
  end(reason: PersistenceError): void {
    this.#over ??= reason;
  }
}

/** The error for a BEGIN that was sent as a statement outside of a transaction. */
export function beganByStatement(): TransactionScopeError {
  return new TransactionScopeError(
    'BEGIN cannot be sent as a statement, because the next one may be somebody else’s; use a transaction',
  );
}

function isOver(): TransactionScopeError {
  return new TransactionScopeError('the transaction is over; its handle lives only as long as its callback');
}

function endedByStatement(): TransactionScopeError {
  return new TransactionScopeError(
    'a COMMIT or ROLLBACK sent as a statement ended the transaction; let its callback end it',
  );
}

function rolledBack(cause: unknown): TransactionScopeError {
  return new TransactionScopeError(
    'a statement of the transaction failed and its error was not passed on, so the server rolled the whole transaction back; let the error through, or put the statement in a transaction of its own, which is a savepoint',
    { cause },
  );
}
