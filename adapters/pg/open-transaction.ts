import {
  type ExecuteOptions,
  type MaybePromise,
  type PersistenceError,
  type ResultSet,
  type Statement,
  type Transaction,
  TransactionScopeError,
} from '../../src/port.ts';
import type { ServerSession } from './server-session.ts';

/** The transaction that is open on a connection. */
export class OpenTransaction implements Transaction {
  readonly kind = 'transaction';
  readonly #session: ServerSession;
  readonly #timeout: number;
  #over: PersistenceError | null = null;
  #failure: unknown = null;

  constructor(session: ServerSession, timeout: number) {
    this.#session = session;
    this.#timeout = timeout;
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
      const limits = { signal: options?.signal, timeout: this.#timeout, lost: 'rolled-back' } as const;
      return await this.#session.run(statement, limits);
    } catch (error) {
      this.#failure ??= error;
      throw error;
    } finally {
      if (this.#session.transactionStatus === 'I') this.end(endedByStatement());
    }
  }

  /** Ends the handle; using it later is `reason`. */
  end(reason: PersistenceError): void {
    this.#over ??= reason;
  }
}

/** Runs `work` in a transaction on a connection: commits when it returns, rolls back when it throws. */
export async function runTransaction<R>(
  session: ServerSession,
  begin: string,
  timeout: number,
  work: (tx: Transaction) => MaybePromise<R>,
): Promise<R> {
  const limits = { timeout, lost: 'rolled-back' } as const;
  await session.control(begin, limits);
  const transaction = new OpenTransaction(session, timeout);
  let result: R;
  try {
    result = await work(transaction);
    if (transaction.over !== null) throw transaction.over;
    transaction.end(ended());
  } catch (error) {
    transaction.end(ended());
    // The first error says what happened; a connection that cannot roll back is not used again.
    await session.control('ROLLBACK', limits).catch(() => session.distrust());
    throw error;
  }
  const command = await session.control('COMMIT', { timeout, lost: 'unknown' });
  if (command !== 'COMMIT') throw rolledBack(transaction.failure);
  return result;
}

function ended(): TransactionScopeError {
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
